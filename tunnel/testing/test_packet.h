// SPDX-License-Identifier: Apache-2.0
//
// Packets as they go through the tunnel, for tests.

#ifndef OVOC_TUNNEL_TESTING_TEST_PACKET_H_
#define OVOC_TUNNEL_TESTING_TEST_PACKET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "netif/checksum.h"

namespace ovoc::tunnel {

inline constexpr uint32_t kTestOvoc = 0xA9FE0001;    // 169.254.0.1
inline constexpr uint32_t kTestDevice = 0xA9FE0002;  // 169.254.0.2

// TestPacket is a UDP packet of `bytes` (28 or more), all zero but for the IPv4
// header, whose checksum is right. Addresses in host order.
inline std::vector<uint8_t> TestPacket(uint32_t source, uint32_t destination,
                                       size_t bytes = 28) {
  std::vector<uint8_t> packet(bytes, 0);
  packet[0] = 0x45;  // version 4, 5 words of header
  packet[2] = static_cast<uint8_t>(bytes >> 8);
  packet[3] = static_cast<uint8_t>(bytes & 0xff);
  packet[8] = 64;  // TTL
  packet[9] = 17;  // UDP
  for (size_t i = 0; i < 4; ++i) {
    packet[12 + i] = static_cast<uint8_t>(source >> (24 - 8 * i) & 0xff);
    packet[16 + i] = static_cast<uint8_t>(destination >> (24 - 8 * i) & 0xff);
  }
  const uint16_t sum =
      netif::InternetChecksum(absl::MakeConstSpan(packet).first(20));
  packet[10] = static_cast<uint8_t>(sum >> 8);
  packet[11] = static_cast<uint8_t>(sum & 0xff);
  return packet;
}

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TESTING_TEST_PACKET_H_
