// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/echo_responder.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "netif/checksum.h"

namespace ovoc::conformance {
namespace {

constexpr size_t kIpv4HeaderBytes = 20;  // RFC 791 3.1, without options
constexpr size_t kIcmpEchoBytes = 8;     // RFC 792: type to sequence number
constexpr uint8_t kVersionAndLength = 0x45;
constexpr uint8_t kIcmp = 1;
constexpr uint8_t kEchoRequest = 8;
constexpr uint8_t kEchoReply = 0;
constexpr uint8_t kTtl = 64;

// Places in the packet, RFC 791 3.1 and RFC 792.
constexpr size_t kTotalLength = 2;
constexpr size_t kIdentification = 4;
constexpr size_t kFragment = 6;
constexpr size_t kTimeToLive = 8;
constexpr size_t kProtocol = 9;
constexpr size_t kHeaderChecksum = 10;
constexpr size_t kSource = 12;
constexpr size_t kDestination = 16;
constexpr size_t kIcmpType = kIpv4HeaderBytes;
constexpr size_t kIcmpCode = kIpv4HeaderBytes + 1;
constexpr size_t kIcmpChecksum = kIpv4HeaderBytes + 2;

uint16_t Get16(absl::Span<const uint8_t> bytes, size_t at) {
  return static_cast<uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

void Put16(std::vector<uint8_t>& bytes, size_t at, uint16_t value) {
  bytes[at] = static_cast<uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<uint8_t>(value & 0xff);
}

bool IsEchoRequest(absl::Span<const uint8_t> packet, netif::Ipv4Address self) {
  if (packet.size() < kIpv4HeaderBytes + kIcmpEchoBytes ||
      packet[0] != kVersionAndLength ||
      Get16(packet, kTotalLength) != packet.size()) {
    return false;
  }
  const bool fragment = (Get16(packet, kFragment) & 0x3fff) != 0;  // MF, offset
  const std::array<uint8_t, netif::kIpv4AddressBytes> own = self.bytes();
  return !fragment && packet[kProtocol] == kIcmp &&
         packet[kIcmpType] == kEchoRequest && packet[kIcmpCode] == 0 &&
         std::equal(own.begin(), own.end(), packet.begin() + kDestination) &&
         netif::InternetChecksum(packet.first(kIpv4HeaderBytes)) == 0 &&
         netif::InternetChecksum(packet.subspan(kIpv4HeaderBytes)) == 0;
}

}  // namespace

std::vector<uint8_t> EchoReply(absl::Span<const uint8_t> packet,
                               netif::Ipv4Address self) {
  if (!IsEchoRequest(packet, self)) {
    return {};
  }
  std::vector<uint8_t> reply(packet.begin(), packet.end());
  std::swap_ranges(reply.begin() + kSource, reply.begin() + kDestination,
                   reply.begin() + kDestination);
  // Not a fragment and never to be one: the identification may be anything
  // (RFC 6864 4.1).
  Put16(reply, kIdentification, 0);
  Put16(reply, kFragment, 0x4000);
  reply[kTimeToLive] = kTtl;
  reply[kIcmpType] = kEchoReply;
  Put16(reply, kHeaderChecksum, 0);
  Put16(reply, kIcmpChecksum, 0);
  const absl::Span<const uint8_t> whole = reply;
  Put16(reply, kHeaderChecksum,
        netif::InternetChecksum(whole.first(kIpv4HeaderBytes)));
  Put16(reply, kIcmpChecksum,
        netif::InternetChecksum(whole.subspan(kIpv4HeaderBytes)));
  return reply;
}

}  // namespace ovoc::conformance
