// SPDX-License-Identifier: Apache-2.0
#include "conformance/bench/traffic.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "frame/message_reader.h"
#include "gtest/gtest.h"
#include "netif/burst.h"
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
    {64, 64, GsoType::kUdp},
    {576, 124, GsoType::kTcpIpv4},
    {1400, 48, GsoType::kTcpIpv4},
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
