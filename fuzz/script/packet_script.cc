// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/packet_script.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "fuzz/oracle/naive_packets.h"
#include "fuzz/script/byte_source.h"

namespace ovoc::fuzz {
namespace {

uint32_t AddressAt(const std::vector<uint8_t>& packet, size_t offset) {
  if (packet.size() < offset + 4) {
    return 0;
  }
  return ByteSource(absl::MakeConstSpan(packet).subspan(offset)).Uint32();
}

uint32_t Choose(int choice, uint32_t given, const NaiveTunnel& tunnel) {
  switch (static_cast<ScriptEnd>(choice & 3)) {
    case ScriptEnd::kAsGiven:
      break;
    case ScriptEnd::kOurs:
      return tunnel.ours;
    case ScriptEnd::kOvoc:
      return tunnel.ovoc;
    case ScriptEnd::kPeer:
      return tunnel.ours + 1;
  }
  return given;
}

}  // namespace

NaiveTunnel ReadTunnel(ByteSource* source) {
  NaiveTunnel tunnel;
  tunnel.ours = source->Uint32();
  tunnel.ovoc = source->Uint32();
  tunnel.prefix_length = static_cast<int>(source->Below(33));
  tunnel.peer_to_peer = source->Below(2) == 1;
  tunnel.mtu_bytes = source->Uint16();
  tunnel.left_out = tunnel.ours ^ 4;
  return tunnel;
}

std::vector<uint8_t> ReadPacket(const NaiveTunnel& tunnel, ByteSource* source) {
  const uint8_t flags = source->Byte();
  const size_t size = (flags & kScriptLongPacket) != 0
                          ? source->Uint16() % (kMaxScriptPacketBytes + 1)
                          : source->Byte();
  const absl::Span<const uint8_t> given = source->Block();
  std::vector<uint8_t> packet(given.begin(), given.end());
  packet.resize(size, 0);
  SetAddresses(
      Choose(flags >> kScriptSourceShift, AddressAt(packet, 12), tunnel),
      Choose(flags >> kScriptDestinationShift, AddressAt(packet, 16), tunnel),
      &packet);
  MendPacket(flags, &packet);
  return packet;
}

}  // namespace ovoc::fuzz
