// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/packet_summary.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "netif/checksum.h"

namespace ovoc::conformance {
namespace {

// An IPv4 packet of 169.254.0.2 to 169.254.0.1 with a right header checksum.
std::vector<uint8_t> Packet(uint8_t protocol, absl::string_view payload_hex,
                            uint16_t flags_and_offset = 0) {
  const std::string payload = absl::HexStringToBytes(payload_hex);
  const size_t size = 20 + payload.size();
  std::vector<uint8_t> packet = {
      0x45,
      0,                                // version, IHL; DSCP
      static_cast<uint8_t>(size >> 8),  // total length
      static_cast<uint8_t>(size),
      0,
      7,                                            // identification
      static_cast<uint8_t>(flags_and_offset >> 8),  // flags, offset
      static_cast<uint8_t>(flags_and_offset),
      64,  // time to live
      protocol,
      0,
      0,  // checksum
      169,
      254,
      0,
      2,
      169,
      254,
      0,
      1};  // addresses
  const uint16_t sum = netif::InternetChecksum(packet);
  packet[10] = static_cast<uint8_t>(sum >> 8);
  packet[11] = static_cast<uint8_t>(sum);
  packet.insert(packet.end(), payload.begin(), payload.end());
  return packet;
}

TEST(PacketSummaryTest, NamesAddressesProtocolAndPorts) {
  struct Case {
    std::vector<uint8_t> packet;
    const char* want;
  };
  const Case cases[] = {
      {Packet(1, "0800abcd"), "ICMP echo request"},
      {Packet(1, "0000"), "ICMP echo reply"},
      {Packet(1, "0303"), "ICMP destination unreachable, code 3"},
      {Packet(1, "0d00"), "ICMP type 13, code 0"},
      {Packet(1, "08"), "ICMP cut short"},
      {Packet(17, "048900a1"), "UDP 1161 > 161"},
      {Packet(17, "0489"), "UDP cut short"},
      {Packet(6, "9c400050000000000000000050020000"), "TCP 40000 > 80 SYN"},
      {Packet(6, "00509c40000000000000000050150000"),
       "TCP 80 > 40000 FIN RST ACK"},
      {Packet(6, "00509c40"), "TCP 80 > 40000"},
      {Packet(47, ""), "protocol 47"},
      {Packet(17, "0489", 0x2000 + 185), "fragment at 1480 of UDP"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(PacketSummary(c.packet),
              absl::StrCat("169.254.0.2 > 169.254.0.1 ", c.want));
  }
}

TEST(PacketSummaryTest, EveryOtherProtocolIsItsNumber) {
  for (int protocol = 0; protocol <= 255; ++protocol) {
    if (protocol == 1 || protocol == 6 || protocol == 17) {
      continue;
    }
    EXPECT_EQ(PacketSummary(Packet(static_cast<uint8_t>(protocol), "abcdef")),
              absl::StrCat("169.254.0.2 > 169.254.0.1 protocol ", protocol));
  }
}

// RFC 9293 3.1: the flags are the fourteenth octet. PSH, URG, ECE and CWR are
// of no interest here.
TEST(PacketSummaryTest, EachFlagOfTcpIsNamedAlone) {
  const struct {
    int bit;
    const char* want;
  } kCases[] = {{0x01, " FIN"}, {0x02, " SYN"}, {0x04, " RST"}, {0x08, ""},
                {0x10, " ACK"}, {0x20, ""},     {0x40, ""},     {0x80, ""}};
  for (const auto& c : kCases) {
    EXPECT_EQ(PacketSummary(
                  Packet(6, absl::StrCat("00010002000000000000000050",
                                         absl::Hex(c.bit, absl::kZeroPad2)))),
              absl::StrCat("169.254.0.2 > 169.254.0.1 TCP 1 > 2", c.want))
        << c.bit;
  }
}

TEST(PacketSummaryTest, AHeaderThatIsCutShortIsNamed) {
  const std::string header = "0001000200000000000000005002";
  const std::pair<uint8_t, const char*> kProtocols[] = {{6, "TCP"},
                                                        {17, "UDP"}};
  for (const auto& [protocol, name] : kProtocols) {
    for (size_t bytes = 0; bytes < 4; ++bytes) {
      EXPECT_EQ(PacketSummary(Packet(protocol, header.substr(0, 2 * bytes))),
                absl::StrCat("169.254.0.2 > 169.254.0.1 ", name, " cut short"));
    }
  }
  // The ports are there, but not the flags.
  for (size_t bytes = 4; bytes < 14; ++bytes) {
    EXPECT_EQ(PacketSummary(Packet(6, header.substr(0, 2 * bytes))),
              "169.254.0.2 > 169.254.0.1 TCP 1 > 2");
  }
}

TEST(PacketSummaryTest, WhatAPacketCarriesIsNotShown) {
  const struct {
    uint8_t protocol;
    const char* header;
  } kCases[] = {{1, "0800"},
                {6, "0001000200000000000000005010"},
                {17, "00010002"},
                {47, ""}};
  for (const auto& c : kCases) {
    const std::string empty = PacketSummary(Packet(c.protocol, c.header));
    for (const char* payload : {"00", "ff", "736563726574", "0a0d1b5b306d"}) {
      EXPECT_EQ(
          PacketSummary(Packet(c.protocol, absl::StrCat(c.header, payload))),
          empty);
    }
  }
}

TEST(PacketSummaryTest, SaysWhatIsNoIpv4Packet) {
  std::vector<uint8_t> packet = Packet(1, "0800");
  packet.push_back(0);
  EXPECT_EQ(PacketSummary(packet).rfind("not an IPv4 packet: ", 0), 0u);
  EXPECT_EQ(PacketSummary({}).rfind("not an IPv4 packet: ", 0), 0u);
  packet[0] = 0x60;
  EXPECT_EQ(PacketSummary(packet), "IPv6");
}

}  // namespace
}  // namespace ovoc::conformance
