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

// PingAnswer is the Pong that the peer still has to get. Only its latest Ping
// is answered, however many came before it (RFC 6455 5.5.3), so that a flood of
// Pings takes no memory.
class PingAnswer {
 public:
  // A Ping came. Its payload has at most frame::kMaxControlPayloadBytes; the
  // reader has checked that.
  void OnPing(absl::Span<const uint8_t> payload);

  // Queues the Pong once there is room for it. True if it is queued now. False
  // if there is none to send, or no room yet.
  bool Write(FrameQueue* output);

  uint64_t pings_received() const { return pings_received_; }
  // The Pings that a later one replaced before there was room for their Pong.
  uint64_t pings_unanswered() const { return pings_unanswered_; }

 private:
  std::array<uint8_t, frame::kMaxControlPayloadBytes> payload_;
  std::optional<size_t> payload_bytes_;  // set when a Pong is owed
  uint64_t pings_received_ = 0;
  uint64_t pings_unanswered_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_PING_ANSWER_H_
