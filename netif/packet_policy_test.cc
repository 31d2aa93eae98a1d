// SPDX-License-Identifier: Apache-2.0

#include "netif/packet_policy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/checksum.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

constexpr absl::string_view kOurs = "169.254.0.2";
constexpr absl::string_view kOvoc = "169.254.0.1";
constexpr absl::string_view kOther = "169.254.0.3";

Ipv4Address V4(absl::string_view text) {
  return Ipv4Address::Parse(text).value_or(Ipv4Address());
}

PacketPolicy::Options DefaultOptions() {
  PacketPolicy::Options options;
  options.overlay_address = V4(kOurs);
  options.overlay = Ipv4Prefix::Parse("169.254.0.2/18").value_or(Ipv4Prefix());
  return options;
}

PacketPolicy MakePolicy(const PacketPolicy::Options& options) {
  absl::StatusOr<PacketPolicy> policy = PacketPolicy::Create(options);
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *std::move(policy);
}

PacketPolicy MakePolicy(PeerToPeer peer_to_peer) {
  PacketPolicy::Options options = DefaultOptions();
  options.peer_to_peer = peer_to_peer;
  return MakePolicy(options);
}

void StoreChecksum(std::vector<uint8_t>* packet) {
  (*packet)[10] = 0;
  (*packet)[11] = 0;
  const uint16_t sum = InternetChecksum(absl::MakeConstSpan(*packet).first(20));
  (*packet)[10] = static_cast<uint8_t>(sum >> 8);
  (*packet)[11] = static_cast<uint8_t>(sum);
}

// A packet of size_bytes >= 20 with a correct header.
std::vector<uint8_t> Packet(absl::string_view source,
                            absl::string_view destination,
                            size_t size_bytes = 28) {
  std::vector<uint8_t> packet = {
      0x45, 0x00,              // version 4, IHL 5; traffic class
      0x00, 0x00,              // total length, below
      0x12, 0x34, 0x40, 0x00,  // identification; don't fragment
      0x40, 0x11,              // TTL 64, UDP
      0x00, 0x00,              // checksum, below
      0x00, 0x00, 0x00, 0x00,  // source, below
      0x00, 0x00, 0x00, 0x00,  // destination, below
  };
  packet.resize(size_bytes, 0);
  packet[2] = static_cast<uint8_t>(size_bytes >> 8);
  packet[3] = static_cast<uint8_t>(size_bytes);
  for (size_t i = 0; i < 4; ++i) {
    packet[12 + i] = V4(source).bytes()[i];
    packet[16 + i] = V4(destination).bytes()[i];
  }
  StoreChecksum(&packet);
  return packet;
}

struct AddressCase {
  absl::string_view source;
  absl::string_view destination;
  DropReason off;  // expected with peer-to-peer off
  DropReason on;   // and with peer-to-peer on
};

TEST(PacketPolicyTest, InboundTakesOvocAndOthersOnlyWhenPeerToPeerIsOn) {
  constexpr DropReason kNone = DropReason::kNone;
  constexpr DropReason kSource = DropReason::kWrongSource;
  constexpr DropReason kDestination = DropReason::kWrongDestination;
  constexpr DropReason kGroup = DropReason::kMulticastOrBroadcast;
  const AddressCase kCases[] = {
      {kOvoc, kOurs, kNone, kNone},
      {kOther, kOurs, kSource, kNone},
      {"169.254.63.254", kOurs, kSource, kNone},    // last host of the /18
      {kOurs, kOurs, kSource, kSource},             // never from ourselves
      {"169.254.0.0", kOurs, kSource, kSource},     // network
      {"169.254.63.255", kOurs, kSource, kSource},  // broadcast
      {"169.254.64.1", kOurs, kSource, kSource},    // beside the /18
      {"10.0.0.1", kOurs, kSource, kSource},
      {"0.0.0.0", kOurs, kSource, kSource},
      {"127.0.0.1", kOurs, kSource, kSource},
      {"224.0.0.1", kOurs, kSource, kSource},
      {"255.255.255.255", kOurs, kSource, kSource},
      {kOvoc, kOther, kDestination, kDestination},
      {kOvoc, kOvoc, kDestination, kDestination},
      {kOvoc, "169.254.0.0", kDestination, kDestination},
      {kOvoc, "127.0.0.1", kDestination, kDestination},
      {kOvoc, "10.0.0.1", kDestination, kDestination},
      {kOvoc, "0.0.0.0", kDestination, kDestination},
      {kOvoc, "224.0.0.1", kGroup, kGroup},
      {kOvoc, "239.255.255.250", kGroup, kGroup},
      {kOvoc, "255.255.255.255", kGroup, kGroup},
      {kOvoc, "169.254.63.255", kGroup, kGroup},
      {kOther, kOther, kDestination, kDestination},  // destination first
  };
  PacketPolicy off = MakePolicy(PeerToPeer::kOff);
  PacketPolicy on = MakePolicy(PeerToPeer::kOn);
  for (const AddressCase& c : kCases) {
    SCOPED_TRACE(std::string(c.source) + " > " + std::string(c.destination));
    const std::vector<uint8_t> packet = Packet(c.source, c.destination);
    EXPECT_EQ(Name(off.CheckInbound(packet)), Name(c.off));
    EXPECT_EQ(Name(on.CheckInbound(packet)), Name(c.on));
  }
}

