// SPDX-License-Identifier: Apache-2.0

#include "netif/flow_hash.h"

#include "absl/hash/hash.h"
#include "netif/ipv4_packet.h"
#include "netif/packet_fields.h"

namespace ovoc::netif {
namespace {

constexpr size_t kPortsBytes = 4;  // the same of TCP and UDP
constexpr uint16_t kFragmented = kIpv4MoreFragments | kIpv4FragmentOffsetMask;

// Both ports, 0 of what has none in this packet.
uint32_t Ports(absl::Span<const uint8_t> packet) {
  const uint8_t protocol = packet[kIpv4ProtocolOffset];
  const size_t header_bytes = size_t{4} * (packet[0] & 0x0F);
  const bool has_ports =
      (protocol == kTcpProtocol || protocol == kUdpProtocol) &&
      (Load16(packet, kIpv4FlagsOffset) & kFragmented) == 0 &&
      header_bytes + kPortsBytes <= packet.size();
  return has_ports ? Load32(packet, header_bytes) : 0;
}

}  // namespace

size_t FlowHash(absl::Span<const uint8_t> packet) {
  if (packet.size() < kMinIpv4HeaderBytes || packet[0] >> 4 != 4) {
    return 0;
  }
  return absl::HashOf(Load32(packet, kIpv4SourceOffset),
                      Load32(packet, kIpv4DestinationOffset),
                      packet[kIpv4ProtocolOffset], Ports(packet));
}

}  // namespace ovoc::netif
