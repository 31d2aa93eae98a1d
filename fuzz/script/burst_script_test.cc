// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/burst_script.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/oracle/naive_bursts.h"
#include "fuzz/script/byte_source.h"
#include "gtest/gtest.h"
#include "netif/testing/flow_packet.h"
#include "netif/virtio_net_header.h"

namespace ovoc::fuzz {
namespace {

using Bytes = std::vector<uint8_t>;

netif::FlowBurst Read(const Bytes& input) {
  ByteSource source(input);
  return ReadBurst(&source);
}

// Control, identification, sequence number, flags, segment size.
Bytes Input(uint8_t control, const Bytes& rest) {
  Bytes input = {control, 0x12, 0x34, 0, 0, 0, 9, 0x10, 0, 4};
  input.insert(input.end(), rest.begin(), rest.end());
  return input;
}

TEST(BurstScriptTest, TenBytesAndAPayloadMakeABurst) {
  for (const uint8_t control : {uint8_t{0}, uint8_t{1}}) {
    const netif::FlowBurst burst = Read(Input(control, Bytes(9, 'x')));
    const auto packets = NaiveCut(burst.view());
    ASSERT_TRUE(packets.has_value());
    EXPECT_EQ(packets->size(), 3u);
    EXPECT_EQ(burst.packet[4] << 8 | burst.packet[5], 0x1234);
    EXPECT_EQ(burst.packet[9], control == 0 ? 6 : 17);
  }
}

TEST(BurstScriptTest, HasOptionsOfWholeWords) {
  // Four bytes of IP options; of the eight of TCP's only five are left.
  const netif::FlowBurst burst =
      Read(Input(0x06, {1, 1, 1, 1, 0, 2, 1, 1, 1, 1, 1}));
  EXPECT_EQ(burst.packet.size(), 20u + 4 + 20 + 8);
  EXPECT_EQ(burst.packet[0], 0x46);
  EXPECT_EQ(burst.packet[36] >> 4, 7);
}

TEST(BurstScriptTest, TheControlByteChoosesWhatIsOfTheInput) {
  EXPECT_EQ(Read(Input(0x08, {1, 2})).header.gso, netif::GsoType::kNone);
  const netif::FlowBurst burst =
      Read(Input(0x30, {2, 5, 0, 0, 0, 0, 0, 0, 0, 0, 7, 8}));
  EXPECT_TRUE(burst.header.data_valid);
  EXPECT_EQ(burst.header.gso, netif::GsoType::kUdp);
  EXPECT_EQ(burst.packet, (Bytes{7, 8}));
}

TEST(BurstScriptTest, ChangesBytesAndMendsThem) {
  // One change: byte 8, the TTL, becomes 3.
  const Bytes rest = {1, 0, 8, 3, 'a', 'b'};
  EXPECT_FALSE(NaiveCut(Read(Input(0x80, rest)).view()).has_value());
  const netif::FlowBurst mended = Read(Input(0xC0, rest));
  EXPECT_TRUE(NaiveCut(mended.view()).has_value());
  EXPECT_EQ(mended.packet[8], 3);
}

TEST(BurstScriptTest, AnyInputMeansSomething) {
  for (int control = 0; control < 256; ++control) {
    const Bytes noise = netif::Noise(40, static_cast<uint32_t>(control));
    for (size_t size = 0; size < noise.size(); ++size) {
      Bytes input(noise.begin(), noise.begin() + static_cast<ptrdiff_t>(size));
      input.insert(input.begin(), static_cast<uint8_t>(control));
      Read(input);
      ByteSource source(input);
      FlowScript script(&source);
      while (!source.empty()) {
        script.Next();
      }
    }
  }
}

TEST(FlowScriptTest, PacketsOfAFlowFollowEachOther) {
  for (uint8_t flow = 0; flow < kScriptFlows; ++flow) {
    // Then PSH, then three bytes of payload.
    const Bytes input = {flow, flow, uint8_t(flow | 4), uint8_t(flow | 8), 3};
    ByteSource source(input);
    FlowScript script(&source);
    const bool is_tcp = flow < 2;
    std::vector<Bytes> packets;
    while (!source.empty()) {
      packets.push_back(script.Next());
      EXPECT_TRUE(HasRightChecksums(packets.back()));
      EXPECT_EQ(packets.back()[9], is_tcp ? 6 : 17);
      EXPECT_EQ(packets.back()[6], flow % 2 == 0 ? 0x40 : 0);
      EXPECT_EQ(packets.back()[5], packets[0][5] + packets.size() - 1);
    }
    ASSERT_EQ(packets.size(), 4u);
    EXPECT_EQ(packets[3].size(), packets[2].size() - 5);
    if (is_tcp) {
      EXPECT_EQ(packets[1][27], uint8_t(packets[0][27] + 8));
      EXPECT_EQ(packets[1][33], 0x10);
      EXPECT_EQ(packets[2][33], 0x18);
    }
  }
}

TEST(FlowScriptTest, ChangesBytesMendedOrNot) {
  // Byte 8, the TTL, becomes 3.
  const Bytes mended = {0x10, 0, 8, 3};
  ByteSource first(mended);
  const Bytes right = FlowScript(&first).Next();
  EXPECT_TRUE(HasRightChecksums(right));
  EXPECT_EQ(right[8], 3);
  const Bytes broken = {0x20, 0, 8, 3};
  ByteSource second(broken);
  const Bytes wrong = FlowScript(&second).Next();
  EXPECT_FALSE(HasRightChecksums(wrong));
  EXPECT_EQ(wrong[8], 3);
}

TEST(FlowScriptTest, APacketMayBeTheInputsOwn) {
  const Bytes input = {0x80, 3, 1, 2, 3, 0x80, 0};
  ByteSource source(input);
  FlowScript script(&source);
  EXPECT_EQ(script.Next(), (Bytes{1, 2, 3}));
  EXPECT_EQ(script.Next(), (Bytes{0}));
}

TEST(FlowScriptTest, TheIdentificationMayStandStill) {
  const Bytes input = {0x01, 0x41};
  ByteSource source(input);
  FlowScript script(&source);
  const Bytes first = script.Next();
  EXPECT_EQ(script.Next()[5], first[5]);
}

}  // namespace
}  // namespace ovoc::fuzz
