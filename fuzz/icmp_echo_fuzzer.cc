// SPDX-License-Identifier: Apache-2.0
//
// A reply that is accepted is the request turned round. Input: a packet.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_packets.h"
#include "netif/icmp_echo.h"
#include "netif/packet_fields.h"

namespace fuzz = ovoc::fuzz;
namespace netif = ovoc::netif;
using Packet = std::vector<uint8_t>;

// Puts the checksum of what lies between two places at a third.
static void Sum(size_t at, size_t from, size_t to, Packet* packet) {
  (*packet)[at] = (*packet)[at + 1] = 0;
  const auto all = absl::MakeSpan(*packet);
  netif::Store16(fuzz::NaiveChecksum(all.subspan(from, to - from)), at, all);
}

static Packet ReplyTo(netif::EchoExchange back, uint16_t number, size_t size) {
  Packet packet(size);
  WriteEchoRequest(back, number, absl::MakeSpan(packet));
  packet[20] = 0;  // RFC 792: an echo reply
  Sum(22, 20, size, &packet);
  return packet;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto us = netif::Ipv4Address::FromHostOrder(0xA9FE0002);
  const auto ovoc = netif::Ipv4Address::FromHostOrder(0xA9FE0001);
  const netif::EchoExchange asked = {us, ovoc, 4660};
  const netif::EchoExchange back = {ovoc, us, 4660};
  Packet packet(data, data + size);
  const size_t header = size == 0 ? 0 : size_t{4} * (packet[0] & 0x0F);
  if (header >= 20 && size >= header + 8) {
    Sum(10, 0, header, &packet);
    Sum(header + 2, header, size, &packet);
  }
  if (const auto number = ReadEchoReply(asked, packet)) {
    const Packet reply = ReplyTo(back, *number, 20 + size - header);
    packet.erase(packet.begin() + 20, packet.begin() + int64_t(header));
    FUZZ_EXPECT(std::equal(reply.begin() + 12, reply.end(), &packet[12]));
  }
  FUZZ_EXPECT(ReadEchoReply(asked, ReplyTo(back, 9, 28 + size)) == 9);
  return 0;
}
