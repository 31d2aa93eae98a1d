// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_OUTBOUND_PACKET_H_
#define OVOC_TUNNEL_SESSION_OUTBOUND_PACKET_H_

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// OutboundPacket is a packet that the device wants to send, before it lies
// anywhere. It is valid during the call that it is given to.
struct OutboundPacket {
  size_t bytes;
  size_t flow;  // netif::FlowHash: packets of one flow stay in order
  // Writes it to where it is sent from: all of the span.
  absl::FunctionRef<void(absl::Span<uint8_t>)> write;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_OUTBOUND_PACKET_H_
