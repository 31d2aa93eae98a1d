// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FRAME_MESSAGE_READER_H_
#define OVOC_FRAME_MESSAGE_READER_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "frame/frame_counters.h"
#include "frame/frame_error.h"
#include "frame/frame_parser.h"
#include "frame/message_assembler.h"

namespace ovoc::frame {

struct MessageReaderOptions {
  FramingProfile profile = FramingProfile::kOvoc;
  Role role = Role::kClient;
  uint64_t max_payload_bytes = 65535;  // Of one data frame.
  size_t max_message_bytes = 65535;    // Of one data message; allocated once.
};

enum class ReadResult {
  kMessage,   // `message` is written; there may be more in the input.
  kNeedMore,  // All input is consumed; no message is finished.
  kError,     // error() says which rule was broken; so do all later calls.
};

// MessageReader is a FrameParser and a MessageAssembler together, and also
// judges the payload of Close frames. Octets go in, whole and valid messages
// come out.
//
// It does not answer. The caller sends a Pong for a Ping and a Close for a
// Close, and is silent after both (RFC 6455 5.5.1, 5.5.2). Messages that came
// before a broken rule are returned before the error.
class MessageReader {
 public:
  explicit MessageReader(const MessageReaderOptions& options);

  // Next takes octets from the front of `input`, up to the end of one message.
  // The message is valid until the next call and as long as the input is. The
  // messages do not depend on how the stream is cut into inputs. After kError
  // the rest of the input means nothing.
  [[nodiscard]] ReadResult Next(absl::Span<const uint8_t>* input,
                                Message* message);

  // The first rule broken, or kNone.
  FrameError error() const { return error_; }

  // All counters so far.
  FrameCounters counters() const;

  // See FrameParser. A keep-alive takes these for signs of life.
  uint64_t frames_begun() const { return parser_.frames_begun(); }

  // True when no rule is broken and the octets so far end exactly at the end of
  // a frame.
  bool between_frames() const {
    return error_ == FrameError::kNone && parser_.between_frames();
  }

 private:
  ReadResult CheckMessage(const Message& message);
  ReadResult Fail(FrameError error);

  FrameParser parser_;
  MessageAssembler assembler_;
  FrameError error_ = FrameError::kNone;
};

}  // namespace ovoc::frame

#endif  // OVOC_FRAME_MESSAGE_READER_H_
