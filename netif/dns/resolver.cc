// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/resolver.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/dns/address_chain.h"
#include "netif/dns/address_query.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"
#include "netif/dns/lookup_failure.h"
#include "netif/dns/resolver_options.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

bool IsOver(const AddressQuery& query) {
  return query.state() != QueryState::kWaiting;
}

// IsLocalhost follows RFC 6761 6.3.
bool IsLocalhost(const DnsName& name) {
  const absl::StatusOr<DnsName> localhost = DnsName::FromText("localhost");
  return localhost.ok() && name.IsWithin(*localhost);
}

// EndsInNumber is true when the last label is digits only: such text means an
// IPv4 address to some programs, and there is no such top-level domain.
bool EndsInNumber(absl::string_view name) {
  name = absl::StripSuffix(name, ".");
  const absl::string_view label = name.substr(name.rfind('.') + 1);
  return std::all_of(label.begin(), label.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Resolver>> Resolver::Create(
    const ResolverOptions& options, absl::string_view name) {
  if (IpAddress::Parse(name).has_value()) {
    return absl::WrapUnique(new Resolver(options, name, DnsName()));
  }
  const absl::StatusOr<DnsName> dns_name = DnsName::FromText(name);
  if (!dns_name.ok()) {
    return dns_name.status();
  }
  if (EndsInNumber(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("host name: ", name,
                     " is neither an IP address nor a host name (the last "
                     "label of a host name is not a number, RFC 1123 2.1)"));
  }
  if (!IsLocalhost(*dns_name)) {
    if (absl::Status status = CheckResolverOptions(options); !status.ok()) {
      return status;
    }
  }
  return absl::WrapUnique(new Resolver(options, name, *dns_name));
}

Resolver::Resolver(const ResolverOptions& options, absl::string_view text,
                   const DnsName& name)
    : options_(options),
      text_(text),
      name_(name),
      a_(DnsType::kA, name_, &options_, &actions_, &counters_),
      aaaa_(DnsType::kAaaa, name_, &options_, &actions_, &counters_) {}

// SettleFixed gives a query the address that needs no question, unless its
// family is not wanted: then nobody should begin to connect to it either.
void Resolver::SettleFixed(const IpAddress& address, AddressQuery* query) {
  if (IsAsked(*query)) {
    query->Settle({{address, kMaxDnsTtl}});
  } else {
    query->Settle({});
  }
}

// SettleWithoutQuestion is true for addresses and localhost.
bool Resolver::SettleWithoutQuestion() {
  if (const auto address = IpAddress::Parse(text_); address.has_value()) {
    AddressQuery& own = address->is_v4() ? a_ : aaaa_;
    AddressQuery& other = address->is_v4() ? aaaa_ : a_;
    SettleFixed(*address, &own);
    other.Settle({});
    return true;
  }
  if (!IsLocalhost(name_)) {
    return false;
  }
  SettleFixed(IpAddress::Parse("::1").value_or(IpAddress()), &aaaa_);
  SettleFixed(IpAddress(Ipv4Address::FromHostOrder(0x7F000001)), &a_);
  return true;
}

void Resolver::Start(absl::Time now) {
  if (started_) {
    return;
  }
  started_ = true;
  if (!SettleWithoutQuestion()) {
    deadline_ = now + options_.deadline;
    // RFC 1035 7.1 MUST: several requests are under way at once
    // RFC 5452 9.2 MUST: several source ports for several outstanding queries
    // RFC 8305 3: AAAA first, A right behind it.
    for (AddressQuery* query : {&aaaa_, &a_}) {
      if (IsAsked(*query)) {
        query->Start(now);
      } else {
        query->Settle({});
      }
    }
  }
  AfterInput(now);
}

AddressQuery* Resolver::Find(uint32_t socket_id) {
  for (AddressQuery* query : {&a_, &aaaa_}) {
    if (query->Owns(socket_id)) {
      return query;
    }
  }
  ++counters_.stale;
  return nullptr;
}

void Resolver::OnDatagram(uint32_t socket_id, absl::Span<const uint8_t> bytes,
                          absl::Time now) {
  if (AddressQuery* const query = Find(socket_id); query != nullptr) {
    query->OnDatagram(bytes, now);
    AfterInput(now);
  }
}

void Resolver::OnStream(uint32_t socket_id, absl::Span<const uint8_t> bytes,
                        absl::Time now) {
  if (AddressQuery* const query = Find(socket_id); query != nullptr) {
    query->OnStream(bytes, now);
    AfterInput(now);
  }
}

void Resolver::OnSocketError(uint32_t socket_id, DnsSocketError error,
                             absl::Time now) {
  if (AddressQuery* const query = Find(socket_id); query != nullptr) {
    query->OnSocketError(error, now);
    AfterInput(now);
  }
}

void Resolver::OnTimer(absl::Time now) {
  if (now >= deadline_) {
    Cancel();
  }
  a_.OnTimer(now);
  aaaa_.OnTimer(now);
  AfterInput(now);
  if (delay_end_.has_value() && now >= *delay_end_) {
    delay_is_over_ = true;
  }
}

void Resolver::Cancel() {
  a_.Stop();
  aaaa_.Stop();
  deadline_ = absl::InfiniteFuture();
}

void Resolver::AfterInput(absl::Time now) {
  if (!delay_end_.has_value() && a_.state() == QueryState::kAddresses) {
    delay_end_ = now + options_.resolution_delay;
  }
  if (Done()) {
    deadline_ = absl::InfiniteFuture();
  }
}

absl::Time Resolver::NextTimeout() const {
  const absl::Time next =
      std::min({a_.NextTimeout(), aaaa_.NextTimeout(), deadline_});
  const bool is_delayed =
      delay_end_.has_value() && !delay_is_over_ && !IsOver(aaaa_);
  return is_delayed ? std::min(next, *delay_end_) : next;
}

bool Resolver::ReadyToConnect(absl::Time now) const {
  // RFC 8305 3: a positive AAAA answer starts connecting at once; a positive A
  // answer waits the Resolution Delay for the AAAA one, positive or negative.
  if (aaaa_.state() == QueryState::kAddresses) {
    return true;
  }
  return a_.state() == QueryState::kAddresses &&
         (IsOver(aaaa_) || (delay_end_.has_value() && now >= *delay_end_));
}

bool Resolver::Done() const { return IsOver(a_) && IsOver(aaaa_); }

bool Resolver::IsAsked(const AddressQuery& query) const {
  switch (options_.families) {
    case AddressFamilies::kBoth:
      return true;
    case AddressFamilies::kIpv4:
      return &query == &a_;
    case AddressFamilies::kIpv6:
      return &query == &aaaa_;
  }
  return true;
}

absl::Status Resolver::Failure() const {
  if (!Done()) {
    return absl::UnavailableError(
        absl::StrCat(text_, " is still being resolved"));
  }
  // RFC 8020 2: NXDOMAIN is about the name, whatever the type asked for.
  for (const AddressQuery* query : {&a_, &aaaa_}) {
    if (query->state() == QueryState::kNoSuchName) {
      return absl::NotFoundError(absl::StrCat(text_, ": ", query->Explain()));
    }
  }
  const std::string both =
      absl::StrCat(text_, ": ", IsAsked(a_) ? a_.Explain() : "",
                   IsAsked(a_) && IsAsked(aaaa_) ? "; " : "",
                   IsAsked(aaaa_) ? aaaa_.Explain() : "");
  const auto has_no_data = [this](const AddressQuery& query) {
    return !IsAsked(query) || query.state() == QueryState::kNoAddress;
  };
  if (has_no_data(a_) && has_no_data(aaaa_)) {
    return absl::NotFoundError(both);
  }
  const uint64_t ignored = counters_.malformed + counters_.wrong_id +
                           counters_.not_a_response + counters_.wrong_question;
  if (ignored == 0) {
    return absl::UnavailableError(both);
  }
  return absl::UnavailableError(
      absl::StrCat(both, "; ", ignored, " messages ignored, of which ",
                   counters_.malformed, " malformed"));
}

ResolverResult Resolver::Result() const {
  ResolverResult result;
  LookupFailure failure = LookupFailure::kNone;
  for (const AddressQuery* query : {&aaaa_, &a_}) {
    if (IsAsked(*query)) {
      result.addresses.insert(result.addresses.end(),
                              query->addresses().begin(),
                              query->addresses().end());
      failure = std::max(failure, FailureOf(*query, counters_));
    }
  }
  if (result.addresses.empty()) {
    result.status = Failure();
    result.failure = Done() ? failure : LookupFailure::kNone;
  }
  return result;
}

}  // namespace ovoc::netif
