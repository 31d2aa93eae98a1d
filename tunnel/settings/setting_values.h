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

// OVOC's address in the overlay network and the network it lies in (RFC 3927);
// the former is fixed by the device manual.
inline constexpr netif::Ipv4Address kOvocAddress =
    netif::Ipv4Address::FromHostOrder(0xA9FE0001);  // 169.254.0.1
inline constexpr int kMinOverlayPrefix = 16;
inline constexpr int kMaxOverlayPrefix = 30;  // OVOC and one device

// ParseNumber reads decimal digits without sign or leading zeros; nullopt when
// text is anything else or the number is not within low..high.
std::optional<int> ParseNumber(absl::string_view text, int low, int high);

// ParseSwitch reads "0" or "1".
std::optional<bool> ParseSwitch(absl::string_view text);

// ParseServerAddress reads an IPv4 or IPv6 address that a server can have: not
// 0/8, multicast, 240/4, ff00::/8, nor IPv4 written as IPv6 (RFC 4291 2.5.5).
// Of fe80::/10 it has a zone, as in fe80::1%eth0: without, nobody can connect
// to it (RFC 4007 6).
std::optional<netif::IpAddress> ParseServerAddress(absl::string_view text);

// IsHostName: labels of letters, digits and '-', 1..63 bytes, no '-' at either
// end (RFC 1123 2.1), at most 253 bytes, no trailing dot. The last label is not
// all digits: that would be an IP address with a slip in it.
bool IsHostName(absl::string_view text);

// ParseRequestPath takes one leading slash off. The rest may be empty (the
// request target is "/" and the rest): at most 255 bytes that a path and a
// query may have (RFC 3986 3.3, 3.4), so no blanks, '#' or non-ASCII bytes, and
// '%' only with two hexadecimal digits. It does not begin with another slash,
// which would read as a host name.
std::optional<absl::string_view> ParseRequestPath(absl::string_view text);

// IsUserName: at most 255 bytes, not empty, no ':' and no control byte
// (RFC 7617 2).
bool IsUserName(absl::string_view text);

// IsPassword: at most 255 bytes, not empty, no control byte (RFC 7617 2).
bool IsPassword(absl::string_view text);

// IsFilePath: not empty, no control byte.
bool IsFilePath(absl::string_view text);

// IsDeviceName: 1..15 letters, digits, '_', '-' or '.'; fewer than Linux takes,
// so that it is one word in every log and path. Not ".", "..", nor "all" and
// "default", which name other things in /proc/sys/net.
bool IsDeviceName(absl::string_view text);

// ParseOverlay reads a prefix of length 16..30 that has OVOC's address in it
// and no bits behind its length. It lies inside 169.254.0.0/16 then, so that no
// server can give the device an address that is routed elsewhere.
std::optional<netif::Ipv4Prefix> ParseOverlay(absl::string_view text);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_SETTING_VALUES_H_
