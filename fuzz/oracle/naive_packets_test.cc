// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_packets.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/packet_policy.h"

namespace ovoc::fuzz {
namespace {

using netif::DropReason;

constexpr NaiveTunnel kTunnel = {
    .ours = 0xA9FE0002, .ovoc = 0xA9FE0001, .prefix_length = 18};

std::vector<uint8_t> Packet(uint32_t source, uint32_t destination,
                            size_t size = 28) {
  std::vector<uint8_t> packet(size, 0);
  SetAddresses(source, destination, &packet);
  MendPacket(kMendVersion | kMendTotalLength | kMendChecksum, &packet);
  return packet;
}

TEST(NaivePacketsTest, SumsTheExampleOfTheRfc) {
  // RFC 1071 3: the sum is ddf2 with the carry.
  const std::vector<uint8_t> data = {0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(NaiveChecksum(data), 0xFFFF - 0xddf2);
  EXPECT_EQ(NaiveChecksum({}), 0xFFFF);
  EXPECT_EQ(NaiveChecksum({}, 0xFFFFFFFF), 0);
}

TEST(NaivePacketsTest, AMendedPacketIsWellFormedAndAnOldOneIsNot) {
  std::vector<uint8_t> packet = Packet(1, 2);
  EXPECT_TRUE(IsWellFormed(packet));
  for (size_t i : {0u, 3u, 10u, 19u}) {
    std::vector<uint8_t> changed = packet;
    changed[i] ^= 0x10;
    EXPECT_FALSE(IsWellFormed(changed)) << i;
  }
  packet.pop_back();
  EXPECT_FALSE(IsWellFormed(packet));
  EXPECT_FALSE(IsWellFormed({}));
}

TEST(NaivePacketsTest, APacketTooShortToMendIsLeftAlone) {
  std::vector<uint8_t> packet(19, 7);
  const std::vector<uint8_t> before = packet;
  MendPacket(0xFF, &packet);
  SetAddresses(1, 2, &packet);
  EXPECT_EQ(packet, before);
}

TEST(NaivePacketsTest, SaysWhatComesIn) {
  const auto in = [](uint32_t source, uint32_t destination) {
    return NaiveInbound(kTunnel, Packet(source, destination));
  };
  EXPECT_EQ(in(0xA9FE0001, 0xA9FE0002), DropReason::kNone);
  EXPECT_EQ(in(0xA9FE0003, 0xA9FE0002), DropReason::kWrongSource);
  EXPECT_EQ(in(0xA9FE0001, 0xA9FE0003), DropReason::kWrongDestination);
  EXPECT_EQ(in(0xA9FE0001, 0xA9FE3FFF), DropReason::kMulticastOrBroadcast);
  EXPECT_EQ(in(0xA9FE0001, 0xE0000001), DropReason::kMulticastOrBroadcast);
  NaiveTunnel peers = kTunnel;
  peers.peer_to_peer = true;
  EXPECT_EQ(NaiveInbound(peers, Packet(0xA9FE0003, 0xA9FE0002)),
            DropReason::kNone);
  EXPECT_EQ(NaiveInbound(peers, Packet(0xA9FF0003, 0xA9FE0002)),
            DropReason::kWrongSource);
}

TEST(NaivePacketsTest, SaysWhatOfIcmpAndOptionsComesIn) {
  const auto in = [](uint8_t first, uint8_t type, uint32_t quoted) {
    std::vector<uint8_t> packet = Packet(0xA9FE0001, 0xA9FE0002, 20 + 8 + 28);
    packet[0] = first;
    packet[9] = 1;
    packet[20] = type;
    packet[28] = 0x45;
    std::vector<uint8_t> quote(packet.begin() + 28, packet.end());
    SetAddresses(quoted, 0xA9FE0001, &quote);
    std::copy(quote.begin(), quote.end(), packet.begin() + 28);
    MendPacket(kMendChecksum, &packet);
    return NaiveInbound(kTunnel, packet);
  };
  EXPECT_EQ(in(0x45, 8, 0), DropReason::kNone);
  EXPECT_EQ(in(0x46, 8, 0), DropReason::kIpOptions);
  EXPECT_EQ(in(0x45, 5, 0xA9FE0002), DropReason::kIcmpRedirect);
  EXPECT_EQ(in(0x45, 9, 0xA9FE0002), DropReason::kRouterAdvertisement);
  constexpr uint8_t kErrors[] = {3, 4, 11, 12, 31, 40};
  for (const uint8_t type : kErrors) {
    EXPECT_EQ(in(0x45, type, 0xA9FE0002), DropReason::kNone);
    EXPECT_EQ(in(0x45, type, 0xC0000214), DropReason::kForeignIcmpError);
  }
}

TEST(NaivePacketsTest, SaysWhatGoesOut) {
  const auto out = [](uint32_t source, uint32_t destination, size_t size = 28) {
    return NaiveOutbound(kTunnel, Packet(source, destination, size));
  };
  EXPECT_EQ(out(0xA9FE0002, 0xA9FE0001), DropReason::kNone);
  EXPECT_EQ(out(0xA9FE0002, 0xA9FE0003), DropReason::kWrongDestination);
  EXPECT_EQ(out(0xA9FE0003, 0xA9FE0001), DropReason::kWrongSource);
  EXPECT_EQ(out(0xA9FE0002, 0x08080808), DropReason::kWrongDestination);
  EXPECT_EQ(out(0xA9FE0002, 0xFFFFFFFF), DropReason::kMulticastOrBroadcast);
  EXPECT_EQ(out(0xA9FE0002, 0xA9FE0001, 1501), DropReason::kTooLong);
  NaiveTunnel peers = kTunnel;
  peers.peer_to_peer = true;
  EXPECT_EQ(NaiveOutbound(peers, Packet(0xA9FE0002, 0xA9FE0003)),
            DropReason::kNone);
  peers.left_out = 0xA9FE0003;
  EXPECT_EQ(NaiveOutbound(peers, Packet(0xA9FE0002, 0xA9FE0003)),
            DropReason::kWrongDestination);
  peers.prefix_length = 16;
  EXPECT_EQ(NaiveOutbound(peers, Packet(0xA9FE0002, 0xA9FEA9FE)),
            DropReason::kWrongDestination);
  EXPECT_EQ(NaiveOutbound(kTunnel, {}), DropReason::kNotIpv4);
  EXPECT_EQ(NaiveOutbound(kTunnel, {0x60}), DropReason::kIpv6);
}

TEST(NaivePacketsTest, TellsFlowsApart) {
  std::vector<uint8_t> udp = Packet(1, 2);
  udp[9] = 17;
  udp[20] = 5;  // its source port
  const auto with = [&udp](size_t at, uint8_t value) {
    std::vector<uint8_t> packet = udp;
    packet[at] = value;
    return packet;
  };
  EXPECT_TRUE(NaiveSameFlow(udp, with(4, 9)));  // the identification
  EXPECT_TRUE(NaiveSameFlow(udp, with(24, 9))) << "behind the ports";
  for (const size_t at : {9u, 12u, 19u, 20u, 23u}) {
    EXPECT_FALSE(NaiveSameFlow(udp, with(at, 9))) << at;
  }
  EXPECT_TRUE(NaiveSameFlow(Packet(1, 2), Packet(1, 2, 20)));
  std::vector<uint8_t> fragment = with(6, 0x20);
  const std::vector<uint8_t> before = fragment;
  fragment[20] = 9;
  EXPECT_TRUE(NaiveSameFlow(fragment, before)) << "no port is told";
}

TEST(NaivePacketsTest, KnowsWhatMakesATunnel) {
  EXPECT_TRUE(IsTunnel(kTunnel));
  NaiveTunnel tunnel = kTunnel;
  tunnel.ours = tunnel.ovoc;
  EXPECT_FALSE(IsTunnel(tunnel));
  tunnel.ours = 0xA9FE0000;  // the network itself
  EXPECT_FALSE(IsTunnel(tunnel));
  tunnel.ours = 0x7F000001;
  EXPECT_FALSE(IsTunnel(tunnel));
  tunnel = kTunnel;
  tunnel.prefix_length = 0;
  EXPECT_FALSE(IsTunnel(tunnel));
  tunnel = kTunnel;
  tunnel.mtu_bytes = 67;
  EXPECT_FALSE(IsTunnel(tunnel));
}

TEST(NaivePacketsTest, ASlash31HasTwoHosts) {
  NaiveTunnel two = kTunnel;
  two.prefix_length = 31;
  EXPECT_TRUE(IsOverlayHost(two, 0xA9FE0003));
  EXPECT_FALSE(IsOverlayHost(two, 0xA9FE0002));  // ours
  two.prefix_length = 30;
  EXPECT_TRUE(IsOverlayHost(two, 0xA9FE0001));
  EXPECT_FALSE(IsOverlayHost(two, 0xA9FE0003));  // broadcast
}

}  // namespace
}  // namespace ovoc::fuzz
