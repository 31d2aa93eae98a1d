// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/setting_values.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "auth/basic_credentials.h"
#include "netif/overlay.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kMaxNumberDigits = 9;  // fits an int

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsLetterOrDigit(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c));
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool IsHexDigit(char c) {
  return absl::ascii_isxdigit(static_cast<unsigned char>(c));
}

// IsPathByte: pchar, '/' or '?' of RFC 3986 3.3 and 3.4, without '%'.
bool IsPathByte(char c) {
  return IsLetterOrDigit(c) || absl::StrContains("-._~!$&'()*+,;=:@/?", c);
}

bool HasControl(absl::string_view text) {
  return std::any_of(text.begin(), text.end(), IsControl);
}

bool IsHostLabel(absl::string_view label) {
  const auto allowed = [](char c) { return IsLetterOrDigit(c) || c == '-'; };
  return !label.empty() && label.size() <= kMaxHostLabelBytes &&
         std::all_of(label.begin(), label.end(), allowed) &&
         label.front() != '-' && label.back() != '-';
}

bool IsServerV6(const netif::IpAddress& address) {
  const absl::Span<const uint8_t> bytes = address.bytes();
  // ::/96 with :: and ::1 in it, and ::ffff:0:0/96.
  const bool high_zero = std::all_of(bytes.begin(), bytes.begin() + 10,
                                     [](uint8_t byte) { return byte == 0; });
  const bool embeds_v4 = high_zero && bytes[10] == bytes[11] &&
                         (bytes[10] == 0 || bytes[10] == 0xff);
  // Loopback is a server's address in a test or behind a local proxy.
  const bool loopback = address == *netif::IpAddress::Parse("::1");
  const bool multicast = bytes[0] == 0xff;  // RFC 4291 2.7
  const bool lacks_zone =
      address.zone().empty() && address.WithZone("0").has_value();
  return (loopback || !embeds_v4) && !multicast && !lacks_zone;
}

}  // namespace

std::optional<int> ParseNumber(absl::string_view text, int low, int high) {
  if (text.empty() || text.size() > kMaxNumberDigits ||
      !std::all_of(text.begin(), text.end(), IsDigit) ||
      (text.size() > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  int number = 0;
  if (!absl::SimpleAtoi(text, &number) || number < low || number > high) {
    return std::nullopt;
  }
  return number;
}

std::optional<bool> ParseSwitch(absl::string_view text) {
  if (text == "0") {
    return false;
  }
  if (text == "1") {
    return true;
  }
  return std::nullopt;
}

std::optional<netif::IpAddress> ParseServerAddress(absl::string_view text) {
  const std::optional<netif::IpAddress> address =
      netif::IpAddress::ParseZoned(text);
  if (!address.has_value()) {
    return std::nullopt;
  }
  if (address->is_v4()) {
    const netif::Ipv4Address v4 = address->v4();
    // Loopback is a server's address in a test or behind a local proxy.
    return v4.IsUnicast() || v4.IsLoopback() ? address : std::nullopt;
  }
  return IsServerV6(*address) ? address : std::nullopt;
}

bool IsHostName(absl::string_view text) {
  if (text.size() > kMaxHostNameBytes) {
    return false;
  }
  const std::vector<absl::string_view> labels = absl::StrSplit(text, '.');
  const absl::string_view last = labels.back();
  return std::all_of(labels.begin(), labels.end(), IsHostLabel) &&
         !std::all_of(last.begin(), last.end(), IsDigit);
}

std::optional<absl::string_view> ParseRequestPath(absl::string_view text) {
  absl::ConsumePrefix(&text, "/");
  if (text.size() > kMaxPathBytes || absl::StartsWith(text, "/")) {
    return std::nullopt;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        IsHexDigit(text[i + 1]) && IsHexDigit(text[i + 2]);
    if (!escape && !IsPathByte(text[i])) {
      return std::nullopt;
    }
  }
  return text;
}

bool IsUserName(absl::string_view text) {
  // RFC 7617 2 MUST NOT: a colon in the user-id
  return IsPassword(text) && !absl::StrContains(text, ':');
}

bool IsPassword(absl::string_view text) {
  // RFC 7617 2 MUST NOT: control characters in user-id or password
  return !text.empty() && text.size() <= auth::kMaxCredentialBytes &&
         !HasControl(text);
}

bool IsFilePath(absl::string_view text) {
  return !text.empty() && !HasControl(text);
}

bool IsDeviceName(absl::string_view text) {
  const auto allowed = [](char c) {
    return IsLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  };
  return !text.empty() && text.size() <= kMaxDeviceNameBytes &&
         std::all_of(text.begin(), text.end(), allowed) && text != "." &&
         text != ".." && text != "all" && text != "default";
}

std::optional<netif::Ipv4Prefix> ParseOverlay(absl::string_view text) {
  const std::optional<netif::Ipv4Prefix> prefix =
      netif::Ipv4Prefix::Parse(text);
  if (!prefix.has_value() || prefix->length() < kMinOverlayPrefix ||
      prefix->length() > kMaxOverlayPrefix ||
      prefix->address() != prefix->NetworkAddress() ||
      !prefix->ContainsHost(netif::kOvocAddress)) {
    return std::nullopt;
  }
  return prefix;
}

}  // namespace ovoc::tunnel
