// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_OVERLAY_ASSIGNMENT_H_
#define OVOC_AUTH_OVERLAY_ASSIGNMENT_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::auth {

inline constexpr int kMinOverlayPrefixLength = 16;
inline constexpr int kMaxOverlayPrefixLength = 30;  // 31, 32: no room for OVOC

// OverlayAssignment: the address the server gives the device inside the
// tunnel.
struct OverlayAssignment {
  uint32_t address = 0;   // host byte order
  int prefix_length = 0;  // kMinOverlayPrefixLength..kMaxOverlayPrefixLength
};

// Where clouds have what their machines trust by its address alone: metadata
// with credentials (169.254.169.254), DNS (.253) and time (.123). Never part of
// an overlay. Source: the manuals of AWS ("Instance metadata service", "Amazon
// Route 53 Resolver", "Amazon Time Sync Service") and Azure.
inline constexpr uint32_t kCloudServicesAddress = 0xA9FEA900;  // 169.254.169.0
inline constexpr int kCloudServicesPrefix = 24;

// Whom the device reaches through the tunnel, whatever prefix a server names.
enum class OverlayReach {
  kOvocOnly,  // OVOC
  kHosts,     // the hosts of the server's prefix inside the configured range
};

// OverlayRule: what the device's own configuration lets a server assign.
// Without it a server could give the device any address and so pull the
// traffic of any network into the tunnel.
struct OverlayRule {
  uint32_t range_address = 0xA9FE0000;  // 169.254.0.0, host byte order
  int range_prefix = 18;                // 0..32
  uint32_t ovoc_address = 0xA9FE0001;   // 169.254.0.1, host byte order
  OverlayReach reach = OverlayReach::kOvocOnly;
};

// CheckOverlayAssignment: InvalidArgument naming the rule that an assignment
// breaks. The address must be unicast (not 0/8, 127/8, 224/4 or 240/4), not in
// 169.254.169.0/24, inside the rule's range, not OVOC's, not the network or
// broadcast address of its prefix nor of what is left of that inside the range.
// The prefix may be wider than the range and need not contain OVOC.
[[nodiscard]] absl::Status CheckOverlayAssignment(
    const OverlayAssignment& assignment, const OverlayRule& rule);

// NarrowOverlay: what the device makes of an assignment that has passed
// CheckOverlayAssignment: with kOvocOnly a prefix length of 32, else the part
// of the prefix that lies inside the range.
OverlayAssignment NarrowOverlay(const OverlayAssignment& assignment,
                                const OverlayRule& rule);

// CheckNarrowedOverlay: CheckOverlayAssignment for a result of NarrowOverlay
// that comes from somebody who is not trusted.
[[nodiscard]] absl::Status CheckNarrowedOverlay(
    const OverlayAssignment& narrowed, const OverlayRule& rule);

// ParseOverlayAssignment: reads the values of X-Audc-OverlayIP and
// X-Audc-OverlayPrefix. `address` is four decimal numbers 0..255 without
// leading zeros, `prefix` a decimal number without one,
// kMinOverlayPrefixLength to kMaxOverlayPrefixLength. Both together must pass
// CheckOverlayAssignment. Otherwise InvalidArgument naming the rule and what
// was found.
[[nodiscard]] absl::StatusOr<OverlayAssignment> ParseOverlayAssignment(
    absl::string_view address, absl::string_view prefix,
    const OverlayRule& rule);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_OVERLAY_ASSIGNMENT_H_
