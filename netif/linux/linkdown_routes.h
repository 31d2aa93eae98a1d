// SPDX-License-Identifier: Apache-2.0
//
// Whether a device without carrier keeps the packets that are routed into it.

#ifndef OVOC_NETIF_LINUX_LINKDOWN_ROUTES_H_
#define OVOC_NETIF_LINUX_LINKDOWN_ROUTES_H_

#include "absl/status/statusor.h"

namespace ovoc::netif {

// LinkdownRoutesAreIgnored asks the kernel whether
// net.ipv4.conf.all.ignore_routes_with_linkdown is set, in the network
// namespace of the calling thread: what is sent to OVOC while the tunnel is
// down leaves by another interface then, for the device has no carrier. Its own
// setting, which LinkRequest makes 0, does not help against that of all.
absl::StatusOr<bool> LinkdownRoutesAreIgnored();

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_LINKDOWN_ROUTES_H_
