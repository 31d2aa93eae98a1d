// SPDX-License-Identifier: Apache-2.0
#include "auth/overlay_assignment.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "auth/response_head.h"

namespace ovoc::auth {
namespace {

constexpr size_t kMaxDecimalDigits = 3;
constexpr size_t kQuadParts = 4;
constexpr size_t kMaxQuadChars = 15;  // "255.255.255.255"
constexpr int kHostPrefixLength = 32;

// ParseDecimal: 0..999, digits only, no leading zero (inet_aton would take it
// for octal).
std::optional<uint32_t> ParseDecimal(absl::string_view text) {
  if (text.empty() || text.size() > kMaxDecimalDigits ||
      (text.size() > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  uint32_t value = 0;
  for (char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      return std::nullopt;
    }
    value = value * 10 + static_cast<uint32_t>(c - '0');
  }
  return value;
}

// ParseQuad: IPv4address of RFC 3986 3.2.2.
std::optional<uint32_t> ParseQuad(absl::string_view text) {
  if (text.size() > kMaxQuadChars) {
    return std::nullopt;
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  if (parts.size() != kQuadParts) {
    return std::nullopt;
  }
  uint32_t address = 0;
  for (absl::string_view part : parts) {
    const std::optional<uint32_t> value = ParseDecimal(part);
    if (!value.has_value() || *value > 0xFF) {
      return std::nullopt;
    }
    address = address << 8 | *value;
  }
  return address;
}

// NetworkMask: for prefix lengths 0..32; a shift by 32 is undefined.
uint32_t NetworkMask(int prefix_length) {
  if (prefix_length <= 0) {
    return 0;
  }
  if (prefix_length >= 32) {
    return ~uint32_t{0};
  }
  return ~uint32_t{0} << (32 - prefix_length);
}

std::string QuadText(uint32_t address) {
  return absl::StrCat(address >> 24, ".", address >> 16 & 0xFF, ".",
                      address >> 8 & 0xFF, ".", address & 0xFF);
}

// IsUnicast: not "this network", loopback, multicast or reserved (RFC 1122
// 3.2.1.3).
bool IsUnicast(uint32_t address) {
  const uint32_t first = address >> 24;
  return first != 0 && first != 127 && first < 224;
}

absl::Status Broken(absl::string_view rule, absl::string_view found) {
  return absl::InvalidArgumentError(absl::StrCat(
      "overlay assignment: ", rule, "; found \"", Printable(found), "\""));
}

std::string Text(const OverlayAssignment& assignment) {
  return absl::StrCat(QuadText(assignment.address), "/",
                      assignment.prefix_length);
}

bool IsInside(uint32_t address, uint32_t network, int prefix_length) {
  return ((address ^ network) & NetworkMask(prefix_length)) == 0;
}

std::string RangeText(const OverlayRule& rule) {
  return absl::StrCat(
      "the configured overlay range ",
      QuadText(rule.range_address & NetworkMask(rule.range_prefix)), "/",
      rule.range_prefix);
}

// CheckAddress: all but what the prefix has a say in.
absl::Status CheckAddress(const OverlayAssignment& assignment,
                          const OverlayRule& rule) {
  if (!IsUnicast(assignment.address)) {
    return Broken("the address must be unicast (RFC 1122 3.2.1.3)",
                  Text(assignment));
  }
  if (IsInside(assignment.address, kCloudServicesAddress,
               kCloudServicesPrefix)) {
    return Broken(
        "the address must not lie in 169.254.169.0/24, where clouds have their "
        "metadata, DNS and time services",
        Text(assignment));
  }
  if (!IsInside(assignment.address, rule.range_address, rule.range_prefix)) {
    return Broken(absl::StrCat("the address must lie inside ", RangeText(rule)),
                  Text(assignment));
  }
  if (assignment.address == rule.ovoc_address) {
    return Broken("the address must not be OVOC's own", Text(assignment));
  }
  return absl::OkStatus();
}

// CheckHostPart: neither of a prefix's two addresses that are no host's. A
// prefix of 31 (RFC 3021) or 32 has none.
absl::Status CheckHostPart(const OverlayAssignment& assignment,
                           int prefix_length) {
  const uint32_t host_mask = ~NetworkMask(prefix_length);
  const uint32_t host = assignment.address & host_mask;
  if (prefix_length > kMaxOverlayPrefixLength) {
    return absl::OkStatus();
  }
  if (host == 0) {
    return Broken(
        "the address must not be the network address of its prefix (RFC 1122 "
        "3.2.1.3)",
        Text(assignment));
  }
  if (host == host_mask) {
    return Broken(
        "the address must not be the broadcast address of its prefix (RFC "
        "1122 3.2.1.3)",
        Text(assignment));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckOverlayAssignment(const OverlayAssignment& assignment,
                                    const OverlayRule& rule) {
  if (assignment.prefix_length < kMinOverlayPrefixLength ||
      assignment.prefix_length > kMaxOverlayPrefixLength) {
    return Broken(
        absl::StrCat("the prefix length must be ", kMinOverlayPrefixLength,
                     " to ", kMaxOverlayPrefixLength),
        Text(assignment));
  }
  absl::Status status = CheckAddress(assignment, rule);
  status.Update(CheckHostPart(assignment, assignment.prefix_length));
  status.Update(CheckHostPart(
      assignment, std::max(assignment.prefix_length, rule.range_prefix)));
  return status;
}

OverlayAssignment NarrowOverlay(const OverlayAssignment& assignment,
                                const OverlayRule& rule) {
  OverlayAssignment narrowed = assignment;
  switch (rule.reach) {
    case OverlayReach::kOvocOnly:
      narrowed.prefix_length = kHostPrefixLength;
      break;
    case OverlayReach::kHosts:
      narrowed.prefix_length =
          std::max(assignment.prefix_length, rule.range_prefix);
      break;
  }
  return narrowed;
}

absl::Status CheckNarrowedOverlay(const OverlayAssignment& narrowed,
                                  const OverlayRule& rule) {
  switch (rule.reach) {
    case OverlayReach::kOvocOnly:
      if (narrowed.prefix_length != kHostPrefixLength) {
        return Broken("without peer-to-peer the prefix length must be 32",
                      Text(narrowed));
      }
      return CheckAddress(narrowed, rule);
    case OverlayReach::kHosts:
      break;
  }
  if (narrowed.prefix_length < rule.range_prefix) {
    return Broken(absl::StrCat("the prefix must lie inside ", RangeText(rule)),
                  Text(narrowed));
  }
  return CheckOverlayAssignment(narrowed, rule);
}

absl::StatusOr<OverlayAssignment> ParseOverlayAssignment(
    absl::string_view address, absl::string_view prefix,
    const OverlayRule& rule) {
  const std::optional<uint32_t> quad = ParseQuad(address);
  if (!quad.has_value()) {
    return Broken(
        "X-Audc-OverlayIP must be four decimal numbers, 0 to 255, without "
        "leading zeros (RFC 3986 3.2.2)",
        address);
  }
  const std::optional<uint32_t> length = ParseDecimal(prefix);
  if (!length.has_value() || *length < uint32_t{kMinOverlayPrefixLength} ||
      *length > uint32_t{kMaxOverlayPrefixLength}) {
    return Broken(
        absl::StrCat("X-Audc-OverlayPrefix must be a decimal number ",
                     kMinOverlayPrefixLength, " to ", kMaxOverlayPrefixLength,
                     " without a leading zero (RFC 4632 3.1)"),
        prefix);
  }
  const OverlayAssignment assignment = {*quad, static_cast<int>(*length)};
  if (absl::Status status = CheckOverlayAssignment(assignment, rule);
      !status.ok()) {
    return status;
  }
  return assignment;
}

}  // namespace ovoc::auth
