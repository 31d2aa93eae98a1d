// SPDX-License-Identifier: Apache-2.0
#include "conformance/bench/traffic.h"

#include <algorithm>
#include <utility>

#include "frame/frame_header.h"
#include "frame/frame_writer.h"
#include "netif/burst.h"
#include "netif/virtio_net_header.h"

namespace ovoc::conformance {
namespace {

using netif::FlowPacket;

constexpr uint8_t kUdpProtocol = 17;         // RFC 768
constexpr size_t kUdpHeaderBytes = 20 + 8;   // with IP: RFC 791 3.1, RFC 768
constexpr size_t kTcpHeaderBytes = 20 + 20;  // and RFC 9293 3.1
constexpr size_t kMaxDatagramBytes = 64;     // small packets are datagrams
constexpr size_t kMaxDatagramsInBurst = 64;  // Linux: UDP_MAX_SEGMENTS

// The packet with everything but its payload.
FlowPacket Headers(size_t packet_bytes) {
  FlowPacket packet;
  if (packet_bytes <= kMaxDatagramBytes) {
    packet.protocol = kUdpProtocol;
  } else {
    // RFC 7323 3.2: two NOPs, then kind 8, length 10, two times.
    packet.tcp_options = {1, 1, 8, 10, 0, 0, 0x12, 0x34, 0, 0, 0x56, 0x78};
  }
  return packet;
}

size_t HeaderBytes(const FlowPacket& packet) {
  return packet.protocol == kUdpProtocol
             ? kUdpHeaderBytes
             : kTcpHeaderBytes + packet.tcp_options.size();
}

size_t PacketsInBurst(const FlowPacket& packet, size_t payload_bytes) {
  const size_t most =
      (netif::kMaxBurstBytes - HeaderBytes(packet)) / payload_bytes;
  return packet.protocol == kUdpProtocol ? std::min(most, kMaxDatagramsInBurst)
                                         : most;
}

netif::FlowBurst UpBurst(FlowPacket packet, std::vector<uint8_t> payload,
                         size_t payload_bytes) {
  const bool is_one = payload.size() == payload_bytes;
  std::swap(packet.source, packet.destination);
  std::swap(packet.source_port, packet.destination_port);
  packet.payload = std::move(payload);
  netif::FlowBurst burst =
      netif::Join(packet, static_cast<uint16_t>(payload_bytes));
  if (is_one) {
    burst.header.gso = netif::GsoType::kNone;
    burst.header.segment_bytes = 0;
  }
  return burst;
}

void AppendServerFrame(absl::Span<const uint8_t> packet,
                       std::vector<uint8_t>* stream) {
  const size_t before = stream->size();
  stream->resize(before + frame::ServerFrameBytes(packet.size()));
  frame::WriteServerFrame(frame::Opcode::kBinary, packet,
                          absl::MakeSpan(*stream).subspan(before));
}

}  // namespace

Traffic MakeTraffic(size_t packet_bytes) {
  FlowPacket packet = Headers(packet_bytes);
  const size_t payload_bytes = packet_bytes - HeaderBytes(packet);
  const size_t count = PacketsInBurst(packet, payload_bytes);
  const std::vector<uint8_t> payload = netif::Noise(count * payload_bytes);

  Traffic traffic;
  traffic.packet_bytes = packet_bytes;
  traffic.burst = UpBurst(packet, payload, payload_bytes);
  absl::Span<const uint8_t> rest = payload;
  for (; !rest.empty(); rest.remove_prefix(payload_bytes)) {
    packet.payload.assign(rest.begin(), rest.begin() + payload_bytes);
    traffic.packets.push_back(netif::Encode(packet));
    AppendServerFrame(traffic.packets.back(), &traffic.stream);
    packet.sequence += static_cast<uint32_t>(payload_bytes);
    ++packet.identification;
  }
  return traffic;
}

}  // namespace ovoc::conformance
