// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_OUTBOUND_PACKET_H_
#define OVOC_TUNNEL_SESSION_OUTBOUND_PACKET_H_

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// OutboundPacket is a packet that the device wants to send, before it is
// written to memory. It is valid during the call that it is passed to.
struct OutboundPacket {
  size_t bytes;
  size_t flow;  // netif::FlowHash: packets of one flow stay in order
  // Writes it to the place that it is sent from; it fills the whole span.
  absl::FunctionRef<void(absl::Span<uint8_t>)> write;
};

// SendResult is what happened to an OutboundPacket, all the way from the queue
// to the device that it was read from.
enum class SendResult {
  kQueued,   // It was written, once, and will be sent.
  kDropped,  // The packet policy refused it and has counted it. It may not have
             // been written.
  kNoRoom,   // The queue is full. It was neither written nor counted.
  kNotOpen,  // There is no tunnel now. It was neither written nor counted.
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_OUTBOUND_PACKET_H_
