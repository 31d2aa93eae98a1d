// SPDX-License-Identifier: Apache-2.0
//
// What a tunnel's device should have, and how far it is from that.

#ifndef OVOC_NETIF_INTERFACE_ROUTES_H_
#define OVOC_NETIF_INTERFACE_ROUTES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "netif/overlay.h"
#include "netif/rtnetlink_message.h"

namespace ovoc::netif {

// WantedAddress is our address alone, so that the kernel routes no prefix.
Ipv4Prefix WantedAddress(const Overlay& overlay);

// Of the standing route: behind the overlay's own, whose metric is 0, so that
// either can be deleted by its metric, and before what other programs add.
inline constexpr uint32_t kStandingMetric = 1;

// StandingRoute leads to OVOC and has no source, so that it needs no address:
// from when the device is on, nothing for OVOC leaves by another interface. It
// goes with the device, also when our process is killed.
InterfaceRoute StandingRoute(const Overlay& overlay);

// WantedRoutes are the overlay's, from our address if there is one, and the
// standing one.
std::vector<InterfaceRoute> WantedRoutes(const Overlay& overlay);

// OtherOwner names the interface beside the device that has `address`; empty
// when there is none.
std::string OtherOwner(absl::Span<const InterfaceAddress> addresses,
                       int interface_index, Ipv4Address address);

// Difference says in words how the device differs from what it should be, the
// first of several; empty when it does not. Routes beside the wanted ones are
// no difference, nor is an address while we have none. `state` holds addresses,
// routes and link.
std::string Difference(const InterfaceState& state, int interface_index,
                       const Overlay& overlay, int mtu_bytes);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_INTERFACE_ROUTES_H_
