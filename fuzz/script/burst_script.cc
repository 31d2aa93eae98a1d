// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/burst_script.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "fuzz/oracle/naive_bursts.h"
#include "fuzz/oracle/naive_packets.h"
#include "fuzz/script/byte_source.h"
#include "netif/testing/flow_packet.h"
#include "netif/virtio_net_header.h"

namespace ovoc::fuzz {
namespace {

constexpr uint8_t kMendAll =
    kMendVersion | kMendTotalLength | kMendChecksum;  // no IP options then

bool Has(uint8_t control, int bit) { return (control >> bit & 1) == 1; }

std::vector<uint8_t> Copy(absl::Span<const uint8_t> bytes) {
  return {bytes.begin(), bytes.end()};
}

// Changes one byte: two bytes of place, one of value.
void Change(ByteSource* source, std::vector<uint8_t>* packet) {
  const size_t place = source->Uint16();
  const uint8_t value = source->Byte();
  if (!packet->empty()) {
    (*packet)[place % packet->size()] = value;
  }
}

}  // namespace

netif::FlowBurst ReadBurst(ByteSource* source) {
  const uint8_t control = source->Byte();
  netif::FlowPacket packet;
  packet.protocol = Has(control, 0) ? 17 : 6;
  packet.identification = source->Uint16();
  packet.sequence = source->Uint32();
  packet.tcp_flags = source->Byte();
  const uint16_t segment_bytes = source->Uint16();
  if (Has(control, 1)) {
    packet.ip_options = Copy(source->Bytes(4 * source->Below(11)));
    packet.ip_options.resize((packet.ip_options.size() + 3) / 4 * 4);
  }
  if (Has(control, 2)) {
    packet.tcp_options = Copy(source->Bytes(4 * source->Below(11)));
    packet.tcp_options.resize((packet.tcp_options.size() + 3) / 4 * 4);
  }
  const absl::Span<const uint8_t> header =
      source->Bytes(Has(control, 4) ? netif::kVirtioNetHeaderBytes : 0);
  ByteSource changes(source->Bytes(Has(control, 7) ? 3 * source->Below(4) : 0));
  packet.payload = Copy(source->rest());
  netif::FlowBurst burst = Join(packet, segment_bytes);
  if (Has(control, 3)) {
    burst.header.gso = netif::GsoType::kNone;
  }
  if (Has(control, 4)) {
    burst.header = netif::DecodeVirtioNetHeader(header);
  }
  if (Has(control, 5)) {
    burst.packet = packet.payload;
  }
  while (!changes.empty()) {
    Change(&changes, &burst.packet);
  }
  if (Has(control, 6)) {
    MendPacket(kMendTotalLength | kMendChecksum, &burst.packet);
  }
  return burst;
}

FlowScript::FlowScript(ByteSource* source) : source_(source) {
  for (size_t i = 0; i < kScriptFlows; ++i) {
    flows_[i].protocol = i < 2 ? 6 : 17;
    flows_[i].flags = i % 2 == 0 ? 0x4000 : 0;  // one of each is atomic
    flows_[i].payload = netif::Noise(8);
  }
  flows_[0].tcp_options = netif::Noise(12);
}

std::vector<uint8_t> FlowScript::Next() {
  const uint8_t control = source_->Byte();
  if (Has(control, 7)) {
    std::vector<uint8_t> packet = Copy(source_->Block());
    packet.resize(std::max<size_t>(packet.size(), 1));
    MendPacket(control & kMendAll, &packet);
    return packet;
  }
  netif::FlowPacket& flow = flows_[control % kScriptFlows];
  flow.sequence += static_cast<uint32_t>(flow.payload.size());
  flow.identification += Has(control, 6) ? 0 : 1;
  flow.tcp_flags = Has(control, 2) ? 0x18 : 0x10;
  if (Has(control, 3)) {
    flow.payload.resize(source_->Byte(), control);
  }
  std::vector<uint8_t> packet = Encode(flow);
  if (Has(control, 4)) {
    Change(source_, &packet);
    MendPacket(kMendTotalLength | kMendChecksum, &packet);
    MendTransport(&packet);
  }
  if (Has(control, 5)) {
    Change(source_, &packet);
  }
  return packet;
}

}  // namespace ovoc::fuzz