TEST(PacketPolicyTest, OutboundTakesOurAddressToWhomItReachesAlone) {
  constexpr DropReason kNone = DropReason::kNone;
  constexpr DropReason kSource = DropReason::kWrongSource;
  constexpr DropReason kDestination = DropReason::kWrongDestination;
  constexpr DropReason kGroup = DropReason::kMulticastOrBroadcast;
  const AddressCase kCases[] = {
      {kOurs, kOvoc, kNone, kNone},
      {kOurs, kOther, kDestination, kNone},
      {kOurs, "169.254.63.254", kDestination, kNone},
      {kOther, kOvoc, kSource, kSource},
      {kOvoc, kOther, kDestination, kSource},
      {"169.254.0.0", kOvoc, kSource, kSource},
      {"0.0.0.0", kOvoc, kSource, kSource},
      {"192.168.1.5", kOvoc, kSource, kSource},  // another interface's
      {"127.0.0.1", kOvoc, kSource, kSource},
      {kOurs, kOurs, kDestination, kDestination},
      {kOurs, "169.254.0.0", kDestination, kDestination},
      {kOurs, "169.254.64.1", kDestination, kDestination},
      {kOurs, "8.8.8.8", kDestination, kDestination},
      {kOurs, "127.0.0.1", kDestination, kDestination},
      {kOurs, "0.0.0.0", kDestination, kDestination},
      {kOurs, "240.0.0.1", kDestination, kDestination},
      {kOurs, "169.254.63.255", kGroup, kGroup},
      {kOurs, "255.255.255.255", kGroup, kGroup},
      {kOurs, "224.0.0.251", kGroup, kGroup},     // mDNS
      {"0.0.0.0", "224.0.0.22", kGroup, kGroup},  // IGMP without an address
  };
  PacketPolicy off = MakePolicy(PeerToPeer::kOff);
  PacketPolicy on = MakePolicy(PeerToPeer::kOn);
  for (const AddressCase& c : kCases) {
    SCOPED_TRACE(std::string(c.source) + " > " + std::string(c.destination));
    const std::vector<uint8_t> packet = Packet(c.source, c.destination);
    EXPECT_EQ(Name(off.CheckOutbound(packet)), Name(c.off));
    EXPECT_EQ(Name(on.CheckOutbound(packet)), Name(c.on));
  }
}

TEST(PacketPolicyTest, ReachesOvocOutsideTheAssignedSubnet) {
  PacketPolicy::Options options = DefaultOptions();
  options.overlay_address = V4("169.254.70.9");
  options.overlay = Ipv4Prefix::Parse("169.254.70.9/24").value_or(Ipv4Prefix());
  PacketPolicy policy = MakePolicy(options);
  EXPECT_EQ(policy.CheckInbound(Packet(kOvoc, "169.254.70.9")),
            DropReason::kNone);
  EXPECT_EQ(policy.CheckOutbound(Packet("169.254.70.9", kOvoc)),
            DropReason::kNone);
  EXPECT_EQ(policy.CheckOutbound(Packet("169.254.70.9", kOther)),
            DropReason::kWrongDestination);
}

