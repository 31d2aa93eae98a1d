// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/packet_script.h"

#include <cstddef>
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

TEST(PacketScriptTest, ATunnelMayBeNone) {
  const std::vector<uint8_t> input = {1, 2,  3, 4, 5,    6,   7,
                                      8, 33, 3, 9, 0xAB, 0xCD};
  ByteSource source(input);
  const NaiveTunnel tunnel = ReadTunnel(&source);
  EXPECT_EQ(tunnel.prefix_length, 0) << "33 is the first that is too much";
  EXPECT_TRUE(tunnel.peer_to_peer) << "odd";
  EXPECT_EQ(tunnel.mtu_bytes, 0x09ABu);
  EXPECT_EQ(tunnel.left_out, 0x01020300u) << "ours, with bit 2 turned";
  EXPECT_EQ(source.rest().size(), 1u) << "12 bytes are read";
  EXPECT_FALSE(IsTunnel(tunnel));
  ByteSource empty({});
  EXPECT_FALSE(IsTunnel(ReadTunnel(&empty)));
}

TEST(PacketScriptTest, EachEndOfAPacketCanBeEachOfFour) {
  // Bytes 12 to 19 as given: 10.1.2.3 to 10.4.5.6.
  std::vector<uint8_t> given(12, 0);
  given.insert(given.end(), {10, 1, 2, 3, 10, 4, 5, 6});
  const std::vector<uint8_t> sources[] = {
      {10, 1, 2, 3}, {169, 254, 0, 2}, {169, 254, 0, 1}, {169, 254, 0, 3}};
  const std::vector<uint8_t> destinations[] = {
      {10, 4, 5, 6}, {169, 254, 0, 2}, {169, 254, 0, 1}, {169, 254, 0, 3}};
  for (size_t source = 0; source < 4; ++source) {
    for (size_t destination = 0; destination < 4; ++destination) {
      std::vector<uint8_t> input = {
          static_cast<uint8_t>(source << kScriptSourceShift |
                               destination << kScriptDestinationShift),
          20, 20};
      input.insert(input.end(), given.begin(), given.end());
      const std::vector<uint8_t> packet = Read(input);
      ASSERT_EQ(packet.size(), 20u);
      EXPECT_EQ(std::vector<uint8_t>(packet.begin() + 12, packet.begin() + 16),
                sources[source]);
      EXPECT_EQ(std::vector<uint8_t>(packet.begin() + 16, packet.end()),
                destinations[destination]);
    }
  }
}

TEST(PacketScriptTest, MendsTheFieldsThatTheFlagsName) {
  // RFC 791 3.1; the checksum by hand: 4500 + 001C + 0000 + 0000 + 0000 + A9FE
  // + 0001 + A9FE + 0002 = 1991B, so 991C; its complement is 66E3.
  const std::vector<uint8_t> mended = {0x45, 0, 0,    28,   0,    0,    0,
                                       0,    0, 0,    0x66, 0xE3, 0xA9, 0xFE,
                                       0,    1, 0xA9, 0xFE, 0,    2};
  std::vector<uint8_t> packet = Read({0x07 | 0x10 | 0x20, 28, 0});
  EXPECT_EQ(std::vector<uint8_t>(packet.begin(), packet.begin() + 20), mended);
  packet = Read({0x30, 28, 0});
  EXPECT_EQ(packet[0], 0);
  EXPECT_EQ(packet[3], 0);
  EXPECT_EQ(packet[10] << 8 | packet[11], 0);
  packet = Read({0x31, 28, 0});
  EXPECT_EQ(packet[0], 0x45);
  EXPECT_EQ(packet[3], 0);
  packet = Read({0x32, 28, 0});
  EXPECT_EQ(packet[0], 0);
  EXPECT_EQ(packet[3], 28);
}

TEST(PacketScriptTest, ASizeIsOneByteOrTwo) {
  EXPECT_EQ(Read({0, 0, 0}).size(), 0u);
  EXPECT_EQ(Read({0, 255, 0}).size(), 255u);
  EXPECT_EQ(Read({kScriptLongPacket, 1, 0, 0}).size(), 256u);
  EXPECT_EQ(Read({kScriptLongPacket, 0x07, 0xFF, 0}).size(),
            kMaxScriptPacketBytes);
  EXPECT_EQ(Read({kScriptLongPacket, 0x08, 0x00, 0}).size(), 0u)
      << "one more than the largest";
}

TEST(PacketScriptTest, NoInputMakesAPacketAboveTheLargest) {
  for (int high = 0; high < 256; ++high) {
    for (const int low : {0, 1, 127, 254, 255}) {
      const std::vector<uint8_t> packet = Read(
          {0xFF, static_cast<uint8_t>(high), static_cast<uint8_t>(low), 0});
      EXPECT_LE(packet.size(), kMaxScriptPacketBytes);
    }
  }
}

TEST(PacketScriptTest, AShortPacketHasNoEnds) {
  EXPECT_EQ(Read({0x7F, 19, 1, 0x60}),
            (std::vector<uint8_t>{0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                  0, 0, 0, 0, 0}));
}

TEST(PacketScriptTest, AnInputThatEndsGoesOnWithZeros) {
  EXPECT_TRUE(Read({}).empty());
  EXPECT_TRUE(Read({0x7F}).empty());
  EXPECT_EQ(Read({0x80, 1}).size(), 256u);
  EXPECT_EQ(Read({0, 3, 200, 9}), (std::vector<uint8_t>{9, 0, 0}))
      << "the block ends with the input";
}

}  // namespace
}  // namespace ovoc::fuzz
