// SPDX-License-Identifier: Apache-2.0
//
// ICMP echo (RFC 792): asks a host for an answer, and recognises the answer.

#ifndef OVOC_NETIF_ICMP_ECHO_H_
#define OVOC_NETIF_ICMP_ECHO_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "netif/icmp_message.h"
#include "netif/ip_address.h"
#include "netif/ipv4_packet.h"

namespace ovoc::netif {

// The smallest packet with an echo, which has no data.
inline constexpr size_t kMinEchoPacketBytes =
    kMinIpv4HeaderBytes + kIcmpHeaderBytes;

// EchoExchange is who asks whom. Replies to others' requests have another
// identifier.
struct EchoExchange {
  Ipv4Address source;       // asks
  Ipv4Address destination;  // is to answer
  uint16_t identifier = 0;
};

// WriteEchoRequest fills `packet`, of kMinEchoPacketBytes to 65,535 bytes, with
// the echo request of number `sequence`. It may not be cut into fragments. Its
// data are the bytes 0, 1, 2 and so on, and after 255 again 0.
void WriteEchoRequest(const EchoExchange& exchange, uint16_t sequence,
                      absl::Span<uint8_t> packet);

// ReadEchoReply returns the sequence number of the request to which `packet` is
// the reply. The result is nullopt unless the packet is well-formed and whole
// (no fragment), goes from `exchange.destination` to `exchange.source`, has the
// identifier and a right checksum, and returns the request's data (RFC 1122
// 3.2.2.6). The size of the reply is that of the request, which the caller
// compares.
std::optional<uint16_t> ReadEchoReply(const EchoExchange& exchange,
                                      absl::Span<const uint8_t> packet);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_ICMP_ECHO_H_
