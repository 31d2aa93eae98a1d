// SPDX-License-Identifier: Apache-2.0

#include "netif/virtio_net_header.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/types/span.h"

namespace ovoc::netif {
namespace {

// Offsets in bytes, and values: Virtual I/O Device 1.2, 5.1.6.
constexpr size_t kFlagsOffset = 0;
constexpr size_t kGsoTypeOffset = 1;
constexpr size_t kHeaderBytesOffset = 2;
constexpr size_t kSegmentBytesOffset = 4;
constexpr size_t kChecksumStartOffset = 6;
constexpr size_t kChecksumOffsetOffset = 8;

constexpr uint8_t kNeedsChecksum = 0x01;  // VIRTIO_NET_HDR_F_NEEDS_CSUM
constexpr uint8_t kDataValid = 0x02;      // VIRTIO_NET_HDR_F_DATA_VALID
constexpr uint8_t kEcn = 0x80;            // VIRTIO_NET_HDR_GSO_ECN

uint16_t LoadNative16(absl::Span<const uint8_t> bytes, size_t offset) {
  uint16_t value = 0;
  std::memcpy(&value, &bytes[offset], sizeof(value));
  return value;
}

void StoreNative16(uint16_t value, size_t offset, absl::Span<uint8_t> out) {
  std::memcpy(&out[offset], &value, sizeof(value));
}

GsoType ToGsoType(uint8_t value) {
  const auto type = static_cast<GsoType>(value);
  switch (type) {
    case GsoType::kNone:
    case GsoType::kTcpIpv4:
    case GsoType::kTcpIpv6:
    case GsoType::kUdp:
    case GsoType::kOther:
      return type;
  }
  return GsoType::kOther;
}

}  // namespace

VirtioNetHeader DecodeVirtioNetHeader(absl::Span<const uint8_t> bytes) {
  VirtioNetHeader header;
  if (bytes.size() < kVirtioNetHeaderBytes) {
    return header;
  }
  header.needs_checksum = (bytes[kFlagsOffset] & kNeedsChecksum) != 0;
  header.data_valid = (bytes[kFlagsOffset] & kDataValid) != 0;
  header.gso = ToGsoType(bytes[kGsoTypeOffset] & uint8_t{0xFF & ~kEcn});
  header.ecn = (bytes[kGsoTypeOffset] & kEcn) != 0;
  header.header_bytes = LoadNative16(bytes, kHeaderBytesOffset);
  header.segment_bytes = LoadNative16(bytes, kSegmentBytesOffset);
  header.checksum_start = LoadNative16(bytes, kChecksumStartOffset);
  header.checksum_offset = LoadNative16(bytes, kChecksumOffsetOffset);
  return header;
}

void EncodeVirtioNetHeader(const VirtioNetHeader& header,
                           absl::Span<uint8_t> out) {
  if (out.size() < kVirtioNetHeaderBytes) {
    return;
  }
  const int flags = (header.needs_checksum ? kNeedsChecksum : 0) |
                    (header.data_valid ? kDataValid : 0);
  const int type = static_cast<uint8_t>(header.gso) | (header.ecn ? kEcn : 0);
  out[kFlagsOffset] = static_cast<uint8_t>(flags);
  out[kGsoTypeOffset] = static_cast<uint8_t>(type);
  StoreNative16(header.header_bytes, kHeaderBytesOffset, out);
  StoreNative16(header.segment_bytes, kSegmentBytesOffset, out);
  StoreNative16(header.checksum_start, kChecksumStartOffset, out);
  StoreNative16(header.checksum_offset, kChecksumOffsetOffset, out);
}

}  // namespace ovoc::netif
