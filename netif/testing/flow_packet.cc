// SPDX-License-Identifier: Apache-2.0

#include "netif/testing/flow_packet.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "netif/checksum.h"
#include "netif/ip_address.h"
#include "netif/packet_fields.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {
namespace {

constexpr size_t kIpv4HeaderBytes = 20;

void Append16(uint32_t value, std::vector<uint8_t>* out) {
  out->push_back(static_cast<uint8_t>(value >> 8 & 0xFF));
  out->push_back(static_cast<uint8_t>(value & 0xFF));
}

void Append32(uint32_t value, std::vector<uint8_t>* out) {
  Append16(value >> 16, out);
  Append16(value & 0xFFFF, out);
}

void AppendAll(const std::vector<uint8_t>& bytes, std::vector<uint8_t>* out) {
  out->insert(out->end(), bytes.begin(), bytes.end());
}

std::vector<uint8_t> EncodeTransport(const FlowPacket& packet) {
  std::vector<uint8_t> out;
  Append16(packet.source_port, &out);
  Append16(packet.destination_port, &out);
  if (packet.protocol == kTcpProtocol) {
    const size_t words = (kMinTcpHeaderBytes + packet.tcp_options.size()) / 4;
    Append32(packet.sequence, &out);
    Append32(packet.acknowledgment, &out);
    out.push_back(static_cast<uint8_t>(words << 4 | packet.reserved));
    out.push_back(packet.tcp_flags);
    Append16(packet.window, &out);
    Append16(0, &out);
    Append16(packet.urgent, &out);
    AppendAll(packet.tcp_options, &out);
  } else {
    Append16(static_cast<uint32_t>(kUdpHeaderBytes + packet.payload.size()),
             &out);
    Append16(0, &out);
  }
  AppendAll(packet.payload, &out);
  return out;
}

size_t TransportChecksumOffset(absl::Span<const uint8_t> packet) {
  return packet[kIpv4ProtocolOffset] == kTcpProtocol ? kTcpChecksumOffset
                                                     : kUdpChecksumOffset;
}

uint32_t PseudoHeader(absl::Span<const uint8_t> packet, size_t length) {
  return PseudoHeaderSum(
      Ipv4Address::FromHostOrder(Load32(packet, kIpv4SourceOffset)),
      Ipv4Address::FromHostOrder(Load32(packet, kIpv4DestinationOffset)),
      packet[kIpv4ProtocolOffset], static_cast<uint16_t>(length));
}

absl::Span<uint8_t> Transport(std::vector<uint8_t>* packet) {
  return absl::MakeSpan(*packet).subspan(size_t{4} * ((*packet)[0] & 0x0F));
}

}  // namespace

std::vector<uint8_t> Encode(const FlowPacket& packet) {
  const std::vector<uint8_t> transport = EncodeTransport(packet);
  const size_t header_bytes = kIpv4HeaderBytes + packet.ip_options.size();
  std::vector<uint8_t> out;
  out.push_back(static_cast<uint8_t>(0x40 | header_bytes / 4));
  out.push_back(packet.traffic_class);
  Append16(static_cast<uint32_t>(header_bytes + transport.size()), &out);
  Append16(packet.identification, &out);
  Append16(packet.flags, &out);
  out.push_back(packet.ttl);
  out.push_back(packet.protocol);
  Append16(0, &out);
  Append32(packet.source, &out);
  Append32(packet.destination, &out);
  AppendAll(packet.ip_options, &out);
  AppendAll(transport, &out);
  MendIpv4Checksum(&out);
  MendTransportChecksum(&out);
  return out;
}

void MendIpv4Checksum(std::vector<uint8_t>* packet) {
  const absl::Span<uint8_t> header =
      absl::MakeSpan(*packet).first(size_t{4} * ((*packet)[0] & 0x0F));
  Store16(0, kIpv4ChecksumOffset, header);
  Store16(InternetChecksum(header), kIpv4ChecksumOffset, header);
}

void MendTransportChecksum(std::vector<uint8_t>* packet) {
  const absl::Span<uint8_t> transport = Transport(packet);
  const size_t offset = TransportChecksumOffset(*packet);
  Store16(0, offset, transport);
  const uint16_t checksum =
      InternetChecksum(transport, PseudoHeader(*packet, transport.size()));
  const bool is_udp = (*packet)[kIpv4ProtocolOffset] == kUdpProtocol;
  Store16(is_udp && checksum == 0 ? uint16_t{0xFFFF} : checksum, offset,
          transport);
}

FlowBurst Join(const FlowPacket& packet, uint16_t segment_bytes) {
  FlowBurst burst;
  burst.packet = Encode(packet);
  const absl::Span<uint8_t> transport = Transport(&burst.packet);
  const size_t offset = TransportChecksumOffset(burst.packet);
  // CHECKSUM_PARTIAL: the sum of the pseudo header, not its complement.
  const uint32_t sum = PseudoHeader(burst.packet, transport.size());
  Store16(InternetSum({}, sum), offset, transport);
  burst.header.needs_checksum = true;
  burst.header.gso =
      packet.protocol == kTcpProtocol ? GsoType::kTcpIpv4 : GsoType::kUdp;
  burst.header.header_bytes =
      static_cast<uint16_t>(burst.packet.size() - packet.payload.size());
  burst.header.segment_bytes = segment_bytes;
  burst.header.checksum_start =
      static_cast<uint16_t>(burst.packet.size() - transport.size());
  burst.header.checksum_offset = static_cast<uint16_t>(offset);
  return burst;
}

std::vector<uint8_t> Noise(size_t size, uint32_t seed) {
  std::vector<uint8_t> bytes(size);
  for (uint8_t& byte : bytes) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<uint8_t>(seed >> 24);
  }
  return bytes;
}

}  // namespace ovoc::netif
