// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_messages.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "fuzz/oracle/naive_frames.h"
#include "fuzz/oracle/naive_utf8.h"

namespace ovoc::fuzz {
namespace {

using frame::FrameError;
using frame::FramingProfile;
using frame::MessageReaderOptions;
using frame::Opcode;

// NaiveAssembly is the frames read so far.
class NaiveAssembly {
 public:
  NaiveAssembly(const MessageReaderOptions& options, NaiveMessages* read)
      : options_(options), read_(read) {}

  // The rule that the frame breaks, with what is there of its payload.
  FrameError Add(const NaiveFrame& frame, std::vector<uint8_t> payload) {
    if (static_cast<int>(frame.header.opcode) >= 8) {
      return AddControl(frame, std::move(payload));
    }
    if (frame.skip != frame::SkipReason::kNone) {
      DropUnfinished();
      return FrameError::kNone;
    }
    return AddData(frame, payload);
  }

 private:
  bool strict() const { return options_.profile == FramingProfile::kRfc6455; }

  void DropUnfinished() {
    if (open_.has_value()) {
      ++read_->counters.dropped_unfinished_message;
      open_.reset();
    }
  }

  FrameError AddControl(const NaiveFrame& frame, std::vector<uint8_t> payload) {
    if (!frame.complete()) {
      return FrameError::kNone;
    }
    const FrameError error = frame.header.opcode == Opcode::kClose
                                 ? NaiveCloseError(payload)
                                 : FrameError::kNone;
    if (error == FrameError::kNone) {
      read_->messages.push_back({frame.header.opcode, std::move(payload)});
    }
    return error;
  }

  FrameError AddData(const NaiveFrame& frame,
                     absl::Span<const uint8_t> payload) {
    if (payload.empty() && !frame.complete()) {
      return FrameError::kNone;  // Nothing is said before the first octet.
    }
    if (const FrameError error = Begin(frame.header.opcode);
        error != FrameError::kNone || !open_.has_value()) {
      return error;
    }
    if (frame.header.payload_length >
        options_.max_message_bytes - open_->payload.size()) {
      if (strict()) {
        return FrameError::kMessageTooLarge;
      }
      ++read_->counters.dropped_message_too_long;
      open_.reset();
      return FrameError::kNone;
    }
    open_->payload.insert(open_->payload.end(), payload.begin(), payload.end());
    return CheckAndFinish(frame.complete() && frame.header.fin);
  }

  // Afterwards open_ is the message the frame belongs to, if there is one.
  FrameError Begin(Opcode opcode) {
    if (opcode == Opcode::kContinuation) {
      if (!open_.has_value() && strict()) {
        return FrameError::kUnexpectedContinuation;
      }
      read_->counters.dropped_orphan_continuation += open_.has_value() ? 0 : 1;
      return FrameError::kNone;
    }
    if (open_.has_value() && strict()) {
      return FrameError::kExpectedContinuation;
    }
    DropUnfinished();
    open_ = NaiveMessage{opcode, {}};
    checked_ = 0;
    return FrameError::kNone;
  }

  FrameError CheckAndFinish(bool finished) {
    if (open_->opcode == Opcode::kText) {
      const auto rest = absl::MakeConstSpan(open_->payload).subspan(checked_);
      const NaiveUtf8 text = ReadNaiveUtf8(rest);
      if (text.good < rest.size() || (finished && text.whole < rest.size())) {
        return FrameError::kInvalidUtf8;
      }
      checked_ += text.whole;
    }
    if (finished) {
      read_->messages.push_back(*std::move(open_));
      open_.reset();
    }
    return FrameError::kNone;
  }

  const MessageReaderOptions& options_;
  NaiveMessages* read_;
  std::optional<NaiveMessage> open_;  // Begun, not finished, not dropped.
  size_t checked_ = 0;                // Octets of its whole characters.
};

}  // namespace

NaiveMessages ReadNaiveMessages(absl::Span<const uint8_t> stream,
                                const MessageReaderOptions& options) {
  const frame::FrameParserOptions parser_options = {
      .profile = options.profile,
      .role = options.role,
      .max_payload_bytes = options.max_payload_bytes};
  const NaiveFrames frames = ReadNaiveFrames(stream, parser_options);
  NaiveMessages read;
  NaiveAssembly assembly(options, &read);
  for (const NaiveFrame& frame : frames.frames) {
    read.error = assembly.Add(frame, NaivePayload(stream, frame));
    if (read.error != FrameError::kNone) {
      // What stands behind is not read, so none of it is counted.
      const size_t end = frame.payload_at + frame.payload_bytes;
      read.counters = frame::Sum(
          read.counters,
          ReadNaiveFrames(stream.first(end), parser_options).counters);
      return read;
    }
  }
  read.error = frames.error;
  read.counters = frame::Sum(read.counters, frames.counters);
  read.between_frames = frames.between_frames;
  return read;
}

bool SaysTheSame(const frame::MessageReader& reader,
                 const NaiveMessages& naive) {
  return reader.error() == naive.error && reader.counters() == naive.counters &&
         reader.between_frames() == naive.between_frames;
}

FrameError NaiveCloseError(absl::Span<const uint8_t> payload) {
  if (payload.empty()) {
    return FrameError::kNone;
  }
  if (payload.size() == 1) {
    return FrameError::kInvalidClosePayload;
  }
  const int code = payload[0] * 256 + payload[1];
  const bool unused =
      code < 1000 || (code > 1014 && code < 3000) || code > 4999;
  const bool reserved = code == 1004 || code == 1005 || code == 1006;
  if (unused || reserved) {
    return FrameError::kInvalidCloseCode;
  }
  const auto reason = payload.subspan(2);
  return ReadNaiveUtf8(reason).whole == reason.size()
             ? FrameError::kNone
             : FrameError::kInvalidCloseReason;
}

}  // namespace ovoc::fuzz
