// SPDX-License-Identifier: Apache-2.0

#include "netif/coalescing.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/burst.h"
#include "netif/segmentation.h"
#include "netif/testing/flow_packet.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {
namespace {

using Packets = std::vector<std::vector<uint8_t>>;

constexpr uint8_t kAck = 0x10;
constexpr uint8_t kAckPsh = 0x18;

// Collected is a Coalescer and what came out of it.
class Collected {
 public:
  explicit Collected(const Coalescer::Options& options = {})
      : coalescer_(options, [this](const Burst& burst) {
          bursts_.push_back(
              {burst.header, {burst.packet.begin(), burst.packet.end()}});
        }) {}

  void Add(const std::vector<uint8_t>& packet) { coalescer_.Add(packet); }
  void Flush() { coalescer_.Flush(); }
  const std::vector<FlowBurst>& bursts() const { return bursts_; }

  // The packets of each burst, "1" for one that went out as it came: "3 1".
  std::string Sizes() const {
    std::string sizes;
    for (const FlowBurst& burst : bursts_) {
      sizes += (sizes.empty() ? "" : " ") + std::to_string(Cut(burst).size());
    }
    return sizes;
  }

  // All bursts cut again.
  Packets packets() const {
    Packets packets;
    for (const FlowBurst& burst : bursts_) {
      for (std::vector<uint8_t>& packet : Cut(burst)) {
        packets.push_back(std::move(packet));
      }
    }
    return packets;
  }

 private:
  static Packets Cut(const FlowBurst& burst) {
    Segmenter segmenter;
    EXPECT_EQ(segmenter.Begin(burst.view()), SegmentationError::kNone);
    Packets packets;
    while (!segmenter.done()) {
      packets.emplace_back(segmenter.next_bytes());
      segmenter.Next(absl::MakeSpan(packets.back()));
    }
    return packets;
  }

