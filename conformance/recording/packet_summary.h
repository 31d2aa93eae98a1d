// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_PACKET_SUMMARY_H_
#define OVOC_CONFORMANCE_RECORDING_PACKET_SUMMARY_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"

namespace ovoc::conformance {

// PacketSummary says in one line what kind of packet `bytes` is, without
// anything of what it carries:
//   169.254.0.1 > 169.254.0.2 UDP 1161 > 161
//   169.254.0.2 > 169.254.0.1 TCP 40000 > 80 SYN, ICMP echo request (RFC 792)
//   169.254.0.2 > 169.254.0.1 protocol 47, fragment at 1480 of UDP
//   IPv6; not an IPv4 packet: why (netif::Describe)
std::string PacketSummary(absl::Span<const uint8_t> bytes);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_PACKET_SUMMARY_H_
