// SPDX-License-Identifier: Apache-2.0
//
// What the value of a setting may be, one function per kind.

#ifndef OVOC_TUNNEL_SETTINGS_SETTING_VALUES_H_
#define OVOC_TUNNEL_SETTINGS_SETTING_VALUES_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"
#include "netif/ip_address.h"

namespace ovoc::tunnel {

inline constexpr size_t kMaxHostNameBytes = 253;   // RFC 1035 3.1, as text
inline constexpr size_t kMaxHostLabelBytes = 63;   // RFC 1035 2.3.4
inline constexpr size_t kMaxPathBytes = 255;       // ours; OVOC's own has 3
inline constexpr size_t kMaxDeviceNameBytes = 15;  // Linux: IFNAMSIZ - 1

// The length of the overlay network's prefix, around netif::kOvocAddress.
inline constexpr int kMinOverlayPrefix = 16;
inline constexpr int kMaxOverlayPrefix = 30;  // OVOC and one device

// ParseNumber reads decimal digits without a sign or leading zeros. It returns
// nullopt when the text is anything else, or the number is not in low..high.
std::optional<int> ParseNumber(absl::string_view text, int low, int high);

// ParseSwitch reads "0" or "1".
std::optional<bool> ParseSwitch(absl::string_view text);

// ParseServerAddress reads an IPv4 or IPv6 address that a server can have. It
// refuses 0/8, multicast, 240/4, ff00::/8, and IPv4 written as IPv6 (RFC 4291
// 2.5.5). An address in fe80::/10 must have a zone, as in fe80::1%eth0, because
// nobody can connect to it without one (RFC 4007 6).
std::optional<netif::IpAddress> ParseServerAddress(absl::string_view text);

// IsHostName: labels of letters, digits and '-', 1..63 bytes, no '-' at either
// end (RFC 1123 2.1), at most 253 bytes, no trailing dot. The last label is not
// all digits: that would be an IP address with a slip in it.
bool IsHostName(absl::string_view text);

// ParseRequestPath removes one leading slash. The request target is "/" and the
// rest, which may be empty. The rest has at most 255 bytes that a path and a
// query can have (RFC 3986 3.3, 3.4). It has no spaces, '#' or non-ASCII bytes,
// and '%' only before two hexadecimal digits. It does not begin with another
// slash, because that would be read as a host name.
std::optional<absl::string_view> ParseRequestPath(absl::string_view text);

// IsUserName: at most 255 bytes, not empty, no ':' and no control byte
// (RFC 7617 2).
bool IsUserName(absl::string_view text);

// IsPassword: at most 255 bytes, not empty, no control byte (RFC 7617 2).
bool IsPassword(absl::string_view text);

// IsFilePath: not empty, no control byte.
bool IsFilePath(absl::string_view text);

// IsDeviceName: 1..15 letters, digits, '_', '-' or '.'. Linux allows more;
// these are one word in every log and path. ".", ".." and "all" and "default",
// which mean something else in /proc/sys/net, are refused.
bool IsDeviceName(absl::string_view text);

// ParseOverlay reads a prefix of length 16..30 that contains OVOC's address and
// has no bits set after its length. Such a prefix is inside 169.254.0.0/16, so
// no server can give the device an address that is routed elsewhere.
std::optional<netif::Ipv4Prefix> ParseOverlay(absl::string_view text);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_SETTING_VALUES_H_
