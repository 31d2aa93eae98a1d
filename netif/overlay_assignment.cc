// SPDX-License-Identifier: Apache-2.0
#include "netif/overlay_assignment.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "netif/overlay.h"

namespace ovoc::netif {
namespace {

absl::Status Broken(absl::string_view rule, absl::string_view found) {
  return absl::InvalidArgumentError(
      absl::StrCat("overlay assignment: ", rule, "; found \"", found, "\""));
}

// WithLength is `prefix` with another length, 0..32.
Ipv4Prefix WithLength(const Ipv4Prefix& prefix, int length) {
  return Ipv4Prefix::Create(prefix.address(), length).value_or(prefix);
}

std::string RangeText(const OverlayRule& rule) {
  return absl::StrCat("the configured overlay range ",
                      rule.range.NetworkAddress().ToString(), "/",
                      rule.range.length());
}

bool IsLengthOfHosts(int length) {
  return length >= kMinOverlayPrefixLength && length <= kMaxOverlayPrefixLength;
}

// BrokenByAddress is the rule that the address breaks by itself; empty: none.
std::string BrokenByAddress(Ipv4Address address, const OverlayRule& rule) {
  if (!address.IsUnicast()) {
    return "the address must be unicast (RFC 1122 3.2.1.3)";
  }
  if (CloudServices().Contains(address)) {
    return "the address must not lie in 169.254.169.0/24, where clouds have "
           "their metadata, DNS and time services";
  }
  if (!rule.range.Contains(address)) {
    return absl::StrCat("the address must lie inside ", RangeText(rule));
  }
  if (address == rule.ovoc_address) {
    return "the address must not be OVOC's own";
  }
  return "";
}

// BrokenByHostPart is the same for the place of the address in its prefix: it
// is neither of the two addresses that are no host's. A prefix of 31 (RFC 3021)
// or 32 has none.
std::string BrokenByHostPart(const Ipv4Prefix& assignment) {
  if (assignment.length() > kMaxOverlayPrefixLength) {
    return "";
  }
  if (assignment.address() == assignment.NetworkAddress()) {
    return "the address must not be the network address of its prefix (RFC "
           "1122 3.2.1.3)";
  }
  if (assignment.address() == assignment.Broadcast()) {
    return "the address must not be the broadcast address of its prefix (RFC "
           "1122 3.2.1.3)";
  }
  return "";
}

// InsideRange is the part of the assignment that lies inside the range.
Ipv4Prefix InsideRange(const Ipv4Prefix& assignment, const OverlayRule& rule) {
  return WithLength(assignment,
                    std::max(assignment.length(), rule.range.length()));
}

std::string BrokenRule(const Ipv4Prefix& assignment, const OverlayRule& rule) {
  if (!IsLengthOfHosts(assignment.length())) {
    return absl::StrCat("the prefix length must be ", kMinOverlayPrefixLength,
                        " to ", kMaxOverlayPrefixLength);
  }
  if (std::string broken = BrokenByAddress(assignment.address(), rule);
      !broken.empty()) {
    return broken;
  }
  if (std::string broken = BrokenByHostPart(assignment); !broken.empty()) {
    return broken;
  }
  return BrokenByHostPart(InsideRange(assignment, rule));
}

std::string BrokenRuleOfNarrowed(const Ipv4Prefix& narrowed,
                                 const OverlayRule& rule) {
  switch (rule.reach) {
    case OverlayReach::kOvocOnly:
      return narrowed.length() == kIpv4AddressBits
                 ? BrokenByAddress(narrowed.address(), rule)
                 : "without peer-to-peer the prefix length must be 32";
    case OverlayReach::kHosts:
      break;
  }
  return narrowed.length() < rule.range.length()
             ? absl::StrCat("the prefix must lie inside ", RangeText(rule))
             : BrokenRule(narrowed, rule);
}

// StatusOf takes the rule that is broken, which is empty for none.
absl::Status StatusOf(absl::string_view broken, const Ipv4Prefix& assignment) {
  return broken.empty() ? absl::OkStatus()
                        : Broken(broken, assignment.ToString());
}

}  // namespace

Ipv4Prefix DefaultOverlayRange() {
  return Ipv4Prefix::Create(Ipv4Address::FromHostOrder(0xA9FE0000), 18)
      .value_or(Ipv4Prefix());
}

absl::Status CheckOverlayAssignment(const Ipv4Prefix& assignment,
                                    const OverlayRule& rule) {
  return StatusOf(BrokenRule(assignment, rule), assignment);
}

Ipv4Prefix NarrowOverlay(const Ipv4Prefix& assignment,
                         const OverlayRule& rule) {
  switch (rule.reach) {
    case OverlayReach::kOvocOnly:
      return WithLength(assignment, kIpv4AddressBits);
    case OverlayReach::kHosts:
      break;
  }
  return InsideRange(assignment, rule);
}

absl::Status CheckNarrowedOverlay(const Ipv4Prefix& narrowed,
                                  const OverlayRule& rule) {
  return StatusOf(BrokenRuleOfNarrowed(narrowed, rule), narrowed);
}

absl::StatusOr<Ipv4Prefix> ParseOverlayAssignment(absl::string_view address,
                                                  absl::string_view prefix,
                                                  const OverlayRule& rule) {
  if (!Ipv4Address::Parse(address).has_value()) {
    return Broken(
        "X-Audc-OverlayIP must be four decimal numbers, 0 to 255, without "
        "leading zeros (RFC 3986 3.2.2)",
        address);
  }
  const std::optional<Ipv4Prefix> assignment =
      Ipv4Prefix::Parse(absl::StrCat(address, "/", prefix));
  if (!assignment.has_value() || !IsLengthOfHosts(assignment->length())) {
    return Broken(
        absl::StrCat("X-Audc-OverlayPrefix must be a decimal number ",
                     kMinOverlayPrefixLength, " to ", kMaxOverlayPrefixLength,
                     " without a leading zero (RFC 4632 3.1)"),
        prefix);
  }
  if (absl::Status status = CheckOverlayAssignment(*assignment, rule);
      !status.ok()) {
    return status;
  }
  return *assignment;
}

}  // namespace ovoc::netif
