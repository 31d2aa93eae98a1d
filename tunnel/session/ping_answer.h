// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_PING_ANSWER_H_
#define OVOC_TUNNEL_SESSION_PING_ANSWER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "frame/frame_header.h"
#include "tunnel/session/frame_queue.h"

namespace ovoc::tunnel {

// PingAnswer is the Pong that is still owed to the peer: to its latest Ping
// only, whatever number came before it (RFC 6455 5.5.3), so that a flood of
// Pings takes no memory.
class PingAnswer {
 public:
  // A Ping came. Its payload has frame::kMaxControlPayloadBytes at most, which
  // the reader has checked.
  void OnPing(absl::Span<const uint8_t> payload);

  // Queues the Pong that is owed, once there is room for it. True: it is queued
  // now. False: none is owed, or there is no room yet.
  bool Write(FrameQueue* output);

  uint64_t pings_received() const { return pings_received_; }
  // Those that a later one overtook before their Pong had room.
  uint64_t pings_unanswered() const { return pings_unanswered_; }

 private:
  std::array<uint8_t, frame::kMaxControlPayloadBytes> payload_;
  std::optional<size_t> payload_bytes_;  // set when a Pong is owed
  uint64_t pings_received_ = 0;
  uint64_t pings_unanswered_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_PING_ANSWER_H_
