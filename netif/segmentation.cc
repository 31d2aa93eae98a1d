// SPDX-License-Identifier: Apache-2.0

#include "netif/segmentation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/burst.h"
#include "netif/checksum.h"
#include "netif/ipv4_packet.h"
#include "netif/packet_fields.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {
namespace {

// IsChecksumOf says whether the checksum to complete is that of the packet's
// transport header, whose field is at `field`.
bool IsChecksumOf(const VirtioNetHeader& header, const Ipv4Packet& packet,
                  size_t field) {
  return header.needs_checksum &&
         header.checksum_start == packet.header_bytes() &&
         header.checksum_offset == field;
}

// ReadTcp and ReadUdp set *header_bytes to the transport header's size.
SegmentationError ReadTcp(const VirtioNetHeader& header,
                          const Ipv4Packet& packet, size_t* header_bytes) {
  const absl::Span<const uint8_t> tcp = packet.payload();
  if (packet.protocol() != kTcpProtocol) {
    return SegmentationError::kWrongProtocol;
  }
  if (tcp.size() < kMinTcpHeaderBytes) {
    return SegmentationError::kBadHeader;
  }
  *header_bytes = size_t{4} * (tcp[kTcpDataOffsetOffset] >> 4);
  if (*header_bytes < kMinTcpHeaderBytes || *header_bytes > tcp.size()) {
    return SegmentationError::kBadHeader;
  }
  return IsChecksumOf(header, packet, kTcpChecksumOffset)
             ? SegmentationError::kNone
             : SegmentationError::kBadChecksumPlace;
}

SegmentationError ReadUdp(const VirtioNetHeader& header,
                          const Ipv4Packet& packet, size_t* header_bytes) {
  const absl::Span<const uint8_t> udp = packet.payload();
  if (packet.protocol() != kUdpProtocol) {
    return SegmentationError::kWrongProtocol;
  }
  if (udp.size() < kUdpHeaderBytes ||
      Load16(udp, kUdpLengthOffset) != udp.size()) {
    return SegmentationError::kBadHeader;
  }
  *header_bytes = kUdpHeaderBytes;
  return IsChecksumOf(header, packet, kUdpChecksumOffset)
             ? SegmentationError::kNone
             : SegmentationError::kBadChecksumPlace;
}

// Zero16 sets a field to zero, so that a sum does not have it.
void Zero16(size_t offset, absl::Span<uint8_t> out) { Store16(0, offset, out); }

// A checksum of zero would say that there is none (RFC 768). The other zero of
// one's complement is as good for every protocol.
uint16_t NeverZero(uint16_t checksum) {
  return checksum == 0 ? uint16_t{0xFFFF} : checksum;
}

}  // namespace

absl::string_view Describe(SegmentationError error) {
  switch (error) {
    case SegmentationError::kNone:
      return "can be cut";
    case SegmentationError::kEmpty:
      return "an empty burst";
    case SegmentationError::kTooLong:
      return "longer than 65535 bytes (RFC 791 3.1)";
    case SegmentationError::kUnsupportedGso:
      return "a GSO type that was not requested (virtio 1.2, 5.1.6)";
    case SegmentationError::kBadIpv4:
      return "not a well-formed IPv4 packet (RFC 791 3.1)";
    case SegmentationError::kFragment:
      return "a fragment, whose payload is incomplete (RFC 791 3.2)";
    case SegmentationError::kWrongProtocol:
      return "the packet's protocol is not that of its GSO type";
    case SegmentationError::kBadHeader:
      return "the transport header does not fit the packet (RFC 9293 3.1, "
             "RFC 768)";
    case SegmentationError::kBadChecksumPlace:
      return "the checksum to complete is not in the transport header (virtio "
             "1.2, 5.1.6.2)";
    case SegmentationError::kBadGsoSize:
      return "the segments have no payload (virtio 1.2, 5.1.6.2)";
    case SegmentationError::kNoPayload:
      return "the burst has no payload";
  }
  return "unknown";
}

SegmentationError Segmenter::Begin(const Burst& burst) {
  rest_ = {};
  gso_ = GsoType::kNone;
  if (burst.packet.empty()) {
    return SegmentationError::kEmpty;
  }
  if (burst.packet.size() > kMaxBurstBytes) {
    return SegmentationError::kTooLong;
  }
  switch (burst.header.gso) {
    case GsoType::kNone:
      return BeginWhole(burst);
    case GsoType::kTcpIpv4:
    case GsoType::kUdp:
      return BeginCut(burst);
    case GsoType::kTcpIpv6:
    case GsoType::kOther:
      break;
  }
  return SegmentationError::kUnsupportedGso;
}

SegmentationError Segmenter::BeginWhole(const Burst& burst) {
  const size_t field = size_t{burst.header.checksum_start} +
                       size_t{burst.header.checksum_offset};
  if (burst.header.needs_checksum &&
      field + sizeof(uint16_t) > burst.packet.size()) {
    return SegmentationError::kBadChecksumPlace;
  }
  whole_ = burst.header;
  rest_ = burst.packet;
  return SegmentationError::kNone;
}

SegmentationError Segmenter::BeginCut(const Burst& burst) {
  Ipv4Packet packet;
  if (Ipv4Packet::Parse(burst.packet, &packet) != Ipv4Error::kNone) {
    return SegmentationError::kBadIpv4;
  }
  if (packet.is_fragment()) {
    return SegmentationError::kFragment;
  }
  size_t transport_bytes = 0;
  const SegmentationError error =
      burst.header.gso == GsoType::kTcpIpv4
          ? ReadTcp(burst.header, packet, &transport_bytes)
          : ReadUdp(burst.header, packet, &transport_bytes);
  if (error != SegmentationError::kNone) {
    return error;
  }
  if (burst.header.segment_bytes == 0) {
    return SegmentationError::kBadGsoSize;
  }
  if (packet.payload().size() == transport_bytes) {
    return SegmentationError::kNoPayload;
  }
  gso_ = burst.header.gso;
  segment_bytes_ = burst.header.segment_bytes;
  ip_bytes_ = packet.header_bytes();
  header_bytes_ = ip_bytes_ + transport_bytes;
  std::copy_n(burst.packet.begin(), header_bytes_, headers_.begin());
  rest_ = burst.packet.subspan(header_bytes_);
  Prepare(packet);
  return SegmentationError::kNone;
}

