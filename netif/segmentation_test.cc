// SPDX-License-Identifier: Apache-2.0

#include "netif/segmentation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/burst.h"
#include "netif/checksum.h"
#include "netif/testing/flow_packet.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {
namespace {

using Packets = std::vector<std::vector<uint8_t>>;

constexpr uint8_t kGuard = 0xA5;
constexpr size_t kGuardBytes = 16;

constexpr uint8_t kFin = 0x01;
constexpr uint8_t kPsh = 0x08;
constexpr uint8_t kAck = 0x10;
constexpr uint8_t kUrg = 0x20;
constexpr uint8_t kEce = 0x40;
constexpr uint8_t kCwr = 0x80;

// TakeAll takes what there is, each packet into a buffer with guards behind.
Packets TakeAll(Segmenter* segmenter) {
  Packets packets;
  while (!segmenter->done()) {
    const size_t bytes = segmenter->next_bytes();
    std::vector<uint8_t> buffer(bytes + kGuardBytes, kGuard);
    EXPECT_GT(bytes, 0u);
    EXPECT_EQ(segmenter->Next(absl::MakeSpan(buffer)), bytes);
    EXPECT_TRUE(std::all_of(buffer.end() - kGuardBytes, buffer.end(),
                            [](uint8_t byte) { return byte == kGuard; }));
    buffer.resize(bytes);
    packets.push_back(buffer);
  }
  EXPECT_EQ(segmenter->next_bytes(), 0u);
  std::vector<uint8_t> buffer(kMaxBurstBytes);
  EXPECT_EQ(segmenter->Next(absl::MakeSpan(buffer)), 0u);
  return packets;
}

// Cut says what is expected, field by field.
Packets Cut(const FlowPacket& whole, size_t segment_bytes) {
  Packets packets;
  const size_t total = whole.payload.size();
  for (size_t at = 0; at < total; at += segment_bytes) {
    FlowPacket packet = whole;
    const size_t end = std::min(at + segment_bytes, total);
    packet.payload.assign(whole.payload.begin() + static_cast<ptrdiff_t>(at),
                          whole.payload.begin() + static_cast<ptrdiff_t>(end));
    packet.identification =
        static_cast<uint16_t>(whole.identification + packets.size());
    packet.sequence = whole.sequence + static_cast<uint32_t>(at);
    if (end < total) {
      packet.tcp_flags &= static_cast<uint8_t>(~(kFin | kPsh));
    }
    if (at > 0) {
      packet.tcp_flags &= static_cast<uint8_t>(~kCwr);
    }
    packets.push_back(Encode(packet));
  }
  return packets;
}

FlowPacket Tcp(size_t payload_bytes) {
  FlowPacket packet;
  packet.tcp_flags = kAck | kPsh;
  packet.tcp_options = {0x01, 0x01, 0x08, 0x0A, 0x00, 0x00,
                        0x10, 0x01, 0x00, 0x00, 0x20, 0x02};  // timestamps
  packet.payload = Noise(payload_bytes);
  return packet;
}

FlowPacket Udp(size_t payload_bytes) {
  FlowPacket packet;
  packet.protocol = 17;
  packet.payload = Noise(payload_bytes);
  return packet;
}

TEST(SegmenterTest, HasNothingBeforeItsFirstBurst) {
  Segmenter segmenter;
  EXPECT_TRUE(segmenter.done());
  EXPECT_TRUE(TakeAll(&segmenter).empty());
}

TEST(SegmenterTest, CutsSegmentsAndDatagramsOfEverySize) {
  struct Case {
    const char* name;
    size_t payload_bytes;
    uint16_t segment_bytes;
    size_t packets;
  };
  const Case kCases[] = {
      {"one byte", 1, 1, 1},
      {"a payload below one segment's", 99, 100, 1},
      {"just one segment", 100, 100, 1},
      {"one byte more", 101, 100, 2},
      {"an odd size, an even rest", 303, 101, 3},
      {"an odd size, an odd rest", 304, 101, 4},
      {"two full ones", 2896, 1448, 2},
      {"a short one behind", 3000, 1448, 3},
      {"byte by byte", 64, 1, 64},
      {"the largest size of a segment", 4000, 0xFFFF, 1},
  };
  for (const Case& c : kCases) {
    for (const FlowPacket& whole :
         {Tcp(c.payload_bytes), Udp(c.payload_bytes)}) {
      const FlowBurst burst = Join(whole, c.segment_bytes);
      Segmenter segmenter;
      ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone)
          << c.name;
      EXPECT_FALSE(segmenter.done()) << c.name;
      const Packets packets = TakeAll(&segmenter);
      EXPECT_EQ(packets.size(), c.packets) << c.name;
      EXPECT_EQ(packets, Cut(whole, c.segment_bytes)) << c.name;
    }
  }
}