TEST(PacketPolicyTest, WithPeersReachesNeitherCloudServicesNorNameServers) {
  PacketPolicy::Options options = DefaultOptions();
  options.overlay = Ipv4Prefix::Parse("169.254.0.2/16").value_or(Ipv4Prefix());
  options.peer_to_peer = PeerToPeer::kOn;
  options.left_out = {V4("169.254.20.10")};
  PacketPolicy policy = MakePolicy(options);
  for (absl::string_view other :
       {"169.254.169.254", "169.254.169.253", "169.254.20.10"}) {
    EXPECT_EQ(policy.CheckOutbound(Packet(kOurs, other)),
              DropReason::kWrongDestination)
        << other;
    EXPECT_EQ(policy.CheckInbound(Packet(other, kOurs)),
              DropReason::kWrongSource)
        << other;
  }
  EXPECT_EQ(policy.CheckOutbound(Packet(kOurs, "169.254.20.11")),
            DropReason::kNone);
}

struct HeaderCase {
  const char* name;
  size_t offset;      // of the byte to change
  uint8_t value;      // its new value
  bool fix_checksum;  // or leave it as it was
  DropReason expected;
};

TEST(PacketPolicyTest, RefusesABrokenHeaderInBothDirections) {
  constexpr DropReason kMalformed = DropReason::kMalformedHeader;
  const HeaderCase kCases[] = {
      {"untouched", 1, 0x00, false, DropReason::kNone},
      {"version 0", 0, 0x05, true, DropReason::kNotIpv4},
      {"version 5", 0, 0x55, true, DropReason::kNotIpv4},
      {"version 6", 0, 0x65, true, DropReason::kIpv6},
      {"version 15", 0, 0xF5, true, DropReason::kNotIpv4},
      {"IHL 0", 0, 0x40, true, kMalformed},
      {"IHL 4", 0, 0x44, true, kMalformed},
      {"IHL 8, longer than the packet", 0, 0x48, true, kMalformed},
      {"total length one short", 3, 27, true, kMalformed},
      {"total length one more", 3, 29, true, kMalformed},
      {"total length 284", 2, 1, true, kMalformed},
      {"total length below the header", 3, 19, true, kMalformed},
      {"checksum", 11, 0x00, false, DropReason::kBadChecksum},
      {"TTL changed without the checksum", 8, 0x3F, false,
       DropReason::kBadChecksum},
      {"source changed without the checksum", 15, 0x09, false,
       DropReason::kBadChecksum},
      {"reserved flag bit", 6, 0xC0, true, DropReason::kNone},
      {"TTL 0", 8, 0x00, true, DropReason::kNone},
      {"unknown protocol", 9, 0xFD, true, DropReason::kNone},
      {"payload", 25, 0xFF, false, DropReason::kNone},
  };
  PacketPolicy policy = MakePolicy(PeerToPeer::kOff);
  for (const HeaderCase& c : kCases) {
    SCOPED_TRACE(c.name);
    std::vector<uint8_t> in = Packet(kOvoc, kOurs);
    std::vector<uint8_t> out = Packet(kOurs, kOvoc);
    in[c.offset] = c.value;
    out[c.offset] = c.value;
    if (c.fix_checksum) {
      StoreChecksum(&in);
      StoreChecksum(&out);
    }
    EXPECT_EQ(Name(policy.CheckInbound(in)), Name(c.expected));
    EXPECT_EQ(Name(policy.CheckOutbound(out)), Name(c.expected));
  }
}

TEST(PacketPolicyTest, RefusesAPacketCutAtEveryPointAndPadded) {
  PacketPolicy policy = MakePolicy(PeerToPeer::kOff);
  const std::vector<uint8_t> whole = Packet(kOvoc, kOurs);
  for (size_t cut = 0; cut < whole.size(); ++cut) {
    const std::vector<uint8_t> bytes(
        whole.begin(), whole.begin() + static_cast<ptrdiff_t>(cut));
    EXPECT_EQ(policy.CheckInbound(bytes),
              cut == 0 ? DropReason::kNotIpv4 : DropReason::kMalformedHeader)
        << cut;
  }
  std::vector<uint8_t> padded = whole;
  padded.push_back(0);
  EXPECT_EQ(policy.CheckInbound(padded), DropReason::kMalformedHeader);
}