void Segmenter::Prepare(const Ipv4Packet& packet) {
  const absl::Span<uint8_t> ip = absl::MakeSpan(headers_).first(ip_bytes_);
  const absl::Span<uint8_t> transport =
      absl::MakeSpan(headers_).first(header_bytes_).subspan(ip_bytes_);
  identification_ = packet.identification();
  Zero16(kIpv4TotalLengthOffset, ip);
  Zero16(kIpv4IdentificationOffset, ip);
  Zero16(kIpv4ChecksumOffset, ip);
  ip_sum_ = InternetSum(ip, 0);
  if (gso_ == GsoType::kTcpIpv4) {
    sequence_ = Load32(transport, kTcpSequenceOffset);
    flags_ = transport[kTcpFlagsOffset];
    Store32(0, kTcpSequenceOffset, transport);
    transport[kTcpFlagsOffset] = 0;
    Zero16(kTcpChecksumOffset, transport);
  } else {
    Zero16(kUdpLengthOffset, transport);
    Zero16(kUdpChecksumOffset, transport);
  }
  transport_sum_ = InternetSum(
      transport, PseudoHeaderSum(packet.source(), packet.destination(),
                                 packet.protocol(), 0));
}

size_t Segmenter::next_bytes() const {
  if (gso_ == GsoType::kNone) {
    return rest_.size();
  }
  return rest_.empty() ? 0
                       : header_bytes_ + std::min(segment_bytes_, rest_.size());
}

size_t Segmenter::Next(absl::Span<uint8_t> out) {
  const size_t bytes = next_bytes();
  if (bytes == 0 || out.size() < bytes) {
    return 0;
  }
  out = out.first(bytes);
  if (gso_ == GsoType::kNone) {
    WriteWhole(out);
    rest_ = {};
    return bytes;
  }
  std::copy_n(headers_.begin(), header_bytes_, out.begin());
  WriteIpv4(out);
  const absl::Span<uint8_t> transport = out.subspan(ip_bytes_);
  const absl::Span<const uint8_t> payload = rest_.first(bytes - header_bytes_);
  rest_.remove_prefix(payload.size());
  if (gso_ == GsoType::kTcpIpv4) {
    WriteTcp(payload, transport);
  } else {
    WriteUdp(payload, transport);
  }
  return bytes;
}

// As skb_checksum_help of Linux does it.
void Segmenter::WriteWhole(absl::Span<uint8_t> out) const {
  std::copy(rest_.begin(), rest_.end(), out.begin());
  if (!whole_.needs_checksum) {
    return;
  }
  const absl::Span<uint8_t> summed = out.subspan(whole_.checksum_start);
  Store16(NeverZero(InternetChecksum(summed)), whole_.checksum_offset, summed);
}

void Segmenter::Skip() {
  if (gso_ == GsoType::kNone) {
    rest_ = {};
    return;
  }
  const size_t payload_bytes = std::min(segment_bytes_, rest_.size());
  rest_.remove_prefix(payload_bytes);
  ++identification_;
  sequence_ += static_cast<uint32_t>(payload_bytes);
  flags_ &= static_cast<uint8_t>(~kTcpCwr);
}

void Segmenter::WriteIpv4(absl::Span<uint8_t> out) {
  const auto total_bytes = static_cast<uint16_t>(out.size());
  Store16(total_bytes, kIpv4TotalLengthOffset, out);
  Store16(identification_, kIpv4IdentificationOffset, out);
  const uint32_t sum = ip_sum_ + total_bytes + identification_;
  Store16(InternetChecksum({}, sum), kIpv4ChecksumOffset, out);
  ++identification_;
}

void Segmenter::WriteTcp(absl::Span<const uint8_t> payload,
                         absl::Span<uint8_t> out) {
  const uint8_t flags =
      rest_.empty() ? flags_
                    : static_cast<uint8_t>(flags_ & ~(kTcpFin | kTcpPsh));
  Store32(sequence_, kTcpSequenceOffset, out);
  out[kTcpFlagsOffset] = flags;
  const uint32_t sum = transport_sum_ + (sequence_ >> 16) +
                       (sequence_ & 0xFFFF) + flags +
                       static_cast<uint32_t>(out.size());
  const absl::Span<uint8_t> place = out.subspan(out.size() - payload.size());
  Store16(CopyAndChecksum(payload, place, sum), kTcpChecksumOffset, out);
  sequence_ += static_cast<uint32_t>(payload.size());
  flags_ &= static_cast<uint8_t>(~kTcpCwr);  // RFC 3168 6.1.2: once
}

void Segmenter::WriteUdp(absl::Span<const uint8_t> payload,
                         absl::Span<uint8_t> out) const {
  const auto length = static_cast<uint16_t>(out.size());
  Store16(length, kUdpLengthOffset, out);
  const uint32_t sum = transport_sum_ + 2u * length;  // in both headers
  const uint16_t checksum =
      CopyAndChecksum(payload, out.subspan(kUdpHeaderBytes), sum);
  Store16(NeverZero(checksum), kUdpChecksumOffset, out);
}

}  // namespace ovoc::netif