TEST(SegmenterTest, GivesEachPacketTheBurstsHeaders) {
  struct Case {
    const char* name;
    void (*change)(FlowPacket*);
  };
  const Case kCases[] = {
      {"nothing", [](FlowPacket*) {}},
      {"traffic class", [](FlowPacket* p) { p->traffic_class = 0xBA; }},
      {"TTL", [](FlowPacket* p) { p->ttl = 1; }},
      {"no DF", [](FlowPacket* p) { p->flags = 0; }},
      {"the reserved flag", [](FlowPacket* p) { p->flags = 0x8000; }},
      {"the identification wraps",
       [](FlowPacket* p) { p->identification = 0xFFFE; }},
      {"addresses of ones",
       [](FlowPacket* p) { p->source = p->destination = 0xFFFFFFFF; }},
      {"IP options", [](FlowPacket* p) { p->ip_options = {0x94, 4, 0, 0}; }},
      {"the most IP options", [](FlowPacket* p) { p->ip_options = Noise(40); }},
      {"ports of ones",
       [](FlowPacket* p) { p->source_port = p->destination_port = 0xFFFF; }},
      {"a payload of ones",
       [](FlowPacket* p) { p->payload.assign(p->payload.size(), 0xFF); }},
      {"a payload of zeros",
       [](FlowPacket* p) { p->payload.assign(p->payload.size(), 0); }},
      {"the sequence number wraps",
       [](FlowPacket* p) { p->sequence = 0xFFFFFF00; }},
      {"the sequence number goes on behind its lower half",
       [](FlowPacket* p) { p->sequence = 0x1234FFFF; }},
      {"no TCP options", [](FlowPacket* p) { p->tcp_options.clear(); }},
      {"the most TCP options",
       [](FlowPacket* p) { p->tcp_options = Noise(40); }},
      {"reserved bits", [](FlowPacket* p) { p->reserved = 0xF; }},
      {"the window", [](FlowPacket* p) { p->window = 0; }},
      {"urgent data",
       [](FlowPacket* p) { p->urgent = 3, p->tcp_flags |= kUrg; }},
  };
  for (const Case& c : kCases) {
    for (FlowPacket whole : {Tcp(1000), Udp(1000)}) {
      c.change(&whole);
      const FlowBurst burst = Join(whole, 301);
      Segmenter segmenter;
      ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone)
          << c.name;
      EXPECT_EQ(TakeAll(&segmenter), Cut(whole, 301)) << c.name;
    }
  }
}

TEST(SegmenterTest, FinAndPshAreTheLastSegmentsAndCwrTheFirsts) {
  for (int flags = 0; flags < 256; ++flags) {
    FlowPacket whole = Tcp(30);
    whole.tcp_flags = static_cast<uint8_t>(flags);
    const FlowBurst burst = Join(whole, 10);
    Segmenter segmenter;
    ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone);
    const Packets packets = TakeAll(&segmenter);
    ASSERT_EQ(packets.size(), 3u);
    EXPECT_EQ(packets[0][33], flags & ~(kFin | kPsh));
    EXPECT_EQ(packets[1][33], flags & ~(kFin | kPsh | kCwr));
    EXPECT_EQ(packets[2][33], flags & ~kCwr);
    EXPECT_EQ(packets, Cut(whole, 10)) << flags;
  }
}

