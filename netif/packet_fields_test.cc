// SPDX-License-Identifier: Apache-2.0

#include "netif/packet_fields.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::netif {
namespace {

TEST(PacketFieldsTest, NumbersAreInNetworkOrderAtAnyPlace) {
  const std::vector<uint8_t> bytes = {0x01, 0x82, 0xA3, 0x04, 0xC5, 0x06};
  EXPECT_EQ(Load16(bytes, 0), 0x0182);
  EXPECT_EQ(Load16(bytes, 1), 0x82A3);
  EXPECT_EQ(Load16(bytes, 4), 0xC506);
  EXPECT_EQ(Load32(bytes, 0), 0x0182A304u);
  EXPECT_EQ(Load32(bytes, 1), 0x82A304C5u);
  EXPECT_EQ(Load32(bytes, 2), 0xA304C506u);
}

TEST(PacketFieldsTest, WritesANumberAndNothingBesides) {
  std::vector<uint8_t> bytes(6, 0xEE);
  Store16(0x8001, 1, absl::MakeSpan(bytes));
  EXPECT_EQ(bytes, (std::vector<uint8_t>{0xEE, 0x80, 0x01, 0xEE, 0xEE, 0xEE}));
  Store32(0xFEDCBA98, 1, absl::MakeSpan(bytes));
  EXPECT_EQ(bytes, (std::vector<uint8_t>{0xEE, 0xFE, 0xDC, 0xBA, 0x98, 0xEE}));
}

TEST(PacketFieldsTest, TheOffsetsFindTheFieldsOfARealSegment) {
  const std::vector<uint8_t> packet = {
      0x45, 0x00, 0x00, 0x29,  // version 4, IHL 5; total length 41
      0x12, 0x34, 0x40, 0x00,  // identification; don't fragment
      0x40, 0x06, 0xD4, 0x9B,  // TTL 64, TCP, checksum
      0xA9, 0xFE, 0x00, 0x01,  // source 169.254.0.1
      0xA9, 0xFE, 0x00, 0x02,  // destination 169.254.0.2
      0x00, 0x50, 0xC0, 0x01,  // ports 80 and 49153
      0x01, 0x02, 0x03, 0x04,  // sequence number
      0x05, 0x06, 0x07, 0x08,  // acknowledgment number
      0x50, 0x99, 0x20, 0x00,  // data offset 5, CWR ACK PSH FIN; window 8192
      0xAB, 0xCD, 0x00, 0x07,  // checksum, urgent pointer
      'x',
  };
  const absl::Span<const uint8_t> ip(packet);
  EXPECT_EQ(Load16(ip, kIpv4TotalLengthOffset), packet.size());
  EXPECT_EQ(Load16(ip, kIpv4IdentificationOffset), 0x1234);
  EXPECT_EQ(Load16(ip, kIpv4FlagsOffset), 0x4000);
  EXPECT_EQ(ip[kIpv4ProtocolOffset], kTcpProtocol);
  EXPECT_EQ(Load16(ip, kIpv4ChecksumOffset), 0xD49B);
  EXPECT_EQ(Load32(ip, kIpv4SourceOffset), 0xA9FE0001u);
  EXPECT_EQ(Load32(ip, kIpv4DestinationOffset), 0xA9FE0002u);
  const absl::Span<const uint8_t> tcp = ip.subspan(20);
  EXPECT_EQ(tcp.size(), kMinTcpHeaderBytes + 1);
  EXPECT_EQ(Load32(tcp, kTcpSequenceOffset), 0x01020304u);
  EXPECT_EQ(Load32(tcp, kTcpAcknowledgmentOffset), 0x05060708u);
  EXPECT_EQ(tcp[kTcpDataOffsetOffset] >> 4, 5);
  EXPECT_EQ(tcp[kTcpFlagsOffset], kTcpCwr | kTcpAck | kTcpPsh | kTcpFin);
  EXPECT_EQ(Load16(tcp, kTcpWindowOffset), 8192);
  EXPECT_EQ(Load16(tcp, kTcpChecksumOffset), 0xABCD);
  EXPECT_EQ(Load16(tcp, kTcpUrgentOffset), 7);
}

TEST(PacketFieldsTest, TheOffsetsFindTheFieldsOfARealDatagram) {
  const std::vector<uint8_t> udp = {
      0xCC, 0xDB, 0x00, 0x09,  // source port 52443, destination port 9
      0x00, 0x09, 0x56, 0xA9,  // length 9, checksum
      'x',
  };
  EXPECT_EQ(udp.size(), kUdpHeaderBytes + 1);
  EXPECT_EQ(Load16(udp, kUdpLengthOffset), udp.size());
  EXPECT_EQ(Load16(udp, kUdpChecksumOffset), 0x56A9);
  EXPECT_EQ(kUdpProtocol, 17);  // RFC 5237's registry
}

}  // namespace
}  // namespace ovoc::netif