TEST(PacketPolicyTest, NamesARouterSolicitationIpv6) {
  const std::vector<uint8_t> solicitation = {
      0x60, 0x00, 0x00, 0x00,  // version 6, traffic class, flow label
      0x00, 0x08, 0x3A, 0xFF,  // payload 8 bytes, ICMPv6, hop limit 255
      0xFE, 0x80, 0,    0,    0,    0,    0,    0,
      0,    0,    0,    0,    0,    0,    0,    0x01,  // fe80::1
      0xFF, 0x02, 0,    0,    0,    0,    0,    0,
      0,    0,    0,    0,    0,    0,    0,    0x02,  // ff02::2
      0x85, 0x00, 0x7B, 0xB9, 0x00, 0x00, 0x00, 0x00,
  };
  PacketPolicy policy = MakePolicy(PeerToPeer::kOn);
  EXPECT_EQ(policy.CheckOutbound(solicitation), DropReason::kIpv6);
  EXPECT_EQ(policy.CheckInbound(solicitation), DropReason::kIpv6);
}

TEST(PacketPolicyTest, LimitsOutboundPacketsToTheMtu) {
  PacketPolicy::Options options = DefaultOptions();
  options.mtu_bytes = 1400;
  PacketPolicy policy = MakePolicy(options);
  EXPECT_EQ(policy.CheckOutbound(Packet(kOurs, kOvoc, 1400)),
            DropReason::kNone);
  EXPECT_EQ(policy.CheckOutbound(Packet(kOurs, kOvoc, 1401)),
            DropReason::kTooLong);
}

TEST(PacketPolicyTest, LimitsInboundPacketsToTheLargerOfOurMtuAndOvocs) {
  PacketPolicy::Options options = DefaultOptions();
  options.mtu_bytes = 1400;
  PacketPolicy small = MakePolicy(options);
  EXPECT_EQ(small.CheckInbound(Packet(kOvoc, kOurs, 1500)), DropReason::kNone);
  EXPECT_EQ(small.CheckInbound(Packet(kOvoc, kOurs, 1501)),
            DropReason::kTooLong);
  options.mtu_bytes = 9000;
  PacketPolicy large = MakePolicy(options);
  EXPECT_EQ(large.CheckInbound(Packet(kOvoc, kOurs, 9000)), DropReason::kNone);
  EXPECT_EQ(large.CheckInbound(Packet(kOvoc, kOurs, 9001)),
            DropReason::kTooLong);
}

std::vector<uint8_t> Hex(absl::string_view hex) {
  const std::string bytes = absl::HexStringToBytes(hex);
  return {bytes.begin(), bytes.end()};
}

// From OVOC to us, with the given payload.
std::vector<uint8_t> Icmp(const std::vector<uint8_t>& payload) {
  std::vector<uint8_t> packet = Packet(kOvoc, kOurs, 20 + payload.size());
  packet[6] = 0;  // may be cut
  packet[9] = 1;  // ICMP
  std::copy(payload.begin(), payload.end(), packet.begin() + 20);
  StoreChecksum(&packet);
  return packet;
}

std::vector<uint8_t> IcmpError(uint8_t type, absl::string_view source,
                               absl::string_view destination) {
  std::vector<uint8_t> message = {type, 0, 0, 0, 0, 0, 0, 0};
  const std::vector<uint8_t> quote = Packet(source, destination);
  message.insert(message.end(), quote.begin(), quote.end());
  return message;
}

// The same packet as a piece of a longer one.
std::vector<uint8_t> Fragment(std::vector<uint8_t> packet, uint16_t flags) {
  packet[6] = static_cast<uint8_t>(flags >> 8);
  packet[7] = static_cast<uint8_t>(flags);
  StoreChecksum(&packet);
  return packet;
}

// A loose source route through us (RFC 791 3.1), and "fragmentation needed, MTU
// 600" about a UDP flow of 192.0.2.20 that is not the tunnel's.
TEST(PacketPolicyTest, ASourceRouteAndAnErrorAboutAnotherFlowDoNotComeIn) {
  PacketPolicy policy = MakePolicy(PeerToPeer::kOn);
  EXPECT_EQ(policy.CheckInbound(
                Hex("470000280001000040119bfba9fe0001a9fe0002830704c0000201000"
                    "0011e61000c00004c535252")),
            DropReason::kIpOptions);
  EXPECT_EQ(
      policy.CheckInbound(Hex("4500003800010000400126c5a9fe0001a9fe000203044a97"
                              "000002584500001c000100004011f6bac0000214c0000201"
                              "9c4013c400080000")),
      DropReason::kForeignIcmpError);
  EXPECT_EQ(policy.counters().inbound.packets(DropReason::kIpOptions), 1u);
  EXPECT_EQ(policy.counters().inbound.packets(DropReason::kForeignIcmpError),
            1u);
}

