// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CHECK_FINDINGS_OVERLAY_CONFLICTS_H_
#define OVOC_TUNNEL_CHECK_FINDINGS_OVERLAY_CONFLICTS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "netif/linux/device_networks.h"

namespace ovoc::tunnel {

// The most conflicts that are told, because a report is for people.
inline constexpr size_t kMaxOverlayConflicts = 8;

// OverlayConflicts has a sentence for each address, and each route, of a device
// other than `own` (the tunnel's) that lies inside of `range` (WSTunOverlay):
// what is sent there may not go through the tunnel, and the address may be
// assigned to somebody else. A route to more than the range, such as
// 169.254.0.0/16 or the default route, is none, because the tunnel's own routes
// are more specific. Beyond kMaxOverlayConflicts one more sentence counts the
// rest.
std::vector<std::string> OverlayConflicts(
    absl::Span<const netif::DeviceNetworks> devices, absl::string_view own,
    const netif::Ipv4Prefix& range);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CHECK_FINDINGS_OVERLAY_CONFLICTS_H_
