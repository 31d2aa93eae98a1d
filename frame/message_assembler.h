// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FRAME_MESSAGE_ASSEMBLER_H_
#define OVOC_FRAME_MESSAGE_ASSEMBLER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/types/span.h"
#include "frame/frame_counters.h"
#include "frame/frame_error.h"
#include "frame/frame_header.h"
#include "frame/frame_parser.h"
#include "frame/utf8.h"

namespace ovoc::frame {

struct MessageAssemblerOptions {
  FramingProfile profile = FramingProfile::kOvoc;
  size_t max_message_bytes = 65535;  // Of a data message; RFC 6455 10.4.
};

// Message is one whole data or control message, unmasked.
struct Message {
  Opcode opcode = Opcode::kBinary;  // kText, kBinary, kClose, kPing or kPong.
  // Valid until the next Add() and as long as the input of its last chunk.
  absl::Span<const uint8_t> payload = {};
};

enum class AssembleResult {
  kMessage,   // The chunk ended a message; `message` is written.
  kNeedMore,  // The chunk is kept, or dropped and counted.
  kError,     // error() says which rule was broken; so do all later calls.
};

// MessageAssembler joins the chunks of a FrameParser to messages, as in RFC
// 6455 5.4. A message that came whole and unmasked in one chunk is passed on
// without a copy. Anything else is copied, and unmasked on the way, to buffers
// that are allocated at construction: max_message_bytes for data, 125 octets
// for control. Text is checked for UTF-8 as it arrives (RFC 6455 8.1).
//
// In the ovoc profile it never fails for the order or the size of data frames:
//   - a continuation frame without a message is dropped;
//   - an unfinished message is dropped if another begins (the parser may have
//     skipped that one) or if one of its own frames was skipped;
//   - a message above the limit is dropped.
// The rest of a dropped message is continuation frames without a message.
class MessageAssembler {
 public:
  explicit MessageAssembler(const MessageAssemblerOptions& options);

  // Add takes the next chunk of the one parser that it belongs to.
  [[nodiscard]] AssembleResult Add(const FrameChunk& chunk, Message* message);

  // The first rule broken, or kNone.
  FrameError error() const { return error_; }

  // Only the counters of messages; the others are 0.
  const FrameCounters& counters() const { return counters_; }

 private:
  enum class State {
    kIdle,      // No data message has begun.
    kMessage,   // A data message has begun and is not finished.
    kDropping,  // In a frame whose chunks are dropped; then kIdle.
    kFailed,    // A rule was broken. There is no way out.
  };

  AssembleResult AddControl(const FrameChunk& chunk, Message* message);
  AssembleResult AddData(const FrameChunk& chunk, Message* message);
  AssembleResult BeginFrame(const FrameChunk& chunk);
  AssembleResult BeginMessage(const FrameChunk& chunk);
  AssembleResult ContinueMessage();
  AssembleResult CheckSize(const FrameChunk& chunk);
  AssembleResult Append(const FrameChunk& chunk);
  AssembleResult Finish(absl::Span<const uint8_t> payload, Message* message);
  AssembleResult Drop(uint64_t FrameCounters::* reason);
  AssembleResult Fail(FrameError error);
  bool AddText(absl::Span<const uint8_t> text);

  const MessageAssemblerOptions options_;
  State state_ = State::kIdle;
  FrameError error_ = FrameError::kNone;
  Opcode opcode_ = Opcode::kBinary;  // Of the message begun.
  Utf8Validator utf8_;               // Of the message begun.
  // max_message_bytes. Not zeroed: what is never used takes no memory.
  const std::unique_ptr<uint8_t[]> data_;
  size_t data_bytes_ = 0;  // Of data_, those of the message begun.
  std::array<uint8_t, kMaxControlPayloadBytes> control_ = {};
  FrameCounters counters_;
};

}  // namespace ovoc::frame

#endif  // OVOC_FRAME_MESSAGE_ASSEMBLER_H_
