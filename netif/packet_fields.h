// SPDX-License-Identifier: Apache-2.0
//
// Where the fields of IPv4, TCP and UDP headers are. Ipv4Packet reads an IPv4
// header; other code writes headers, or compares many at once.

#ifndef OVOC_NETIF_PACKET_FIELDS_H_
#define OVOC_NETIF_PACKET_FIELDS_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::netif {

inline constexpr uint8_t kTcpProtocol = 6;   // RFC 9293 3.1
inline constexpr uint8_t kUdpProtocol = 17;  // RFC 768

// IPv4, in bytes from the packet's start: RFC 791 3.1.
inline constexpr size_t kIpv4TrafficClassOffset = 1;
inline constexpr size_t kIpv4TotalLengthOffset = 2;
inline constexpr size_t kIpv4IdentificationOffset = 4;
inline constexpr size_t kIpv4FlagsOffset = 6;  // and the fragment offset
inline constexpr uint16_t kIpv4DontFragment = 0x4000;
inline constexpr uint16_t kIpv4MoreFragments = 0x2000;
inline constexpr uint16_t kIpv4FragmentOffsetMask = 0x1FFF;  // of 8 bytes each
inline constexpr size_t kIpv4TtlOffset = 8;
inline constexpr size_t kIpv4ProtocolOffset = 9;
inline constexpr size_t kIpv4ChecksumOffset = 10;
inline constexpr size_t kIpv4SourceOffset = 12;
inline constexpr size_t kIpv4DestinationOffset = 16;

// TCP, in bytes from the TCP header's start: RFC 9293 3.1.
inline constexpr size_t kMinTcpHeaderBytes = 20;
inline constexpr size_t kTcpSequenceOffset = 4;
inline constexpr size_t kTcpAcknowledgmentOffset = 8;
inline constexpr size_t kTcpDataOffsetOffset = 12;  // the upper four bits
inline constexpr size_t kTcpFlagsOffset = 13;
inline constexpr size_t kTcpWindowOffset = 14;
inline constexpr size_t kTcpChecksumOffset = 16;
inline constexpr size_t kTcpUrgentOffset = 18;

inline constexpr uint8_t kTcpFin = 0x01;
inline constexpr uint8_t kTcpPsh = 0x08;
inline constexpr uint8_t kTcpAck = 0x10;
inline constexpr uint8_t kTcpCwr = 0x80;  // RFC 3168 6.1

// UDP, in bytes from the UDP header's start: RFC 768.
inline constexpr size_t kUdpHeaderBytes = 8;
inline constexpr size_t kUdpLengthOffset = 4;
inline constexpr size_t kUdpChecksumOffset = 6;

// Load16 and Load32 read a number in network order, Store16 and Store32 write
// one. The caller has to make sure that there are bytes at `offset`.
inline uint16_t Load16(absl::Span<const uint8_t> bytes, size_t offset) {
  return static_cast<uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
}

inline uint32_t Load32(absl::Span<const uint8_t> bytes, size_t offset) {
  return static_cast<uint32_t>(Load16(bytes, offset)) << 16 |
         Load16(bytes, offset + 2);
}

inline void Store16(uint16_t value, size_t offset, absl::Span<uint8_t> out) {
  out[offset] = static_cast<uint8_t>(value >> 8);
  out[offset + 1] = static_cast<uint8_t>(value & 0xFF);
}

inline void Store32(uint32_t value, size_t offset, absl::Span<uint8_t> out) {
  Store16(static_cast<uint16_t>(value >> 16), offset, out);
  Store16(static_cast<uint16_t>(value & 0xFFFF), offset + 2, out);
}

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_PACKET_FIELDS_H_
