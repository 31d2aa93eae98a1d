// SPDX-License-Identifier: Apache-2.0
#include "auth/overlay_assignment.h"

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

}  // namespace

absl::Status CheckOverlayAssignment(const OverlayAssignment& assignment,
                                    const OverlayRule& rule) {
  const std::string found =
      absl::StrCat(QuadText(assignment.address), "/", assignment.prefix_length);
  if (assignment.prefix_length < kMinOverlayPrefixLength ||
      assignment.prefix_length > kMaxOverlayPrefixLength) {
    return Broken(
        absl::StrCat("the prefix length must be ", kMinOverlayPrefixLength,
                     " to ", kMaxOverlayPrefixLength),
        found);
  }
  if (!IsUnicast(assignment.address)) {
    return Broken("the address must be unicast (RFC 1122 3.2.1.3)", found);
  }
  const uint32_t range_mask = NetworkMask(rule.range_prefix);
  if ((assignment.address & range_mask) != (rule.range_address & range_mask)) {
    return Broken(absl::StrCat("the address must lie inside the configured "
                               "overlay range ",
                               QuadText(rule.range_address & range_mask), "/",
                               rule.range_prefix),
                  found);
  }
  if (assignment.address == rule.ovoc_address) {
    return Broken("the address must not be OVOC's own", found);
  }
  const uint32_t host_mask = ~NetworkMask(assignment.prefix_length);
  const uint32_t host = assignment.address & host_mask;
  if (host == 0) {
    return Broken(
        "the address must not be the network address of its prefix (RFC 1122 "
        "3.2.1.3)",
        found);
  }
  if (host == host_mask) {
    return Broken(
        "the address must not be the broadcast address of its prefix (RFC "
        "1122 3.2.1.3)",
        found);
  }
  return absl::OkStatus();
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