TEST(SegmenterTest, TheOnlySegmentKeepsAllFlags) {
  FlowPacket whole = Tcp(30);
  whole.tcp_flags = kCwr | kEce | kAck | kPsh | kFin;
  const FlowBurst burst = Join(whole, 30);
  Segmenter segmenter;
  ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone);
  EXPECT_EQ(TakeAll(&segmenter), (Packets{Encode(whole)}));
}

TEST(SegmenterTest, CutsTheLargestBursts) {
  for (const FlowPacket& whole : {Tcp(65535 - 52), Udp(65535 - 28)}) {
    for (const uint16_t segment_bytes : {uint16_t{1000}, uint16_t{1448}}) {
      const FlowBurst burst = Join(whole, segment_bytes);
      ASSERT_EQ(burst.packet.size(), kMaxBurstBytes);
      Segmenter segmenter;
      ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone);
      EXPECT_EQ(TakeAll(&segmenter), Cut(whole, segment_bytes));
    }
  }
}

TEST(SegmenterTest, ADatagramNeverHasTheChecksumZero) {
  FlowPacket whole = Udp(0);
  whole.payload = {0, 0};
  const std::vector<uint8_t> bytes = Encode(whole);
  whole.payload = {bytes[26], bytes[27], 1, 2};  // the first adds up to ones
  const FlowBurst burst = Join(whole, 2);
  Segmenter segmenter;
  ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone);
  const Packets packets = TakeAll(&segmenter);
  ASSERT_EQ(packets.size(), 2u);
  EXPECT_EQ(packets[0][26], 0xFF);
  EXPECT_EQ(packets[0][27], 0xFF);
  EXPECT_EQ(packets, Cut(whole, 2));
}

TEST(SegmenterTest, NeedsNeitherTheHintNorTheChecksumOfABurst) {
  constexpr uint16_t kHints[] = {0, 20, 52, 53, 1052, 0xFFFF};
  FlowBurst burst = Join(Tcp(1000), 300);
  for (const uint16_t hint : kHints) {
    burst.header.header_bytes = hint;
    burst.header.data_valid = !burst.header.data_valid;
    burst.header.ecn = !burst.header.ecn;
    burst.packet[36] = static_cast<uint8_t>(hint >> 8);  // the checksum
    burst.packet[37] = static_cast<uint8_t>(hint & 0xFF);
    Segmenter segmenter;
    ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone);
    EXPECT_EQ(TakeAll(&segmenter), Cut(Tcp(1000), 300)) << hint;
  }
}

TEST(SegmenterTest, PassesOnWhatIsNotToBeCut) {
  FlowPacket fragment = Udp(100);
  fragment.flags = 0x2000;
  const Packets kPackets = {
      Encode(Tcp(0)),
      Encode(Tcp(1000)),
      Encode(Udp(1001)),
      Encode(fragment),
      {0x60},       // the first byte of an IPv6 packet
      {0x00},       // no packet at all
      Noise(1500),  // nor this
      Noise(kMaxBurstBytes),
  };
  for (const std::vector<uint8_t>& packet : kPackets) {
    Burst burst;
    burst.packet = packet;
    burst.header.data_valid = true;
    burst.header.segment_bytes = 7;      // means nothing without GSO
    burst.header.checksum_start = 9999;  // nor does this without the flag
    Segmenter segmenter;
    ASSERT_EQ(segmenter.Begin(burst), SegmentationError::kNone);
    EXPECT_EQ(TakeAll(&segmenter), (Packets{packet}));
  }
}

TEST(SegmenterTest, CompletesTheChecksumOfAPacketThatIsNotToBeCut) {
  for (const FlowPacket& packet :
       {Tcp(0), Tcp(1), Tcp(1000), Udp(0), Udp(1), Udp(1472), Udp(1001)}) {
    FlowBurst burst = Join(packet, 1);
    burst.header.gso = GsoType::kNone;
    Segmenter segmenter;
    ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone);
    EXPECT_EQ(TakeAll(&segmenter), (Packets{Encode(packet)}));
  }
}

