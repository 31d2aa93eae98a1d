// SPDX-License-Identifier: Apache-2.0
//
// What a tunnel's device should have, and how far it is from that.

#ifndef OVOC_NETIF_INTERFACE_ROUTES_H_
#define OVOC_NETIF_INTERFACE_ROUTES_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "netif/overlay.h"
#include "netif/rtnetlink_message.h"

namespace ovoc::netif {

// WantedAddress is our address alone, so that the kernel routes no prefix.
Ipv4Prefix WantedAddress(const Overlay& overlay);

// WantedRoutes are the overlay's, from our address.
std::vector<InterfaceRoute> WantedRoutes(const Overlay& overlay);

// OtherOwner names the interface beside the device that has `address`; empty
// when there is none.
std::string OtherOwner(absl::Span<const InterfaceAddress> addresses,
                       int interface_index, Ipv4Address address);

// Difference says in words how the device differs from what it should be, the
// first of several; empty when it does not. Routes beside the wanted ones are
// no difference. `state` holds addresses, routes and link.
std::string Difference(const InterfaceState& state, int interface_index,
                       const Overlay& overlay, int mtu_bytes);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_INTERFACE_ROUTES_H_