  std::vector<FlowBurst> bursts_;
  Coalescer coalescer_;
};

FlowPacket Tcp(size_t payload_bytes) {
  FlowPacket packet;
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

// Next is the packet that follows in the same flow, with so many bytes.
FlowPacket Next(const FlowPacket& packet, size_t payload_bytes) {
  FlowPacket next = packet;
  next.sequence += static_cast<uint32_t>(packet.payload.size());
  ++next.identification;
  next.payload = Noise(payload_bytes, next.sequence);
  return next;
}

TEST(CoalescerTest, JoinsTheSegmentsOfAFlow) {
  const FlowPacket first = Tcp(100);
  const FlowPacket second = Next(first, 100);
  const FlowPacket third = Next(second, 100);
  Collected collected;
  for (const FlowPacket& packet : {first, second, third}) {
    collected.Add(Encode(packet));
    EXPECT_TRUE(collected.bursts().empty());
  }
  collected.Flush();
  ASSERT_EQ(collected.bursts().size(), 1u);
  FlowPacket whole = first;
  for (const FlowPacket& packet : {second, third}) {
    whole.payload.insert(whole.payload.end(), packet.payload.begin(),
                         packet.payload.end());
  }
  const FlowBurst expected = Join(whole, 100);
  EXPECT_EQ(collected.bursts()[0].header, expected.header);
  EXPECT_EQ(collected.bursts()[0].packet, expected.packet);
}

TEST(CoalescerTest, JoinsTheDatagramsOfAFlow) {
  const FlowPacket first = Udp(100);
  const FlowPacket second = Next(first, 100);
  Collected collected;
  collected.Add(Encode(first));
  collected.Add(Encode(second));
  EXPECT_TRUE(collected.bursts().empty());
  collected.Flush();
  ASSERT_EQ(collected.bursts().size(), 1u);
  FlowPacket whole = first;
  whole.payload.insert(whole.payload.end(), second.payload.begin(),
                       second.payload.end());
  const FlowBurst expected = Join(whole, 100);
  EXPECT_EQ(collected.bursts()[0].header, expected.header);
  EXPECT_EQ(collected.bursts()[0].packet, expected.packet);
}

TEST(CoalescerTest, APacketAloneGoesOutAsItCame) {
  for (const FlowPacket& packet : {Tcp(100), Udp(1), Udp(65535 - 28)}) {
    Collected collected;
    collected.Add(Encode(packet));
    EXPECT_TRUE(collected.bursts().empty());
    collected.Flush();
    ASSERT_EQ(collected.bursts().size(), 1u);
    EXPECT_EQ(collected.bursts()[0].packet, Encode(packet));
    VirtioNetHeader checked;
    checked.data_valid = true;
    EXPECT_EQ(collected.bursts()[0].header, checked);
  }
}

TEST(CoalescerTest, FlushingPutsOutWhatThereIsAndOnlyOnce) {
  Collected collected;
  collected.Flush();
  EXPECT_TRUE(collected.bursts().empty());
  collected.Add(Encode(Udp(100)));
  collected.Flush();
  collected.Flush();
  EXPECT_EQ(collected.Sizes(), "1");
  collected.Add(Encode(Next(Udp(100), 100)));  // begins anew
  collected.Flush();
  EXPECT_EQ(collected.Sizes(), "1 1");
}

TEST(CoalescerTest, TheSizesOfPayloadsDecideWhereABurstEnds) {
  struct Case {
    const char* name;
    std::vector<size_t> payload_bytes;
    std::string tcp;
    std::string udp;
  };
  const Case kCases[] = {
      {"equal ones", {100, 100, 100}, "3", "3"},
      {"odd ones", {101, 101, 101, 101}, "4", "4"},
      {"single bytes", {1, 1, 1}, "3", "3"},
      {"a shorter one ends it", {100, 100, 99, 99}, "3 1", "3 1"},
      {"after a shorter one a full one", {100, 1, 100, 100}, "2 2", "2 2"},
      {"a longer one begins anew", {100, 101, 101, 100}, "1 3", "1 3"},
      {"longer ones", {1, 2, 3}, "1 1 1", "1 1 1"},
      {"nothing in it", {100, 0, 100}, "1 1 1", "1 1 1"},
      {"up to the largest packet",  // 52 or 28 + 45 * 1455 are below 65536
       std::vector<size_t>(46, 1455), "45 1", "45 1"},
      {"a shorter one that just fits", {32000, 32000, 1483}, "3", "3"},
      {"one byte too many for TCP", {32000, 32000, 1484}, "2 1", "3"},
      {"one byte too many for UDP", {32000, 32000, 1508}, "2 1", "2 1"},
      {"the largest for UDP", {32000, 32000, 1507}, "2 1", "3"},
  };
  for (const Case& c : kCases) {
    for (const bool is_tcp : {true, false}) {
      Collected collected;
      Packets packets;
      FlowPacket packet = is_tcp ? Tcp(0) : Udp(0);
      for (const size_t bytes : c.payload_bytes) {
        packet = Next(packet, bytes);
        packets.push_back(Encode(packet));
        collected.Add(packets.back());
      }
      collected.Flush();
      EXPECT_EQ(collected.Sizes(), is_tcp ? c.tcp : c.udp) << c.name;
      EXPECT_EQ(collected.packets(), packets) << c.name;
    }
  }
}

TEST(CoalescerTest, ABurstGoesOutWithTheShortSegmentThatEndsIt) {
  Collected collected;
  const FlowPacket first = Tcp(100);
  collected.Add(Encode(first));
  collected.Add(Encode(Next(first, 99)));
  EXPECT_EQ(collected.Sizes(), "2");
}

TEST(CoalescerTest, PshEndsABurstAndStaysOnIt) {
  Collected collected;
  FlowPacket packet = Tcp(100);
  Packets packets = {Encode(packet)};
  packet = Next(packet, 100);
  packets.push_back(Encode(packet));
  packet = Next(packet, 100);
  packet.tcp_flags = kAckPsh;
  packets.push_back(Encode(packet));
  packet = Next(packet, 100);  // PSH alone: nothing to wait for
  packets.push_back(Encode(packet));
  packet = Next(packet, 100);
  packet.tcp_flags = kAck;
  packets.push_back(Encode(packet));
  std::vector<std::string> sizes;
  for (const std::vector<uint8_t>& bytes : packets) {
    collected.Add(bytes);
    sizes.push_back(collected.Sizes());
  }
  EXPECT_EQ(sizes, (std::vector<std::string>{"", "", "3", "3 1", "3 1"}));
  collected.Flush();
  EXPECT_EQ(collected.Sizes(), "3 1 1");
  EXPECT_EQ(collected.bursts()[0].packet[33], kAckPsh);
  EXPECT_EQ(collected.packets(), packets);
}

TEST(CoalescerTest, AtMost64DatagramsAreOneBurst) {
  Collected collected;
  Packets packets;
  FlowPacket packet = Udp(1);
  for (size_t i = 0; i < 130; ++i) {
    packets.push_back(Encode(packet));
    collected.Add(packets.back());
    packet = Next(packet, 1);
    EXPECT_EQ(collected.bursts().size(), (i + 1) / 64);
  }
  collected.Flush();
  EXPECT_EQ(collected.Sizes(), "64 64 2");
  EXPECT_EQ(collected.packets(), packets);
}

TEST(CoalescerTest, SegmentsHaveNoSuchLimit) {
  Collected collected;
  Packets packets;
  FlowPacket packet = Tcp(1);
  for (size_t i = 0; i < 300; ++i) {
    packets.push_back(Encode(packet));
    collected.Add(packets.back());
    packet = Next(packet, 1);
  }
  collected.Flush();
  EXPECT_EQ(collected.Sizes(), "300");
  EXPECT_EQ(collected.packets(), packets);
}

using Change = void (*)(FlowPacket*);

struct Difference {
  const char* name;
  Change change;
};

// What the second packet of a flow must not differ in.
const Difference kDifferences[] = {
    {"source", [](FlowPacket* p) { ++p->source; }},
    {"destination", [](FlowPacket* p) { p->destination ^= 0x80000000; }},
    {"source port", [](FlowPacket* p) { ++p->source_port; }},
    {"destination port", [](FlowPacket* p) { ++p->destination_port; }},
    {"ports exchanged",
     [](FlowPacket* p) { std::swap(p->source_port, p->destination_port); }},
    {"DSCP", [](FlowPacket* p) { p->traffic_class = 0xB8; }},
    {"ECN, congestion experienced", [](FlowPacket* p) { ++p->traffic_class; }},
    {"TTL", [](FlowPacket* p) { --p->ttl; }},
    {"DF", [](FlowPacket* p) { p->flags ^= 0x4000; }},
    {"the reserved flag", [](FlowPacket* p) { p->flags |= 0x8000; }},
    {"a first fragment", [](FlowPacket* p) { p->flags |= 0x2000; }},
    {"a last fragment", [](FlowPacket* p) { p->flags |= 0x0001; }},
    {"IP options", [](FlowPacket* p) { p->ip_options = {1, 1, 1, 0}; }},
    {"the other protocol",
     [](FlowPacket* p) { p->protocol = p->protocol == 6 ? 17 : 6; }},
};

// And of a TCP flow besides.
const Difference kTcpDifferences[] = {
    {"a byte is missing", [](FlowPacket* p) { ++p->sequence; }},
    {"a byte again", [](FlowPacket* p) { --p->sequence; }},
    {"sent again", [](FlowPacket* p) { p->sequence -= 100; }},
    {"the sequence number's upper half",
     [](FlowPacket* p) { p->sequence ^= 0x80000000; }},
    {"acknowledgment number", [](FlowPacket* p) { ++p->acknowledgment; }},
    {"window", [](FlowPacket* p) { ++p->window; }},
    {"urgent pointer", [](FlowPacket* p) { p->urgent = 1; }},
    {"reserved bits", [](FlowPacket* p) { p->reserved = 1; }},
    {"another timestamp", [](FlowPacket* p) { ++p->tcp_options[7]; }},
    {"the last byte of an option", [](FlowPacket* p) { ++p->tcp_options[11]; }},
    {"no options", [](FlowPacket* p) { p->tcp_options.clear(); }},
    {"more options",
     [](FlowPacket* p) { p->tcp_options.insert(p->tcp_options.end(), 4, 1); }},
    {"FIN", [](FlowPacket* p) { p->tcp_flags |= 0x01; }},
    {"SYN", [](FlowPacket* p) { p->tcp_flags |= 0x02; }},
    {"RST", [](FlowPacket* p) { p->tcp_flags |= 0x04; }},
    {"no ACK", [](FlowPacket* p) { p->tcp_flags = 0; }},
    {"PSH without ACK", [](FlowPacket* p) { p->tcp_flags = 0x08; }},
    {"URG", [](FlowPacket* p) { p->tcp_flags |= 0x20; }},
    {"ECE", [](FlowPacket* p) { p->tcp_flags |= 0x40; }},
    {"CWR", [](FlowPacket* p) { p->tcp_flags |= 0x80; }},
};

void ExpectNotJoined(const FlowPacket& first, const Difference& difference) {
  FlowPacket second = Next(first, 100);
  difference.change(&second);
  Collected collected;
  collected.Add(Encode(first));
  collected.Add(Encode(second));
  collected.Flush();
  EXPECT_EQ(collected.bursts().size(), 2u) << difference.name;
  EXPECT_EQ(collected.packets(), (Packets{Encode(first), Encode(second)}))
      << difference.name;
}

TEST(CoalescerTest, DoesNotJoinPacketsThatDiffer) {
  for (const Difference& difference : kDifferences) {
    ExpectNotJoined(Tcp(100), difference);
    ExpectNotJoined(Udp(100), difference);
  }
  for (const Difference& difference : kTcpDifferences) {
    ExpectNotJoined(Tcp(100), difference);
  }
}

TEST(CoalescerTest, NeverJoinsPacketsOfTheseKinds) {
  struct Case {
    const char* name;
    Change change;
    bool tcp_only;
  };
  const Case kCases[] = {
      {"fragments", [](FlowPacket* p) { p->flags = 0x2000; }, false},
      {"last fragments", [](FlowPacket* p) { p->flags = 0x0002; }, false},
      {"the reserved flag", [](FlowPacket* p) { p->flags = 0xC000; }, false},
      {"IP options", [](FlowPacket* p) { p->ip_options = {1, 1, 1, 0}; },
       false},
      {"without payload", [](FlowPacket* p) { p->payload.clear(); }, false},
      {"SYN", [](FlowPacket* p) { p->tcp_flags = 0x02; }, true},
      {"FIN", [](FlowPacket* p) { p->tcp_flags |= 0x01; }, true},
      {"CWR", [](FlowPacket* p) { p->tcp_flags |= 0x80; }, true},
      {"reserved bits", [](FlowPacket* p) { p->reserved = 8; }, true},
      {"PSH", [](FlowPacket* p) { p->tcp_flags |= 0x08; }, true},
  };
  for (const Case& c : kCases) {
    for (const FlowPacket& flow : {Tcp(100), Udp(100)}) {
      if (c.tcp_only && flow.protocol != 6) {
        continue;
      }
      FlowPacket first = flow;
      c.change(&first);
      FlowPacket second = Next(first, first.payload.size());
      Collected collected;
      collected.Add(Encode(first));
      collected.Add(Encode(second));
      // They do not even wait, and nothing is said of their checksums.
      ASSERT_EQ(collected.bursts().size(), 2u) << c.name;
      EXPECT_EQ(collected.bursts()[0].header, VirtioNetHeader()) << c.name;
      EXPECT_EQ(collected.packets(), (Packets{Encode(first), Encode(second)}))
          << c.name;
    }
  }
}

TEST(CoalescerTest, TheIdentificationCountsUpUnlessTheDatagramIsAtomic) {
  struct Case {
    const char* name;
    uint16_t flags;
    std::vector<uint16_t> identifications;
    std::string expected;
  };
  const Case kCases[] = {
      {"counting", 0, {7, 8, 9}, "3"},
      {"counting over the end", 0, {0xFFFE, 0xFFFF, 0, 1}, "4"},
      {"a gap", 0, {7, 8, 10, 11}, "2 2"},
      {"the same again", 0, {7, 7, 8}, "1 2"},
      {"counting down", 0, {9, 8}, "1 1"},
      {"counting by bytes", 0, {0x0100, 0x0200}, "1 1"},
      {"atomic, counting", 0x4000, {7, 8, 9}, "3"},
      {"atomic, none", 0x4000, {0, 0, 0}, "3"},
      {"atomic, any", 0x4000, {7, 0xABCD, 3}, "3"},
  };
  for (const Case& c : kCases) {
    for (FlowPacket packet : {Tcp(100), Udp(100)}) {
      Collected collected;
      Packets packets;
      for (const uint16_t identification : c.identifications) {
        packet.flags = c.flags;
        packet.identification = identification;
        packets.push_back(Encode(packet));
        collected.Add(packets.back());
        packet = Next(packet, 100);
      }
      collected.Flush();
      EXPECT_EQ(collected.Sizes(), c.expected) << c.name;
      EXPECT_TRUE(c.flags != 0 || collected.packets() == packets) << c.name;
    }
  }
}

TEST(CoalescerTest, TheSequenceNumberWraps) {
  FlowPacket packet = Tcp(100);
  packet.sequence = 0xFFFFFFFF - 149;
  Collected collected;
  Packets packets;
  for (int i = 0; i < 4; ++i) {
    packets.push_back(Encode(packet));
    collected.Add(packets.back());
    packet = Next(packet, 100);
  }
  collected.Flush();
  EXPECT_EQ(collected.Sizes(), "4");
  EXPECT_EQ(collected.packets(), packets);
}

TEST(CoalescerTest, JoinsFlowsOfEveryHeader) {
  const Difference kVariants[] = {
      {"nothing", [](FlowPacket*) {}},
      {"no DF", [](FlowPacket* p) { p->flags = 0; }},
      {"no TCP options", [](FlowPacket* p) { p->tcp_options.clear(); }},
      {"the most options", [](FlowPacket* p) { p->tcp_options = Noise(40); }},
      {"ECN", [](FlowPacket* p) { p->traffic_class = 3; }},
      {"TTL", [](FlowPacket* p) { p->ttl = 1; }},
      {"window 0", [](FlowPacket* p) { p->window = 0; }},
      {"urgent pointer without URG", [](FlowPacket* p) { p->urgent = 9; }},
  };
  for (const Difference& variant : kVariants) {
    for (FlowPacket packet : {Tcp(100), Udp(100)}) {
      variant.change(&packet);
      Collected collected;
      Packets packets;
      for (const size_t next_bytes : {size_t{100}, size_t{99}, size_t{1}}) {
        packets.push_back(Encode(packet));
        collected.Add(packets.back());
        packet = Next(packet, next_bytes);
      }
      EXPECT_EQ(collected.Sizes(), "3") << variant.name;
      EXPECT_EQ(collected.packets(), packets) << variant.name;
    }
  }
}

TEST(CoalescerTest, EveryFlippedBitOfAPayloadIsSeen) {
  for (const FlowPacket& first : {Tcp(5), Udp(5)}) {
    const std::vector<uint8_t> second = Encode(Next(first, 5));
    for (size_t bit = 0; bit < 40; ++bit) {
      std::vector<uint8_t> broken = second;
      broken[second.size() - 5 + bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
      for (const Packets& packets :
           {Packets{Encode(first), broken}, Packets{broken, second},
            Packets{Encode(first), broken, second}}) {
        Collected collected;
        for (const std::vector<uint8_t>& packet : packets) {
          collected.Add(packet);
        }
        collected.Flush();
        EXPECT_EQ(collected.bursts().size(), packets.size());
        EXPECT_EQ(collected.packets(), packets);
      }
    }
  }
}

TEST(CoalescerTest, APacketWithAWrongChecksumEndsTheBurstBeforeIt) {
  for (FlowPacket packet : {Tcp(100), Udp(100)}) {
    Collected collected;
    Packets packets;
    for (size_t i = 0; i < 5; ++i) {
      packets.push_back(Encode(packet));
      if (i == 2) {
        packets.back().back() ^= 1;
      }
      collected.Add(packets.back());
      packet = Next(packet, 100);
    }
    collected.Flush();
    EXPECT_EQ(collected.Sizes(), "2 1 2");
    EXPECT_EQ(collected.packets(), packets);
    EXPECT_EQ(collected.bursts()[1].header, VirtioNetHeader());
  }
}

TEST(CoalescerTest, DoesNotMendAHeaderChecksum) {
  for (const FlowPacket& first : {Tcp(100), Udp(100)}) {
    std::vector<uint8_t> second = Encode(Next(first, 100));
    second[11] ^= 1;
    Collected collected;
    collected.Add(Encode(first));
    collected.Add(second);
    EXPECT_EQ(collected.packets(), (Packets{Encode(first), second}));
  }
}

TEST(CoalescerTest, DoesNotJoinDatagramsWithoutAChecksum) {
  const FlowPacket first = Udp(100);
  std::vector<uint8_t> second = Encode(Next(first, 100));
  second[26] = 0;
  second[27] = 0;
  Collected collected;
  collected.Add(Encode(first));
  collected.Add(second);
  EXPECT_EQ(collected.packets(), (Packets{Encode(first), second}));
}

// One's complement has two zeros, and a packet with the other one is right:
// RFC 1071 1. Cut again it would have the usual one.
TEST(CoalescerTest, DoesNotJoinWhatHasTheOtherZeroForAChecksum) {
  FlowPacket first = Tcp(2);
  const std::vector<uint8_t> bytes = Encode(first);
  first.payload = {bytes[36], bytes[37]};
  // The payload now makes up for the checksum, up to what it was before.
  std::vector<uint8_t> packet = Encode(first);
  for (uint32_t value = 0; packet[36] != 0 || packet[37] != 0; ++value) {
    ASSERT_LE(value, 0xFFFFu);
    first.payload = {static_cast<uint8_t>(value >> 8),
                     static_cast<uint8_t>(value & 0xFF)};
    packet = Encode(first);
  }
  Collected usual;
  usual.Add(packet);
  usual.Add(Encode(Next(first, 1)));
  EXPECT_EQ(usual.Sizes(), "2");
  packet[36] = 0xFF;
  packet[37] = 0xFF;
  Collected other;
  other.Add(packet);
  other.Add(Encode(Next(first, 1)));
  other.Flush();
  EXPECT_EQ(other.Sizes(), "1 1");
  EXPECT_EQ(other.bursts()[0].packet, packet);
}

TEST(CoalescerTest, DoesNotJoinWhatHasTheOtherZeroForAHeaderChecksum) {
  FlowPacket first = Udp(2);
  first.flags = 0;
  first.identification = 0;
  std::vector<uint8_t> packet = Encode(first);
  // The identification makes up for the rest of the header.
  first.identification = static_cast<uint16_t>(packet[10] << 8 | packet[11]);
  packet = Encode(first);
  ASSERT_EQ(packet[10] << 8 | packet[11], 0);
  Collected usual;
  usual.Add(packet);
  usual.Add(Encode(Next(first, 1)));
  EXPECT_EQ(usual.Sizes(), "2");
  packet[10] = 0xFF;
  packet[11] = 0xFF;
  Collected other;
  other.Add(packet);
  other.Add(Encode(Next(first, 1)));
  other.Flush();
  EXPECT_EQ(other.Sizes(), "1 1");
  EXPECT_EQ(other.bursts()[0].packet, packet);
}

TEST(CoalescerTest, JoinsADatagramWhoseChecksumIsAllOnes) {
  FlowPacket first = Udp(0);
  first.payload = {0, 0};
  const std::vector<uint8_t> bytes = Encode(first);
  first.payload = {bytes[26], bytes[27]};
  const Packets packets = {Encode(first), Encode(Next(first, 1))};
  ASSERT_EQ(packets[0][26] << 8 | packets[0][27], 0xFFFF);
  Collected collected;
  collected.Add(packets[0]);
  collected.Add(packets[1]);
  EXPECT_EQ(collected.Sizes(), "2");
  EXPECT_EQ(collected.packets(), packets);
}

TEST(CoalescerTest, PassesOnWhatIsNoPacket) {
  for (const FlowPacket& whole : {Tcp(3), Udp(3)}) {
    const std::vector<uint8_t> packet = Encode(whole);
    for (size_t size = 0; size < packet.size(); ++size) {
      std::vector<uint8_t> cut(packet.begin(),
                               packet.begin() + static_cast<ptrdiff_t>(size));
      Collected collected;
      collected.Add(cut);
      ASSERT_EQ(collected.bursts().size(), 1u) << size;
      EXPECT_EQ(collected.bursts()[0].packet, cut) << size;
      if (size >= 20) {  // the most that a length can make up for
        cut[3] = static_cast<uint8_t>(size);
        MendIpv4Checksum(&cut);
        collected.Add(cut);
        ASSERT_EQ(collected.bursts().size(), 2u) << size;
        EXPECT_EQ(collected.bursts()[1].packet, cut) << size;
      }
    }
  }
  for (const size_t size : {size_t{1500}, size_t{65535}, size_t{65536}}) {
    Collected collected;
    collected.Add(Noise(size));
    ASSERT_EQ(collected.bursts().size(), 1u);
    EXPECT_EQ(collected.bursts()[0].packet, Noise(size));
    EXPECT_EQ(collected.bursts()[0].header, VirtioNetHeader());
  }
}

TEST(CoalescerTest, RefusesHeadersThatDoNotFitThePacket) {
  struct Case {
    const char* name;
    FlowPacket packet;
    size_t offset;
    uint8_t value;
  };
  const Case kCases[] = {
      {"data offset 4", Tcp(100), 32, 0x40},
      {"data offset 0", Tcp(100), 32, 0x00},
      {"data offset at the end", Tcp(8), 32, 0xA0},
      {"data offset behind the end", Tcp(3), 32, 0xF0},
      {"a UDP length above the packet's", Udp(100), 25, 109},
      {"a UDP length below the packet's", Udp(100), 25, 107},
      {"a UDP length below the header's", Udp(100), 25, 7},
      {"another protocol", Udp(100), 9, 136},
      {"IPv6", Udp(100), 0, 0x65},
      {"IHL 4", Udp(100), 0, 0x44},
  };
  for (const Case& c : kCases) {
    std::vector<uint8_t> packet = Encode(c.packet);
    packet[c.offset] = c.value;
    MendIpv4Checksum(&packet);
    if (c.offset >= 20) {
      MendTransportChecksum(&packet);
    }
    Collected collected;
    collected.Add(packet);
    ASSERT_EQ(collected.bursts().size(), 1u) << c.name;
    EXPECT_EQ(collected.bursts()[0].packet, packet) << c.name;
    EXPECT_EQ(collected.bursts()[0].header, VirtioNetHeader()) << c.name;
  }
}

TEST(CoalescerTest, JoinsOnlyWhatTheDeviceTakes) {
  struct Case {
    const char* name;
    Coalescer::Options options;
    std::string tcp;
    std::string udp;
  };
  const Case kCases[] = {
      {"both", {.tcp = true, .udp = true}, "2", "2"},
      {"TCP", {.tcp = true, .udp = false}, "2", "1 1"},
      {"UDP", {.tcp = false, .udp = true}, "1 1", "2"},
      {"neither", {.tcp = false, .udp = false}, "1 1", "1 1"},
  };
  for (const Case& c : kCases) {
    for (const FlowPacket& first : {Tcp(100), Udp(100)}) {
      Collected collected(c.options);
      collected.Add(Encode(first));
      collected.Add(Encode(Next(first, 100)));
      collected.Flush();
      EXPECT_EQ(collected.Sizes(), first.protocol == 6 ? c.tcp : c.udp)
          << c.name;
    }
  }
}

TEST(CoalescerTest, KeepsTheOrderOfMixedFlows) {
  FlowPacket a = Tcp(700);
  FlowPacket b = Udp(700);
  FlowPacket c = Tcp(700);
  c.destination_port = 50001;
  FlowPacket icmp = Udp(60);
  icmp.protocol = 1;
  Collected collected;
  Packets packets;
  const auto add = [&](FlowPacket* packet) {
    packets.push_back(Encode(*packet));
    collected.Add(packets.back());
    *packet = Next(*packet, 700);
  };
  for (FlowPacket* packet : {&a, &a, &b, &b, &b, &a, &c, &c, &icmp, &c, &c, &a,
                             &icmp, &icmp, &b, &a, &a}) {
    add(packet);
  }
  collected.Flush();
  EXPECT_EQ(collected.Sizes(), "2 3 1 2 1 2 1 1 1 1 2");
  EXPECT_EQ(collected.packets(), packets);
}

}  // namespace
}  // namespace ovoc::netif