TEST(SegmenterTest, CompletesTheChecksumOfAnIpv6Datagram) {
  std::vector<uint8_t> packet = {
      0x60, 0x00, 0x00, 0x00,  // version 6
      0x00, 0x0B, 0x11, 0x40,  // payload length 11, UDP, hop limit 64
      0xFE, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // source fe80::1
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
      0xFE, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // destination fe80::2
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02,
      0xC0, 0x01, 0x00, 0x35,  // ports 49153 and 53
      0x00, 0x0B, 0xFD, 0x20,  // length 11, the sum of the pseudo header
      'a',  'b',  'c',
  };
  Burst burst;
  burst.packet = packet;
  burst.header.needs_checksum = true;
  burst.header.checksum_start = 40;
  burst.header.checksum_offset = 6;
  Segmenter segmenter;
  ASSERT_EQ(segmenter.Begin(burst), SegmentationError::kNone);
  const Packets packets = TakeAll(&segmenter);
  ASSERT_EQ(packets.size(), 1u);
  // 2 * FE80 + 3 + 11 + 17 of the pseudo header, then the datagram's own.
  const uint32_t pseudo = 2 * 0xFE80 + 3 + 11 + 17;
  EXPECT_EQ(
      InternetChecksum(absl::MakeConstSpan(packets[0]).subspan(40), pseudo), 0);
  EXPECT_EQ(packets[0][46], 0x7E);
  EXPECT_EQ(packets[0][47], 0x3A);
  packet[46] = 0x7E;
  packet[47] = 0x3A;
  EXPECT_EQ(packets[0], packet);
}

TEST(SegmenterTest, ACompletedChecksumIsNeverZero) {
  const std::vector<uint8_t> packet = {0x12, 0x34, 0xED, 0xCB, 0x00, 0x00};
  Burst burst;
  burst.packet = packet;
  burst.header.needs_checksum = true;
  burst.header.checksum_offset = 4;
  Segmenter segmenter;
  ASSERT_EQ(segmenter.Begin(burst), SegmentationError::kNone);
  EXPECT_EQ(TakeAll(&segmenter),
            (Packets{{0x12, 0x34, 0xED, 0xCB, 0xFF, 0xFF}}));
}

TEST(SegmenterTest, CompletesAChecksumAtThePacketsEdges) {
  struct Case {
    const char* name;
    uint16_t start;
    uint16_t offset;
    SegmentationError expected;
  };
  const SegmentationError kBad = SegmentationError::kBadChecksumPlace;
  const Case kCases[] = {
      {"all of it", 0, 0, SegmentationError::kNone},
      {"the last two bytes", 0, 8, SegmentationError::kNone},
      {"only the field", 8, 0, SegmentationError::kNone},
      {"half a field", 0, 9, kBad},
      {"half a field, by start", 9, 0, kBad},
      {"a field behind the packet", 4, 6, kBad},
      {"a start behind the packet", 11, 0, kBad},
      {"numbers that overflow 16 bits", 0xFFFF, 3, kBad},
      {"the largest", 0xFFFF, 0xFFFF, kBad},
  };
  for (const Case& c : kCases) {
    const std::vector<uint8_t> packet = Noise(10);
    Burst burst;
    burst.packet = packet;
    burst.header.needs_checksum = true;
    burst.header.checksum_start = c.start;
    burst.header.checksum_offset = c.offset;
    Segmenter segmenter;
    EXPECT_EQ(segmenter.Begin(burst), c.expected) << c.name;
    EXPECT_EQ(TakeAll(&segmenter).size(),
              c.expected == SegmentationError::kNone ? 1u : 0u)
        << c.name;
  }
}

struct BadBurst {
  const char* name;
  SegmentationError expected;
  FlowBurst burst;
};

// A burst with one change to it.
template <typename Change>
BadBurst Bad(const char* name, SegmentationError expected,
             const FlowPacket& packet, Change change) {
  BadBurst bad = {name, expected, Join(packet, 100)};
  change(&bad.burst);
  return bad;
}

