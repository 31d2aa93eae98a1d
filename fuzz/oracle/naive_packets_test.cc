// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_packets.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ios>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/packet_policy.h"

namespace ovoc::fuzz {
namespace {

using netif::DropReason;

constexpr NaiveTunnel kTunnel = {
    .ours = 0xA9FE0002, .ovoc = 0xA9FE0001, .prefix_length = 18};

std::vector<uint8_t> Packet(uint32_t source, uint32_t destination,
                            size_t size = 28) {
  std::vector<uint8_t> packet(size, 0);
  SetAddresses(source, destination, &packet);
  MendPacket(kMendVersion | kMendTotalLength | kMendChecksum, &packet);
  return packet;
}

TEST(NaivePacketsTest, SumsTheExampleOfTheRfc) {
  // RFC 1071 3: the sum is ddf2 with the carry.
  const std::vector<uint8_t> data = {0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(NaiveChecksum(data), 0xFFFF - 0xddf2);
  EXPECT_EQ(NaiveChecksum({}), 0xFFFF);
  EXPECT_EQ(NaiveChecksum({}, 0xFFFFFFFF), 0);
}

TEST(NaivePacketsTest, AMendedPacketIsWellFormedAndAnOldOneIsNot) {
  std::vector<uint8_t> packet = Packet(1, 2);
  EXPECT_TRUE(IsWellFormed(packet));
  for (size_t i : {0u, 3u, 10u, 19u}) {
    std::vector<uint8_t> changed = packet;
    changed[i] ^= 0x10;
    EXPECT_FALSE(IsWellFormed(changed)) << i;
  }
  packet.pop_back();
  EXPECT_FALSE(IsWellFormed(packet));
  EXPECT_FALSE(IsWellFormed({}));
}

TEST(NaivePacketsTest, APacketTooShortToMendIsLeftAlone) {
  std::vector<uint8_t> packet(19, 7);
  const std::vector<uint8_t> before = packet;
  MendPacket(0xFF, &packet);
  SetAddresses(1, 2, &packet);
  EXPECT_EQ(packet, before);
}

TEST(NaivePacketsTest, SaysWhatComesIn) {
  const auto in = [](uint32_t source, uint32_t destination) {
    return NaiveInbound(kTunnel, Packet(source, destination));
  };
  EXPECT_EQ(in(0xA9FE0001, 0xA9FE0002), DropReason::kNone);
  EXPECT_EQ(in(0xA9FE0003, 0xA9FE0002), DropReason::kWrongSource);
  EXPECT_EQ(in(0xA9FE0001, 0xA9FE0003), DropReason::kWrongDestination);
  EXPECT_EQ(in(0xA9FE0001, 0xA9FE3FFF), DropReason::kMulticastOrBroadcast);
  EXPECT_EQ(in(0xA9FE0001, 0xE0000001), DropReason::kMulticastOrBroadcast);
  NaiveTunnel peers = kTunnel;
  peers.peer_to_peer = true;
  EXPECT_EQ(NaiveInbound(peers, Packet(0xA9FE0003, 0xA9FE0002)),
            DropReason::kNone);
  EXPECT_EQ(NaiveInbound(peers, Packet(0xA9FF0003, 0xA9FE0002)),
            DropReason::kWrongSource);
}

TEST(NaivePacketsTest, SaysWhatOfIcmpAndOptionsComesIn) {
  const auto in = [](uint8_t first, uint8_t type, uint32_t quoted) {
    std::vector<uint8_t> packet = Packet(0xA9FE0001, 0xA9FE0002, 20 + 8 + 28);
    packet[0] = first;
    packet[9] = 1;
    packet[20] = type;
    packet[28] = 0x45;
    std::vector<uint8_t> quote(packet.begin() + 28, packet.end());
    SetAddresses(quoted, 0xA9FE0001, &quote);
    std::copy(quote.begin(), quote.end(), packet.begin() + 28);
    MendPacket(kMendChecksum, &packet);
    return NaiveInbound(kTunnel, packet);
  };
  EXPECT_EQ(in(0x45, 8, 0), DropReason::kNone);
  EXPECT_EQ(in(0x46, 8, 0), DropReason::kIpOptions);
  EXPECT_EQ(in(0x45, 5, 0xA9FE0002), DropReason::kIcmpRedirect);
  EXPECT_EQ(in(0x45, 9, 0xA9FE0002), DropReason::kRouterAdvertisement);
  constexpr uint8_t kErrors[] = {3, 4, 11, 12, 31, 40};
  for (const uint8_t type : kErrors) {
    EXPECT_EQ(in(0x45, type, 0xA9FE0002), DropReason::kNone);
    EXPECT_EQ(in(0x45, type, 0xC0000214), DropReason::kForeignIcmpError);
  }
}

TEST(NaivePacketsTest, SaysWhatGoesOut) {
  const auto out = [](uint32_t source, uint32_t destination, size_t size = 28) {
    return NaiveOutbound(kTunnel, Packet(source, destination, size));
  };
  EXPECT_EQ(out(0xA9FE0002, 0xA9FE0001), DropReason::kNone);
  EXPECT_EQ(out(0xA9FE0002, 0xA9FE0003), DropReason::kWrongDestination);
  EXPECT_EQ(out(0xA9FE0003, 0xA9FE0001), DropReason::kWrongSource);
  EXPECT_EQ(out(0xA9FE0002, 0x08080808), DropReason::kWrongDestination);
  EXPECT_EQ(out(0xA9FE0002, 0xFFFFFFFF), DropReason::kMulticastOrBroadcast);
  EXPECT_EQ(out(0xA9FE0002, 0xA9FE0001, 1501), DropReason::kTooLong);
  NaiveTunnel peers = kTunnel;
  peers.peer_to_peer = true;
  EXPECT_EQ(NaiveOutbound(peers, Packet(0xA9FE0002, 0xA9FE0003)),
            DropReason::kNone);
  peers.left_out = 0xA9FE0003;
  EXPECT_EQ(NaiveOutbound(peers, Packet(0xA9FE0002, 0xA9FE0003)),
            DropReason::kWrongDestination);
  peers.prefix_length = 16;
  EXPECT_EQ(NaiveOutbound(peers, Packet(0xA9FE0002, 0xA9FEA9FE)),
            DropReason::kWrongDestination);
  EXPECT_EQ(NaiveOutbound(kTunnel, {}), DropReason::kNotIpv4);
  EXPECT_EQ(NaiveOutbound(kTunnel, {0x60}), DropReason::kIpv6);
}

TEST(NaivePacketsTest, TellsFlowsApart) {
  std::vector<uint8_t> udp = Packet(1, 2);
  udp[9] = 17;
  udp[20] = 5;  // its source port
  const auto with = [&udp](size_t at, uint8_t value) {
    std::vector<uint8_t> packet = udp;
    packet[at] = value;
    return packet;
  };
  EXPECT_TRUE(NaiveSameFlow(udp, with(4, 9)));  // the identification
  EXPECT_TRUE(NaiveSameFlow(udp, with(24, 9))) << "behind the ports";
  for (const size_t at : {9u, 12u, 19u, 20u, 23u}) {
    EXPECT_FALSE(NaiveSameFlow(udp, with(at, 9))) << at;
  }
  EXPECT_TRUE(NaiveSameFlow(Packet(1, 2), Packet(1, 2, 20)));
  std::vector<uint8_t> fragment = with(6, 0x20);
  const std::vector<uint8_t> before = fragment;
  fragment[20] = 9;
  EXPECT_TRUE(NaiveSameFlow(fragment, before)) << "no port is told";
}

TEST(NaivePacketsTest, KnowsWhatMakesATunnel) {
  EXPECT_TRUE(IsTunnel(kTunnel));
  NaiveTunnel tunnel = kTunnel;
  tunnel.ours = tunnel.ovoc;
  EXPECT_FALSE(IsTunnel(tunnel));
  tunnel.ours = 0xA9FE0000;  // the network itself
  EXPECT_FALSE(IsTunnel(tunnel));
  tunnel.ours = 0x7F000001;
  EXPECT_FALSE(IsTunnel(tunnel));
  tunnel = kTunnel;
  tunnel.prefix_length = 0;
  EXPECT_FALSE(IsTunnel(tunnel));
  tunnel = kTunnel;
  tunnel.mtu_bytes = 67;
  EXPECT_FALSE(IsTunnel(tunnel));
}

TEST(NaivePacketsTest, ASlash31HasTwoHosts) {
  NaiveTunnel two = kTunnel;
  two.prefix_length = 31;
  EXPECT_TRUE(IsOverlayHost(two, 0xA9FE0003));
  EXPECT_FALSE(IsOverlayHost(two, 0xA9FE0002));  // ours
  two.prefix_length = 30;
  EXPECT_TRUE(IsOverlayHost(two, 0xA9FE0001));
  EXPECT_FALSE(IsOverlayHost(two, 0xA9FE0003));  // broadcast
}

// A header that is widely used as an example; its sum is b861.
TEST(NaivePacketsTest, SumsAHeaderAndFindsItRight) {
  std::vector<uint8_t> header = {0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40,
                                 0x00, 0x40, 0x11, 0x00, 0x00, 0xC0, 0xA8,
                                 0x00, 0x01, 0xC0, 0xA8, 0x00, 0xC7};
  EXPECT_EQ(NaiveChecksum(header), 0xB861);
  header[10] = 0xB8;
  header[11] = 0x61;
  EXPECT_EQ(NaiveChecksum(header), 0);
}

// RFC 1071 2: the order of the words does not matter, nor where it is begun.
TEST(NaivePacketsTest, SumsInAnyOrderAndInParts) {
  const std::vector<uint8_t> data = {0xFF, 0xFF, 0x00, 0x01, 0xAB, 0xCD, 0x12};
  const std::vector<uint8_t> other = {0xAB, 0xCD, 0x00, 0x01, 0xFF, 0xFF, 0x12};
  EXPECT_EQ(NaiveChecksum(data), NaiveChecksum(other));
  const auto view = absl::MakeConstSpan(data);
  const uint32_t front = 0xFFFFu - NaiveChecksum(view.first(4));
  EXPECT_EQ(NaiveChecksum(view.subspan(4), front), NaiveChecksum(data));
  EXPECT_EQ(NaiveChecksum(view.last(1)), 0xFFFF - 0x1200) << "the odd octet";
}

TEST(NaivePacketsTest, MendsOnlyWhatItIsToldTo) {
  const std::vector<uint8_t> zeros(300, 0);
  std::vector<uint8_t> packet = zeros;
  MendPacket(0, &packet);
  EXPECT_EQ(packet, zeros);
  MendPacket(kMendTotalLength, &packet);
  EXPECT_EQ(packet[2], 1);  // 300 is 0x012C
  EXPECT_EQ(packet[3], 0x2C);
  packet[2] = packet[3] = 0;
  EXPECT_EQ(packet, zeros);
  MendPacket(kMendVersion, &packet);
  EXPECT_EQ(packet[0], 0x45);
  MendPacket(kMendChecksum, &packet);
  EXPECT_EQ(packet[10], 0xBA);  // ~0x4500
  EXPECT_EQ(packet[11], 0xFF);
  SetAddresses(0x01020304, 0x05060708, &packet);
  EXPECT_EQ(std::vector<uint8_t>(packet.begin() + 12, packet.begin() + 20),
            (std::vector<uint8_t>{1, 2, 3, 4, 5, 6, 7, 8}));
}

struct FormCase {
  const char* name;
  std::vector<uint8_t> packet;
  DropReason reason;
};

// From OVOC to us, `size` bytes, with one byte changed and the sum right.
std::vector<uint8_t> Changed(size_t at, uint8_t value, size_t size = 28) {
  std::vector<uint8_t> packet = Packet(0xA9FE0001, 0xA9FE0002, size);
  packet[at] = value;
  MendPacket(kMendChecksum, &packet);
  return packet;
}

// RFC 791 3.1.
const FormCase kForms[] = {
    {"whole", Changed(1, 0), DropReason::kNone},
    {"a header alone", Changed(1, 0, 20), DropReason::kNone},
    {"nothing", {}, DropReason::kNotIpv4},
    {"one byte of IPv6", {0x60}, DropReason::kIpv6},
    {"one byte of IPv4", {0x45}, DropReason::kMalformedHeader},
    {"version 5", Changed(0, 0x55), DropReason::kNotIpv4},
    {"version 0", Changed(0, 0x05), DropReason::kNotIpv4},
    {"version 6", Changed(0, 0x65), DropReason::kIpv6},
    {"header of 16 bytes", Changed(0, 0x44), DropReason::kMalformedHeader},
    {"header of no byte", Changed(0, 0x40), DropReason::kMalformedHeader},
    {"header beyond the end", Changed(0, 0x48), DropReason::kMalformedHeader},
    {"header up to the end", Changed(0, 0x47), DropReason::kIpOptions},
    {"one byte less than it says", Changed(3, 29),
     DropReason::kMalformedHeader},
    {"one byte more than it says", Changed(3, 27),
     DropReason::kMalformedHeader},
    {"19 bytes", std::vector<uint8_t>(19, 0x45), DropReason::kMalformedHeader},
    {"1500 bytes", Changed(1, 0, 1500), DropReason::kNone},
    {"1501 bytes", Changed(1, 0, 1501), DropReason::kTooLong},
    {"1501 bytes that say another length", Changed(3, 0, 1501),
     DropReason::kTooLong},
    {"1501 bytes of IPv6", Changed(0, 0x60, 1501), DropReason::kIpv6},
};

TEST(NaivePacketsTest, JudgesTheFormFirst) {
  for (const FormCase& c : kForms) {
    EXPECT_EQ(NaiveInbound(kTunnel, c.packet), c.reason) << c.name;
    std::vector<uint8_t> wrong = c.packet;
    if (c.reason == DropReason::kNone) {
      wrong[11] ^= 1;
      EXPECT_EQ(NaiveInbound(kTunnel, wrong), DropReason::kBadChecksum)
          << c.name;
    }
  }
}

TEST(NaivePacketsTest, EachDirectionHasItsLength) {
  NaiveTunnel tunnel = kTunnel;
  const auto out = [&tunnel](size_t size) {
    return NaiveOutbound(tunnel, Packet(0xA9FE0002, 0xA9FE0001, size));
  };
  const auto in = [&tunnel](size_t size) {
    return NaiveInbound(tunnel, Packet(0xA9FE0001, 0xA9FE0002, size));
  };
  tunnel.mtu_bytes = 576;
  EXPECT_EQ(out(576), DropReason::kNone);
  EXPECT_EQ(out(577), DropReason::kTooLong);
  EXPECT_EQ(in(1500), DropReason::kNone) << "OVOC's own MTU is 1500";
  EXPECT_EQ(in(1501), DropReason::kTooLong);
  tunnel.mtu_bytes = 9000;
  EXPECT_EQ(out(9000), DropReason::kNone);
  EXPECT_EQ(in(9000), DropReason::kNone);
  EXPECT_EQ(in(9001), DropReason::kTooLong);
}

struct AddressCase {
  uint32_t address;
  DropReason reason;
};

// Destinations, with peer-to-peer; 169.254.0.0/18 ends at 169.254.63.255.
constexpr AddressCase kDestinations[] = {
    {0xA9FE0001, DropReason::kNone},
    {0xA9FE0003, DropReason::kNone},
    {0xA9FE3FFE, DropReason::kNone},
    {0xA9FE3FFF, DropReason::kMulticastOrBroadcast},
    {0xA9FE4000, DropReason::kWrongDestination},
    {0xA9FE0000, DropReason::kWrongDestination},
    {0xA9FE0002, DropReason::kWrongDestination},  // ourselves
    {0xA9FDFFFF, DropReason::kWrongDestination},
    {0xDFFFFFFF, DropReason::kWrongDestination},
    {0xE0000000, DropReason::kMulticastOrBroadcast},
    {0xEFFFFFFF, DropReason::kMulticastOrBroadcast},
    {0xF0000000, DropReason::kWrongDestination},
    {0xFFFFFFFE, DropReason::kWrongDestination},
    {0xFFFFFFFF, DropReason::kMulticastOrBroadcast},
    {0x00000000, DropReason::kWrongDestination},
    {0x7F000001, DropReason::kWrongDestination},
};

TEST(NaivePacketsTest, KnowsWhomWeMaySendTo) {
  NaiveTunnel peers = kTunnel;
  peers.peer_to_peer = true;
  for (const AddressCase& c : kDestinations) {
    EXPECT_EQ(NaiveOutbound(peers, Packet(0xA9FE0002, c.address)), c.reason)
        << std::hex << c.address;
    // Who may not be sent to may not send to us.
    EXPECT_EQ(NaiveInbound(peers, Packet(c.address, 0xA9FE0002)),
              c.reason == DropReason::kNone ? DropReason::kNone
                                            : DropReason::kWrongSource)
        << std::hex << c.address;
  }
}

// protocol.md 3: 169.254.169.0/24 has the services of clouds.
TEST(NaivePacketsTest, NoServiceOfACloudIsAHost) {
  NaiveTunnel wide = kTunnel;
  wide.prefix_length = 16;
  EXPECT_TRUE(IsOverlayHost(wide, 0xA9FEA8FF));
  EXPECT_FALSE(IsOverlayHost(wide, 0xA9FEA900));
  EXPECT_FALSE(IsOverlayHost(wide, 0xA9FEA9FE));
  EXPECT_FALSE(IsOverlayHost(wide, 0xA9FEA9FF));
  EXPECT_TRUE(IsOverlayHost(wide, 0xA9FEAA00));
  wide.left_out = 0xA9FEAA00;
  EXPECT_FALSE(IsOverlayHost(wide, 0xA9FEAA00));
}

struct TunnelCase {
  const char* name;
  NaiveTunnel tunnel;
  bool is_one;
};

constexpr TunnelCase kTunnels[] = {
    {"/32",
     {.ours = 0xA9FE0002, .ovoc = 0xA9FE0001, .prefix_length = 32},
     true},
    {"/31",
     {.ours = 0xA9FE0002, .ovoc = 0xA9FE0001, .prefix_length = 31},
     true},
    {"/30",
     {.ours = 0xA9FE0002, .ovoc = 0xA9FE0001, .prefix_length = 30},
     true},
    {"/1", {.ours = 0xA9FE0002, .ovoc = 0xA9FE0001, .prefix_length = 1}, true},
    {"OVOC elsewhere",
     {.ours = 0xA9FE0002, .ovoc = 0x0A000001, .prefix_length = 18},
     true},
    {"broadcast",
     {.ours = 0xA9FE0003, .ovoc = 0xA9FE0001, .prefix_length = 30},
     false},
    {"OVOC is a group",
     {.ours = 0xA9FE0002, .ovoc = 0xE0000001, .prefix_length = 18},
     false},
    {"OVOC is this network",
     {.ours = 0xA9FE0002, .ovoc = 0x00000001, .prefix_length = 18},
     false},
    {"OVOC is this host",
     {.ours = 0xA9FE0002, .ovoc = 0x7F000001, .prefix_length = 18},
     false},
    {"a reserved address",
     {.ours = 0xF0000002, .ovoc = 0xA9FE0001, .prefix_length = 18},
     false},
    {"smallest MTU",
     {.ours = 0xA9FE0002,
      .ovoc = 0xA9FE0001,
      .prefix_length = 18,
      .mtu_bytes = 68},
     true},
    {"largest MTU",
     {.ours = 0xA9FE0002,
      .ovoc = 0xA9FE0001,
      .prefix_length = 18,
      .mtu_bytes = 65535},
     true},
    {"too large an MTU",
     {.ours = 0xA9FE0002,
      .ovoc = 0xA9FE0001,
      .prefix_length = 18,
      .mtu_bytes = 65536},
     false},
};

TEST(NaivePacketsTest, KnowsTheEdgesOfATunnel) {
  for (const TunnelCase& c : kTunnels) {
    EXPECT_EQ(IsTunnel(c.tunnel), c.is_one) << c.name;
  }
}

// An ICMP packet of a type that quotes 20 + 8 bytes from `from` to `to`.
std::vector<uint8_t> Icmp(uint8_t type, uint32_t from, uint32_t to) {
  std::vector<uint8_t> quote(28, 0);
  quote[0] = 0x45;
  SetAddresses(from, to, &quote);
  std::vector<uint8_t> packet = Packet(0xA9FE0001, 0xA9FE0002, 20 + 8 + 28);
  packet[9] = 1;
  packet[20] = type;
  std::copy(quote.begin(), quote.end(), packet.begin() + 28);
  return packet;
}

DropReason In(std::vector<uint8_t> packet, bool peer_to_peer = false) {
  MendPacket(kMendTotalLength | kMendChecksum, &packet);
  NaiveTunnel tunnel = kTunnel;
  tunnel.peer_to_peer = peer_to_peer;
  return NaiveInbound(tunnel, packet);
}

TEST(NaiveIcmpTest, JudgesEachTypeAsItsRfcHasIt) {
  for (int type = 0; type < 256; ++type) {
    const auto icmp = [type](uint32_t from) {
      return In(Icmp(static_cast<uint8_t>(type), from, 0xA9FE0001));
    };
    const bool is_redirect = type == 5;       // RFC 792
    const bool is_advertisement = type == 9;  // RFC 1256
    // RFC 792: unreachable, quench, time, parameter; RFC 1475, RFC 2521.
    const bool is_error = type == 3 || type == 4 || type == 11 || type == 12 ||
                          type == 31 || type == 40;
    const DropReason any = is_redirect        ? DropReason::kIcmpRedirect
                           : is_advertisement ? DropReason::kRouterAdvertisement
                                              : DropReason::kNone;
    EXPECT_EQ(icmp(0xA9FE0002), any) << type;
    EXPECT_EQ(icmp(0xA9FE0003), is_error ? DropReason::kForeignIcmpError : any)
        << type;
  }
}

TEST(NaiveIcmpTest, AnErrorQuotesAPacketThatWeMayHaveSent) {
  EXPECT_EQ(In(Icmp(3, 0xA9FE0002, 0xA9FE0001)), DropReason::kNone);
  EXPECT_EQ(In(Icmp(3, 0xA9FE0001, 0xA9FE0002)), DropReason::kForeignIcmpError)
      << "sent by OVOC";
  EXPECT_EQ(In(Icmp(3, 0xA9FE0002, 0x08080808)), DropReason::kForeignIcmpError);
  EXPECT_EQ(In(Icmp(3, 0xA9FE0002, 0xA9FE0003)), DropReason::kForeignIcmpError);
  EXPECT_EQ(In(Icmp(3, 0xA9FE0002, 0xA9FE0003), true), DropReason::kNone);
}

TEST(NaiveIcmpTest, AnErrorIsWhole) {
  const std::vector<uint8_t> whole = Icmp(3, 0xA9FE0002, 0xA9FE0001);
  for (size_t size = 20; size < whole.size(); ++size) {
    const std::vector<uint8_t> part(
        whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(In(part), size == 20 ? DropReason::kNone  // no type is told
                                   : DropReason::kForeignIcmpError)
        << size;
  }
  std::vector<uint8_t> changed = whole;
  changed[6] = 0x20;  // more fragments follow
  EXPECT_EQ(In(changed), DropReason::kForeignIcmpError);
  changed[6] = 0x40;  // DF
  EXPECT_EQ(In(changed), DropReason::kNone);
  changed[20] = 5;
  changed[6] = 0x20;
  EXPECT_EQ(In(changed), DropReason::kIcmpRedirect);
  changed[7] = 1;  // not the first fragment: this is no type
  EXPECT_EQ(In(changed), DropReason::kNone);
  changed[7] = 0;
  changed[6] = 0x10;  // the upper bits of the offset
  EXPECT_EQ(In(changed), DropReason::kNone);
}

TEST(NaiveIcmpTest, TheQuotesHeaderHasItsOwnLength) {
  std::vector<uint8_t> packet = Icmp(3, 0xA9FE0002, 0xA9FE0001);
  packet[28] = 0x46;
  EXPECT_EQ(In(packet), DropReason::kForeignIcmpError) << "four bytes short";
  packet.resize(packet.size() + 4, 0);
  EXPECT_EQ(In(packet), DropReason::kNone);
  for (const uint8_t first : {uint8_t{0x44}, uint8_t{0x50}, uint8_t{0x65}}) {
    packet[28] = first;
    EXPECT_EQ(In(packet), DropReason::kForeignIcmpError) << int{first};
  }
}

TEST(NaivePacketsTest, PortsStandBehindTheOptions) {
  std::vector<uint8_t> tcp = Packet(1, 2, 44);
  tcp[0] = 0x46;
  tcp[9] = 6;
  std::vector<uint8_t> other = tcp;
  other[20] = 9;  // an option
  EXPECT_TRUE(NaiveSameFlow(tcp, other));
  other[27] = 9;  // a port
  EXPECT_FALSE(NaiveSameFlow(tcp, other));
  tcp[9] = other[9] = 1;
  EXPECT_TRUE(NaiveSameFlow(tcp, other)) << "ICMP has no ports";
}

}  // namespace
}  // namespace ovoc::fuzz
