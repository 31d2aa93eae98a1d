// SPDX-License-Identifier: Apache-2.0

#include "netif/ipv4_packet.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

// An echo request as OVOC sends it, with a correct checksum.
std::vector<uint8_t> EchoRequest() {
  return {
      0x45,                    // version 4, IHL 5: 20 bytes
      0xB9,                    // traffic class: DSCP EF, ECT(1)
      0x00, 0x20,              // total length 32
      0x1A, 0x2B,              // identification
      0x40, 0x00,              // don't fragment, offset 0
      0x40,                    // TTL 64
      0x01,                    // ICMP
      0xCB, 0xF9,              // header checksum
      0xA9, 0xFE, 0x00, 0x01,  // source 169.254.0.1
      0xA9, 0xFE, 0x00, 0x02,  // destination 169.254.0.2
      0x08, 0x00, 0x19, 0x27,  // echo request, its own checksum
      0x00, 0x07, 0x00, 0x01,  // identifier, sequence number
      'p',  'i',  'n',  'g',   //
  };
}

// FixChecksum sets the header's checksum, byte by byte (RFC 1071).
void FixChecksum(std::vector<uint8_t>* packet) {
  const size_t header_bytes = size_t{4} * ((*packet)[0] & 0x0F);
  (*packet)[10] = 0;
  (*packet)[11] = 0;
  uint32_t sum = 0;
  for (size_t i = 0; i < header_bytes && i < packet->size(); ++i) {
    sum += i % 2 == 0 ? static_cast<uint32_t>((*packet)[i]) << 8 : (*packet)[i];
  }
  sum = (sum & 0xFFFF) + (sum >> 16);
  sum = (sum & 0xFFFF) + (sum >> 16);
  (*packet)[10] = static_cast<uint8_t>(~sum >> 8);
  (*packet)[11] = static_cast<uint8_t>(~sum);
}

// A packet of `size` bytes with the given IHL, total length and a correct
// checksum over as much of the header as there is. Needs size >= 20.
std::vector<uint8_t> PacketOf(size_t size, uint8_t ihl, size_t total_length) {
  std::vector<uint8_t> packet = EchoRequest();
  packet.resize(size, 0);
  packet[0] = static_cast<uint8_t>(0x40 | ihl);
  packet[2] = static_cast<uint8_t>(total_length >> 8);
  packet[3] = static_cast<uint8_t>(total_length);
  FixChecksum(&packet);
  return packet;
}

Ipv4Error ParseError(const std::vector<uint8_t>& bytes) {
  Ipv4Packet packet;
  return Ipv4Packet::Parse(bytes, &packet);
}

TEST(Ipv4PacketTest, ReadsEveryFieldOfAnEchoRequest) {
  const std::vector<uint8_t> bytes = EchoRequest();
  Ipv4Packet packet;
  ASSERT_EQ(Ipv4Packet::Parse(bytes, &packet), Ipv4Error::kNone);
  EXPECT_EQ(packet.source().ToString(), "169.254.0.1");
  EXPECT_EQ(packet.destination().ToString(), "169.254.0.2");
  EXPECT_EQ(packet.protocol(), 1);
  EXPECT_EQ(packet.ttl(), 64);
  EXPECT_EQ(packet.identification(), 0x1A2B);
  EXPECT_FALSE(packet.more_fragments());
  EXPECT_FALSE(packet.is_fragment());
  EXPECT_EQ(packet.fragment_offset(), 0u);
  EXPECT_EQ(packet.header_bytes(), 20u);
  EXPECT_EQ(packet.payload().size(), 12u);
  EXPECT_EQ(packet.header().size(), 20u);
  EXPECT_TRUE(packet.options().empty());
  EXPECT_EQ(packet.payload(), absl::MakeConstSpan(bytes).subspan(20));
  EXPECT_EQ(packet.payload().data(), bytes.data() + 20);  // a view, no copy
}

