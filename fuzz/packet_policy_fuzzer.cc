// SPDX-License-Identifier: Apache-2.0
//
// The packet policy against protocol.md 3 as naive_packets.h says it.
#include "fuzz/oracle/expect.h"
#include "fuzz/script/packet_script.h"
#include "netif/packet_policy.h"

namespace fuzz = ovoc::fuzz;
namespace netif = ovoc::netif;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::ByteSource source({data, size});
  const fuzz::NaiveTunnel tunnel = fuzz::ReadTunnel(&source);
  netif::PacketPolicy::Options options;
  options.overlay_address = netif::Ipv4Address::FromHostOrder(tunnel.ours);
  options.ovoc_address = netif::Ipv4Address::FromHostOrder(tunnel.ovoc);
  options.overlay =
      *netif::Ipv4Prefix::Create(options.overlay_address, tunnel.prefix_length);
  options.peer_to_peer = static_cast<netif::PeerToPeer>(tunnel.peer_to_peer);
  options.mtu_bytes = tunnel.mtu_bytes;
  options.left_out = {netif::Ipv4Address::FromHostOrder(tunnel.left_out)};
  auto policy = netif::PacketPolicy::Create(options);
  FUZZ_EXPECT(policy.ok() == fuzz::IsTunnel(tunnel));
  uint64_t packets[2][netif::kDropReasonCount] = {};
  uint64_t bytes[2][netif::kDropReasonCount] = {};
  uint64_t inbound = 0;
  while (policy.ok() && !source.empty()) {
    const bool is_inbound = source.Below(2) == 0;
    const auto packet = fuzz::ReadPacket(tunnel, &source);
    const auto reason = is_inbound ? policy->CheckInbound(packet)
                                   : policy->CheckOutbound(packet);
    FUZZ_EXPECT(reason == (is_inbound ? fuzz::NaiveInbound(tunnel, packet)
                                      : fuzz::NaiveOutbound(tunnel, packet)));
    FUZZ_EXPECT(Name(reason) != "unknown");
    inbound += is_inbound;
    ++packets[is_inbound][static_cast<size_t>(reason)];
    bytes[is_inbound][static_cast<size_t>(reason)] += packet.size();
  }
  for (size_t i = 0; policy.ok() && i < netif::kDropReasonCount; ++i) {
    const auto& counted = policy->counters();
    const auto reason = static_cast<netif::DropReason>(i);
    FUZZ_EXPECT(counted.outbound.packets(reason) == packets[0][i]);
    FUZZ_EXPECT(counted.inbound.packets(reason) == packets[1][i]);
    FUZZ_EXPECT(counted.outbound.bytes(reason) == bytes[0][i]);
    FUZZ_EXPECT(counted.inbound.bytes(reason) == bytes[1][i]);
    FUZZ_EXPECT(counted.inbound.dropped_packets() == inbound - packets[1][0]);
  }
  return 0;
}
