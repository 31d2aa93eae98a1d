// SPDX-License-Identifier: Apache-2.0
//
// How a name is resolved: servers, times and limits.

#ifndef OVOC_NETIF_DNS_RESOLVER_OPTIONS_H_
#define OVOC_NETIF_DNS_RESOLVER_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"

namespace ovoc::netif {

inline constexpr size_t kMaxDnsServers = 3;  // resolv.conf(5): MAXNS

// RandomBytes fills its argument with bytes that nobody can predict.
using RandomBytes = std::function<void(absl::Span<uint8_t>)>;

// Which addresses are asked for: AAAA, A or both in parallel.
enum class AddressFamilies { kBoth, kIpv4, kIpv6 };

struct ResolverOptions {
  std::vector<IpAddress> servers;  // 1..kMaxDnsServers, asked in this order
  RandomBytes random;
  AddressFamilies families = AddressFamilies::kBoth;
  // What a server gets to answer in the first round; twice that in the next.
  absl::Duration initial_timeout = absl::Seconds(1);
  absl::Duration tcp_timeout = absl::Seconds(2);  // connection and answer
  int rounds = 3;                                 // 1..8, over all servers
  int max_cname_chain = 8;                        // 0..16, over all messages
  absl::Duration deadline = absl::Seconds(10);    // for the whole resolution
  absl::Duration resolution_delay = absl::Milliseconds(50);  // RFC 8305 3
};

// CheckResolverOptions is InvalidArgument with what was found and what is
// allowed, else OK.
absl::Status CheckResolverOptions(const ResolverOptions& options);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_RESOLVER_OPTIONS_H_