TEST(Ipv4PacketTest, ReadsFlagsAndFragmentOffset) {
  struct Case {
    const char* name;
    uint8_t byte6, byte7;
    bool more_fragments, is_fragment;
    size_t offset;
  };
  const Case kCases[] = {
      {"whole", 0x00, 0x00, false, false, 0},
      {"don't fragment", 0x40, 0x00, false, false, 0},
      {"first fragment", 0x20, 0x00, true, true, 0},
      {"second fragment", 0x20, 0xB9, true, true, 1480},
      {"last fragment", 0x01, 0x72, false, true, 2960},
      {"largest offset", 0x1F, 0xFF, false, true, 65528},
      {"reserved bit", 0x80, 0x00, false, false, 0},
      {"all bits", 0xFF, 0xFF, true, true, 65528},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    std::vector<uint8_t> bytes = EchoRequest();
    bytes[6] = c.byte6;
    bytes[7] = c.byte7;
    FixChecksum(&bytes);
    Ipv4Packet packet;
    ASSERT_EQ(Ipv4Packet::Parse(bytes, &packet), Ipv4Error::kNone);
    EXPECT_EQ(packet.more_fragments(), c.more_fragments);
    EXPECT_EQ(packet.is_fragment(), c.is_fragment);
    EXPECT_EQ(packet.fragment_offset(), c.offset);
  }
}

TEST(Ipv4PacketTest, ReadsOptionsOfEveryLength) {
  for (uint8_t ihl = 5; ihl <= 15; ++ihl) {
    const size_t header_bytes = size_t{4} * ihl;
    std::vector<uint8_t> bytes =
        PacketOf(header_bytes + 3, ihl, header_bytes + 3);
    for (size_t i = 20; i < header_bytes; ++i) {
      bytes[i] = 0x01;  // no operation, RFC 791 3.1
    }
    FixChecksum(&bytes);
    Ipv4Packet packet;
    ASSERT_EQ(Ipv4Packet::Parse(bytes, &packet), Ipv4Error::kNone) << ihl;
    EXPECT_EQ(packet.header_bytes(), header_bytes);
    EXPECT_EQ(packet.options().size(), header_bytes - 20);
    EXPECT_EQ(packet.payload().size(), 3u);
    EXPECT_EQ(packet.payload().data(), bytes.data() + header_bytes);
  }
}

TEST(Ipv4PacketTest, JudgesEveryHeaderLengthAgainstEverySize) {
  for (size_t size = 20; size <= 64; ++size) {
    for (uint8_t ihl = 0; ihl <= 15; ++ihl) {
      const size_t header_bytes = size_t{4} * ihl;
      const bool good = header_bytes >= 20 && header_bytes <= size;
      EXPECT_EQ(ParseError(PacketOf(size, ihl, size)),
                good ? Ipv4Error::kNone : Ipv4Error::kBadHeaderLength)
          << size << " " << int{ihl};
    }
  }
}

TEST(Ipv4PacketTest, RefusesEveryTotalLengthButTheTrueOne) {
  constexpr size_t kSize = 32;
  for (size_t total = 0; total <= 0xFFFF; ++total) {
    ASSERT_EQ(ParseError(PacketOf(kSize, 5, total)),
              total == kSize ? Ipv4Error::kNone : Ipv4Error::kBadTotalLength)
        << total;
  }
}

TEST(Ipv4PacketTest, TakesTheLargestPacketAndNoneThatIsLarger) {
  EXPECT_EQ(ParseError(PacketOf(65535, 5, 65535)), Ipv4Error::kNone);
  // 65536 looks like 0 in the 16 bits of the field.
  EXPECT_EQ(ParseError(PacketOf(65536, 5, 65536)), Ipv4Error::kBadTotalLength);
  EXPECT_EQ(ParseError(PacketOf(65536 + 32, 5, 65536 + 32)),
            Ipv4Error::kBadTotalLength);
}

TEST(Ipv4PacketTest, TakesAPacketWithoutPayload) {
  const std::vector<uint8_t> bytes = PacketOf(20, 5, 20);
  Ipv4Packet packet;
  ASSERT_EQ(Ipv4Packet::Parse(bytes, &packet), Ipv4Error::kNone);
  EXPECT_TRUE(packet.payload().empty());
}

