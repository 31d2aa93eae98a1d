// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FRAME_MESSAGE_TRACE_H_
#define OVOC_FRAME_MESSAGE_TRACE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "frame/frame_counters.h"
#include "frame/frame_error.h"
#include "frame/message_reader.h"

namespace ovoc::frame {

// MessageTrace is what a MessageReader made of a stream, for tests: every
// message as "opcode:payload;" in hex.
struct MessageTrace {
  std::string messages;
  FrameError error = FrameError::kNone;
  FrameCounters counters;
  bool between_frames = false;
};

// TraceMessages feeds the pieces to one reader. On the way it expects what
// holds for every stream: input consumed, errors that stay.
MessageTrace TraceMessages(
    const MessageReaderOptions& options,
    const std::vector<absl::Span<const uint8_t>>& pieces);

// TraceMessagesAtEveryCut is TraceMessages of the whole stream. It expects the
// same for the stream cut in two at every offset and fed octet by octet.
MessageTrace TraceMessagesAtEveryCut(const MessageReaderOptions& options,
                                     absl::Span<const uint8_t> stream);

}  // namespace ovoc::frame

#endif  // OVOC_FRAME_MESSAGE_TRACE_H_
