// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/ping_answer.h"

#include <algorithm>

namespace ovoc::tunnel {

// RFC 6455 5.5.3 MUST: the Pong has the application data of the Ping (the last)
void PingAnswer::OnPing(absl::Span<const uint8_t> payload) {
  ++pings_received_;
  pings_unanswered_ += payload_bytes_.has_value() ? 1 : 0;
  std::copy(payload.begin(), payload.end(), payload_.begin());
  payload_bytes_ = payload.size();
}

// RFC 6455 5.5.2 MUST: a Ping is answered with a Pong
bool PingAnswer::Write(FrameQueue* output) {
  if (!payload_bytes_.has_value() || !output->HasRoomForControl() ||
      !output->WriteControl(frame::Opcode::kPong,
                            {payload_.data(), *payload_bytes_})) {
    return false;
  }
  payload_bytes_.reset();
  return true;
}

}  // namespace ovoc::tunnel
