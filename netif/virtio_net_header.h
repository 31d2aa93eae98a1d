// SPDX-License-Identifier: Apache-2.0
//
// The header before each packet of a TUN device with IFF_VNET_HDR: struct
// virtio_net_hdr of linux/virtio_net.h (Virtual I/O Device 1.2, 5.1.6).

#ifndef OVOC_NETIF_VIRTIO_NET_HEADER_H_
#define OVOC_NETIF_VIRTIO_NET_HEADER_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::netif {

inline constexpr size_t kVirtioNetHeaderBytes = 10;

// GsoType is gso_type without its ECN bit: what the packet is to be cut into.
enum class GsoType : uint8_t {
  kNone = 0,      // nothing: it is one packet
  kTcpIpv4 = 1,   // TCP segments over IPv4
  kTcpIpv6 = 4,   // TCP segments over IPv6
  kUdp = 5,       // UDP datagrams, over either
  kOther = 0x7F,  // a type that is not known here
};

// VirtioNetHeader says what still has to be done to the packet after it; if all
// fields are zero, nothing. Sizes and positions are in bytes, positions from
// the packet's start.
struct VirtioNetHeader {
  bool needs_checksum = false;  // checksum_start and checksum_offset hold
  bool data_valid = false;      // the transport checksum was found right
  GsoType gso = GsoType::kNone;
  bool ecn = false;              // the first TCP segment has CWR (RFC 3168)
  uint16_t header_bytes = 0;     // hdr_len, a hint of Linux: often too long
  uint16_t segment_bytes = 0;    // gso_size: payload of each segment
  uint16_t checksum_start = 0;   // the checksum is over what follows
  uint16_t checksum_offset = 0;  // its field, from checksum_start

  friend bool operator==(const VirtioNetHeader&,
                         const VirtioNetHeader&) = default;
};

// DecodeVirtioNetHeader reads the first kVirtioNetHeaderBytes; numbers are in
// the machine's own byte order. Unknown flags are ignored. If there are fewer
// bytes, the result is all zero.
VirtioNetHeader DecodeVirtioNetHeader(absl::Span<const uint8_t> bytes);

// EncodeVirtioNetHeader writes kVirtioNetHeaderBytes; nothing when `out` is
// shorter.
void EncodeVirtioNetHeader(const VirtioNetHeader& header,
                           absl::Span<uint8_t> out);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_VIRTIO_NET_HEADER_H_