TEST(PacketPolicyTest, NoIpOptionComesIn) {
  PacketPolicy policy = MakePolicy(PeerToPeer::kOff);
  constexpr uint8_t kOptions[] = {0, 1, 7, 68, 130, 131, 137, 148, 255};
  for (uint8_t words = 6; words <= 15; ++words) {
    for (const uint8_t option : kOptions) {
      std::vector<uint8_t> packet = Packet(kOvoc, kOurs, size_t{4} * words + 8);
      packet[0] = static_cast<uint8_t>(0x40 | words);
      packet[20] = option;
      packet[10] = packet[11] = 0;
      const uint16_t sum = InternetChecksum(
          absl::MakeConstSpan(packet).first(size_t{4} * words));
      packet[10] = static_cast<uint8_t>(sum >> 8);
      packet[11] = static_cast<uint8_t>(sum);
      EXPECT_EQ(policy.CheckInbound(packet), DropReason::kIpOptions)
          << int{words} << " " << int{option};
    }
  }
}

TEST(PacketPolicyTest, OfIcmpOnlyWhatIsAboutTheTunnelComesIn) {
  struct Case {
    const char* name;
    std::vector<uint8_t> packet;
    DropReason off;
    DropReason on;
  };
  constexpr DropReason kNone = DropReason::kNone;
  constexpr DropReason kForeign = DropReason::kForeignIcmpError;
  const Case kCases[] = {
      {"echo request", Icmp({8, 0, 0, 0, 0, 1, 0, 1}), kNone, kNone},
      {"echo reply", Icmp({0, 0, 0, 0, 0, 1, 0, 1}), kNone, kNone},
      {"empty", Icmp({}), kNone, kNone},
      {"redirect", Icmp(IcmpError(5, kOurs, kOvoc)), DropReason::kIcmpRedirect,
       DropReason::kIcmpRedirect},
      {"redirect of one byte", Icmp({5}), DropReason::kIcmpRedirect,
       DropReason::kIcmpRedirect},
      {"first fragment of a redirect",
       Fragment(Icmp(IcmpError(5, kOurs, kOvoc)), 0x2000),
       DropReason::kIcmpRedirect, DropReason::kIcmpRedirect},
      {"router advertisement", Icmp({9, 0, 0, 0, 0, 0, 0, 0}),
       DropReason::kRouterAdvertisement, DropReason::kRouterAdvertisement},
      {"router solicitation", Icmp({10, 0, 0, 0, 0, 0, 0, 0}), kNone, kNone},
      {"about a packet to OVOC", Icmp(IcmpError(3, kOurs, kOvoc)), kNone,
       kNone},
      {"about a packet to another device", Icmp(IcmpError(3, kOurs, kOther)),
       kForeign, kNone},
      {"about a packet elsewhere", Icmp(IcmpError(3, kOurs, "192.0.2.1")),
       kForeign, kForeign},
      {"about OVOC's own", Icmp(IcmpError(3, kOvoc, kOurs)), kForeign,
       kForeign},
      {"about a flow of another interface",
       Icmp(IcmpError(3, "192.0.2.20", "192.0.2.1")), kForeign, kForeign},
      {"about such a flow to OVOC", Icmp(IcmpError(3, "192.0.2.20", kOvoc)),
       kForeign, kForeign},
      {"without a quote", Icmp({3, 4, 0, 0, 0, 0, 0, 0}), kForeign, kForeign},
      {"of one byte", Icmp({11}), kForeign, kForeign},
      {"first fragment of an error",
       Fragment(Icmp(IcmpError(3, kOurs, kOvoc)), 0x2000), kForeign, kForeign},
      {"first fragment without the quote",
       Fragment(Icmp({3, 4, 0, 0, 0, 0, 0, 0}), 0x2000), kForeign, kForeign},
      {"first fragment of an echo",
       Fragment(Icmp({8, 0, 0, 0, 0, 1, 0, 1}), 0x2000), kNone, kNone},
      // Its first byte is no type.
      {"later fragment", Fragment(Icmp({3, 4, 0, 0, 0, 0, 0, 0}), 0x0001),
       kNone, kNone},
  };
  PacketPolicy off = MakePolicy(PeerToPeer::kOff);
  PacketPolicy on = MakePolicy(PeerToPeer::kOn);
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Name(off.CheckInbound(c.packet)), Name(c.off));
    EXPECT_EQ(Name(on.CheckInbound(c.packet)), Name(c.on));
  }
}

