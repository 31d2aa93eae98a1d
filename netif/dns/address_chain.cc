// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/address_chain.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

// IsUsable is false for what no server has: connecting to 0.0.0.0 or :: would
// reach this very device, and ::ffff:0:0/96 is IPv4 in disguise.
bool IsUsable(const IpAddress& address) {
  if (address.is_v4()) {
    const Ipv4Address v4 = address.v4();
    return !v4.IsThisNetwork() && !v4.IsMulticast() && !v4.IsReserved();
  }
  constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0,    0,
                                               0, 0, 0, 0, 0xFF, 0xFF};
  const absl::Span<const uint8_t> bytes = address.bytes();
  const bool unspecified = std::all_of(bytes.begin(), bytes.end(),
                                       [](uint8_t byte) { return byte == 0; });
  return !unspecified && bytes[0] != 0xFF &&
         bytes.first(kMapped.size()) != absl::MakeConstSpan(kMapped);
}

}  // namespace

AddressChain::AddressChain(DnsType type, const DnsName& name, int max_cnames)
    : type_(type), max_names_(static_cast<size_t>(max_cnames) + 1) {
  names_.push_back(name.ToLower());
}

bool AddressChain::Take(const DnsMessage& message) {
  bool found = false;
  for (const DnsRecord& record : message.answers) {
    if (record.type != type_ || !(record.owner == last())) {
      continue;
    }
    found = true;
    if (!IsUsable(record.address)) {
      ++unusable_;
      continue;
    }
    const bool known = std::any_of(addresses_.begin(), addresses_.end(),
                                   [&record](const ResolvedAddress& old) {
                                     return old.address == record.address;
                                   });
    if (!known && addresses_.size() < kMaxAddressesPerFamily) {
      addresses_.push_back({record.address, std::min(ttl_, record.ttl)});
    }
  }
  return found;
}

const DnsRecord* AddressChain::FindCname(const DnsMessage& message) const {
  for (const DnsRecord& record : message.answers) {
    if (record.type == DnsType::kCname && record.owner == last()) {
      return &record;
    }
  }
  return nullptr;
}

AddressChain::Result AddressChain::Follow(const DnsMessage& message) {
  const size_t names_before = names_.size();
  while (!Take(message)) {
    const DnsRecord* const cname = FindCname(message);
    if (cname == nullptr) {
      // RFC 2308 2.2: an SOA says that the end of the chain has no data.
      return names_.size() == names_before || message.authority_has_soa
                 ? Result::kNoAddress
                 : Result::kAskAgain;
    }
    if (std::find(names_.begin(), names_.end(), cname->target) !=
        names_.end()) {
      return Result::kLoop;
    }
    // RFC 1034 5.3.3: bound the work, whatever the servers say.
    if (names_.size() == max_names_) {
      return Result::kTooLong;
    }
    ttl_ = std::min(ttl_, cname->ttl);
    names_.push_back(cname->target.ToLower());
  }
  return addresses_.empty() ? Result::kNoAddress : Result::kAddresses;
}

}  // namespace ovoc::netif
