// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/resolver_script.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_dns.h"
#include "fuzz/script/byte_source.h"
#include "fuzz/script/dns_composer.h"
#include "netif/dns/address_chain.h"
#include "netif/dns/dns_action.h"
#include "netif/dns/dns_name.h"
#include "netif/dns/resolver.h"
#include "netif/ip_address.h"

namespace ovoc::fuzz {
namespace {

using Kind = netif::DnsAction::Kind;

constexpr int kMaxTimeouts = 2000;  // far more than rounds and aliases make

constexpr absl::string_view kNames[] = {
    "ovoc.example", "ovoc.example", "localhost", "192.0.2.1",
    "2001:db8::1",  "a.localhost.", "1.2.3",     "x"};

absl::string_view Chars(absl::Span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// RFC 1122 3.2.1.3, RFC 4291 2.5.2, 2.5.5.2, 2.7: what no other host has.
bool IsUsable(const std::string& address) {
  const auto first = static_cast<uint8_t>(address[0]);
  if (address.size() == 4) {
    return first != 0 && first < 224;
  }
  return first != 0xFF && address != std::string(16, '\0') &&
         !absl::StartsWith(address, std::string(10, '\0') + "\xFF\xFF");
}

absl::Duration ReadDuration(ByteSource* source) {
  return absl::Milliseconds(source->Uint16());
}

}  // namespace

void ResolverScript::ReadOptions(ByteSource* source) {
  const size_t name = source->Below(std::size(kNames) + 1);
  name_ = std::string(name < std::size(kNames) ? kNames[name]
                                               : Chars(source->Block()));
  options_.servers.resize(source->Below(4));  // none is not allowed
  for (size_t i = 0; i < options_.servers.size(); ++i) {
    options_.servers[i] = netif::IpAddress(netif::Ipv4Address::FromHostOrder(
        0xC0000235 + static_cast<uint32_t>(i)));
  }
  options_.families = static_cast<netif::AddressFamilies>(source->Below(3));
  options_.rounds = static_cast<int>(source->Below(10));
  options_.max_cname_chain = static_cast<int>(source->Below(18));
  options_.initial_timeout = ReadDuration(source);
  options_.tcp_timeout = ReadDuration(source);
  options_.deadline = ReadDuration(source);
  options_.resolution_delay = absl::Milliseconds(source->Byte());
  if (uint8_t seed = source->Byte(); seed != 0xFF) {
    options_.random = [seed](absl::Span<uint8_t> out) mutable {
      for (uint8_t& byte : out) {
        byte = seed++;
      }
    };
  }
}

ResolverScript::ResolverScript(ByteSource* source) {
  ReadOptions(source);
  auto resolver = netif::Resolver::Create(options_, name_);
  if (!resolver.ok()) {
    return;
  }
  resolver_ = *std::move(resolver);
  const auto literal = netif::IpAddress::Parse(name_);
  FUZZ_EXPECT(literal.has_value() || IsHostName(name_));
  if (literal.has_value()) {
    addresses_.emplace(Chars(literal->bytes()));
  } else if (const auto name = netif::DnsName::FromText(name_); name.ok()) {
    const std::string wire = LowerCase(Chars(name->wire()));
    constexpr absl::string_view kLocalhost("\x09localhost\0", 11);
    if (absl::EndsWith(wire, kLocalhost)) {  // never asked for
      addresses_ = {std::string("\x7f\0\0\1", 4), std::string(15, '\0') + '\1'};
    } else {
      names_.insert(wire);
    }
  }
  resolver_->Start(now_);
  TakeActions();
  Check();
}

void ResolverScript::Open(const netif::DnsAction& action) {
  FUZZ_EXPECT(!resolver_->Done());
  FUZZ_EXPECT(action.socket_id > last_id_);
  last_id_ = action.socket_id;
  ++opened_;
  FUZZ_EXPECT(std::count(options_.servers.begin(), options_.servers.end(),
                         action.server) == 1);
  Socket socket;
  socket.is_tcp = action.kind == Kind::kOpenTcp;
  absl::Span<const uint8_t> bytes = action.bytes;
  if (socket.is_tcp) {
    FUZZ_EXPECT(ByteSource(bytes).Uint16() == bytes.size() - 2);
    bytes.remove_prefix(2);
  }
  const NaiveDnsMessage query = ReadNaiveDns(bytes);
  FUZZ_EXPECT(query.ok && query.end == bytes.size() && query.flags == 0x0100);
  FUZZ_EXPECT(query.has_question && query.question_class == 1);
  FUZZ_EXPECT(query.question_type == 1 || query.question_type == 28);
  FUZZ_EXPECT(names_.count(query.question_name) == 1);
  socket.query.assign(bytes.begin(), bytes.end());
  for (const auto& [id, other] : open_) {
    FUZZ_EXPECT(ReadNaiveDns(other.query).question_type != query.question_type);
  }
  open_.emplace(action.socket_id, std::move(socket));
}

void ResolverScript::TakeActions() {
  for (;;) {
    const netif::DnsAction action = resolver_->NextAction();
    switch (action.kind) {
      case Kind::kNone:
        return;
      case Kind::kOpenUdp:
      case Kind::kOpenTcp:
        Open(action);
        break;
      case Kind::kClose:
        FUZZ_EXPECT(open_.erase(action.socket_id) == 1);
        break;
    }
  }
}

// What the answer gives, if it belongs to the question of the socket.
void ResolverScript::Believe(const Socket& socket,
                             absl::Span<const uint8_t> bytes) {
  const NaiveDnsMessage query = ReadNaiveDns(socket.query);
  const NaiveDnsMessage answer = ReadNaiveDns(bytes);
  const bool matches =
      answer.ok && answer.has_question && answer.id == query.id &&
      (answer.flags & 0xFA00) == 0x8000 &&  // QR, opcode, TC
      answer.rcode == 0 && answer.question_name == query.question_name &&
      answer.question_type == query.question_type && answer.question_class == 1;
  if (!matches) {
    return;
  }
  std::set<std::string> reached = {LowerCase(query.question_name)};
  for (size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const NaiveDnsRecord& record : answer.answers) {
      if (reached.count(LowerCase(record.owner)) == 0) {
        continue;
      }
      if (record.type == 5) {  // CNAME
        reached.insert(LowerCase(record.data));
      } else if (record.type == query.question_type && IsUsable(record.data)) {
        addresses_.insert(record.data);
      }
    }
  }
  names_.insert(reached.begin(), reached.end());
}

void ResolverScript::DeliverStream(uint32_t id,
                                   absl::Span<const uint8_t> bytes) {
  if (const auto found = open_.find(id); found != open_.end()) {
    std::vector<uint8_t>& received = found->second.received;
    received.insert(received.end(), bytes.begin(), bytes.end());
    const size_t size = ByteSource(received).Uint16();
    if (received.size() >= 2 + size) {
      Believe(found->second, absl::MakeConstSpan(received).subspan(2, size));
    }
  }
  resolver_->OnStream(id, bytes, now_);
}

void ResolverScript::Deliver(uint32_t id, absl::Span<const uint8_t> bytes) {
  const auto found = open_.find(id);
  if (found == open_.end() || !found->second.is_tcp) {
    if (found != open_.end()) {
      Believe(found->second, bytes);
    }
    resolver_->OnDatagram(id, bytes, now_);
    return;
  }
  const std::vector<uint8_t> length = {
      static_cast<uint8_t>(bytes.size() >> 8),
      static_cast<uint8_t>(bytes.size() & 0xFF)};
  DeliverStream(id, length);
  DeliverStream(id, bytes.first(bytes.size() / 2));
  DeliverStream(id, bytes.subspan(bytes.size() / 2));
}

uint32_t ResolverScript::Pick(ByteSource* source) const {
  if (open_.empty()) {
    return 0;
  }
  return std::next(open_.begin(),
                   static_cast<std::ptrdiff_t>(source->Below(open_.size())))
      ->first;
}

void ResolverScript::Answer(ByteSource* source, bool is_stale) {
  const uint32_t id = Pick(source);
  if (id != 0) {
    Deliver(is_stale ? last_id_ + 1 : id,
            ComposeAnswer(open_.at(id).query, source));
  }
}

void ResolverScript::Step(ByteSource* source) {
  const uint8_t step = source->Byte();
  switch (step % 8) {
    case 0:
      now_ = std::max(
          now_, std::min(resolver_->NextTimeout(), start_ + options_.deadline));
      resolver_->OnTimer(now_);
      break;
    case 1:
      now_ += absl::Milliseconds(10) * source->Byte();
      resolver_->OnTimer(now_);
      break;
    case 2:
      resolver_->OnSocketError(Pick(source),
                               step < 128 ? netif::DnsSocketError::kOther
                                          : netif::DnsSocketError::kPortClosed,
                               now_);
      break;
    case 3: {
      const uint32_t id = Pick(source);
      Deliver(id, source->Block());
      break;
    }
    case 4:
      Answer(source, /*is_stale=*/true);
      break;
    case 5:
      resolver_->Cancel();
      break;
    case 6:
      // The beginning of a stream, or a datagram sent as one.
      DeliverStream(Pick(source), source->Block());
      break;
    default:
      Answer(source, /*is_stale=*/false);
  }
  if ((step & 0x80) == 0) {
    TakeActions();
    Check();
  }
}

void ResolverScript::Check() {
  const netif::ResolverResult result = resolver_->Result();
  FUZZ_EXPECT(result.status.ok() == !result.addresses.empty());
  FUZZ_EXPECT(result.addresses.size() <= 2 * netif::kMaxAddressesPerFamily);
  std::set<std::string> seen;
  size_t v6 = 0;
  for (const netif::ResolvedAddress& resolved : result.addresses) {
    const std::string bytes(Chars(resolved.address.bytes()));
    FUZZ_EXPECT(addresses_.count(bytes) == 1);
    FUZZ_EXPECT(seen.insert(bytes).second);
    FUZZ_EXPECT(resolved.address.is_v4() || seen.size() == ++v6);
    FUZZ_EXPECT(resolved.ttl >= absl::ZeroDuration() &&
                resolved.ttl <= absl::Hours(24));
  }
  FUZZ_EXPECT(v6 <= 8 && result.addresses.size() - v6 <= 8);
  const bool is_ready = resolver_->ReadyToConnect(now_);
  FUZZ_EXPECT(is_ready || !was_ready_);
  FUZZ_EXPECT(!is_ready || !result.addresses.empty());
  was_ready_ = is_ready;
  const netif::ResolverCounters& counters = resolver_->counters();
  const size_t servers = options_.servers.size();
  const size_t questions =
      2 * (static_cast<size_t>(options_.max_cname_chain) + 1);
  FUZZ_EXPECT(opened_ <= counters.udp_queries + counters.tcp_queries);
  FUZZ_EXPECT(counters.udp_queries <=
              questions * static_cast<size_t>(options_.rounds) * servers +
                  2 * servers);  // once more without EDNS
  FUZZ_EXPECT(counters.tcp_queries <= counters.udp_queries);
  if (resolver_->Done()) {
    FUZZ_EXPECT(open_.empty());
    FUZZ_EXPECT(resolver_->NextTimeout() == absl::InfiniteFuture());
  } else {
    FUZZ_EXPECT(resolver_->NextTimeout() <= start_ + options_.deadline);
  }
}

void ResolverScript::Finish() {
  TakeActions();
  Check();
  for (int i = 0; !resolver_->Done(); ++i) {
    FUZZ_EXPECT(i < kMaxTimeouts);
    const absl::Time next = resolver_->NextTimeout();
    now_ = std::max(now_, next);
    resolver_->OnTimer(now_);
    TakeActions();
    Check();
    FUZZ_EXPECT(resolver_->Done() || now_ < start_ + options_.deadline);
  }
}

}  // namespace ovoc::fuzz
