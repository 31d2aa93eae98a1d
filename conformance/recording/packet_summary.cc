// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/packet_summary.h"

#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "netif/ipv4_packet.h"

namespace ovoc::conformance {
namespace {

// RFC 5237 and the registry it made.
constexpr uint8_t kIcmp = 1;
constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 17;
constexpr size_t kTcpFlagsOffset = 13;  // RFC 9293 3.1
constexpr size_t kPortsBytes = 4;       // RFC 768, RFC 9293 3.1

constexpr std::array<std::pair<uint8_t, absl::string_view>, 4> kTcpFlags = {
    {{0x02, "SYN"}, {0x01, "FIN"}, {0x04, "RST"}, {0x10, "ACK"}}};

// RFC 792.
constexpr std::array<std::pair<uint8_t, absl::string_view>, 4> kIcmpTypes = {
    {{0, "echo reply"},
     {3, "destination unreachable"},
     {8, "echo request"},
     {11, "time exceeded"}}};

std::string ProtocolName(uint8_t protocol) {
  switch (protocol) {
    case kIcmp:
      return "ICMP";
    case kTcp:
      return "TCP";
    case kUdp:
      return "UDP";
    default:
      return absl::StrCat("protocol ", protocol);
  }
}

std::string Icmp(absl::Span<const uint8_t> payload) {
  if (payload.size() < 2) {
    return "ICMP cut short";
  }
  for (const auto& [type, name] : kIcmpTypes) {
    if (payload[0] == type) {
      return payload[1] == 0
                 ? absl::StrCat("ICMP ", name)
                 : absl::StrCat("ICMP ", name, ", code ", payload[1]);
    }
  }
  return absl::StrCat("ICMP type ", payload[0], ", code ", payload[1]);
}

std::string Ports(absl::string_view name, absl::Span<const uint8_t> payload) {
  if (payload.size() < kPortsBytes) {
    return absl::StrCat(name, " cut short");
  }
  return absl::StrCat(name, " ", payload[0] << 8 | payload[1], " > ",
                      payload[2] << 8 | payload[3]);
}

std::string Tcp(absl::Span<const uint8_t> payload) {
  std::string text = Ports("TCP", payload);
  if (payload.size() > kTcpFlagsOffset) {
    for (const auto& [bit, name] : kTcpFlags) {
      if ((payload[kTcpFlagsOffset] & bit) != 0) {
        absl::StrAppend(&text, " ", name);
      }
    }
  }
  return text;
}

std::string Carried(const netif::Ipv4Packet& packet) {
  if (packet.fragment_offset() > 0) {
    return absl::StrCat("fragment at ", packet.fragment_offset(), " of ",
                        ProtocolName(packet.protocol()));
  }
  switch (packet.protocol()) {
    case kIcmp:
      return Icmp(packet.payload());
    case kTcp:
      return Tcp(packet.payload());
    case kUdp:
      return Ports("UDP", packet.payload());
    default:
      return ProtocolName(packet.protocol());
  }
}

}  // namespace

std::string PacketSummary(absl::Span<const uint8_t> bytes) {
  if (!bytes.empty() && bytes[0] >> 4 == 6) {
    return "IPv6";
  }
  netif::Ipv4Packet packet;
  const netif::Ipv4Error error = netif::Ipv4Packet::Parse(bytes, &packet);
  if (error != netif::Ipv4Error::kNone) {
    return absl::StrCat("not an IPv4 packet: ", netif::Describe(error));
  }
  return absl::StrCat(packet.source().ToString(), " > ",
                      packet.destination().ToString(), " ", Carried(packet));
}

}  // namespace ovoc::conformance
