// SPDX-License-Identifier: Apache-2.0
#include "conformance/bench/traffic.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "frame/message_reader.h"
#include "gtest/gtest.h"
#include "netif/burst.h"
#include "netif/checksum.h"
#include "netif/ipv4_packet.h"
#include "netif/segmentation.h"
#include "netif/virtio_net_header.h"

namespace ovoc::conformance {
namespace {

using netif::GsoType;

struct Case {
  size_t packet_bytes;
  size_t packets;
  GsoType gso;
};

// TCP: 65535 less 52 bytes of headers, by what 52 leave of a packet.
constexpr Case kCases[] = {
    {64, 64, GsoType::kUdp},       {65, 5037, GsoType::kTcpIpv4},
    {128, 861, GsoType::kTcpIpv4}, {576, 124, GsoType::kTcpIpv4},
    {1400, 48, GsoType::kTcpIpv4}, {1500, 45, GsoType::kTcpIpv4},
    {9000, 7, GsoType::kTcpIpv4},  {32768, 2, GsoType::kTcpIpv4},
    {32794, 1, GsoType::kNone},    {65534, 1, GsoType::kNone},
    {65535, 1, GsoType::kNone},
};

std::vector<std::vector<uint8_t>> Cut(const netif::Burst& burst) {
  netif::Segmenter segmenter;
  EXPECT_EQ(segmenter.Begin(burst), netif::SegmentationError::kNone);
  std::vector<std::vector<uint8_t>> packets;
  while (!segmenter.done()) {
    packets.emplace_back(segmenter.next_bytes());
    segmenter.Next(absl::MakeSpan(packets.back()));
  }
  return packets;
}

TEST(TrafficTest, ABurstIsTheStatedNumberOfPacketsOfTheStatedSize) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.packet_bytes);
    const Traffic traffic = MakeTraffic(c.packet_bytes);
    EXPECT_EQ(traffic.burst.header.gso, c.gso);
    EXPECT_LE(traffic.burst.packet.size(), netif::kMaxBurstBytes);
    const std::vector<std::vector<uint8_t>> cut = Cut(traffic.burst.view());
    EXPECT_EQ(cut.size(), c.packets);
    EXPECT_EQ(traffic.packets.size(), c.packets);
    for (const std::vector<uint8_t>& packet : cut) {
      EXPECT_EQ(packet.size(), c.packet_bytes);
    }
  }
}

TEST(TrafficTest, DownGoWhatWentUpWithTheEndsExchanged) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.packet_bytes);
    const Traffic traffic = MakeTraffic(c.packet_bytes);
    const std::vector<std::vector<uint8_t>> cut = Cut(traffic.burst.view());
    ASSERT_EQ(cut.size(), traffic.packets.size());
    for (size_t i = 0; i < cut.size(); ++i) {
      netif::Ipv4Packet up;
      netif::Ipv4Packet down;
      ASSERT_EQ(netif::Ipv4Packet::Parse(cut[i], &up), netif::Ipv4Error::kNone);
      ASSERT_EQ(netif::Ipv4Packet::Parse(traffic.packets[i], &down),
                netif::Ipv4Error::kNone);
      EXPECT_EQ(up.source().ToString(), "169.254.0.2");
      EXPECT_EQ(up.destination().ToString(), "169.254.0.1");
      EXPECT_EQ(down.source(), up.destination());
      EXPECT_EQ(down.destination(), up.source());
      EXPECT_EQ(down.identification(), up.identification());
      // Behind the ports: sequence, lengths, payload, and a checksum that is
      // the same, as its sum does not depend on the order.
      EXPECT_EQ(down.payload().subspan(4), up.payload().subspan(4));
    }
  }
}

// RFC 9293 3.1, RFC 768: what the checksum of TCP and UDP is taken of.
std::vector<uint8_t> WithPseudoHeader(const netif::Ipv4Packet& packet,
                                      absl::Span<const uint8_t> bytes) {
  constexpr size_t kAddresses = 12;  // RFC 791 3.1: both behind each other
  constexpr size_t kAddressesBytes = 8;
  const absl::Span<const uint8_t> addresses =
      bytes.subspan(kAddresses, kAddressesBytes);
  std::vector<uint8_t> all(addresses.begin(), addresses.end());
  const size_t length = packet.payload().size();
  all.insert(all.end(),
             {0, packet.protocol(), static_cast<uint8_t>(length >> 8),
              static_cast<uint8_t>(length & 0xff)});
  all.insert(all.end(), packet.payload().begin(), packet.payload().end());
  return all;
}

TEST(TrafficTest, EveryPacketHasRightChecksums) {
  constexpr size_t kHeaderBytes = 20;  // RFC 791 3.1, no options
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.packet_bytes);
    const Traffic traffic = MakeTraffic(c.packet_bytes);
    std::vector<std::vector<uint8_t>> packets = Cut(traffic.burst.view());
    packets.insert(packets.end(), traffic.packets.begin(),
                   traffic.packets.end());
    for (const std::vector<uint8_t>& bytes : packets) {
      netif::Ipv4Packet packet;
      ASSERT_EQ(netif::Ipv4Packet::Parse(bytes, &packet),
                netif::Ipv4Error::kNone);
      ASSERT_EQ(packet.payload().size(), bytes.size() - kHeaderBytes);
      // RFC 1071: over what is right it comes to zero.
      EXPECT_EQ(netif::InternetChecksum(
                    absl::MakeConstSpan(bytes).first(kHeaderBytes)),
                0);
      EXPECT_EQ(netif::InternetChecksum(WithPseudoHeader(packet, bytes)), 0);
    }
  }
}

TEST(TrafficTest, SegmentsFollowEachOther) {
  constexpr size_t kSequenceOffset = 4;  // RFC 9293 3.1
  constexpr size_t kHeaderBytes = 32;    // with the timestamps of RFC 7323
  for (const Case& c : kCases) {
    if (c.gso != GsoType::kTcpIpv4) {
      continue;
    }
    SCOPED_TRACE(c.packet_bytes);
    const Traffic traffic = MakeTraffic(c.packet_bytes);
    uint32_t next = 0;
    for (const std::vector<uint8_t>& bytes : traffic.packets) {
      netif::Ipv4Packet packet;
      ASSERT_EQ(netif::Ipv4Packet::Parse(bytes, &packet),
                netif::Ipv4Error::kNone);
      EXPECT_EQ(packet.protocol(), 6);
      uint32_t sequence = 0;
      for (const uint8_t byte : packet.payload().subspan(kSequenceOffset, 4)) {
        sequence = sequence << 8 | byte;
      }
      if (&bytes != &traffic.packets.front()) {
        EXPECT_EQ(sequence, next);
      }
      next = sequence +
             static_cast<uint32_t>(packet.payload().size() - kHeaderBytes);
    }
  }
}

TEST(TrafficTest, TheStreamIsTheServersFramesOfThePackets) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.packet_bytes);
    const Traffic traffic = MakeTraffic(c.packet_bytes);
    frame::MessageReader reader({});
    absl::Span<const uint8_t> rest = traffic.stream;
    for (const std::vector<uint8_t>& packet : traffic.packets) {
      frame::Message message;
      ASSERT_EQ(reader.Next(&rest, &message), frame::ReadResult::kMessage);
      EXPECT_EQ(message.opcode, frame::Opcode::kBinary);
      EXPECT_EQ(message.payload, absl::MakeConstSpan(packet));
    }
    EXPECT_TRUE(rest.empty());
  }
}

}  // namespace
}  // namespace ovoc::conformance
