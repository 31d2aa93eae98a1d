// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_packets.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "netif/packet_policy.h"

namespace ovoc::fuzz {
namespace {

using netif::DropReason;

constexpr size_t kHeaderBytes = 20;
constexpr size_t kMtuOfOvocBytes = 1500;

uint32_t AddressAt(absl::Span<const uint8_t> packet, size_t offset) {
  uint32_t address = 0;
  for (size_t i = 0; i < 4; ++i) {
    address = address * 256 + packet[offset + i];
  }
  return address;
}

uint32_t HostBits(const NaiveTunnel& tunnel) {
  return tunnel.prefix_length >= 32 ? 0 : 0xFFFFFFFFu >> tunnel.prefix_length;
}

bool IsUnicast(uint32_t address) {
  const uint32_t first_byte = address >> 24;
  return first_byte != 0 && first_byte != 127 && first_byte < 224;
}

// Neither the network nor the broadcast address, which a /31 (RFC 3021) lacks.
bool IsHostPart(const NaiveTunnel& tunnel, uint32_t address) {
  const uint32_t host_bits = HostBits(tunnel);
  const uint32_t host = address & host_bits;
  return tunnel.prefix_length > 30 || (host != 0 && host != host_bits);
}

bool IsGroup(const NaiveTunnel& tunnel, uint32_t address) {
  return (address >= 0xE0000000 && address <= 0xEFFFFFFF) ||
         address == 0xFFFFFFFF || address == (tunnel.ours | HostBits(tunnel));
}

// What is wrong with a packet whatever its addresses are.
DropReason NaiveForm(absl::Span<const uint8_t> packet, size_t limit_bytes) {
  const int version = packet.empty() ? 0 : packet[0] / 16;
  if (version != 4) {
    return version == 6 ? DropReason::kIpv6 : DropReason::kNotIpv4;
  }
  if (packet.size() > limit_bytes) {
    return DropReason::kTooLong;
  }
  const size_t header_bytes = size_t{4} * (packet[0] & 0x0F);
  if (packet.size() < kHeaderBytes || header_bytes < kHeaderBytes ||
      header_bytes > packet.size() ||
      packet[2] * 256u + packet[3] != packet.size()) {
    return DropReason::kMalformedHeader;
  }
  return NaiveChecksum(packet.first(header_bytes)) == 0
             ? DropReason::kNone
             : DropReason::kBadChecksum;
}

// The rule is the same for both directions.
bool IsPeer(const NaiveTunnel& tunnel, uint32_t address) {
  return address == tunnel.ovoc ||
         (tunnel.peer_to_peer && IsOverlayHost(tunnel, address));
}

// Of an ICMP packet without options, 20 bytes at least.
DropReason NaiveIcmp(const NaiveTunnel& tunnel,
                     absl::Span<const uint8_t> packet) {
  const int offset = (packet[6] % 32) * 256 + packet[7];
  if (offset != 0 || packet.size() == kHeaderBytes) {
    return DropReason::kNone;
  }
  const int type = packet[kHeaderBytes];
  if (type == 5) {
    return DropReason::kIcmpRedirect;
  }
  if (type == 9) {
    return DropReason::kRouterAdvertisement;
  }
  const std::string errors = {3, 4, 11, 12, 31, 40};
  if (errors.find(static_cast<char>(type)) == std::string::npos) {
    return DropReason::kNone;
  }
  // The quote begins behind two headers, of 20 and of 8 bytes.
  const size_t quote = kHeaderBytes + 8;
  const bool more = packet[6] / 32 % 2 == 1;
  if (more || packet.size() < quote + 1 || packet[quote] < 0x45 ||
      packet[quote] > 0x4F ||
      packet.size() < quote + size_t{4} * (packet[quote] - 0x40u) + 8) {
    return DropReason::kForeignIcmpError;
  }
  return AddressAt(packet, quote + 12) == tunnel.ours &&
                 IsPeer(tunnel, AddressAt(packet, quote + 16))
             ? DropReason::kNone
             : DropReason::kForeignIcmpError;
}

}  // namespace

uint16_t NaiveChecksum(absl::Span<const uint8_t> data, uint32_t initial) {
  uint64_t sum = initial;
  for (size_t i = 0; i < data.size(); ++i) {
    sum += i % 2 == 0 ? data[i] * 256u : data[i];
  }
  while (sum > 0xFFFF) {
    sum = sum % 0x10000 + sum / 0x10000;
  }
  return static_cast<uint16_t>(0xFFFF - sum);
}

bool IsWellFormed(absl::Span<const uint8_t> packet) {
  return NaiveForm(packet, SIZE_MAX) == DropReason::kNone;
}

bool IsTunnel(const NaiveTunnel& tunnel) {
  return tunnel.prefix_length > 0 && IsUnicast(tunnel.ours) &&
         IsHostPart(tunnel, tunnel.ours) && IsUnicast(tunnel.ovoc) &&
         tunnel.ours != tunnel.ovoc && tunnel.mtu_bytes >= 68 &&
         tunnel.mtu_bytes <= 65535;
}

bool IsOverlayHost(const NaiveTunnel& tunnel, uint32_t address) {
  const bool clouds = address / 256 == 0xA9FEA9;  // 169.254.169.x
  return address != tunnel.ours && address != tunnel.left_out && !clouds &&
         IsUnicast(address) &&
         ((address ^ tunnel.ours) & ~HostBits(tunnel)) == 0 &&
         IsHostPart(tunnel, address);
}

DropReason NaiveInbound(const NaiveTunnel& tunnel,
                        absl::Span<const uint8_t> packet) {
  const DropReason form =
      NaiveForm(packet, std::max(tunnel.mtu_bytes, kMtuOfOvocBytes));
  if (form != DropReason::kNone) {
    return form;
  }
  const uint32_t destination = AddressAt(packet, 16);
  if (destination != tunnel.ours) {
    return IsGroup(tunnel, destination) ? DropReason::kMulticastOrBroadcast
                                        : DropReason::kWrongDestination;
  }
  const uint32_t source = AddressAt(packet, 12);
  if (!IsPeer(tunnel, source)) {
    return DropReason::kWrongSource;
  }
  if ((packet[0] & 0x0F) != 5) {
    return DropReason::kIpOptions;
  }
  return packet[9] == 1 ? NaiveIcmp(tunnel, packet) : DropReason::kNone;
}

DropReason NaiveOutbound(const NaiveTunnel& tunnel,
                         absl::Span<const uint8_t> packet) {
  const DropReason form = NaiveForm(packet, tunnel.mtu_bytes);
  if (form != DropReason::kNone) {
    return form;
  }
  const uint32_t destination = AddressAt(packet, 16);
  if (!IsPeer(tunnel, destination)) {
    return IsGroup(tunnel, destination) ? DropReason::kMulticastOrBroadcast
                                        : DropReason::kWrongDestination;
  }
  return AddressAt(packet, 12) == tunnel.ours ? DropReason::kNone
                                              : DropReason::kWrongSource;
}

namespace {

// Protocol, addresses and, of whole TCP and UDP, ports.
std::vector<uint8_t> FlowOf(absl::Span<const uint8_t> packet) {
  std::vector<uint8_t> flow(packet.begin() + 12, packet.begin() + 20);
  flow.push_back(packet[9]);
  const size_t ports = size_t{4} * (packet[0] & 0x0F);
  const bool whole = (packet[6] & 0x3F) == 0 && packet[7] == 0;
  for (size_t i = ports; i < ports + 4; ++i) {
    flow.push_back((packet[9] == 6 || packet[9] == 17) && whole &&
                           ports + 4 <= packet.size()
                       ? packet[i]
                       : uint8_t{0});
  }
  return flow;
}

}  // namespace

bool NaiveSameFlow(absl::Span<const uint8_t> one,
                   absl::Span<const uint8_t> other) {
  return FlowOf(one) == FlowOf(other);
}

void MendPacket(uint8_t fields, std::vector<uint8_t>* packet) {
  if (packet->size() < kHeaderBytes) {
    return;
  }
  std::vector<uint8_t>& bytes = *packet;
  if ((fields & kMendVersion) != 0) {
    bytes[0] = 0x45;
  }
  if ((fields & kMendTotalLength) != 0) {
    bytes[2] = static_cast<uint8_t>(bytes.size() >> 8);
    bytes[3] = static_cast<uint8_t>(bytes.size() & 0xFF);
  }
  if ((fields & kMendChecksum) != 0) {
    bytes[10] = 0;
    bytes[11] = 0;
    const size_t header_bytes =
        std::min<size_t>(size_t{4} * (bytes[0] & 0x0F), bytes.size());
    const uint16_t sum =
        NaiveChecksum(absl::MakeConstSpan(bytes).first(header_bytes));
    bytes[10] = static_cast<uint8_t>(sum >> 8);
    bytes[11] = static_cast<uint8_t>(sum & 0xFF);
  }
}

void SetAddresses(uint32_t source, uint32_t destination,
                  std::vector<uint8_t>* packet) {
  if (packet->size() < kHeaderBytes) {
    return;
  }
  for (size_t i = 0; i < 4; ++i) {
    (*packet)[12 + i] = static_cast<uint8_t>(source >> (24 - 8 * i) & 0xFF);
    (*packet)[16 + i] =
        static_cast<uint8_t>(destination >> (24 - 8 * i) & 0xFF);
  }
}

}  // namespace ovoc::fuzz
