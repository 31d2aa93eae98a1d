// SPDX-License-Identifier: Apache-2.0

#include "netif/icmp_message.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "netif/ipv4_packet.h"
#include "netif/packet_fields.h"

namespace ovoc::netif {
namespace {

// RFC 792, RFC 1256 3, RFC 1475 5, RFC 2521 2.
constexpr uint8_t kDestinationUnreachable = 3;
constexpr uint8_t kSourceQuench = 4;
constexpr uint8_t kRedirect = 5;
constexpr uint8_t kRouterAdvertisement = 9;
constexpr uint8_t kTimeExceeded = 11;
constexpr uint8_t kParameterProblem = 12;
constexpr uint8_t kConversionError = 31;
constexpr uint8_t kSecurityFailure = 40;

}  // namespace

IcmpKind KindOf(absl::Span<const uint8_t> message) {
  if (message.empty()) {
    return IcmpKind::kHarmless;
  }
  switch (message[0]) {
    case kDestinationUnreachable:
    case kSourceQuench:
    case kTimeExceeded:
    case kParameterProblem:
    case kConversionError:
    case kSecurityFailure:
      return IcmpKind::kError;
    case kRedirect:
      return IcmpKind::kRedirect;
    case kRouterAdvertisement:
      return IcmpKind::kRouterAdvertisement;
    default:
      return IcmpKind::kHarmless;
  }
}

std::optional<QuotedPacket> ReadQuote(absl::Span<const uint8_t> message) {
  if (message.size() < kIcmpHeaderBytes + kMinIpv4HeaderBytes) {
    return std::nullopt;
  }
  const absl::Span<const uint8_t> quote = message.subspan(kIcmpHeaderBytes);
  const size_t header_bytes = size_t{4} * (quote[0] & 0x0F);
  if (quote[0] >> 4 != 4 || header_bytes < kMinIpv4HeaderBytes ||
      quote.size() < header_bytes + kMinQuotedDataBytes) {
    return std::nullopt;
  }
  return QuotedPacket{
      Ipv4Address::FromHostOrder(Load32(quote, kIpv4SourceOffset)),
      Ipv4Address::FromHostOrder(Load32(quote, kIpv4DestinationOffset))};
}

}  // namespace ovoc::netif
