// SPDX-License-Identifier: Apache-2.0
//
// What an ICMP message could make this host do (RFC 792, RFC 1256). The types
// that RFC 6918 deprecated keep their old meaning.

#ifndef OVOC_NETIF_ICMP_MESSAGE_H_
#define OVOC_NETIF_ICMP_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "netif/ip_address.h"

namespace ovoc::netif {

inline constexpr uint8_t kIcmpProtocol = 1;       // RFC 792
inline constexpr size_t kIcmpHeaderBytes = 8;     // RFC 792, of an error
inline constexpr size_t kMinQuotedDataBytes = 8;  // RFC 792: "64 bits"

enum class IcmpKind {
  kHarmless,             // an echo, for example: about nobody else's traffic
  kError,                // 3, 4, 11, 12, 31, 40: about what it quotes
  kRedirect,             // 5: changes a route (RFC 1122 3.2.2.2)
  kRouterAdvertisement,  // 9: adds a default route (RFC 1256 6)
};

// KindOf looks at the first byte of an ICMP message. An empty message, which no
// host accepts, is harmless.
IcmpKind KindOf(absl::Span<const uint8_t> message);

// QuotedPacket is who sent the packet that an ICMP error is about, and to whom.
struct QuotedPacket {
  Ipv4Address source;
  Ipv4Address destination;
};

// ReadQuote reads the packet that an ICMP error quotes: an IPv4 header and at
// least kMinQuotedDataBytes after it, as RFC 792 demands and Linux needs to
// find the flow. The result is nullopt if that is shorter or not an IPv4
// header. What a router may have changed, above all TTL and checksum, is not
// checked.
std::optional<QuotedPacket> ReadQuote(absl::Span<const uint8_t> message);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_ICMP_MESSAGE_H_
