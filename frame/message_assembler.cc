// SPDX-License-Identifier: Apache-2.0
#include "frame/message_assembler.h"

#include <algorithm>

#include "frame/mask.h"

namespace ovoc::frame {
namespace {

bool IsWholeAndPlain(const FrameChunk& chunk) {
  return chunk.first && chunk.last && !chunk.header.masked;
}

// Copies the chunk's payload, unmasked, to the front of `out`; false when there
// is no room for it. RFC 6455 5.3.
bool CopyPayload(const FrameChunk& chunk, absl::Span<uint8_t> out) {
  if (chunk.payload.size() > out.size()) {
    return false;
  }
  if (chunk.header.masked) {
    CopyMasked(chunk.payload, out, chunk.header.mask_key, chunk.payload_offset);
  } else {
    std::copy(chunk.payload.begin(), chunk.payload.end(), out.begin());
  }
  return true;
}

}  // namespace

MessageAssembler::MessageAssembler(const MessageAssemblerOptions& options)
    : options_(options),
      data_(std::make_unique_for_overwrite<uint8_t[]>(
          options.max_message_bytes)) {}

AssembleResult MessageAssembler::Add(const FrameChunk& chunk,
                                     Message* message) {
  // RFC 6455 7.1.7 MUST NOT: process data after the connection has failed.
  if (state_ == State::kFailed) {
    return AssembleResult::kError;
  }
  // RFC 6455 5.4 MUST: handle control frames inside a fragmented message.
  if (IsControl(chunk.header.opcode)) {
    return AddControl(chunk, message);
  }
  return AddData(chunk, message);
}

// A control message is one frame (the parser sees to that), so nothing of it
// has to be remembered but its octets.
AssembleResult MessageAssembler::AddControl(const FrameChunk& chunk,
                                            Message* message) {
  if (IsWholeAndPlain(chunk)) {
    *message = Message{chunk.header.opcode, chunk.payload};
    return AssembleResult::kMessage;
  }
  const size_t offset = static_cast<size_t>(
      std::min<uint64_t>(chunk.payload_offset, control_.size()));
  if (!CopyPayload(chunk, absl::MakeSpan(control_).subspan(offset))) {
    return Fail(FrameError::kControlTooLong);
  }
  if (!chunk.last) {
    return AssembleResult::kNeedMore;
  }
  *message = Message{chunk.header.opcode, absl::MakeConstSpan(control_).first(
                                              offset + chunk.payload.size())};
  return AssembleResult::kMessage;
}

// RFC 6455 5.4 MUST: receive fragmented and unfragmented messages.
AssembleResult MessageAssembler::AddData(const FrameChunk& chunk,
                                         Message* message) {
  if (chunk.first && BeginFrame(chunk) == AssembleResult::kError) {
    return AssembleResult::kError;
  }
  if (state_ != State::kMessage) {
    if (chunk.last) {
      state_ = State::kIdle;
    }
    return AssembleResult::kNeedMore;
  }
  const bool final = chunk.last && chunk.header.fin;
  if (final && data_bytes_ == 0 && IsWholeAndPlain(chunk)) {
    return AddText(chunk.payload) ? Finish(chunk.payload, message)
                                  : Fail(FrameError::kInvalidUtf8);
  }
  if (Append(chunk) == AssembleResult::kError) {
    return AssembleResult::kError;
  }
  if (!final) {
    return AssembleResult::kNeedMore;
  }
  return Finish({data_.get(), data_bytes_}, message);
}

// Moves from frame to frame; afterwards state_ is kMessage when the frame
// belongs to a message that is kept.
AssembleResult MessageAssembler::BeginFrame(const FrameChunk& chunk) {
  if (chunk.skip != SkipReason::kNone) {
    // Whether it began another message or was a part of this one.
    return state_ == State::kMessage
               ? Drop(&FrameCounters::dropped_unfinished_message)
               : AssembleResult::kNeedMore;
  }
  const AssembleResult result = chunk.header.opcode == Opcode::kContinuation
                                    ? ContinueMessage()
                                    : BeginMessage(chunk);
  return state_ == State::kMessage ? CheckSize(chunk) : result;
}

AssembleResult MessageAssembler::ContinueMessage() {
  if (state_ == State::kMessage) {
    return AssembleResult::kNeedMore;
  }
  switch (options_.profile) {
    case FramingProfile::kRfc6455:
      // RFC 6455 5.4 MUST: fragments follow a first frame, in order.
      return Fail(FrameError::kUnexpectedContinuation);
    case FramingProfile::kOvoc:
      break;
  }
  return Drop(&FrameCounters::dropped_orphan_continuation);
}

AssembleResult MessageAssembler::BeginMessage(const FrameChunk& chunk) {
  if (state_ == State::kMessage) {
    switch (options_.profile) {
      case FramingProfile::kRfc6455:
        // RFC 6455 5.4 MUST NOT: fragments of two messages are interleaved.
        return Fail(FrameError::kExpectedContinuation);
      case FramingProfile::kOvoc:
        // A deviation: another device can make OVOC send this (it forwards
        // a first fragment whose rest it never forwards).
        ++counters_.dropped_unfinished_message;
        break;
    }
  }
  // RFC 6455 6.2 MUST: the first frame's opcode is the message's type.
  opcode_ = chunk.header.opcode;
  data_bytes_ = 0;
  utf8_.Reset();
  state_ = State::kMessage;
  return AssembleResult::kNeedMore;
}

// RFC 6455 10.4 MUST: protect against messages above the own limit.
// Judged by the header: not an octet of what is too much is waited for.
AssembleResult MessageAssembler::CheckSize(const FrameChunk& chunk) {
  if (chunk.header.payload_length <= options_.max_message_bytes - data_bytes_) {
    return AssembleResult::kNeedMore;
  }
  switch (options_.profile) {
    case FramingProfile::kRfc6455:
      return Fail(FrameError::kMessageTooLarge);
    case FramingProfile::kOvoc:
      break;
  }
  return Drop(&FrameCounters::dropped_message_too_long);
}

AssembleResult MessageAssembler::Append(const FrameChunk& chunk) {
  const absl::Span<uint8_t> room(data_.get() + data_bytes_,
                                 options_.max_message_bytes - data_bytes_);
  if (!CopyPayload(chunk, room)) {
    return Fail(FrameError::kMessageTooLarge);
  }
  data_bytes_ += chunk.payload.size();
  return AddText(room.first(chunk.payload.size()))
             ? AssembleResult::kNeedMore
             : Fail(FrameError::kInvalidUtf8);
}

// RFC 6455 8.1 MUST: fail on text that is not UTF-8.
// As soon as it is known: text may be long, and its end may never come.
bool MessageAssembler::AddText(absl::Span<const uint8_t> text) {
  return opcode_ != Opcode::kText || utf8_.Add(text);
}

AssembleResult MessageAssembler::Finish(absl::Span<const uint8_t> payload,
                                        Message* message) {
  // RFC 6455 5.6 MUST: the whole text message is UTF-8.
  if (opcode_ == Opcode::kText && !utf8_.Complete()) {
    return Fail(FrameError::kInvalidUtf8);
  }
  // RFC 6455 6.2 MUST: what follows the last fragment begins a new message.
  state_ = State::kIdle;
  *message = Message{opcode_, payload};
  return AssembleResult::kMessage;
}

AssembleResult MessageAssembler::Drop(uint64_t FrameCounters::* reason) {
  ++(counters_.*reason);
  state_ = State::kDropping;
  return AssembleResult::kNeedMore;
}

AssembleResult MessageAssembler::Fail(FrameError error) {
  state_ = State::kFailed;
  error_ = error;
  return AssembleResult::kError;
}

}  // namespace ovoc::frame
