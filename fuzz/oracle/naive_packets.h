// SPDX-License-Identifier: Apache-2.0
//
// The rules for packets said a second time, for oracles: slow, simple, and
// without a line of netif's packet code.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_PACKETS_H_
#define OVOC_FUZZ_ORACLE_NAIVE_PACKETS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "netif/packet_policy.h"

namespace ovoc::fuzz {

// NaiveChecksum is RFC 1071's sum of 16-bit numbers, byte by byte.
uint16_t NaiveChecksum(absl::Span<const uint8_t> data, uint32_t initial = 0);

// IsWellFormed says whether `packet` is one whole IPv4 packet with a right
// header (RFC 791 3.1).
bool IsWellFormed(absl::Span<const uint8_t> packet);

// The tunnel as the policy sees it (protocol.md 3). Addresses in host order.
struct NaiveTunnel {
  uint32_t ours = 0;
  uint32_t ovoc = 0;
  int prefix_length = 0;  // of the overlay around `ours`, 1..32
  bool peer_to_peer = false;
  size_t mtu_bytes = 1500;
  uint32_t left_out = 0;  // a host that is not reached
};

// IsTunnel says whether a policy may be made of these values: our address is a
// host of an overlay that is set, OVOC's is another unicast address, the MTU is
// one of RFC 791.
bool IsTunnel(const NaiveTunnel& tunnel);

// IsOverlayHost is true for another host of the overlay than ours that may be
// reached with peer-to-peer.
bool IsOverlayHost(const NaiveTunnel& tunnel, uint32_t address);

// What protocol.md 3 lets in and out, and why not.
netif::DropReason NaiveInbound(const NaiveTunnel& tunnel,
                               absl::Span<const uint8_t> packet);
netif::DropReason NaiveOutbound(const NaiveTunnel& tunnel,
                                absl::Span<const uint8_t> packet);

// NaiveSameFlow is true for two well-formed packets between the same addresses
// and, where both tell them, ports, of one protocol.
bool NaiveSameFlow(absl::Span<const uint8_t> one,
                   absl::Span<const uint8_t> other);

// Which fields of a packet MendPacket corrects.
inline constexpr uint8_t kMendVersion = 0x01;
inline constexpr uint8_t kMendTotalLength = 0x02;
inline constexpr uint8_t kMendChecksum = 0x04;

// MendPacket corrects fields that an input can hardly guess, as far as the
// packet has them. `fields` is made of the flags above.
void MendPacket(uint8_t fields, std::vector<uint8_t>* packet);

// SetAddresses writes source and destination, in host order, where the packet
// is long enough.
void SetAddresses(uint32_t source, uint32_t destination,
                  std::vector<uint8_t>* packet);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_PACKETS_H_
