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

TEST(BurstScriptTest, AnEmptyInputIsASegmentWithoutPayload) {
  const netif::FlowBurst burst = Read({});
  EXPECT_EQ(burst.packet.size(), 40u);
  EXPECT_EQ(burst.packet[9], 6);
  EXPECT_EQ(burst.header.gso, netif::GsoType::kTcpIpv4);
  EXPECT_EQ(burst.header.segment_bytes, 0);
}

TEST(BurstScriptTest, TheFieldsOfASegmentStandWhereRfc9293HasThem) {
  const netif::FlowBurst burst =
      Read({0, 0xAB, 0xCD, 1, 2, 3, 4, 0x19, 0x05, 0xB4, 'x'});
  const Bytes& packet = burst.packet;
  ASSERT_EQ(packet.size(), 41u);
  EXPECT_EQ(Bytes(packet.begin() + 4, packet.begin() + 6), (Bytes{0xAB, 0xCD}))
      << "identification";
  EXPECT_EQ(Bytes(packet.begin() + 24, packet.begin() + 28),
            (Bytes{1, 2, 3, 4}))
      << "sequence number";
  EXPECT_EQ(packet[33], 0x19) << "flags";
  EXPECT_EQ(burst.header.segment_bytes, 1460);
  EXPECT_EQ(packet[40], 'x');
}

TEST(BurstScriptTest, OptionsReachTenWordsAndNoMore) {
  // RFC 791 3.1, RFC 9293 3.1: the two headers have at most 60 bytes each.
  for (int words = 0; words < 256; ++words) {
    Bytes rest = {static_cast<uint8_t>(words)};
    rest.resize(1 + 40, 1);
    const netif::FlowBurst ip = Read(Input(0x02, rest));
    EXPECT_EQ((ip.packet[0] & 0x0F) * 4, 20 + words % 11 * 4);
    const netif::FlowBurst tcp = Read(Input(0x04, rest));
    EXPECT_EQ((tcp.packet[32] >> 4) * 4, 20 + words % 11 * 4);
  }
}

TEST(BurstScriptTest, UpToThreeBytesAreChangedOneAfterTheOther) {
  // Place 8 (TTL) twice, and place 41 of 40 + 2 bytes: the last of the payload.
  const Bytes rest = {3, 0, 8, 1, 0, 8, 2, 0, 41, 'z', 'a', 'b'};
  const netif::FlowBurst burst = Read(Input(0x80, rest));
  ASSERT_EQ(burst.packet.size(), 42u);
  EXPECT_EQ(burst.packet[8], 2) << "the later one";
  EXPECT_EQ(burst.packet[40], 'a');
  EXPECT_EQ(burst.packet[41], 'z');
  // Four are none; what follows is the payload.
  EXPECT_EQ(Read(Input(0x80, {4, 0, 8, 1})).packet.size(), 43u);
  // A place behind the end is counted from the front again: 50 is 8.
  EXPECT_EQ(Read(Input(0x80, {1, 0, 50, 7, 'a', 'b'})).packet[8], 7);
}

TEST(BurstScriptTest, APacketOfItsOwnMayBeEmpty) {
  EXPECT_TRUE(Read(Input(0x20, {})).packet.empty());
  EXPECT_TRUE(Read(Input(0xE0, {1, 0, 8, 3})).packet.empty());
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

TEST(FlowScriptTest, TheFlowsAreFour) {
  // By protocol, DF and the TCP header's size; the first has options.
  const uint8_t protocols[] = {6, 6, 17, 17};
  const size_t sizes[] = {20 + 32 + 8, 20 + 20 + 8, 20 + 8 + 8, 20 + 8 + 8};
  for (uint8_t flow = 0; flow < 4; ++flow) {
    ByteSource source({&flow, 1});
    const Bytes packet = FlowScript(&source).Next();
    EXPECT_EQ(packet[9], protocols[flow]) << int{flow};
    EXPECT_EQ(packet.size(), sizes[flow]) << int{flow};
    EXPECT_EQ(packet[6] & 0x40, flow % 2 == 0 ? 0x40 : 0) << int{flow};
  }
}

TEST(FlowScriptTest, AnotherFlowBetweenDoesNotMoveAFlow) {
  const Bytes alone = {0, 0};
  const Bytes mixed = {0, 1, 2, 3, 0};
  ByteSource first(alone);
  ByteSource second(mixed);
  FlowScript one(&first);
  FlowScript other(&second);
  EXPECT_EQ(one.Next(), other.Next());
  other.Next();
  other.Next();
  other.Next();
  EXPECT_EQ(one.Next(), other.Next());
}

TEST(FlowScriptTest, TheLargestPacketIsOfOneByteOfPayload) {
  const Bytes input = {0x08, 255, 0x08, 0, 0x80, 255};
  ByteSource source(input);
  FlowScript script(&source);
  const Bytes full = script.Next();
  EXPECT_EQ(full.size(), 20u + 32 + 255);
  EXPECT_TRUE(HasRightChecksums(full));
  const Bytes none = script.Next();
  EXPECT_EQ(none.size(), 20u + 32);
  EXPECT_TRUE(HasRightChecksums(none));
  EXPECT_EQ(script.Next(), Bytes{0}) << "a block that the input has no more of";
}

TEST(FlowScriptTest, AnEmptyInputGoesOnWithTheFirstFlow) {
  ByteSource source({});
  FlowScript script(&source);
  const Bytes first = script.Next();
  const Bytes second = script.Next();
  EXPECT_EQ(first.size(), second.size());
  EXPECT_NE(first, second) << "the sequence number goes on";
  EXPECT_TRUE(HasRightChecksums(second));
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
