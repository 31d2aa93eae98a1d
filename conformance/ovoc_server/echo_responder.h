// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_ECHO_RESPONDER_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_ECHO_RESPONDER_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "netif/ip_address.h"

namespace ovoc::conformance {

// EchoReply makes the reply to an ICMP echo request for `self` (RFC 792), as
// the kernel would, for a stand-in without a TUN device. It is empty for
// anything else: another protocol or destination, a fragment, IP options, a
// wrong length or checksum.
std::vector<uint8_t> EchoReply(absl::Span<const uint8_t> packet,
                               netif::Ipv4Address self);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_ECHO_RESPONDER_H_
