// SPDX-License-Identifier: Apache-2.0
//
// Reads what the kernel says of interfaces by rtnetlink(7). Bytes go in; there
// is no socket. rtnetlink_request.h has the requests.

#ifndef OVOC_NETIF_LINUX_RTNETLINK_MESSAGE_H_
#define OVOC_NETIF_LINUX_RTNETLINK_MESSAGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "netif/ip_address.h"

namespace ovoc::netif {

// InterfaceAddress is an IPv4 address of some device.
struct InterfaceAddress {
  int interface_index = 0;
  Ipv4Prefix address;
  std::string label;  // the device's name mostly; as the kernel has it

  friend bool operator==(const InterfaceAddress&,
                         const InterfaceAddress&) = default;
};

// InterfaceRoute is a unicast IPv4 route of the main table into a device.
struct InterfaceRoute {
  Ipv4Prefix destination = {};
  Ipv4Address source = {};  // preferred; 0.0.0.0: none
  uint32_t metric = 0;      // 0 comes first
  uint8_t tos = 0;          // RFC 791 3.1
  bool direct = true;       // no gateway, scope link

  friend bool operator==(const InterfaceRoute&,
                         const InterfaceRoute&) = default;
};

struct LinkState {
  bool up = false;       // IFF_UP
  bool running = false;  // IFF_RUNNING: the kernel sends what it is given
  uint32_t mtu_bytes = 0;

  friend bool operator==(const LinkState&, const LinkState&) = default;
};

// KnownLink is any device.
struct KnownLink {
  int interface_index = 0;
  std::string name;  // as the kernel has it
  bool up = false;   // IFF_UP
  bool loopback = false;
};

// PathFilter is a device's own net.ipv4.conf.*.rp_filter.
struct PathFilter {
  int interface_index = 0;  // kAllInterfaces for net.ipv4.conf.all
  int value = 0;
};
inline constexpr int kAllInterfaces = -1;  // NETCONFA_IFINDEX_ALL

// InterfaceState is what an answer has said so far.
struct InterfaceState {
  std::vector<InterfaceAddress> addresses;  // of all devices
  std::vector<InterfaceRoute> routes;       // into the device asked about
  std::optional<LinkState> link;            // of the device asked about
  std::vector<KnownLink> links;             // all
  std::vector<PathFilter> path_filters;     // of all devices
  // net.ipv4.conf.all.ignore_routes_with_linkdown is not 0.
  bool linkdown_routes_ignored = false;
};

enum class ReplyResult {
  kMore,   // the answer goes on in the next datagram
  kDone,   // acknowledged, or the dump is complete
  kError,  // *error_number says why; EBADMSG for a malformed datagram, EINTR
           // for a dump during which something changed: ask again
};

// ReadReply reads one datagram of the answer to request `sequence`. Messages of
// other requests are ignored. What it says is added to *state, which must not
// be null. *error_number is an errno, set only on kError.
ReplyResult ReadReply(absl::Span<const uint8_t> datagram, uint32_t sequence,
                      int interface_index, InterfaceState* state,
                      int* error_number);

// ConcernsInterface says whether a datagram of news (rtnetlink(7), the groups
// of links, IPv4 addresses and IPv4 routes) is about the device, or about the
// address of any device. It is also true for a malformed one, so that the
// caller looks again.
bool ConcernsInterface(absl::Span<const uint8_t> datagram, int interface_index);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_RTNETLINK_MESSAGE_H_