TEST(PacketPolicyTest, EveryKindOfIcmpErrorIsHeldAgainstItsQuote) {
  PacketPolicy policy = MakePolicy(PeerToPeer::kOff);
  constexpr uint8_t kErrors[] = {3, 4, 11, 12, 31, 40};
  for (const uint8_t type : kErrors) {
    EXPECT_EQ(policy.CheckInbound(Icmp(IcmpError(type, kOurs, kOvoc))),
              DropReason::kNone);
    EXPECT_EQ(
        policy.CheckInbound(Icmp(IcmpError(type, "192.0.2.20", "192.0.2.1"))),
        DropReason::kForeignIcmpError);
    // Cut at every point.
    const std::vector<uint8_t> whole = IcmpError(type, kOurs, kOvoc);
    for (size_t cut = 1; cut < whole.size(); ++cut) {
      EXPECT_EQ(policy.CheckInbound(Icmp(
                    {whole.begin(), whole.begin() + static_cast<int>(cut)})),
                DropReason::kForeignIcmpError)
          << cut;
    }
  }
}

TEST(PacketPolicyTest, WhatADeviceSendsMayHaveOptionsAndAnyIcmp) {
  PacketPolicy policy = MakePolicy(PeerToPeer::kOff);
  std::vector<uint8_t> redirect = Packet(kOurs, kOvoc, 36);
  redirect[9] = 1;
  redirect[20] = 5;
  StoreChecksum(&redirect);
  EXPECT_EQ(policy.CheckOutbound(redirect), DropReason::kNone);
}

TEST(PacketPolicyTest, NamesALongPacketByItsVersionFirst) {
  PacketPolicy policy = MakePolicy(PeerToPeer::kOff);
  std::vector<uint8_t> bytes = Packet(kOurs, kOvoc, 2000);
  bytes[0] = 0x60;
  EXPECT_EQ(policy.CheckOutbound(bytes), DropReason::kIpv6);
  bytes[0] = 0x00;
  EXPECT_EQ(policy.CheckOutbound(bytes), DropReason::kNotIpv4);
}

TEST(PacketPolicyTest, CountsPacketsAndBytesPerReasonAndDirection) {
  PacketPolicy policy = MakePolicy(PeerToPeer::kOff);
  policy.CheckInbound(Packet(kOvoc, kOurs, 100));
  policy.CheckInbound(Packet(kOvoc, kOurs, 200));
  policy.CheckInbound(Packet(kOther, kOurs, 40));
  policy.CheckInbound({});
  policy.CheckOutbound(Packet(kOurs, kOvoc, 60));
  policy.CheckOutbound(Packet(kOurs, "224.0.0.251", 70));
  policy.CheckOutbound(Packet(kOurs, "224.0.0.252", 80));

  const TrafficCounters& in = policy.counters().inbound;
  EXPECT_EQ(in.accepted_packets(), 2u);
  EXPECT_EQ(in.accepted_bytes(), 300u);
  EXPECT_EQ(in.dropped_packets(), 2u);
  EXPECT_EQ(in.packets(DropReason::kWrongSource), 1u);
  EXPECT_EQ(in.bytes(DropReason::kWrongSource), 40u);
  EXPECT_EQ(in.packets(DropReason::kNotIpv4), 1u);
  EXPECT_EQ(in.bytes(DropReason::kNotIpv4), 0u);
  EXPECT_EQ(in.packets(DropReason::kMulticastOrBroadcast), 0u);

  const TrafficCounters& out = policy.counters().outbound;
  EXPECT_EQ(out.accepted_packets(), 1u);
  EXPECT_EQ(out.accepted_bytes(), 60u);
  EXPECT_EQ(out.dropped_packets(), 2u);
  EXPECT_EQ(out.packets(DropReason::kMulticastOrBroadcast), 2u);
  EXPECT_EQ(out.bytes(DropReason::kMulticastOrBroadcast), 150u);
}

