// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/echo_responder.h"

#include <cstddef>
#include <functional>

#include "gtest/gtest.h"
#include "netif/checksum.h"

namespace ovoc::conformance {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr netif::Ipv4Address kSelf =
    netif::Ipv4Address::FromHostOrder(0xA9FE0001);

Bytes Request() {
  return {
      0x45, 0x00, 0x00, 0x1f,  // version 4, 20 bytes of header; length 31
      0x10, 0x01, 0x40, 0x00,  // identification; DF
      0x3f, 0x01, 0xd7, 0xdd,  // TTL 63, ICMP, header checksum
      0xa9, 0xfe, 0x00, 0x02,  // from 169.254.0.2
      0xa9, 0xfe, 0x00, 0x01,  // to 169.254.0.1
      0x08, 0x00, 0xe4, 0x45,  // echo request, ICMP checksum
      0x4f, 0x56, 0x00, 0x01,  // identifier, sequence number
      0x61, 0x62, 0x63,        // "abc"
  };
}

// Fills both checksums in.
Bytes Summed(Bytes packet) {
  packet[10] = packet[11] = 0;
  const uint16_t header =
      netif::InternetChecksum(absl::MakeConstSpan(packet).first(20));
  packet[10] = static_cast<uint8_t>(header >> 8);
  packet[11] = static_cast<uint8_t>(header & 0xff);
  if (packet.size() >= 24) {
    packet[22] = packet[23] = 0;
    const uint16_t icmp =
        netif::InternetChecksum(absl::MakeConstSpan(packet).subspan(20));
    packet[22] = static_cast<uint8_t>(icmp >> 8);
    packet[23] = static_cast<uint8_t>(icmp & 0xff);
  }
  return packet;
}

TEST(EchoResponderTest, AnswersAnEchoRequestAsTheKernelDoes) {
  const Bytes reply = {
      0x45, 0x00, 0x00, 0x1f,  // the same length
      0x00, 0x00, 0x40, 0x00,  // identification 0; DF
      0x40, 0x01, 0xe6, 0xde,  // TTL 64
      0xa9, 0xfe, 0x00, 0x01,  // from 169.254.0.1
      0xa9, 0xfe, 0x00, 0x02,  // to 169.254.0.2
      0x00, 0x00, 0xec, 0x45,  // echo reply
      0x4f, 0x56, 0x00, 0x01,  // identifier and sequence number kept
      0x61, 0x62, 0x63,        // "abc"
  };
  EXPECT_EQ(EchoReply(Request(), kSelf), reply);
  EXPECT_EQ(Summed(Request()), Request());
}

TEST(EchoResponderTest, AnswersARequestWithoutData) {
  Bytes request = Request();
  request.resize(28);
  request[3] = 28;
  const Bytes reply = EchoReply(Summed(request), kSelf);
  ASSERT_EQ(reply.size(), 28u);
  EXPECT_EQ(reply[20], 0);
}

TEST(EchoResponderTest, LeavesEverythingElseUnanswered) {
  const struct {
    const char* name;
    std::function<void(Bytes&)> change;
  } kCases[] = {
      {"version 6", [](Bytes& p) { p[0] = 0x65; }},
      {"IP options", [](Bytes& p) { p[0] = 0x46; }},
      {"total length too small", [](Bytes& p) { p[3] = 30; }},
      {"total length too large", [](Bytes& p) { p[3] = 32; }},
      {"more fragments", [](Bytes& p) { p[6] = 0x20; }},
      {"fragment offset", [](Bytes& p) { p[7] = 1; }},
      {"UDP", [](Bytes& p) { p[9] = 17; }},
      {"another destination", [](Bytes& p) { p[19] = 3; }},
      {"echo reply", [](Bytes& p) { p[20] = 0; }},
      {"another code", [](Bytes& p) { p[21] = 1; }},
  };
  for (const auto& c : kCases) {
    Bytes packet = Request();
    c.change(packet);
    EXPECT_TRUE(EchoReply(Summed(packet), kSelf).empty()) << c.name;
  }
}

TEST(EchoResponderTest, AnyWrongBitIsNotAnswered) {
  for (size_t i = 0; i < Request().size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes packet = Request();
      packet[i] = static_cast<uint8_t>(packet[i] ^ (1 << bit));
      EXPECT_TRUE(EchoReply(packet, kSelf).empty()) << i << "." << bit;
    }
  }
}

TEST(EchoResponderTest, APacketCutShortIsNotAnswered) {
  for (size_t size = 0; size < Request().size(); ++size) {
    Bytes packet = Request();
    packet.resize(size);
    EXPECT_TRUE(EchoReply(packet, kSelf).empty()) << size;
  }
}

}  // namespace
}  // namespace ovoc::conformance
