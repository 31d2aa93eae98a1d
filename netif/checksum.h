// SPDX-License-Identifier: Apache-2.0
//
// The checksum of IPv4, ICMP, TCP and UDP (RFC 1071).

#ifndef OVOC_NETIF_CHECKSUM_H_
#define OVOC_NETIF_CHECKSUM_H_

#include <cstdint>

#include "absl/types/span.h"
#include "netif/ip_address.h"

namespace ovoc::netif {

// InternetChecksum is the one's complement of the one's complement sum of
// `data` as 16-bit numbers in network order; an odd last byte is followed by a
// zero. `initial` is a sum to start from: PseudoHeaderSum, or InternetSum of an
// even number of earlier bytes.
//
// Over data that contains its own correct checksum the result is 0. To fill in
// a checksum field, set it to 0 first and then store the result in network
// order. UDP's rule that 0 is sent as 0xFFFF (RFC 768) is up to the caller.
uint16_t InternetChecksum(absl::Span<const uint8_t> data, uint32_t initial = 0);

// InternetSum is the sum itself, the complement of InternetChecksum.
uint16_t InternetSum(absl::Span<const uint8_t> data, uint32_t initial = 0);

// CopyAndChecksum copies `data` to the front of `out`, which must be at least
// as large and must not overlap it, and returns its InternetChecksum.
uint16_t CopyAndChecksum(absl::Span<const uint8_t> data,
                         absl::Span<uint8_t> out, uint32_t initial = 0);

// PseudoHeaderSum is the sum over the pseudo header of TCP (RFC 9293 3.1) and
// UDP (RFC 768). `length` is that of the transport header and its payload.
uint32_t PseudoHeaderSum(Ipv4Address source, Ipv4Address destination,
                         uint8_t protocol, uint16_t length);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_CHECKSUM_H_
