// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_FRAME_QUEUE_H_
#define OVOC_TUNNEL_FRAME_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "frame/frame_header.h"
#include "tunnel/mask_keys.h"
#include "tunnel/output_buffer.h"

namespace ovoc::tunnel {

// FrameQueue holds what a session still has to send, of fixed capacity: the
// upgrade request, then frames, each masked with a key of its own. The last of
// its room is kept, by rising need, for small packets, for the answer to a ping
// and for a Close.
class FrameQueue {
 public:
  // Writes a packet to where it is sent from: all of the span.
  using PacketWriter = absl::FunctionRef<void(absl::Span<uint8_t>)>;
  // Whether the packet that was written may go out.
  using PacketJudge = absl::FunctionRef<bool(absl::Span<const uint8_t>)>;

  FrameQueue(size_t capacity, MaskKeys::RandomBytes random)
      : output_(capacity), mask_keys_(std::move(random)) {}

  // What is queued, oldest first; valid until the next call.
  absl::Span<const uint8_t> bytes() const { return output_.bytes(); }
  void Consume(size_t bytes) { output_.Consume(bytes); }
  // For what holds credentials: the dropped bytes are overwritten.
  void ConsumeAndWipe(size_t bytes) { output_.ConsumeAndWipe(bytes); }
  void WipeAll() { output_.ConsumeAndWipe(output_.capacity()); }

  // Queues bytes that are no frame. False: there is not that much room.
  bool WriteRequest(absl::string_view request);

  // Queues a control frame. False: there is not even the room that is kept.
  bool WriteControl(frame::Opcode opcode, absl::Span<const uint8_t> payload);

  // Whether a control frame leaves room for a Close.
  bool HasRoomForControl() const;

  // Whether there is room for a packet of `bytes`: behind the segments of a
  // file there always is for SNMP, a name query or a ping.
  bool HasRoomForPacket(size_t bytes) const;

  // Queues a packet of `bytes` in a binary frame, written in its place, if
  // `judge` lets it pass. False: it did not. Only with HasRoomForPacket.
  bool WritePacket(size_t bytes, PacketWriter write, PacketJudge judge);

 private:
  OutputBuffer output_;
  MaskKeys mask_keys_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_FRAME_QUEUE_H_