std::vector<BadBurst> BadBursts() {
  using B = FlowBurst;
  using E = SegmentationError;
  FlowPacket first_fragment = Udp(304);
  first_fragment.flags = 0x2000;
  FlowPacket last_fragment = Tcp(304);
  last_fragment.flags = 0x0001;
  const auto mend = [](B* b, size_t at, uint8_t value) {
    b->packet[at] = value;
    MendIpv4Checksum(&b->packet);
  };
  const auto nothing = [](B*) {};
  return {
      Bad("no byte", E::kEmpty, Tcp(300), [](B* b) { b->packet.clear(); }),
      Bad("no byte, no GSO", E::kEmpty, Tcp(300),
          [](B* b) { b->packet.clear(), b->header.gso = GsoType::kNone; }),
      Bad("a byte too many", E::kTooLong, Udp(65535 - 28),
          [](B* b) { b->packet.push_back(0); }),
      Bad("a byte too many, no GSO", E::kTooLong, Udp(65535 - 28),
          [](B* b) { b->packet.push_back(0), b->header.gso = GsoType::kNone; }),
      Bad("TCP over IPv6", E::kUnsupportedGso, Tcp(300),
          [](B* b) { b->header.gso = GsoType::kTcpIpv6; }),
      Bad("a GSO type to come", E::kUnsupportedGso, Tcp(300),
          [](B* b) { b->header.gso = GsoType::kOther; }),
      Bad("IPv6 for TCP over IPv4", E::kBadIpv4, Tcp(300),
          [](B* b) { b->packet[0] = 0x65; }),
      Bad("IPv6 with UDP", E::kBadIpv4, Udp(300),
          [](B* b) { b->packet[0] = 0x65; }),
      Bad("half an IPv4 header", E::kBadIpv4, Tcp(300),
          [](B* b) { b->packet.resize(19); }),
      Bad("IHL 4", E::kBadIpv4, Tcp(300), [mend](B* b) { mend(b, 0, 0x44); }),
      Bad("a total length below the packet's", E::kBadIpv4, Tcp(300),
          [](B* b) { b->packet.push_back(0); }),
      Bad("a total length above the packet's", E::kBadIpv4, Tcp(300),
          [](B* b) { b->packet.pop_back(); }),
      Bad("a wrong header checksum", E::kBadIpv4, Tcp(300),
          [](B* b) { b->packet[10] ^= 1; }),
      Bad("a first fragment", E::kFragment, first_fragment, nothing),
      Bad("a last fragment", E::kFragment, last_fragment, nothing),
      Bad("UDP for TCP", E::kWrongProtocol, Udp(300),
          [](B* b) { b->header.gso = GsoType::kTcpIpv4; }),
      Bad("TCP for UDP", E::kWrongProtocol, Tcp(300),
          [](B* b) { b->header.gso = GsoType::kUdp; }),
      Bad("another protocol for TCP", E::kWrongProtocol, Tcp(300),
          [mend](B* b) { mend(b, 9, 132); }),
      Bad("data offset 4", E::kBadHeader, Tcp(300),
          [](B* b) { b->packet[32] = 0x40; }),
      Bad("data offset behind the end", E::kBadHeader, Tcp(3),
          [](B* b) { b->packet[32] = 0x90; }),
      Bad("a UDP length above the packet's", E::kBadHeader, Udp(300),
          [](B* b) { ++b->packet[25]; }),
      Bad("a UDP length below the packet's", E::kBadHeader, Udp(300),
          [](B* b) { --b->packet[25]; }),
      Bad("no checksum to complete", E::kBadChecksumPlace, Tcp(300),
          [](B* b) { b->header.needs_checksum = false; }),
      Bad("no UDP checksum to complete", E::kBadChecksumPlace, Udp(300),
          [](B* b) { b->header.needs_checksum = false; }),
      Bad("a checksum of the IP header too", E::kBadChecksumPlace, Tcp(300),
          [](B* b) { b->header.checksum_start = 0; }),
      Bad("a UDP checksum from elsewhere", E::kBadChecksumPlace, Udp(300),
          [](B* b) { ++b->header.checksum_start; }),
      Bad("a TCP checksum at UDP's place", E::kBadChecksumPlace, Tcp(300),
          [](B* b) { b->header.checksum_offset = 6; }),
      Bad("a UDP checksum at TCP's place", E::kBadChecksumPlace, Udp(300),
          [](B* b) { b->header.checksum_offset = 16; }),
      Bad("segments of size 0", E::kBadGsoSize, Tcp(300),
          [](B* b) { b->header.segment_bytes = 0; }),
      Bad("datagrams of size 0", E::kBadGsoSize, Udp(300),
          [](B* b) { b->header.segment_bytes = 0; }),
      Bad("TCP without payload", E::kNoPayload, Tcp(0), nothing),
      Bad("TCP without payload or options", E::kNoPayload, FlowPacket(),
          nothing),
      Bad("UDP without payload", E::kNoPayload, Udp(0), nothing),
  };
}