TEST(Ipv4PacketTest, RefusesEveryVersionButFour) {
  for (int version = 0; version < 16; ++version) {
    std::vector<uint8_t> bytes = EchoRequest();
    bytes[0] = static_cast<uint8_t>(version << 4 | 5);
    FixChecksum(&bytes);
    EXPECT_EQ(ParseError(bytes),
              version == 4 ? Ipv4Error::kNone : Ipv4Error::kNotVersion4)
        << version;
  }
}

TEST(Ipv4PacketTest, RefusesAPacketCutAtEveryPoint) {
  const std::vector<uint8_t> whole = EchoRequest();
  for (size_t cut = 0; cut < whole.size(); ++cut) {
    // A copy of exactly this size: an overread is seen by the sanitizers.
    const std::vector<uint8_t> bytes(
        whole.begin(), whole.begin() + static_cast<ptrdiff_t>(cut));
    const Ipv4Error expected = cut == 0   ? Ipv4Error::kNotVersion4
                               : cut < 20 ? Ipv4Error::kTooShort
                                          : Ipv4Error::kBadTotalLength;
    EXPECT_EQ(ParseError(bytes), expected) << cut;
  }
}

TEST(Ipv4PacketTest, RefusesPaddingBehindThePacket) {
  std::vector<uint8_t> bytes = EchoRequest();
  bytes.push_back(0);
  EXPECT_EQ(ParseError(bytes), Ipv4Error::kBadTotalLength);
}

TEST(Ipv4PacketTest, RefusesEveryFlippedBitOfTheHeaderAndNoneOfThePayload) {
  std::vector<uint8_t> bytes = EchoRequest();
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const uint8_t flip = static_cast<uint8_t>(1u << bit % 8);
    bytes[bit / 8] ^= flip;
    EXPECT_EQ(ParseError(bytes) == Ipv4Error::kNone, bit >= 20 * 8) << bit;
    bytes[bit / 8] ^= flip;
  }
}

TEST(Ipv4PacketTest, ChecksTheChecksumOverTheOptionsToo) {
  std::vector<uint8_t> bytes = PacketOf(32, 6, 32);
  ASSERT_EQ(ParseError(bytes), Ipv4Error::kNone);
  bytes[23] ^= 1;
  EXPECT_EQ(ParseError(bytes), Ipv4Error::kBadChecksum);
}

TEST(Ipv4PacketTest, LeavesThePacketAloneOnAnError) {
  const std::vector<uint8_t> good = EchoRequest();
  std::vector<uint8_t> bad = good;
  bad[12] ^= 1;  // the source, so the checksum is wrong
  Ipv4Packet packet;
  ASSERT_EQ(Ipv4Packet::Parse(good, &packet), Ipv4Error::kNone);
  ASSERT_EQ(Ipv4Packet::Parse(bad, &packet), Ipv4Error::kBadChecksum);
  EXPECT_EQ(packet.source().ToString(), "169.254.0.1");
  EXPECT_EQ(packet.header().data(), good.data());
}

TEST(Ipv4PacketTest, IsAllZeroBeforeAnythingWasParsed) {
  const Ipv4Packet packet;
  EXPECT_EQ(packet.source(), Ipv4Address());
  EXPECT_EQ(packet.protocol(), 0);
  EXPECT_EQ(packet.ttl(), 0);
  EXPECT_EQ(packet.identification(), 0);
  EXPECT_EQ(packet.fragment_offset(), 0u);
  EXPECT_EQ(packet.header_bytes(), 0u);
  EXPECT_TRUE(packet.header().empty());
  EXPECT_TRUE(packet.options().empty());
  EXPECT_TRUE(packet.payload().empty());
}

TEST(Ipv4PacketTest, DescribesEveryErrorInItsOwnWords) {
  const Ipv4Error kErrors[] = {
      Ipv4Error::kNone,           Ipv4Error::kNotVersion4,
      Ipv4Error::kTooShort,       Ipv4Error::kBadHeaderLength,
      Ipv4Error::kBadTotalLength, Ipv4Error::kBadChecksum};
  for (const Ipv4Error a : kErrors) {
    EXPECT_NE(Describe(a), "unknown");
    for (const Ipv4Error b : kErrors) {
      EXPECT_EQ(Describe(a) == Describe(b), a == b);
    }
  }
}

}  // namespace
}  // namespace ovoc::netif
