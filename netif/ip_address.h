// SPDX-License-Identifier: Apache-2.0
//
// Internet addresses and IPv4 prefixes as values: no names, no sockets.

#ifndef OVOC_NETIF_IP_ADDRESS_H_
#define OVOC_NETIF_IP_ADDRESS_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::netif {

inline constexpr size_t kIpv4AddressBytes = 4;   // RFC 791 3.1
inline constexpr size_t kIpv6AddressBytes = 16;  // RFC 8200 3
inline constexpr int kIpv4AddressBits = 32;
inline constexpr size_t kMaxZoneBytes = 15;  // Linux: IFNAMSIZ - 1

// Ipv4Address is one IPv4 address. The default is 0.0.0.0, which is no host.
class Ipv4Address {
 public:
  constexpr Ipv4Address() = default;

  // FromHostOrder makes 169.254.0.1 of 0xA9FE0001 on every machine.
  static constexpr Ipv4Address FromHostOrder(uint32_t value) {
    return Ipv4Address(value);
  }

  // Parse reads a strict dotted quad: four decimal numbers 0..255 without
  // leading zeros, nothing before or after. Anything else is nullopt.
  static std::optional<Ipv4Address> Parse(absl::string_view text);

  constexpr uint32_t value() const { return value_; }    // host order
  std::array<uint8_t, kIpv4AddressBytes> bytes() const;  // network order
  std::string ToString() const;

  constexpr bool IsThisNetwork() const {  // 0/8, RFC 1122 3.2.1.3 (a), (b)
    return value_ >> 24 == 0;
  }
  constexpr bool IsLoopback() const {  // 127/8, RFC 1122 3.2.1.3 (g)
    return value_ >> 24 == 127;
  }
  constexpr bool IsMulticast() const {  // 224/4, RFC 1112 4
    return value_ >> 28 == 0xE;
  }
  // IsReserved is true for 240/4 (RFC 1112 4), 255.255.255.255 included.
  constexpr bool IsReserved() const { return value_ >> 28 == 0xF; }
  // IsUnicast is true for an address that a host may have and send from.
  constexpr bool IsUnicast() const {
    return !IsThisNetwork() && !IsLoopback() && value_ >> 28 < 0xE;
  }

  friend constexpr auto operator<=>(Ipv4Address, Ipv4Address) = default;

 private:
  explicit constexpr Ipv4Address(uint32_t value) : value_(value) {}

  uint32_t value_ = 0;
};

// Ipv4Prefix is an address with a prefix length 0..32, as in 169.254.0.0/16.
// Only address() and == look at the bits after the prefix. The default is
// 0.0.0.0/0.
class Ipv4Prefix {
 public:
  constexpr Ipv4Prefix() = default;

  // Create is nullopt when length is not 0..32.
  static std::optional<Ipv4Prefix> Create(Ipv4Address address, int length);

  // Parse reads "169.254.0.0/16": a strict dotted quad, a slash, a decimal
  // number 0..32 without leading zeros. Anything else is nullopt.
  static std::optional<Ipv4Prefix> Parse(absl::string_view text);

  constexpr Ipv4Address address() const { return address_; }
  constexpr int length() const { return length_; }
  std::string ToString() const;

  constexpr bool Contains(Ipv4Address address) const {
    return ((address.value() ^ address_.value()) & mask_) == 0;
  }
  constexpr Ipv4Address NetworkAddress() const {
    return Ipv4Address::FromHostOrder(address_.value() & mask_);
  }
  constexpr Ipv4Address Broadcast() const {
    return Ipv4Address::FromHostOrder(address_.value() | ~mask_);
  }
  // ContainsHost is Contains for an address that may be a host: not the
  // network and not the broadcast address, which /31 (RFC 3021) and /32 lack.
  constexpr bool ContainsHost(Ipv4Address address) const {
    const uint32_t host = address.value() & ~mask_;
    return Contains(address) && (length_ > 30 || (host != 0 && host != ~mask_));
  }

  friend constexpr bool operator==(const Ipv4Prefix&,
                                   const Ipv4Prefix&) = default;

 private:
  Ipv4Prefix(Ipv4Address address, int length);

  Ipv4Address address_;
  int length_ = 0;
  uint32_t mask_ = 0;
};

// IpAddress is an IPv4 or an IPv6 address. The default is 0.0.0.0. An
// IPv4-mapped IPv6 address stays IPv6. IPv4 sorts before IPv6. A link-local
// IPv6 address may have a zone: the name or the number of an interface (RFC
// 4007 11), which is never sent to another machine (RFC 9844 6).
class IpAddress {
 public:
  constexpr IpAddress() = default;
  explicit IpAddress(Ipv4Address address);

  // FromBytes takes 4 or 16 bytes in network order; else nullopt.
  static std::optional<IpAddress> FromBytes(absl::Span<const uint8_t> bytes);

  // Parse reads a strict dotted quad or IPv6 text (RFC 4291 2.2) without
  // brackets or zone, ParseZoned also fe80::1%eth0. Anything else is nullopt.
  static std::optional<IpAddress> Parse(absl::string_view text);
  static std::optional<IpAddress> ParseZoned(absl::string_view text);

  // WithZone is nullopt unless this is in fe80::/10 (RFC 4291 2.5.6) and `zone`
  // has 1..kMaxZoneBytes of printable ASCII without '/', '%' and ':'.
  std::optional<IpAddress> WithZone(absl::string_view zone) const;
  absl::string_view zone() const;  // empty: none; lives as long as this object
  IpAddress WithoutZone() const;

  bool is_v4() const { return size_ == kIpv4AddressBytes; }
  Ipv4Address v4() const;  // 0.0.0.0 when !is_v4()
  // bytes is in network order and lives as long as this object.
  absl::Span<const uint8_t> bytes() const { return {bytes_.data(), size_}; }
  std::string ToString() const;  // IPv6 as in RFC 5952, no brackets; the zone
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  size_t size_ = kIpv4AddressBytes;
  std::array<uint8_t, kIpv6AddressBytes> bytes_ = {};  // zero behind size_
  std::array<char, kMaxZoneBytes + 1> zone_ = {};      // zero behind the name
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_IP_ADDRESS_H_