TEST(SegmenterTest, RefusesWhatCannotBeCutAndHasNothingToTake) {
  const FlowBurst good = Join(Udp(300), 100);
  for (const BadBurst& c : BadBursts()) {
    Segmenter segmenter;
    EXPECT_EQ(segmenter.Begin(c.burst.view()), c.expected) << c.name;
    EXPECT_TRUE(TakeAll(&segmenter).empty()) << c.name;
    // Nor does anything remain of the burst before, or stand in the way.
    EXPECT_EQ(segmenter.Begin(good.view()), SegmentationError::kNone);
    EXPECT_EQ(segmenter.Begin(c.burst.view()), c.expected) << c.name;
    EXPECT_TRUE(TakeAll(&segmenter).empty()) << c.name;
    EXPECT_EQ(segmenter.Begin(good.view()), SegmentationError::kNone);
    EXPECT_EQ(TakeAll(&segmenter), Cut(Udp(300), 100)) << c.name;
  }
}

TEST(SegmenterTest, RefusesEveryShortenedBurst) {
  for (const FlowPacket& whole : {Tcp(3), Udp(3)}) {
    FlowBurst burst = Join(whole, 2);
    const std::vector<uint8_t> packet = burst.packet;
    const size_t header_bytes = burst.header.header_bytes;
    for (size_t size = 0; size <= header_bytes; ++size) {
      burst.packet.assign(packet.begin(),
                          packet.begin() + static_cast<ptrdiff_t>(size));
      if (size >= 20) {  // the most that a length can make up for
        burst.packet[2] = 0;
        burst.packet[3] = static_cast<uint8_t>(size);
        MendIpv4Checksum(&burst.packet);
      }
      Segmenter segmenter;
      EXPECT_NE(segmenter.Begin(burst.view()), SegmentationError::kNone)
          << size;
      EXPECT_TRUE(TakeAll(&segmenter).empty()) << size;
    }
  }
}

TEST(SegmenterTest, ABufferThatIsTooSmallLosesNothing) {
  FlowBurst whole = Join(Udp(300), 100);
  whole.header.gso = GsoType::kNone;
  for (const FlowBurst& burst :
       {Join(Tcp(300), 100), Join(Udp(300), 100), whole}) {
    Segmenter segmenter;
    ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone);
    const size_t bytes = segmenter.next_bytes();
    for (const size_t size : {size_t{0}, size_t{1}, bytes - 1}) {
      std::vector<uint8_t> buffer(bytes, kGuard);
      EXPECT_EQ(segmenter.Next(absl::MakeSpan(buffer).first(size)), 0u);
      EXPECT_EQ(buffer, std::vector<uint8_t>(bytes, kGuard));
      EXPECT_EQ(segmenter.next_bytes(), bytes);
    }
    Segmenter other;
    ASSERT_EQ(other.Begin(burst.view()), SegmentationError::kNone);
    EXPECT_EQ(TakeAll(&segmenter), TakeAll(&other));
  }
}

TEST(SegmenterTest, WhatIsSkippedIsMissingAndNothingElseIsOtherwise) {
  FlowPacket tcp = Tcp(450);
  tcp.tcp_flags |= kCwr;
  for (const FlowPacket& flow : {tcp, Udp(450)}) {
    const Packets all = Cut(flow, 100);
    for (size_t skipped = 0; skipped < all.size(); ++skipped) {
      const FlowBurst burst = Join(flow, 100);
      Segmenter segmenter;
      ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone);
      std::vector<uint8_t> buffer(2000);
      for (size_t i = 0; i < skipped; ++i) {
        segmenter.Next(absl::MakeSpan(buffer));
      }
      segmenter.Skip();
      Packets expected(all.begin() + static_cast<ptrdiff_t>(skipped) + 1,
                       all.end());
      EXPECT_EQ(TakeAll(&segmenter), expected) << skipped;
    }
  }
}

