// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_CLOSE_FRAME_H_
#define OVOC_TUNNEL_SESSION_CLOSE_FRAME_H_

#include <cstdint>

#include "absl/types/span.h"
#include "frame/close_code.h"
#include "tunnel/session/frame_queue.h"
#include "tunnel/session/session_end.h"

namespace ovoc::tunnel {

// Queues our Close with `code` and without a reason. It drops the packets of
// which nothing was sent yet, see FrameQueue.
void WriteClose(frame::CloseCode code, FrameQueue* output);

// Queues the answer to the peer's Close, with the same code (RFC 6455 5.5.1),
// and returns the end: kClosedByPeer with that code. `payload` is the peer's,
// and the reader has checked it.
End AnswerClose(absl::Span<const uint8_t> payload, FrameQueue* output);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_CLOSE_FRAME_H_
