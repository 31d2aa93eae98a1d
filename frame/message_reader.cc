// SPDX-License-Identifier: Apache-2.0
#include "frame/message_reader.h"

#include "frame/close_code.h"
#include "frame/frame_header.h"

namespace ovoc::frame {
namespace {

FrameError CheckClose(absl::Span<const uint8_t> payload) {
  ClosePayload close;
  switch (ParseClosePayload(payload, &close)) {
    case ClosePayloadResult::kOk:
      return FrameError::kNone;
    case ClosePayloadResult::kTruncatedCode:
      return FrameError::kInvalidClosePayload;
    case ClosePayloadResult::kInvalidCode:
      return FrameError::kInvalidCloseCode;
    case ClosePayloadResult::kInvalidReason:
      return FrameError::kInvalidCloseReason;
  }
  return FrameError::kInvalidClosePayload;
}

}  // namespace

MessageReader::MessageReader(const MessageReaderOptions& options)
    : parser_({.profile = options.profile,
               .role = options.role,
               .max_payload_bytes = options.max_payload_bytes}),
      assembler_({.profile = options.profile,
                  .max_message_bytes = options.max_message_bytes}) {}

ReadResult MessageReader::Next(absl::Span<const uint8_t>* input,
                               Message* message) {
  // RFC 6455 7.1.7 MUST NOT: process data after the connection has failed.
  if (error_ != FrameError::kNone) {
    return ReadResult::kError;
  }
  // RFC 6455 10.7 MUST: incoming data is always validated.
  while (true) {
    FrameChunk chunk;
    switch (parser_.Next(input, &chunk)) {
      case ParseResult::kNeedMore:
        return ReadResult::kNeedMore;
      case ParseResult::kError:
        return Fail(parser_.error());
      case ParseResult::kChunk:
        break;
    }
    switch (assembler_.Add(chunk, message)) {
      case AssembleResult::kNeedMore:
        break;
      case AssembleResult::kError:
        return Fail(assembler_.error());
      case AssembleResult::kMessage:
        return CheckMessage(*message);
    }
  }
}

FrameCounters MessageReader::counters() const {
  return Sum(parser_.counters(), assembler_.counters());
}

ReadResult MessageReader::CheckMessage(const Message& message) {
  if (message.opcode != Opcode::kClose) {
    return ReadResult::kMessage;
  }
  const FrameError error = CheckClose(message.payload);
  return error == FrameError::kNone ? ReadResult::kMessage : Fail(error);
}

ReadResult MessageReader::Fail(FrameError error) {
  error_ = error;
  return ReadResult::kError;
}

}  // namespace ovoc::frame