TEST(PacketPolicyTest, ANewAddressCanGoOnCountingFromTheOldOnes) {
  PacketPolicy old_policy = MakePolicy(PeerToPeer::kOff);
  old_policy.CheckInbound(Packet(kOvoc, kOurs, 100));
  PacketPolicy::Options options = DefaultOptions();
  options.overlay_address = V4(kOther);
  options.counters = old_policy.counters();
  PacketPolicy policy = MakePolicy(options);
  policy.CheckInbound(Packet(kOvoc, kOther, 50));
  policy.CheckInbound(Packet(kOvoc, kOurs, 50));  // the old one is not ours now
  EXPECT_EQ(policy.counters().inbound.accepted_packets(), 2u);
  EXPECT_EQ(policy.counters().inbound.accepted_bytes(), 150u);
  EXPECT_EQ(policy.counters().inbound.packets(DropReason::kWrongDestination),
            1u);
}

TEST(PacketPolicyTest, CreateRefusesAddressesThatCannotBeOurs) {
  struct Case {
    absl::string_view ours, ovoc, overlay;
    absl::string_view words;  // in the message
  };
  const Case kCases[] = {
      {"0.0.0.0", kOvoc, "169.254.0.0/16", "0.0.0.0 is not a host"},
      {"169.254.0.0", kOvoc, "169.254.0.0/16", "is not a host"},
      {"169.254.255.255", kOvoc, "169.254.0.0/16", "is not a host"},
      {"10.0.0.1", kOvoc, "169.254.0.0/16", "overlay 169.254.0.0/16"},
      {"224.0.0.5", kOvoc, "224.0.0.0/8", "is not a host"},
      {"127.0.0.1", kOvoc, "127.0.0.0/8", "is not a host"},
      {kOvoc, kOvoc, "169.254.0.0/16", "OVOC's own address"},
      {kOurs, "0.0.0.0", "169.254.0.0/16", "OVOC's address 0.0.0.0"},
      {kOurs, "255.255.255.255", "169.254.0.0/16", "not a unicast"},
      {kOurs, kOvoc, "0.0.0.0/0", "not set"},
  };
  for (const Case& c : kCases) {
    PacketPolicy::Options options;
    options.overlay_address = V4(c.ours);
    options.ovoc_address = V4(c.ovoc);
    options.overlay = Ipv4Prefix::Parse(c.overlay).value_or(Ipv4Prefix());
    const absl::Status status = PacketPolicy::Create(options).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.words;
    EXPECT_TRUE(absl::StrContains(status.message(), c.words)) << status;
  }
}

TEST(PacketPolicyTest, CreateRefusesAnMtuOutsideIpv4sRange) {
  PacketPolicy::Options options = DefaultOptions();
  for (const size_t mtu : {size_t{0}, size_t{67}, size_t{65536}}) {
    options.mtu_bytes = mtu;
    EXPECT_EQ(PacketPolicy::Create(options).status().code(),
              absl::StatusCode::kInvalidArgument)
        << mtu;
  }
  for (const size_t mtu : {size_t{68}, size_t{1500}, size_t{65535}}) {
    options.mtu_bytes = mtu;
    EXPECT_TRUE(PacketPolicy::Create(options).ok()) << mtu;
  }
}

TEST(DropReasonTest, EveryReasonHasItsOwnName) {
  for (size_t a = 0; a < kDropReasonCount; ++a) {
    EXPECT_NE(Name(static_cast<DropReason>(a)), "unknown") << a;
    for (size_t b = 0; b < a; ++b) {
      EXPECT_NE(Name(static_cast<DropReason>(a)),
                Name(static_cast<DropReason>(b)));
    }
  }
  EXPECT_EQ(Name(DropReason::kWrongSource), "wrong_source");
}

TEST(PacketPolicyTest, CountsWhatWasDroppedUnseen) {
  PacketPolicy::Options options;
  options.overlay_address = Ipv4Address::FromHostOrder(0xA9FE0002);
  options.overlay = *Ipv4Prefix::Create(options.overlay_address, 18);
  PacketPolicy policy = *PacketPolicy::Create(options);
  policy.DropOutbound(DropReason::kTooLong, 9000);
  EXPECT_EQ(policy.counters().outbound.packets(DropReason::kTooLong), 1u);
  EXPECT_EQ(policy.counters().outbound.bytes(DropReason::kTooLong), 9000u);
  EXPECT_EQ(policy.counters().inbound.dropped_packets(), 0u);
}

}  // namespace
}  // namespace ovoc::netif
