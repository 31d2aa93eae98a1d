// SPDX-License-Identifier: Apache-2.0
//
// From a name along its CNAMEs to addresses.

#ifndef OVOC_NETIF_DNS_ADDRESS_CHAIN_H_
#define OVOC_NETIF_DNS_ADDRESS_CHAIN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"
#include "netif/ip_address.h"

namespace ovoc::netif {

inline constexpr size_t kMaxAddressesPerFamily = 8;  // more are not tried

struct ResolvedAddress {
  IpAddress address;
  absl::Duration ttl;  // the smallest of its chain, 0..kMaxDnsTtl
};

// AddressChain follows one name through one or more answers. It keeps and
// compares names in lower case.
class AddressChain {
 public:
  enum class Result {
    kAddresses,  // the end, with addresses
    kNoAddress,  // the end: the last name has no usable address of this type
    kAskAgain,   // the last name is new and this answer says no more of it
    kLoop,       // the last name's CNAME leads to a name that was there before
    kTooLong,    // more than max_cnames CNAMEs
  };

  // type is kA or kAaaa; max_cnames counts over all answers.
  AddressChain(DnsType type, const DnsName& name, int max_cnames);

  // Follow goes through an answer (NOERROR) to a question for last(). The chain
  // is over once the result is anything but kAskAgain.
  Result Follow(const DnsMessage& message);

  const DnsName& first() const { return names_.front(); }
  const DnsName& last() const { return names_.back(); }
  const std::vector<ResolvedAddress>& addresses() const { return addresses_; }
  // Addresses that are ignored: 0/8, ::, multicast, reserved, IPv4-mapped.
  uint64_t unusable() const { return unusable_; }

 private:
  // Take collects the addresses of the last name; true when it has records.
  bool Take(const DnsMessage& message);
  const DnsRecord* FindCname(const DnsMessage& message) const;

  const DnsType type_;
  const size_t max_names_;           // the first one and max_cnames
  std::vector<DnsName> names_;       // never empty, at most max_names_
  absl::Duration ttl_ = kMaxDnsTtl;  // the smallest so far
  std::vector<ResolvedAddress> addresses_;
  uint64_t unusable_ = 0;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_ADDRESS_CHAIN_H_
