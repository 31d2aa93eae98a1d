// SPDX-License-Identifier: Apache-2.0

#include "netif/coalescing.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/types/span.h"
#include "netif/burst.h"
#include "netif/checksum.h"
#include "netif/ip_address.h"
#include "netif/ipv4_packet.h"
#include "netif/packet_fields.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {
namespace {

constexpr uint8_t kVersion4WithoutOptions = 0x45;  // RFC 791 3.1
constexpr uint8_t kTcpReserved = 0x0F;             // RFC 9293 3.1: must be zero
constexpr size_t kPortsBytes = 4;                  // of TCP and UDP

// Segmenter writes the zero that a sum gives, so that the other one could not
// be given back; no sum over a header complements to it.
constexpr uint16_t kOtherZero = 0xFFFF;

// PseudoHeaderOf is the sum that the transport checksum starts from. `length`
// is that of the transport header and its payload.
uint32_t PseudoHeaderOf(absl::Span<const uint8_t> packet, size_t length) {
  return PseudoHeaderSum(
      Ipv4Address::FromHostOrder(Load32(packet, kIpv4SourceOffset)),
      Ipv4Address::FromHostOrder(Load32(packet, kIpv4DestinationOffset)),
      packet[kIpv4ProtocolOffset], static_cast<uint16_t>(length));
}

// IsPlainIpv4 is true for a whole packet without options that is no fragment.
bool IsPlainIpv4(absl::Span<const uint8_t> packet) {
  if (packet.size() < kMinIpv4HeaderBytes ||
      packet[0] != kVersion4WithoutOptions ||
      Load16(packet, kIpv4TotalLengthOffset) != packet.size()) {
    return false;
  }
  const uint16_t flags = Load16(packet, kIpv4FlagsOffset);
  return (flags == 0 || flags == kIpv4DontFragment) &&
         Load16(packet, kIpv4ChecksumOffset) != kOtherZero &&
         InternetChecksum(packet.first(kMinIpv4HeaderBytes)) == 0;
}

// TcpHeaderBytes is the size of the header of a segment that may be joined, 0
// of any other.
size_t TcpHeaderBytes(absl::Span<const uint8_t> tcp) {
  if (tcp.size() < kMinTcpHeaderBytes ||
      (tcp[kTcpFlagsOffset] & ~kTcpPsh) != kTcpAck ||
      (tcp[kTcpDataOffsetOffset] & kTcpReserved) != 0 ||
      Load16(tcp, kTcpChecksumOffset) == kOtherZero) {
    return 0;
  }
  const size_t bytes = size_t{4} * (tcp[kTcpDataOffsetOffset] >> 4);
  return bytes < kMinTcpHeaderBytes || bytes >= tcp.size() ? 0 : bytes;
}

// UdpHeaderBytes is the same of a datagram.
size_t UdpHeaderBytes(absl::Span<const uint8_t> udp) {
  return udp.size() > kUdpHeaderBytes &&
                 Load16(udp, kUdpLengthOffset) == udp.size() &&
                 Load16(udp, kUdpChecksumOffset) != 0
             ? kUdpHeaderBytes
             : 0;
}

template <size_t kFrom, size_t kTo>
bool SameBytes(absl::Span<const uint8_t> a, absl::Span<const uint8_t> b) {
  return std::memcmp(a.data() + kFrom, b.data() + kFrom, kTo - kFrom) == 0;
}

// SameIpv4 compares what all packets of a burst share, and the ports.
bool SameIpv4(absl::Span<const uint8_t> a, absl::Span<const uint8_t> b) {
  return SameBytes<kIpv4SourceOffset, kMinIpv4HeaderBytes + kPortsBytes>(a,
                                                                         b) &&
         SameBytes<0, kIpv4TotalLengthOffset>(a, b) &&
         SameBytes<kIpv4FlagsOffset, kIpv4ChecksumOffset>(a, b);
}

// SameTcp compares the rest of TCP headers of the same size.
bool SameTcp(absl::Span<const uint8_t> a, absl::Span<const uint8_t> b) {
  return SameBytes<kTcpAcknowledgmentOffset, kTcpFlagsOffset>(a, b) &&
         SameBytes<kTcpWindowOffset, kTcpChecksumOffset>(a, b) &&
         SameBytes<kTcpUrgentOffset, kMinTcpHeaderBytes>(a, b) &&
         a.subspan(kMinTcpHeaderBytes) == b.subspan(kMinTcpHeaderBytes);
}

}  // namespace

struct Coalescer::Candidate {
  absl::Span<const uint8_t> packet;
  GsoType gso = GsoType::kNone;
  size_t header_bytes = 0;  // of IP and transport
  size_t payload_bytes = 0;
  uint16_t identification = 0;
  uint32_t sequence = 0;  // TCP
  bool pushes = false;    // TCP: PSH

  absl::Span<const uint8_t> transport_header() const {
    return packet.first(header_bytes).subspan(kMinIpv4HeaderBytes);
  }
};

Coalescer::Coalescer(const Options& options, Output output)
    : options_(options),
      output_(std::move(output)),
      buffer_(std::make_unique_for_overwrite<uint8_t[]>(kMaxBurstBytes)) {}

void Coalescer::Add(absl::Span<const uint8_t> packet) {
  Candidate candidate;
  const bool is_candidate = Judge(packet, &candidate);
  if (is_candidate && Follows(candidate)) {
    if (Append(candidate)) {
      return;
    }
  } else if (is_candidate && !candidate.pushes) {
    Flush();
    if (Open(candidate)) {
      return;
    }
  }
  Flush();
  output_({VirtioNetHeader(), packet});
}

