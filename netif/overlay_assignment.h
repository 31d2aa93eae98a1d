// SPDX-License-Identifier: Apache-2.0
//
// The address that the server gives the device inside the tunnel, and its
// prefix: which ones we take, and what we make of them. An assignment is an
// Ipv4Prefix with our address in it, as in 169.254.0.2/18.

#ifndef OVOC_NETIF_OVERLAY_ASSIGNMENT_H_
#define OVOC_NETIF_OVERLAY_ASSIGNMENT_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "netif/ip_address.h"
#include "netif/overlay.h"

namespace ovoc::netif {

inline constexpr int kMinOverlayPrefixLength = 16;
inline constexpr int kMaxOverlayPrefixLength = 30;  // 31, 32: no room for OVOC

// Whom the device reaches through the tunnel, whatever prefix a server names.
enum class OverlayReach {
  kOvocOnly,  // OVOC
  kHosts,     // the hosts of the server's prefix inside the configured range
};

// DefaultOverlayRange: 169.254.0.0/18, which OVOC uses unless it is told
// otherwise.
Ipv4Prefix DefaultOverlayRange();

// OverlayRule: what the device's own configuration lets a server assign.
// Without it a server could give the device any address and so pull the
// traffic of any network into the tunnel.
struct OverlayRule {
  Ipv4Prefix range = DefaultOverlayRange();  // host bits are ignored
  Ipv4Address ovoc_address = kOvocAddress;
  OverlayReach reach = OverlayReach::kOvocOnly;
};

// CheckOverlayAssignment: InvalidArgument naming the rule that an assignment
// breaks. The prefix length must be kMinOverlayPrefixLength to
// kMaxOverlayPrefixLength. The address must be unicast (not 0/8, 127/8, 224/4
// or 240/4), not among the CloudServices (netif/overlay.h), inside the rule's
// range, not OVOC's, not the network or broadcast address of its prefix nor of
// what is left of that inside the range. The prefix may be wider than the range
// and need not contain OVOC.
[[nodiscard]] absl::Status CheckOverlayAssignment(const Ipv4Prefix& assignment,
                                                  const OverlayRule& rule);

// NarrowOverlay: what the device makes of an assignment that has passed
// CheckOverlayAssignment: with kOvocOnly a prefix length of 32, else the part
// of the prefix that lies inside the range.
Ipv4Prefix NarrowOverlay(const Ipv4Prefix& assignment, const OverlayRule& rule);

// CheckNarrowedOverlay: CheckOverlayAssignment for a result of NarrowOverlay
// that comes from somebody who is not trusted.
[[nodiscard]] absl::Status CheckNarrowedOverlay(const Ipv4Prefix& narrowed,
                                                const OverlayRule& rule);

// ParseOverlayAssignment: reads the texts of X-Audc-OverlayIP and
// X-Audc-OverlayPrefix. `address` is four decimal numbers 0..255 without
// leading zeros, `prefix` a decimal number without one,
// kMinOverlayPrefixLength to kMaxOverlayPrefixLength. Both together must pass
// CheckOverlayAssignment. Otherwise InvalidArgument naming the rule and what
// was found. The message quotes both texts as they are: the caller cuts them
// and replaces what is not printable, which makes no bad text a good one.
[[nodiscard]] absl::StatusOr<Ipv4Prefix> ParseOverlayAssignment(
    absl::string_view address, absl::string_view prefix,
    const OverlayRule& rule);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_OVERLAY_ASSIGNMENT_H_
