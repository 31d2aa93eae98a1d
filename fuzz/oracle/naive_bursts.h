// SPDX-License-Identifier: Apache-2.0
//
// Cutting a burst into packets said a second time, for oracles: every packet
// is made from the whole burst anew, and summed byte by byte.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_BURSTS_H_
#define OVOC_FUZZ_ORACLE_NAIVE_BURSTS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "netif/burst.h"

namespace ovoc::fuzz {

using NaivePacket = std::vector<uint8_t>;

// NaiveCut gives the packets of a burst (virtio 1.2, 5.1.6; RFC 768, 791, 3168
// 6.1.2, 9293 3.1), or nullopt if it cannot be cut.
std::optional<std::vector<NaivePacket>> NaiveCut(const netif::Burst& burst);

// HasRightChecksums is true for a whole IPv4 packet with a TCP segment or UDP
// datagram, if it has all checksums and they are right.
bool HasRightChecksums(absl::Span<const uint8_t> packet);

// MendTransport corrects the checksum that HasRightChecksums checks, if the
// packet has one.
void MendTransport(NaivePacket* packet);

// IsSamePacket compares two packets byte for byte; where both are atomic
// datagrams (DF and no fragment: RFC 6864 4) but for the identification, which
// then means nothing, and the header checksum, which sums it.
bool IsSamePacket(absl::Span<const uint8_t> a, absl::Span<const uint8_t> b);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_BURSTS_H_
