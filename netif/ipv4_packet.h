// SPDX-License-Identifier: Apache-2.0
//
// A read-only view of one IPv4 packet (RFC 791 3.1).

#ifndef OVOC_NETIF_IPV4_PACKET_H_
#define OVOC_NETIF_IPV4_PACKET_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"

namespace ovoc::netif {

inline constexpr size_t kMinIpv4HeaderBytes = 20;  // RFC 791 3.1, IHL 5

enum class Ipv4Error {
  kNone,
  kNotVersion4,      // the version is another; also of an empty packet
  kTooShort,         // fewer bytes than a header without options
  kBadHeaderLength,  // IHL below 5, or a header longer than the packet
  kBadTotalLength,   // total length is not exactly the packet's
  kBadChecksum,      // the header's checksum is wrong
};

// Describe names the rule that an error breaks.
absl::string_view Describe(Ipv4Error error);

// Ipv4Packet is a packet whose header is well formed. It is a view of the bytes
// that it was parsed from, and is valid as long as they do not change. Options
// and payload are not examined.
class Ipv4Packet {
 public:
  // An Ipv4Packet that nothing was parsed into: all zero, no payload.
  Ipv4Packet() = default;

  // Parse checks, in the order of Ipv4Error, that `bytes` is one whole packet:
  // version 4, header length, total length equal to bytes.size() (padding after
  // a packet is refused), header checksum. *packet is set only on kNone.
  [[nodiscard]] static Ipv4Error Parse(absl::Span<const uint8_t> bytes,
                                       Ipv4Packet* packet);

  Ipv4Address source() const { return source_; }
  Ipv4Address destination() const { return destination_; }
  uint8_t protocol() const;         // RFC 5237: 1 ICMP, 6 TCP, 17 UDP
  uint8_t ttl() const;              // hops left
  uint16_t identification() const;  // the same in all fragments of a datagram
  bool more_fragments() const;
  size_t fragment_offset() const;  // in bytes, a multiple of 8, up to 65528
  bool is_fragment() const { return more_fragments() || fragment_offset() > 0; }
  size_t header_bytes() const { return header_bytes_; }  // 20..60

  absl::Span<const uint8_t> header() const;   // with options
  absl::Span<const uint8_t> options() const;  // 0..40 bytes
  absl::Span<const uint8_t> payload() const;

 private:
  uint8_t ByteAt(size_t offset) const {
    return offset < bytes_.size() ? bytes_[offset] : uint8_t{0};
  }
  uint16_t FlagsAndOffset() const;

  absl::Span<const uint8_t> bytes_;
  size_t header_bytes_ = 0;
  Ipv4Address source_;
  Ipv4Address destination_;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_IPV4_PACKET_H_
