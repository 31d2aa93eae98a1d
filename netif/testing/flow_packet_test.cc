// SPDX-License-Identifier: Apache-2.0

#include "netif/testing/flow_packet.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/checksum.h"
#include "netif/ip_address.h"
#include "netif/ipv4_packet.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {
namespace {

// The packets were made by Linux 6.18 and read from a TUN device.

TEST(FlowPacketTest, EncodesASegmentAsTheKernelDoes) {
  FlowPacket packet;
  packet.identification = 0xFE89;
  packet.source = 0xA9FE0002;
  packet.destination = 0xA9FE0001;
  packet.source_port = 8080;
  packet.destination_port = 50000;
  packet.sequence = 0x66758517;
  packet.acknowledgment = 101;
  packet.tcp_flags = 0x18;
  packet.window = 64240;
  packet.payload = {'o', 'v', 'o', 'c', '!'};
  const std::vector<uint8_t> expected = {
      0x45, 0x00, 0x00, 0x2D,       // version 4, IHL 5; total length 45
      0xFE, 0x89, 0x40, 0x00,       // identification; don't fragment
      0x40, 0x06, 0xE8, 0x41,       // TTL 64, TCP, checksum
      0xA9, 0xFE, 0x00, 0x02,       // source
      0xA9, 0xFE, 0x00, 0x01,       // destination
      0x1F, 0x90, 0xC3, 0x50,       // ports 8080 and 50000
      0x66, 0x75, 0x85, 0x17,       // sequence number
      0x00, 0x00, 0x00, 0x65,       // acknowledgment number
      0x50, 0x18, 0xFA, 0xF0,       // data offset 5, ACK PSH; window
      0x92, 0x2A, 0x00, 0x00,       // checksum, urgent pointer
      0x6F, 0x76, 0x6F, 0x63, 0x21  // payload
  };
  EXPECT_EQ(Encode(packet), expected);
}

TEST(FlowPacketTest, EncodesTcpOptionsAsTheKernelDoes) {
  FlowPacket packet;
  packet.identification = 0;
  packet.source = 0xA9FE0002;
  packet.destination = 0xA9FE0001;
  packet.source_port = 8080;
  packet.destination_port = 50000;
  packet.sequence = 0x66758516;
  packet.acknowledgment = 101;
  packet.tcp_flags = 0x12;
  packet.window = 64240;
  packet.tcp_options = {0x02, 0x04, 0x05, 0xB4};  // MSS 1460
  const std::vector<uint8_t> expected = {
      0x45, 0x00, 0x00, 0x2C,  // version 4, IHL 5; total length 44
      0x00, 0x00, 0x40, 0x00,  // identification; don't fragment
      0x40, 0x06, 0xE6, 0xCC,  // TTL 64, TCP, checksum
      0xA9, 0xFE, 0x00, 0x02,  // source
      0xA9, 0xFE, 0x00, 0x01,  // destination
      0x1F, 0x90, 0xC3, 0x50,  // ports 8080 and 50000
      0x66, 0x75, 0x85, 0x16,  // sequence number
      0x00, 0x00, 0x00, 0x65,  // acknowledgment number
      0x60, 0x12, 0xFA, 0xF0,  // data offset 6, SYN ACK; window
      0x7A, 0x54, 0x00, 0x00,  // checksum, urgent pointer
      0x02, 0x04, 0x05, 0xB4,  // MSS 1460
  };
  EXPECT_EQ(Encode(packet), expected);
}

TEST(FlowPacketTest, EncodesADatagramAsTheKernelDoes) {
  FlowPacket packet;
  packet.protocol = 17;
  packet.identification = 0x56B6;
  packet.source = 0xA9FE0002;
  packet.destination = 0xA9FE0001;
  packet.source_port = 40000;
  packet.destination_port = 514;
  packet.payload = {'o', 'v', 'o', 'c', '!'};
  const std::vector<uint8_t> expected = {
      0x45, 0x00, 0x00, 0x21,       // version 4, IHL 5; total length 33
      0x56, 0xB6, 0x40, 0x00,       // identification; don't fragment
      0x40, 0x11, 0x90, 0x16,       // TTL 64, UDP, checksum
      0xA9, 0xFE, 0x00, 0x02,       // source
      0xA9, 0xFE, 0x00, 0x01,       // destination
      0x9C, 0x40, 0x02, 0x02,       // ports 40000 and 514
      0x00, 0x0D, 0x0D, 0xB8,       // length 13, checksum
      0x6F, 0x76, 0x6F, 0x63, 0x21  // payload
  };
  EXPECT_EQ(Encode(packet), expected);
}

TEST(FlowPacketTest, EncodesIpOptionsAndTheRestOfTheFields) {
  FlowPacket packet;
  packet.traffic_class = 0xB8;
  packet.flags = 0x2001;
  packet.ttl = 3;
  packet.ip_options = {0x94, 0x04, 0x00, 0x00};  // router alert, RFC 2113
  packet.reserved = 0x1;
  packet.urgent = 7;
  const std::vector<uint8_t> bytes = Encode(packet);
  Ipv4Packet parsed;
  ASSERT_EQ(Ipv4Packet::Parse(bytes, &parsed), Ipv4Error::kNone);
  EXPECT_EQ(parsed.header()[1], 0xB8);
  EXPECT_TRUE(parsed.more_fragments());
  EXPECT_EQ(parsed.fragment_offset(), 8u);
  EXPECT_EQ(parsed.ttl(), 3);
  EXPECT_EQ(parsed.options(), absl::MakeConstSpan(packet.ip_options));
  EXPECT_EQ(parsed.payload()[12], 0x51);  // data offset 5, reserved 1
  EXPECT_EQ(parsed.payload()[19], 7);
}

TEST(FlowPacketTest, MendsTheChecksumsOfAPacketThatWasChanged) {
  for (const uint8_t protocol : {uint8_t{6}, uint8_t{17}}) {
    FlowPacket packet;
    packet.protocol = protocol;
    packet.payload = Noise(11);
    const std::vector<uint8_t> original = Encode(packet);
    std::vector<uint8_t> changed = original;
    changed[15] = 9;      // another source
    changed.back() ^= 1;  // another payload
    MendIpv4Checksum(&changed);
    MendTransportChecksum(&changed);
    packet.source = 0xA9FE0009;
    packet.payload.back() ^= 1;
    EXPECT_EQ(changed, Encode(packet)) << int{protocol};
    EXPECT_NE(changed, original) << int{protocol};
  }
}

TEST(FlowPacketTest, ADatagramNeverHasTheChecksumZero) {
  FlowPacket packet;
  packet.protocol = 17;
  packet.payload = {0, 0};
  const std::vector<uint8_t> bytes = Encode(packet);
  packet.payload = {bytes[26], bytes[27]};  // makes the sum all ones
  const std::vector<uint8_t> zero = Encode(packet);
  EXPECT_EQ(zero[26], 0xFF);
  EXPECT_EQ(zero[27], 0xFF);
}

TEST(FlowPacketTest, ABurstHasTheSumOfItsPseudoHeaderForAChecksum) {
  struct Case {
    uint8_t protocol;
    size_t header_bytes;
    size_t checksum_offset;
    GsoType gso;
  };
  const Case kCases[] = {{6, 40, 16, GsoType::kTcpIpv4},
                         {17, 28, 6, GsoType::kUdp}};
  for (const Case& c : kCases) {
    FlowPacket packet;
    packet.protocol = c.protocol;
    packet.payload = Noise(3001);
    const FlowBurst burst = Join(packet, 1400);
    EXPECT_TRUE(burst.header.needs_checksum);
    EXPECT_EQ(burst.header.gso, c.gso);
    EXPECT_EQ(burst.header.header_bytes, c.header_bytes);
    EXPECT_EQ(burst.header.segment_bytes, 1400);
    EXPECT_EQ(burst.header.checksum_start, 20);
    EXPECT_EQ(burst.header.checksum_offset, c.checksum_offset);
    // Summing it all up from there gives the whole packet's checksum.
    const absl::Span<const uint8_t> bytes(burst.packet);
    const uint16_t checksum = InternetChecksum(bytes.subspan(20));
    std::vector<uint8_t> expected = Encode(packet);
    EXPECT_EQ(checksum >> 8, expected[20 + c.checksum_offset]);
    EXPECT_EQ(checksum & 0xFF, expected[21 + c.checksum_offset]);
    EXPECT_EQ(burst.view().packet, bytes);
    EXPECT_EQ(burst.view().header, burst.header);
  }
}

TEST(FlowPacketTest, NoiseIsTheSameInEveryRunAndDiffersBySeed) {
  EXPECT_EQ(Noise(100), Noise(100, 1));
  EXPECT_NE(Noise(100, 1), Noise(100, 2));
  EXPECT_EQ(Noise(100).size(), 100u);
}

}  // namespace
}  // namespace ovoc::netif