bool Coalescer::Judge(absl::Span<const uint8_t> packet,
                      Candidate* candidate) const {
  if (!IsPlainIpv4(packet)) {
    return false;
  }
  const absl::Span<const uint8_t> transport =
      packet.subspan(kMinIpv4HeaderBytes);
  const uint8_t protocol = packet[kIpv4ProtocolOffset];
  size_t transport_bytes = 0;
  if (options_.tcp && protocol == kTcpProtocol) {
    transport_bytes = TcpHeaderBytes(transport);
  } else if (options_.udp && protocol == kUdpProtocol) {
    transport_bytes = UdpHeaderBytes(transport);
  }
  if (transport_bytes == 0) {
    return false;
  }
  candidate->packet = packet;
  candidate->header_bytes = kMinIpv4HeaderBytes + transport_bytes;
  candidate->payload_bytes = transport.size() - transport_bytes;
  candidate->identification = Load16(packet, kIpv4IdentificationOffset);
  candidate->gso = GsoType::kUdp;
  if (protocol == kTcpProtocol) {
    candidate->gso = GsoType::kTcpIpv4;
    candidate->sequence = Load32(transport, kTcpSequenceOffset);
    candidate->pushes = (transport[kTcpFlagsOffset] & kTcpPsh) != 0;
  }
  return true;
}

bool Coalescer::Follows(const Candidate& candidate) const {
  if (packets_ == 0 || candidate.header_bytes != header_bytes_ ||
      candidate.payload_bytes > segment_bytes_ ||
      bytes_ + candidate.payload_bytes > kMaxBurstBytes) {
    return false;
  }
  const absl::Span<const uint8_t> first(buffer_.get(), header_bytes_);
  if (!SameIpv4(candidate.packet, first) ||
      (Load16(first, kIpv4FlagsOffset) != kIpv4DontFragment &&
       candidate.identification != next_identification_)) {
    return false;
  }
  return gso_ == GsoType::kUdp || (candidate.sequence == next_sequence_ &&
                                   SameTcp(candidate.transport_header(),
                                           first.subspan(kMinIpv4HeaderBytes)));
}

bool Coalescer::Open(const Candidate& candidate) {
  const absl::Span<uint8_t> buffer(buffer_.get(), kMaxBurstBytes);
  const absl::Span<const uint8_t> transport =
      candidate.packet.subspan(kMinIpv4HeaderBytes);
  if (CopyAndChecksum(transport, buffer.subspan(kMinIpv4HeaderBytes),
                      PseudoHeaderOf(candidate.packet, transport.size())) !=
      0) {
    return false;
  }
  std::copy_n(candidate.packet.begin(), kMinIpv4HeaderBytes, buffer.begin());
  gso_ = candidate.gso;
  packets_ = 1;
  bytes_ = candidate.packet.size();
  header_bytes_ = candidate.header_bytes;
  segment_bytes_ = candidate.payload_bytes;
  next_sequence_ =
      candidate.sequence + static_cast<uint32_t>(candidate.payload_bytes);
  next_identification_ = static_cast<uint16_t>(candidate.identification + 1);
  return true;
}

bool Coalescer::Append(const Candidate& candidate) {
  const absl::Span<uint8_t> buffer(buffer_.get(), kMaxBurstBytes);
  const absl::Span<const uint8_t> payload =
      candidate.packet.subspan(header_bytes_);
  const uint16_t header_sum =
      InternetSum(candidate.transport_header(),
                  PseudoHeaderOf(candidate.packet, candidate.packet.size() -
                                                       kMinIpv4HeaderBytes));
  if (CopyAndChecksum(payload, buffer.subspan(bytes_), header_sum) != 0) {
    return false;
  }
  ++packets_;
  bytes_ += payload.size();
  next_sequence_ += static_cast<uint32_t>(payload.size());
  ++next_identification_;
  if (candidate.pushes) {
    buffer[kMinIpv4HeaderBytes + kTcpFlagsOffset] |= kTcpPsh;
  }
  if (candidate.pushes || payload.size() < segment_bytes_ ||
      (gso_ == GsoType::kUdp && packets_ == kMaxBurstDatagrams)) {
    Flush();
  }
  return true;
}

void Coalescer::Flush() {
  Burst burst;
  burst.packet = {buffer_.get(), bytes_};
  switch (std::exchange(packets_, 0)) {
    case 0:
      return;
    case 1:
      burst.header.data_valid = true;
      break;
    default:
      burst.header = Join();
  }
  output_(burst);
}

VirtioNetHeader Coalescer::Join() {
  const absl::Span<uint8_t> ip(buffer_.get(), bytes_);
  const absl::Span<uint8_t> transport = ip.subspan(kMinIpv4HeaderBytes);
  const size_t checksum_offset =
      gso_ == GsoType::kTcpIpv4 ? kTcpChecksumOffset : kUdpChecksumOffset;
  Store16(static_cast<uint16_t>(bytes_), kIpv4TotalLengthOffset, ip);
  Store16(0, kIpv4ChecksumOffset, ip);
  Store16(InternetChecksum(ip.first(kMinIpv4HeaderBytes)), kIpv4ChecksumOffset,
          ip);
  if (gso_ == GsoType::kUdp) {
    Store16(static_cast<uint16_t>(transport.size()), kUdpLengthOffset,
            transport);
  }
  Store16(InternetSum({}, PseudoHeaderOf(ip, transport.size())),
          checksum_offset, transport);
  VirtioNetHeader header;
  header.needs_checksum = true;
  header.gso = gso_;
  header.header_bytes = static_cast<uint16_t>(header_bytes_);
  header.segment_bytes = static_cast<uint16_t>(segment_bytes_);
  header.checksum_start = static_cast<uint16_t>(kMinIpv4HeaderBytes);
  header.checksum_offset = static_cast<uint16_t>(checksum_offset);
  return header;
}

}  // namespace ovoc::netif
