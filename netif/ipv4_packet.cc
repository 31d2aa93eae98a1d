// SPDX-License-Identifier: Apache-2.0

#include "netif/ipv4_packet.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/checksum.h"
#include "netif/ip_address.h"
#include "netif/packet_fields.h"

namespace ovoc::netif {

absl::string_view Describe(Ipv4Error error) {
  switch (error) {
    case Ipv4Error::kNone:
      return "well formed";
    case Ipv4Error::kNotVersion4:
      return "the version is not 4 (RFC 791 3.1)";
    case Ipv4Error::kTooShort:
      return "the packet is shorter than a 20-byte header (RFC 791 3.1)";
    case Ipv4Error::kBadHeaderLength:
      return "the header length is below 20 bytes or longer than the packet "
             "(RFC 791 3.1)";
    case Ipv4Error::kBadTotalLength:
      return "the total length is not the packet's length (RFC 791 3.1)";
    case Ipv4Error::kBadChecksum:
      return "the header checksum is wrong (RFC 1122 3.2.1.2)";
  }
  return "unknown";
}

Ipv4Error Ipv4Packet::Parse(absl::Span<const uint8_t> bytes,
                            Ipv4Packet* packet) {
  if (bytes.empty() || bytes[0] >> 4 != 4) {
    return Ipv4Error::kNotVersion4;
  }
  if (bytes.size() < kMinIpv4HeaderBytes) {
    return Ipv4Error::kTooShort;
  }
  const size_t header_bytes = size_t{4} * (bytes[0] & 0x0F);
  if (header_bytes < kMinIpv4HeaderBytes || header_bytes > bytes.size()) {
    return Ipv4Error::kBadHeaderLength;
  }
  if (Load16(bytes, kIpv4TotalLengthOffset) != bytes.size()) {
    return Ipv4Error::kBadTotalLength;
  }
  if (InternetChecksum(bytes.first(header_bytes)) != 0) {
    return Ipv4Error::kBadChecksum;
  }
  packet->bytes_ = bytes;
  packet->header_bytes_ = header_bytes;
  packet->source_ =
      Ipv4Address::FromHostOrder(Load32(bytes, kIpv4SourceOffset));
  packet->destination_ =
      Ipv4Address::FromHostOrder(Load32(bytes, kIpv4DestinationOffset));
  return Ipv4Error::kNone;
}

uint8_t Ipv4Packet::protocol() const { return ByteAt(kIpv4ProtocolOffset); }

uint8_t Ipv4Packet::ttl() const { return ByteAt(kIpv4TtlOffset); }

uint16_t Ipv4Packet::identification() const {
  return static_cast<uint16_t>(ByteAt(kIpv4IdentificationOffset) << 8 |
                               ByteAt(kIpv4IdentificationOffset + 1));
}

uint16_t Ipv4Packet::FlagsAndOffset() const {
  return static_cast<uint16_t>(ByteAt(kIpv4FlagsOffset) << 8 |
                               ByteAt(kIpv4FlagsOffset + 1));
}

bool Ipv4Packet::more_fragments() const {
  return (FlagsAndOffset() & kIpv4MoreFragments) != 0;
}

size_t Ipv4Packet::fragment_offset() const {
  return size_t{8} * (FlagsAndOffset() & kIpv4FragmentOffsetMask);
}

absl::Span<const uint8_t> Ipv4Packet::header() const {
  return bytes_.first(header_bytes_);
}

absl::Span<const uint8_t> Ipv4Packet::options() const {
  return header().subspan(std::min(kMinIpv4HeaderBytes, header_bytes_));
}

absl::Span<const uint8_t> Ipv4Packet::payload() const {
  return bytes_.subspan(header_bytes_);
}

}  // namespace ovoc::netif
