// SPDX-License-Identifier: Apache-2.0

#include "netif/icmp_echo.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "netif/checksum.h"
#include "netif/icmp_message.h"
#include "netif/ip_address.h"
#include "netif/ipv4_packet.h"
#include "netif/packet_fields.h"

namespace ovoc::netif {
namespace {

constexpr uint8_t kVersionAndLength = 0x45;  // RFC 791 3.1: 4, no options
constexpr uint8_t kTtl = 64;                 // RFC 1700, default TTL

// RFC 792, Echo or Echo Reply Message, in bytes from the message's start.
constexpr uint8_t kEchoReply = 0;
constexpr uint8_t kEchoRequest = 8;
constexpr size_t kTypeOffset = 0;
constexpr size_t kCodeOffset = 1;
constexpr size_t kChecksumOffset = 2;
constexpr size_t kIdentifierOffset = 4;
constexpr size_t kSequenceOffset = 6;

uint8_t DataByte(size_t place) { return static_cast<uint8_t>(place & 0xff); }

void WriteHeader(const EchoExchange& exchange, absl::Span<uint8_t> packet) {
  packet[0] = kVersionAndLength;
  Store16(static_cast<uint16_t>(packet.size()), kIpv4TotalLengthOffset, packet);
  // A packet that is never cut needs no identification (RFC 6864 4.1).
  Store16(kIpv4DontFragment, kIpv4FlagsOffset, packet);
  packet[kIpv4TtlOffset] = kTtl;
  packet[kIpv4ProtocolOffset] = kIcmpProtocol;
  Store32(exchange.source.value(), kIpv4SourceOffset, packet);
  Store32(exchange.destination.value(), kIpv4DestinationOffset, packet);
  Store16(InternetChecksum(packet.first(kMinIpv4HeaderBytes)),
          kIpv4ChecksumOffset, packet);
}

bool IsReply(const EchoExchange& exchange, absl::Span<const uint8_t> message) {
  return message.size() >= kIcmpHeaderBytes &&
         message[kTypeOffset] == kEchoReply && message[kCodeOffset] == 0 &&
         Load16(message, kIdentifierOffset) == exchange.identifier &&
         InternetChecksum(message) == 0;
}

bool HasOurData(absl::Span<const uint8_t> data) {
  for (size_t i = 0; i < data.size(); ++i) {
    if (data[i] != DataByte(i)) {
      return false;
    }
  }
  return true;
}

}  // namespace

void WriteEchoRequest(const EchoExchange& exchange, uint16_t sequence,
                      absl::Span<uint8_t> packet) {
  std::fill(packet.begin(), packet.end(), uint8_t{0});
  WriteHeader(exchange, packet);
  const absl::Span<uint8_t> message = packet.subspan(kMinIpv4HeaderBytes);
  message[kTypeOffset] = kEchoRequest;
  Store16(exchange.identifier, kIdentifierOffset, message);
  Store16(sequence, kSequenceOffset, message);
  for (size_t i = kIcmpHeaderBytes; i < message.size(); ++i) {
    message[i] = DataByte(i - kIcmpHeaderBytes);
  }
  Store16(InternetChecksum(message), kChecksumOffset, message);
}

std::optional<uint16_t> ReadEchoReply(const EchoExchange& exchange,
                                      absl::Span<const uint8_t> packet) {
  Ipv4Packet parsed;
  if (Ipv4Packet::Parse(packet, &parsed) != Ipv4Error::kNone ||
      parsed.protocol() != kIcmpProtocol || parsed.is_fragment() ||
      parsed.source() != exchange.destination ||
      parsed.destination() != exchange.source) {
    return std::nullopt;
  }
  const absl::Span<const uint8_t> message = parsed.payload();
  if (!IsReply(exchange, message) ||
      !HasOurData(message.subspan(kIcmpHeaderBytes))) {
    return std::nullopt;
  }
  return Load16(message, kSequenceOffset);
}

}  // namespace ovoc::netif
