// SPDX-License-Identifier: Apache-2.0

#include "netif/icmp_echo.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/checksum.h"
#include "netif/ip_address.h"
#include "netif/ipv4_packet.h"

namespace ovoc::netif {
namespace {

constexpr uint32_t kDevice = 0xA9FE0002;  // 169.254.0.2
constexpr uint32_t kOvoc = 0xA9FE0001;    // 169.254.0.1

// Of `ping -s 8 -M do -e 4660 169.254.0.1` (iputils 20221126, Linux), as
// captured on the way out and back.
constexpr absl::string_view kPingRequest =
    "45000024"          // version 4, IHL 5, total length 36
    "00004000"          // identification 0, DF
    "4001e6d9"          // TTL 64, ICMP, checksum
    "a9fe0002"          // 169.254.0.2
    "a9fe0001"          // 169.254.0.1
    "0800d9ba"          // echo request, code 0, checksum
    "12340001"          // identifier 4660, sequence 1
    "0001020304050607"  // data
    ;
constexpr absl::string_view kPingReply =
    "45000024"          // version 4, IHL 5, total length 36
    "f4890000"          // an identification of its own, no DF
    "40013250"          // TTL 64, ICMP, checksum
    "a9fe0001"          // 169.254.0.1
    "a9fe0002"          // 169.254.0.2
    "0000e1ba"          // echo reply, code 0, checksum
    "12340001"          // identifier 4660, sequence 1
    "0001020304050607"  // data
    ;

EchoExchange Exchange() {
  return {Ipv4Address::FromHostOrder(kDevice),
          Ipv4Address::FromHostOrder(kOvoc), 4660};
}

std::vector<uint8_t> Bytes(absl::string_view hex) {
  const std::string text = absl::HexStringToBytes(hex);
  return {text.begin(), text.end()};
}

std::vector<uint8_t> Request(size_t bytes, uint16_t sequence = 1) {
  std::vector<uint8_t> packet(bytes, 0xEE);
  WriteEchoRequest(Exchange(), sequence, absl::MakeSpan(packet));
  return packet;
}

void SetChecksum(std::vector<uint8_t>* packet, size_t at, size_t from,
                 size_t to) {
  (*packet)[at] = 0;
  (*packet)[at + 1] = 0;
  const uint16_t sum =
      InternetChecksum(absl::MakeConstSpan(*packet).subspan(from, to - from));
  (*packet)[at] = static_cast<uint8_t>(sum >> 8);
  (*packet)[at + 1] = static_cast<uint8_t>(sum & 0xff);
}

// With both checksums right again after a change.
std::vector<uint8_t> Summed(std::vector<uint8_t> packet) {
  SetChecksum(&packet, 10, 0, 20);
  SetChecksum(&packet, 22, 20, packet.size());
  return packet;
}

// What a host answers to a request: it swaps the addresses and sets the type.
std::vector<uint8_t> ReplyTo(std::vector<uint8_t> packet) {
  for (size_t i = 12; i < 16; ++i) {
    std::swap(packet[i], packet[i + 4]);
  }
  packet[20] = 0;
  return Summed(std::move(packet));
}

TEST(IcmpEchoTest, AsksByteForByteAsPingDoes) {
  EXPECT_EQ(Request(36), Bytes(kPingRequest));
}

TEST(IcmpEchoTest, KnowsTheReplyThatPingGot) {
  EXPECT_EQ(ReadEchoReply(Exchange(), Bytes(kPingReply)), 1);
}

TEST(IcmpEchoTest, TheSequenceNumberIsThatOfTheRequest) {
  constexpr uint16_t kSequences[] = {0, 1, 255, 256, 65535};
  for (const uint16_t sequence : kSequences) {
    EXPECT_EQ(ReadEchoReply(Exchange(), ReplyTo(Request(100, sequence))),
              sequence);
  }
}

TEST(IcmpEchoTest, EachSizeIsAWholePacketThatIsKnownAgain) {
  for (const size_t bytes : {kMinEchoPacketBytes, size_t{29}, size_t{283},
                             size_t{285}, size_t{1500}, size_t{65535}}) {
    const std::vector<uint8_t> packet = Request(bytes);
    Ipv4Packet parsed;
    ASSERT_EQ(Ipv4Packet::Parse(packet, &parsed), Ipv4Error::kNone) << bytes;
    EXPECT_EQ(InternetChecksum(parsed.payload()), 0) << bytes;
    EXPECT_EQ(ReadEchoReply(Exchange(), ReplyTo(packet)), 1) << bytes;
  }
  // 20 + 8 bytes of headers, then data from 0: place 283 has 255, 284 has 0.
  EXPECT_EQ(Request(285)[283], 255);
  EXPECT_EQ(Request(285)[284], 0);
}

struct Case {
  absl::string_view name;
  std::function<void(std::vector<uint8_t>*)> change;
};

// Each with right checksums, so that it is the change which is refused.
TEST(IcmpEchoTest, RefusesWhatIsNoReplyToUs) {
  const Case kCases[] = {
      {"a request", [](auto* p) { (*p)[20] = 8; }},
      {"another code", [](auto* p) { (*p)[21] = 1; }},
      {"another identifier", [](auto* p) { (*p)[25] ^= 1; }},
      {"other data", [](auto* p) { p->back() ^= 1; }},
      {"another source", [](auto* p) { (*p)[15] = 3; }},
      {"another destination", [](auto* p) { (*p)[19] = 3; }},
      {"the first fragment", [](auto* p) { (*p)[6] = 0x20; }},
      {"a later fragment", [](auto* p) { (*p)[7] = 1; }},
      {"UDP", [](auto* p) { (*p)[9] = 17; }},
      {"IPv6", [](auto* p) { (*p)[0] = 0x65; }},
      {"a wrong total length", [](auto* p) { (*p)[3] -= 1; }},
  };
  const std::vector<uint8_t> good = Bytes(kPingReply);
  ASSERT_EQ(ReadEchoReply(Exchange(), Summed(good)), 1);
  for (const Case& c : kCases) {
    std::vector<uint8_t> packet = good;
    c.change(&packet);
    EXPECT_EQ(ReadEchoReply(Exchange(), Summed(packet)), std::nullopt)
        << c.name;
  }
}

TEST(IcmpEchoTest, RefusesAWrongChecksumOfEither) {
  for (const size_t at : {size_t{10}, size_t{22}}) {
    std::vector<uint8_t> packet = Bytes(kPingReply);
    packet[at] ^= 1;
    EXPECT_EQ(ReadEchoReply(Exchange(), packet), std::nullopt) << at;
  }
}

TEST(IcmpEchoTest, RefusesAReplyCutAnywhere) {
  const std::vector<uint8_t> whole = Bytes(kPingReply);
  for (size_t cut = 0; cut < whole.size(); ++cut) {
    // A copy of its own, so that a sanitizer sees a read beyond it.
    const std::vector<uint8_t> bytes(
        whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut));
    EXPECT_EQ(ReadEchoReply(Exchange(), bytes), std::nullopt) << cut;
  }
}

// An IPv4 header that says that it is whole, with half an ICMP header.
TEST(IcmpEchoTest, RefusesAShortIcmpMessage) {
  for (size_t bytes = 20; bytes < kMinEchoPacketBytes; ++bytes) {
    std::vector<uint8_t> packet = Bytes(kPingReply);
    packet.resize(bytes);
    packet[3] = static_cast<uint8_t>(bytes);
    SetChecksum(&packet, 10, 0, 20);
    EXPECT_EQ(ReadEchoReply(Exchange(), packet), std::nullopt) << bytes;
  }
}

// RFC 791 3.1: a host may answer with options; they are not ours to judge.
TEST(IcmpEchoTest, ReadsAReplyBehindOptions) {
  std::vector<uint8_t> packet = Bytes(kPingReply);
  packet.insert(packet.begin() + 20, {1, 1, 1, 0});  // NOP, end of list
  packet[0] = 0x46;
  packet[3] += 4;
  SetChecksum(&packet, 10, 0, 24);
  EXPECT_EQ(ReadEchoReply(Exchange(), packet), 1);
}

}  // namespace
}  // namespace ovoc::netif
