// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_bursts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "fuzz/oracle/naive_packets.h"
#include "netif/burst.h"
#include "netif/virtio_net_header.h"

namespace ovoc::fuzz {
namespace {

constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 17;

uint32_t Number(absl::Span<const uint8_t> bytes, size_t at, size_t count) {
  uint32_t number = 0;
  for (const uint8_t byte : bytes.subspan(at, count)) {
    number = number * 256 + byte;
  }
  return number;
}

void Put(uint32_t number, size_t at, size_t count, NaivePacket* out) {
  for (size_t i = 0; i < count; ++i) {
    (*out)[at + count - 1 - i] = static_cast<uint8_t>(number & 0xFF);
    number >>= 8;
  }
}

size_t Ihl(absl::Span<const uint8_t> packet) {
  return size_t{4} * (packet[0] % 16);
}

// Where the transport header's own fields are, and how long it is. 0: there is
// none that fits the packet.
struct Transport {
  size_t header_bytes = 0;
  size_t checksum_at = 0;
};

Transport TransportOf(absl::Span<const uint8_t> packet) {
  const absl::Span<const uint8_t> rest = packet.subspan(Ihl(packet));
  if (packet[9] == kUdp && rest.size() >= 8 &&
      Number(rest, 4, 2) == rest.size()) {
    return {8, Ihl(packet) + 6};
  }
  if (packet[9] == kTcp && rest.size() >= 20) {
    const size_t header_bytes = size_t{4} * (rest[12] / 16);
    if (header_bytes >= 20 && header_bytes <= rest.size()) {
      return {header_bytes, Ihl(packet) + 16};
    }
  }
  return {};
}

// The transport's checksum over all that is there, its own field included.
uint16_t TransportSum(absl::Span<const uint8_t> packet) {
  NaivePacket summed(packet.begin() + 12, packet.begin() + 20);
  const size_t length = packet.size() - Ihl(packet);
  summed.insert(summed.end(), {0, packet[9], 0, 0});
  Put(static_cast<uint32_t>(length), 10, 2, &summed);
  summed.insert(summed.end(), packet.begin() + static_cast<int>(Ihl(packet)),
                packet.end());
  return NaiveChecksum(summed);
}

bool IsFragment(absl::Span<const uint8_t> packet) {
  return Number(packet, 6, 2) % 0x4000 != 0;
}

std::optional<std::vector<NaivePacket>> Complete(const netif::Burst& burst) {
  NaivePacket packet(burst.packet.begin(), burst.packet.end());
  if (burst.header.needs_checksum) {
    const size_t start = burst.header.checksum_start;
    const size_t at = start + burst.header.checksum_offset;
    if (at + 2 > packet.size()) {
      return std::nullopt;
    }
    const uint16_t sum = NaiveChecksum(burst.packet.subspan(start));
    Put(sum == 0 ? 0xFFFFu : sum, at, 2, &packet);
  }
  return std::vector<NaivePacket>{packet};
}

bool CanBeCut(const netif::Burst& burst) {
  const uint8_t protocol =
      burst.header.gso == netif::GsoType::kTcpIpv4 ? kTcp : kUdp;
  if (!IsWellFormed(burst.packet) || IsFragment(burst.packet) ||
      burst.packet[9] != protocol) {
    return false;
  }
  const Transport transport = TransportOf(burst.packet);
  return transport.header_bytes > 0 && burst.header.needs_checksum &&
         burst.header.checksum_start == Ihl(burst.packet) &&
         burst.header.checksum_start + burst.header.checksum_offset ==
             static_cast<int>(transport.checksum_at) &&
         burst.header.segment_bytes > 0 &&
         Ihl(burst.packet) + transport.header_bytes < burst.packet.size();
}

// The packet with the payload from `at` on.
NaivePacket Segment(const netif::Burst& burst, size_t at, uint32_t index) {
  const absl::Span<const uint8_t> whole = burst.packet;
  const size_t ip = Ihl(whole);
  const Transport transport = TransportOf(whole);
  const size_t headers = ip + transport.header_bytes;
  const absl::Span<const uint8_t> payload =
      whole.subspan(headers + at, burst.header.segment_bytes);
  NaivePacket packet(whole.begin(), whole.begin() + static_cast<int>(headers));
  packet.insert(packet.end(), payload.begin(), payload.end());
  Put(static_cast<uint32_t>(packet.size()), 2, 2, &packet);
  Put(Number(whole, 4, 2) + index, 4, 2, &packet);
  if (whole[9] == kUdp) {
    Put(static_cast<uint32_t>(packet.size() - ip), ip + 4, 2, &packet);
  } else {
    const bool is_last = headers + at + payload.size() == whole.size();
    const int gone = (is_last ? 0 : 0x09) + (index == 0 ? 0 : 0x80);
    Put(Number(whole, ip + 4, 4) + static_cast<uint32_t>(at), ip + 4, 4,
        &packet);
    packet[ip + 13] &= static_cast<uint8_t>(0xFF - gone);
  }
  MendPacket(kMendChecksum, &packet);
  MendTransport(&packet);
  return packet;
}

}  // namespace

std::optional<std::vector<NaivePacket>> NaiveCut(const netif::Burst& burst) {
  if (burst.packet.empty() || burst.packet.size() > 65535) {
    return std::nullopt;
  }
  switch (burst.header.gso) {
    case netif::GsoType::kNone:
      return Complete(burst);
    case netif::GsoType::kTcpIpv4:
    case netif::GsoType::kUdp:
      break;
    case netif::GsoType::kTcpIpv6:
    case netif::GsoType::kOther:
      return std::nullopt;
  }
  if (!CanBeCut(burst)) {
    return std::nullopt;
  }
  std::vector<NaivePacket> packets;
  const size_t payload_bytes = burst.packet.size() - Ihl(burst.packet) -
                               TransportOf(burst.packet).header_bytes;
  for (size_t at = 0; at < payload_bytes; at += burst.header.segment_bytes) {
    packets.push_back(
        Segment(burst, at, static_cast<uint32_t>(packets.size())));
  }
  return packets;
}

bool HasRightChecksums(absl::Span<const uint8_t> packet) {
  if (!IsWellFormed(packet) || IsFragment(packet)) {
    return false;
  }
  const Transport transport = TransportOf(packet);
  return transport.header_bytes > 0 &&
         (packet[9] == kTcp || Number(packet, transport.checksum_at, 2) != 0) &&
         TransportSum(packet) == 0;
}

void MendTransport(NaivePacket* packet) {
  if (!IsWellFormed(*packet) || TransportOf(*packet).header_bytes == 0) {
    return;
  }
  const size_t at = TransportOf(*packet).checksum_at;
  Put(0, at, 2, packet);
  const uint16_t sum = TransportSum(*packet);
  Put(sum == 0 && (*packet)[9] == kUdp ? 0xFFFFu : sum, at, 2, packet);
}

bool IsSamePacket(absl::Span<const uint8_t> a, absl::Span<const uint8_t> b) {
  if (a == b) {
    return true;
  }
  const auto is_atomic = [](absl::Span<const uint8_t> packet) {
    return IsWellFormed(packet) && !IsFragment(packet) &&
           packet[6] / 64 % 2 == 1;
  };
  return is_atomic(a) && is_atomic(b) && a.first(4) == b.first(4) &&
         a.subspan(6, 4) == b.subspan(6, 4) && a.subspan(12) == b.subspan(12);
}

}  // namespace ovoc::fuzz