TEST(SegmenterTest, SkipsAWholePacketAndNothingAtAll) {
  const FlowBurst burst = Join(Tcp(300), 100);
  FlowBurst whole = burst;
  whole.header = VirtioNetHeader();
  Segmenter segmenter;
  segmenter.Skip();
  EXPECT_TRUE(segmenter.done());
  ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone);
  ASSERT_EQ(segmenter.Begin(whole.view()), SegmentationError::kNone);
  segmenter.Skip();
  EXPECT_TRUE(segmenter.done());
}

TEST(SegmenterTest, BeginsAnewInTheMiddleOfABurst) {
  const FlowBurst first = Join(Tcp(3000), 1000);
  const FlowBurst second = Join(Udp(250), 100);
  Segmenter segmenter;
  ASSERT_EQ(segmenter.Begin(first.view()), SegmentationError::kNone);
  std::vector<uint8_t> buffer(2000);
  EXPECT_EQ(segmenter.Next(absl::MakeSpan(buffer)), 1052u);
  ASSERT_EQ(segmenter.Begin(second.view()), SegmentationError::kNone);
  EXPECT_EQ(TakeAll(&segmenter), Cut(Udp(250), 100));
}

TEST(SegmenterTest, APacketThatIsSkippedLeavesTheOthersAsTheyWere) {
  FlowPacket tcp = Tcp(450);
  tcp.tcp_flags = kCwr | kEce | kAck | kPsh | kFin;
  for (const FlowPacket& whole : {tcp, Udp(450)}) {
    const FlowBurst burst = Join(whole, 100);
    for (size_t skipped = 0; skipped < 5; ++skipped) {
      Segmenter segmenter;
      ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone);
      Packets expected = Cut(whole, 100);
      expected.erase(expected.begin() + static_cast<ptrdiff_t>(skipped));
      std::vector<uint8_t> buffer(200);
      for (size_t i = 0; i < skipped; ++i) {
        EXPECT_GT(segmenter.Next(absl::MakeSpan(buffer)), 0u);
        expected.erase(expected.begin());
      }
      segmenter.Skip();
      EXPECT_EQ(TakeAll(&segmenter), expected) << skipped;
      segmenter.Skip();
      EXPECT_TRUE(TakeAll(&segmenter).empty()) << skipped;
    }
  }
}

TEST(SegmenterTest, SkippingAWholePacketLeavesNone) {
  const std::vector<uint8_t> packet = Noise(10);
  Burst burst;
  burst.packet = packet;
  Segmenter segmenter;
  segmenter.Skip();
  ASSERT_EQ(segmenter.Begin(burst), SegmentationError::kNone);
  segmenter.Skip();
  EXPECT_TRUE(TakeAll(&segmenter).empty());
}

TEST(SegmenterTest, AWholePacketAfterABurstStaysWhole) {
  const FlowBurst burst = Join(Tcp(300), 100);
  FlowBurst whole = burst;
  whole.header = VirtioNetHeader();
  Segmenter segmenter;
  ASSERT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone);
  ASSERT_EQ(segmenter.Begin(whole.view()), SegmentationError::kNone);
  EXPECT_EQ(TakeAll(&segmenter), (Packets{whole.packet}));
}

TEST(SegmentationErrorTest, EveryErrorIsDescribedInItsOwnWords) {
  std::vector<std::string> texts;
  for (int i = 0; i <= static_cast<int>(SegmentationError::kNoPayload); ++i) {
    texts.emplace_back(Describe(static_cast<SegmentationError>(i)));
    EXPECT_NE(texts.back(), "unknown") << i;
  }
  std::sort(texts.begin(), texts.end());
  EXPECT_EQ(std::unique(texts.begin(), texts.end()), texts.end());
}

}  // namespace
}  // namespace ovoc::netif
