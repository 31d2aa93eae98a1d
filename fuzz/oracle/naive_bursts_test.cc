// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_bursts.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "fuzz/oracle/naive_packets.h"
#include "gtest/gtest.h"
#include "netif/burst.h"
#include "netif/virtio_net_header.h"

namespace ovoc::fuzz {
namespace {

using netif::Burst;
using netif::GsoType;

// A datagram of Linux 6.18, and what it would be in a burst of two.
const NaivePacket kDatagram = {
    0x45, 0x00, 0x00, 0x21, 0x56, 0xB6, 0x40, 0x00,  // id 56B6, DF
    0x40, 0x11, 0x90, 0x16, 0xA9, 0xFE, 0x00, 0x02,  // UDP
    0xA9, 0xFE, 0x00, 0x01, 0x9C, 0x40, 0x02, 0x02,  // ports 40000, 514
    0x00, 0x0D, 0x0D, 0xB8, 'o',  'v',  'o',  'c',  '!'};
const NaivePacket kUdpBurst = {
    0x45, 0x00, 0x00, 0x26, 0x56, 0xB6, 0x40, 0x00,  // total length 38
    0x40, 0x11, 0x90, 0x11, 0xA9, 0xFE, 0x00, 0x02,  //
    0xA9, 0xFE, 0x00, 0x01, 0x9C, 0x40, 0x02, 0x02,  //
    0x00, 0x12, 0x00, 0x00, 'o',  'v',  'o',  'c',
    '!',  'o',  'v',  'o',  'c',  '!'};
// A segment of Linux 6.18 with PSH.
const NaivePacket kSegment = {
    0x45, 0x00, 0x00, 0x2D, 0xFE, 0x89, 0x40, 0x00,  // id FE89, DF
    0x40, 0x06, 0xE8, 0x41, 0xA9, 0xFE, 0x00, 0x02,  // TCP
    0xA9, 0xFE, 0x00, 0x01, 0x1F, 0x90, 0xC3, 0x50,  // ports 8080, 50000
    0x66, 0x75, 0x85, 0x17, 0x00, 0x00, 0x00, 0x65,  // sequence, ack
    0x50, 0x18, 0xFA, 0xF0, 0x92, 0x2A, 0x00, 0x00,  // ACK PSH
    'o',  'v',  'o',  'c',  '!'};

Burst Of(const NaivePacket& packet, GsoType gso, uint16_t segment_bytes) {
  Burst burst;
  burst.packet = packet;
  burst.header.needs_checksum = true;
  burst.header.gso = gso;
  burst.header.segment_bytes = segment_bytes;
  burst.header.checksum_start = 20;
  burst.header.checksum_offset = gso == GsoType::kTcpIpv4 ? 16 : 6;
  return burst;
}

size_t CountOf(const Burst& burst) {
  const std::optional<std::vector<NaivePacket>> packets = NaiveCut(burst);
  return packets ? packets->size() : 0;
}

TEST(NaiveBurstsTest, CutsDatagramsAsTheKernelMadeThem) {
  const auto packets = NaiveCut(Of(kUdpBurst, GsoType::kUdp, 5));
  ASSERT_TRUE(packets.has_value());
  ASSERT_EQ(packets->size(), 2u);
  EXPECT_EQ(packets->at(0), kDatagram);
  EXPECT_EQ(packets->at(1)[5], 0xB7);  // the identification
  EXPECT_TRUE(IsSamePacket(packets->at(1), kDatagram));
}

TEST(NaiveBurstsTest, CutsSegmentsWithTheirNumbersAndFlags) {
  NaivePacket segment = kSegment;
  segment[33] = 0x99;  // CWR ACK PSH FIN
  const auto packets = NaiveCut(Of(segment, GsoType::kTcpIpv4, 2));
  ASSERT_TRUE(packets.has_value());
  ASSERT_EQ(packets->size(), 3u);
  const uint8_t kFlags[] = {0x90, 0x10, 0x19};
  const size_t kSizes[] = {42, 42, 41};
  for (size_t i = 0; i < 3; ++i) {
    const NaivePacket& packet = packets->at(i);
    EXPECT_EQ(packet.size(), kSizes[i]);
    EXPECT_EQ(packet[3], kSizes[i]);
    EXPECT_EQ(packet[5], 0x89 + i);
    EXPECT_EQ(packet[27], 0x17 + 2 * i);
    EXPECT_EQ(packet[33], kFlags[i]);
    EXPECT_TRUE(HasRightChecksums(packet));
  }
}

TEST(NaiveBurstsTest, OneSegmentIsThePacketItself) {
  EXPECT_EQ(NaiveCut(Of(kSegment, GsoType::kTcpIpv4, 5))->at(0), kSegment);
  EXPECT_EQ(NaiveCut(Of(kDatagram, GsoType::kUdp, 9))->at(0), kDatagram);
}

TEST(NaiveBurstsTest, CompletesAChecksum) {
  NaivePacket partial = kDatagram;
  partial[26] = 0x54;  // A9FE + 2 + A9FE + 1 + 17 + 13, folded
  partial[27] = 0x1E;
  EXPECT_EQ(NaiveCut(Of(partial, GsoType::kNone, 0))->at(0), kDatagram);
  Burst burst = Of(partial, GsoType::kNone, 0);
  burst.header.needs_checksum = false;
  EXPECT_EQ(NaiveCut(burst)->at(0), partial);
  burst.header.needs_checksum = true;
  burst.header.checksum_offset = 12;
  EXPECT_EQ(CountOf(burst), 0u);
  burst.header.checksum_offset = 11;
  EXPECT_EQ(CountOf(burst), 1u);
}

TEST(NaiveBurstsTest, CannotCutWhatDoesNotFit) {
  EXPECT_EQ(CountOf(Of(kUdpBurst, GsoType::kUdp, 5)), 2u);
  EXPECT_EQ(CountOf(Of(kUdpBurst, GsoType::kUdp, 0)), 0u);
  EXPECT_EQ(CountOf(Of(kUdpBurst, GsoType::kTcpIpv4, 5)), 0u);
  EXPECT_EQ(CountOf(Of(kUdpBurst, GsoType::kTcpIpv6, 5)), 0u);
  EXPECT_EQ(CountOf(Of(kUdpBurst, GsoType::kOther, 5)), 0u);
  EXPECT_EQ(CountOf(Of({}, GsoType::kNone, 0)), 0u);
  const NaivePacket long_packet(65536, 0);
  EXPECT_EQ(CountOf(Of(long_packet, GsoType::kNone, 0)), 0u);
  Burst burst = Of(kUdpBurst, GsoType::kUdp, 5);
  burst.header.needs_checksum = false;
  EXPECT_EQ(CountOf(burst), 0u);
  burst = Of(kUdpBurst, GsoType::kUdp, 5);
  burst.header.checksum_start = 19;
  EXPECT_EQ(CountOf(burst), 0u);
  burst = Of(kUdpBurst, GsoType::kUdp, 5);
  burst.header.checksum_offset = 7;
  EXPECT_EQ(CountOf(burst), 0u);
  NaivePacket changed = kUdpBurst;
  changed[25] = 0x11;  // the UDP length
  EXPECT_EQ(CountOf(Of(changed, GsoType::kUdp, 5)), 0u);
  changed = kUdpBurst;
  changed[11] ^= 1;  // the header checksum
  EXPECT_EQ(CountOf(Of(changed, GsoType::kUdp, 5)), 0u);
  changed = kSegment;
  changed[32] = 0xC0;  // the data offset
  EXPECT_EQ(CountOf(Of(changed, GsoType::kTcpIpv4, 5)), 0u);
}

TEST(NaiveBurstsTest, KnowsRightChecksums) {
  EXPECT_TRUE(HasRightChecksums(kSegment));
  EXPECT_TRUE(HasRightChecksums(kDatagram));
  for (const size_t i : {11u, 27u, 32u}) {
    NaivePacket changed = kDatagram;
    changed[i] ^= 1;
    EXPECT_FALSE(HasRightChecksums(changed)) << i;
  }
  NaivePacket none = kDatagram;
  none[26] = none[27] = 0;
  EXPECT_FALSE(HasRightChecksums(none));
  EXPECT_FALSE(HasRightChecksums({}));
}

TEST(NaiveBurstsTest, MendsATransportChecksumWhereThereIsOne) {
  for (const NaivePacket& packet : {kDatagram, kSegment}) {
    NaivePacket changed = packet;
    changed[packet.size() - 1] ^= 7;
    EXPECT_FALSE(HasRightChecksums(changed));
    MendTransport(&changed);
    EXPECT_TRUE(HasRightChecksums(changed));
    NaivePacket broken = packet;
    broken[2] ^= 1;  // total length
    const NaivePacket before = broken;
    MendTransport(&broken);
    EXPECT_EQ(broken, before);
  }
}

TEST(NaiveBurstsTest, OnlyTheIdentificationOfAtomicDatagramsMayDiffer) {
  const auto changed = [](size_t at, uint8_t value) {
    NaivePacket packet = kDatagram;
    packet[at] = value;
    MendPacket(kMendChecksum, &packet);
    return packet;
  };
  EXPECT_TRUE(IsSamePacket(kDatagram, kDatagram));
  EXPECT_TRUE(IsSamePacket(kDatagram, changed(4, 7)));
  EXPECT_TRUE(IsSamePacket(kDatagram, changed(5, 7)));
  for (const size_t at : {1u, 6u, 8u, 9u, 15u, 27u, 32u}) {
    EXPECT_FALSE(IsSamePacket(kDatagram, changed(at, 7))) << at;
  }
  NaivePacket wrong = changed(4, 7);
  wrong[11] ^= 1;
  EXPECT_FALSE(IsSamePacket(kDatagram, wrong));
  NaivePacket first = changed(6, 0);  // no DF
  NaivePacket second = first;
  EXPECT_TRUE(IsSamePacket(first, second));
  second[5] ^= 1;
  MendPacket(kMendChecksum, &second);
  EXPECT_FALSE(IsSamePacket(first, second));
  EXPECT_FALSE(IsSamePacket(kDatagram, {}));
  EXPECT_TRUE(IsSamePacket({}, {}));
}

// What stands behind the headers.
NaivePacket Payload(const NaivePacket& packet, size_t headers) {
  return {packet.begin() + static_cast<std::ptrdiff_t>(headers), packet.end()};
}

TEST(NaiveBurstsTest, EveryCutGivesThePayloadBack) {
  struct Row {
    const NaivePacket& packet;
    GsoType gso;
    size_t headers;
  };
  const Row rows[] = {{kUdpBurst, GsoType::kUdp, 28},
                      {kSegment, GsoType::kTcpIpv4, 40}};
  for (const Row& row : rows) {
    const NaivePacket payload = Payload(row.packet, row.headers);
    for (size_t size = 1; size < 20; ++size) {
      SCOPED_TRACE(size);
      const auto packets =
          NaiveCut(Of(row.packet, row.gso, static_cast<uint16_t>(size)));
      ASSERT_TRUE(packets.has_value());
      EXPECT_EQ(packets->size(), (payload.size() + size - 1) / size);
      NaivePacket joined;
      for (const NaivePacket& packet : *packets) {
        const NaivePacket part = Payload(packet, row.headers);
        EXPECT_TRUE(part.size() == size || &packet == &packets->back());
        EXPECT_TRUE(HasRightChecksums(packet));
        joined.insert(joined.end(), part.begin(), part.end());
      }
      EXPECT_EQ(joined, payload);
    }
  }
}

// RFC 9293 3.4: arithmetic modulo 2^32. RFC 791 3.1: 16 bits.
TEST(NaiveBurstsTest, NumbersBeginAgainBehindTheirLargest) {
  NaivePacket segment = kSegment;
  segment[4] = segment[5] = 0xFF;
  segment[24] = segment[25] = segment[26] = 0xFF;
  segment[27] = 0xFE;
  MendPacket(kMendChecksum, &segment);
  const auto packets = NaiveCut(Of(segment, GsoType::kTcpIpv4, 2));
  ASSERT_TRUE(packets.has_value());
  ASSERT_EQ(packets->size(), 3u);
  const NaivePacket& second = packets->at(1);
  EXPECT_EQ(second[4] + second[5], 0);
  EXPECT_EQ(second[24] + second[25] + second[26] + second[27], 0);
  const NaivePacket& third = packets->at(2);
  EXPECT_EQ(third[5], 1);
  EXPECT_EQ(third[27], 2);
}

TEST(NaiveBurstsTest, OptionsAreInEverySegment) {
  NaivePacket segment = kSegment;
  // RFC 7323 3.2: two of no operation and a time stamp, 12 bytes.
  const NaivePacket stamp = {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8};
  segment.insert(segment.begin() + 40, stamp.begin(), stamp.end());
  segment[32] = 0x80;
  const NaivePacket none = {1, 1, 1, 1};  // RFC 791 3.1
  segment.insert(segment.begin() + 20, none.begin(), none.end());
  segment[0] = 0x46;
  MendPacket(kMendTotalLength | kMendChecksum, &segment);
  Burst burst = Of(segment, GsoType::kTcpIpv4, 2);
  EXPECT_EQ(CountOf(burst), 0u) << "the checksum begins at 24";
  burst.header.checksum_start = 24;
  const auto packets = NaiveCut(burst);
  ASSERT_TRUE(packets.has_value());
  ASSERT_EQ(packets->size(), 3u);
  for (const NaivePacket& packet : *packets) {
    EXPECT_EQ(NaivePacket(packet.begin() + 20, packet.begin() + 24), none);
    EXPECT_EQ(NaivePacket(packet.begin() + 44, packet.begin() + 56), stamp);
    EXPECT_TRUE(HasRightChecksums(packet));
  }
  EXPECT_EQ(Payload(packets->at(2), 56), NaivePacket{'!'});
}

// A packet with two bytes of payload, so that its transport checksum is 0.
NaivePacket WithoutSum(const NaivePacket& from, size_t headers, size_t sum_at) {
  NaivePacket packet(from.begin(),
                     from.begin() + static_cast<std::ptrdiff_t>(headers));
  packet.insert(packet.end(), {0, 0});
  if (from[9] == 17) {
    packet[24] = 0;
    packet[25] = 10;  // the UDP length
  }
  MendPacket(kMendTotalLength | kMendChecksum, &packet);
  MendTransport(&packet);
  // The payload takes what is missing from all ones.
  packet[headers] = packet[sum_at];
  packet[headers + 1] = packet[sum_at + 1];
  MendTransport(&packet);
  return packet;
}

// RFC 768: an all zero checksum is transmitted as all ones. TCP has no such
// rule.
TEST(NaiveBurstsTest, AChecksumOfZeroIsWrittenAsOnesInUdpOnly) {
  const NaivePacket udp = WithoutSum(kDatagram, 28, 26);
  EXPECT_EQ(udp[26], 0xFF);
  EXPECT_EQ(udp[27], 0xFF);
  EXPECT_TRUE(HasRightChecksums(udp));
  const NaivePacket tcp = WithoutSum(kSegment, 40, 36);
  EXPECT_EQ(tcp[36], 0);
  EXPECT_EQ(tcp[37], 0);
  EXPECT_TRUE(HasRightChecksums(tcp));
}

TEST(NaiveBurstsTest, AFragmentIsNotCut) {
  const auto count = [](uint8_t flags, uint8_t offset) {
    NaivePacket packet = kUdpBurst;
    packet[6] = flags;
    packet[7] = offset;
    MendPacket(kMendChecksum, &packet);
    return CountOf(Of(packet, GsoType::kUdp, 5));
  };
  EXPECT_EQ(count(0x40, 0), 2u);  // DF
  EXPECT_EQ(count(0x00, 0), 2u);
  EXPECT_EQ(count(0x20, 0), 0u);  // MF
  EXPECT_EQ(count(0x00, 1), 0u);
  EXPECT_EQ(count(0x10, 0), 0u);
}

TEST(NaiveBurstsTest, OtherPacketsHaveNoRightChecksum) {
  const auto changed = [](NaivePacket packet, size_t at, uint8_t value) {
    packet[at] = value;
    MendPacket(kMendChecksum, &packet);
    return packet;
  };
  EXPECT_FALSE(HasRightChecksums(changed(kDatagram, 9, 1))) << "ICMP";
  EXPECT_FALSE(HasRightChecksums(changed(kDatagram, 6, 0x20))) << "a fragment";
  EXPECT_FALSE(HasRightChecksums(changed(kDatagram, 25, 12))) << "UDP length";
  EXPECT_FALSE(HasRightChecksums(changed(kDatagram, 25, 14))) << "UDP length";
  EXPECT_FALSE(HasRightChecksums(changed(kSegment, 32, 0x40))) << "16 bytes";
  EXPECT_FALSE(HasRightChecksums(changed(kSegment, 32, 0x70))) << "28 bytes";
  EXPECT_FALSE(HasRightChecksums(changed(kSegment, 15, 3))) << "the source";
  EXPECT_TRUE(HasRightChecksums(changed(kSegment, 8, 3))) << "not in the sum";
}

}  // namespace
}  // namespace ovoc::fuzz
