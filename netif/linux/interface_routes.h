// SPDX-License-Identifier: Apache-2.0
//
// What a tunnel's device should have, and how it differs from that.

#ifndef OVOC_NETIF_LINUX_INTERFACE_ROUTES_H_
#define OVOC_NETIF_LINUX_INTERFACE_ROUTES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "netif/linux/rtnetlink_message.h"
#include "netif/overlay.h"

namespace ovoc::netif {

// WantedAddress is our address alone, so that the kernel routes no prefix.
Ipv4Prefix WantedAddress(const Overlay& overlay);

// The metric of the standing route. It comes after the overlay's own routes,
// whose metric is 0, so that each can be deleted by its metric, and before the
// routes that other programs add.
inline constexpr uint32_t kStandingMetric = 1;

// StandingRoute leads to OVOC and has no source, so it needs no address. From
// the moment the device is on, no packet for OVOC leaves by another interface.
// The route disappears with the device, also if our process is killed.
InterfaceRoute StandingRoute(const Overlay& overlay);

// WantedRoutes are the overlay's routes, with our address as source if there is
// one, and the standing route.
std::vector<InterfaceRoute> WantedRoutes(const Overlay& overlay);

// OtherOwner names another interface that has `address`; empty if there is
// none.
std::string OtherOwner(absl::Span<const InterfaceAddress> addresses,
                       int interface_index, Ipv4Address address);

// Difference says in words how the device differs from what it should be. It
// names the first of several differences, and is empty if there is none.
// Additional routes do not count, nor does an address while we have none.
// `state` has addresses, routes and link.
std::string Difference(const InterfaceState& state, int interface_index,
                       const Overlay& overlay, int mtu_bytes);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_INTERFACE_ROUTES_H_
