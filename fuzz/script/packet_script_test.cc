// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/packet_script.h"

#include <cstdint>
#include <vector>

#include "fuzz/oracle/naive_packets.h"
#include "fuzz/script/byte_source.h"
#include "gtest/gtest.h"
#include "netif/packet_policy.h"

namespace ovoc::fuzz {
namespace {

NaiveTunnel Tunnel() {
  const std::vector<uint8_t> input = {0xA9, 0xFE, 0, 2,  // ours
                                      0xA9, 0xFE, 0, 1,  // OVOC's
                                      18,   0,           // prefix, peers
                                      5,    0xDC};       // MTU 1500
  ByteSource source(input);
  return ReadTunnel(&source);
}

std::vector<uint8_t> Read(const std::vector<uint8_t>& input) {
  ByteSource source(input);
  std::vector<uint8_t> packet = ReadPacket(Tunnel(), &source);
  EXPECT_TRUE(source.empty());
  return packet;
}

TEST(PacketScriptTest, ReadsATunnel) {
  const NaiveTunnel tunnel = Tunnel();
  EXPECT_EQ(tunnel.ours, 0xA9FE0002u);
  EXPECT_EQ(tunnel.ovoc, 0xA9FE0001u);
  EXPECT_EQ(tunnel.prefix_length, 18);
  EXPECT_FALSE(tunnel.peer_to_peer);
  EXPECT_EQ(tunnel.mtu_bytes, 1500u);
}

TEST(PacketScriptTest, ThreeBytesMakeAPacketThatPasses) {
  // Mended, from OVOC (2 << 3), to us (1 << 5); 28 bytes; none given.
  const std::vector<uint8_t> in = Read({0x07 | 0x10 | 0x20, 28, 0});
  EXPECT_EQ(NaiveInbound(Tunnel(), in), netif::DropReason::kNone);
  // From us (1 << 3) to OVOC (2 << 5).
  const std::vector<uint8_t> out = Read({0x07 | 0x08 | 0x40, 28, 0});
  EXPECT_EQ(NaiveOutbound(Tunnel(), out), netif::DropReason::kNone);
}

TEST(PacketScriptTest, WhatIsGivenStays) {
  EXPECT_EQ(Read({0, 4, 2, 0x46, 1}), (std::vector<uint8_t>{0x46, 1, 0, 0}));
  EXPECT_EQ(Read({0, 1, 2, 0x46, 1}), (std::vector<uint8_t>{0x46}));
  EXPECT_EQ(Read({0x80, 0x0F, 0xFF, 0}).size(), 2047u);
}

}  // namespace
}  // namespace ovoc::fuzz
