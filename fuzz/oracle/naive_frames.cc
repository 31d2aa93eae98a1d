// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_frames.h"

#include <algorithm>

namespace ovoc::fuzz {
namespace {

using frame::FrameError;
using frame::FrameHeader;
using frame::FrameParserOptions;
using frame::FramingProfile;
using frame::LengthForm;
using frame::Opcode;
using frame::Role;
using frame::SkipReason;

// The rule a control frame breaks.
FrameError JudgeControl(const FrameHeader& header) {
  if (header.rsv > 0) {
    return FrameError::kReservedBits;
  }
  if (!header.fin) {
    return FrameError::kFragmentedControl;
  }
  if (header.payload_length >= 126) {
    return FrameError::kControlTooLong;
  }
  return header.length_form == LengthForm::kMinimal
             ? FrameError::kNone
             : FrameError::kNonMinimalLength;
}

// The rule of the RFC, or the limit, a data frame breaks.
FrameError JudgeData(const FrameHeader& header, uint64_t limit) {
  if (header.rsv > 0) {
    return FrameError::kReservedBits;
  }
  if (header.payload_length >> 63 == 1) {
    return FrameError::kLengthTopBit;
  }
  if (header.length_form != LengthForm::kMinimal) {
    return FrameError::kNonMinimalLength;
  }
  return header.payload_length <= limit ? FrameError::kNone
                                        : FrameError::kLengthTooLarge;
}

FrameError Judge(const FrameHeader& header, const FrameParserOptions& options) {
  const bool from_client = options.role == Role::kServer;
  if (header.masked != from_client) {
    return from_client ? FrameError::kUnmaskedFrame : FrameError::kMaskedFrame;
  }
  const int opcode = static_cast<int>(header.opcode);
  if (opcode >= 3 && opcode != 8 && opcode != 9 && opcode != 10) {
    return FrameError::kReservedOpcode;
  }
  if (opcode >= 8) {
    return JudgeControl(header);
  }
  return options.profile == FramingProfile::kRfc6455
             ? JudgeData(header, options.max_payload_bytes)
             : FrameError::kNone;
}

// Why the ovoc profile skips the frame, or reads it with a count.
SkipReason SkipOrCount(const FrameHeader& header, uint64_t limit,
                       frame::FrameCounters* counters) {
  if (header.rsv > 0) {
    ++counters->skipped_reserved_bits;
    return SkipReason::kReservedBits;
  }
  if (header.opcode == Opcode::kText) {
    ++counters->skipped_text;
    return SkipReason::kText;
  }
  if (header.payload_length > limit) {
    ++counters->skipped_too_long;
    return SkipReason::kTooLong;
  }
  if (header.length_form != LengthForm::kMinimal) {
    ++counters->read_non_minimal_length;
  }
  return SkipReason::kNone;
}

}  // namespace

std::optional<NaiveFrame> ReadNaiveHeader(absl::Span<const uint8_t> stream) {
  if (stream.size() < 2) {
    return std::nullopt;
  }
  const int short_length = stream[1] % 128;
  const size_t extended = short_length == 127 ? 8 : short_length == 126 ? 2 : 0;
  const size_t mask = stream[1] >= 128 ? 4 : 0;
  if (stream.size() < 2 + extended + mask) {
    return std::nullopt;
  }
  NaiveFrame frame;
  frame.header.fin = stream[0] >= 128;
  frame.header.rsv = stream[0] / 16 % 8;
  frame.header.opcode = static_cast<Opcode>(stream[0] % 16);
  frame.header.masked = mask > 0;
  frame.header.payload_length = extended > 0 ? 0 : stream[1] % 128;
  for (size_t i = 0; i < extended; ++i) {
    frame.header.payload_length =
        frame.header.payload_length * 256 + stream[2 + i];
  }
  for (size_t i = 0; i < mask; ++i) {
    frame.header.mask_key[i] = stream[2 + extended + i];
  }
  if (extended == 2 && frame.header.payload_length <= 125) {
    frame.header.length_form = LengthForm::kLonger16Bit;
  }
  if (extended == 8 && frame.header.payload_length <= 65535) {
    frame.header.length_form = LengthForm::kLonger64Bit;
  }
  frame.payload_at = 2 + extended + mask;
  frame.payload_bytes = static_cast<size_t>(std::min<uint64_t>(
      frame.header.payload_length, stream.size() - frame.payload_at));
  return frame;
}

NaiveFrames ReadNaiveFrames(absl::Span<const uint8_t> stream,
                            const FrameParserOptions& options) {
  NaiveFrames read;
  size_t at = 0;
  while (at < stream.size()) {
    std::optional<NaiveFrame> frame = ReadNaiveHeader(stream.subspan(at));
    if (!frame.has_value()) {
      read.between_frames = false;
      break;
    }
    read.error = Judge(frame->header, options);
    if (read.error != FrameError::kNone) {
      read.between_frames = false;
      break;
    }
    if (options.profile == FramingProfile::kOvoc &&
        static_cast<int>(frame->header.opcode) < 8) {
      frame->skip =
          SkipOrCount(frame->header, options.max_payload_bytes, &read.counters);
    }
    frame->payload_at += at;
    at = frame->payload_at + frame->payload_bytes;
    read.between_frames = frame->complete();
    read.frames.push_back(*frame);
  }
  return read;
}

bool IsNextChunk(const frame::FrameChunk& chunk, const NaiveFrame& frame,
                 absl::Span<const uint8_t> stream, size_t offset) {
  if (!(chunk.header == frame.header) || chunk.skip != frame.skip ||
      chunk.payload_offset != offset || chunk.first != (offset == 0)) {
    return false;
  }
  const size_t size = chunk.payload.size();
  if (size == 0) {
    return chunk.last && (frame.header.payload_length == 0 ||
                          frame.skip != SkipReason::kNone);
  }
  return frame.skip == SkipReason::kNone &&
         chunk.payload.data() == stream.data() + frame.payload_at + offset &&
         offset + size <= frame.payload_bytes &&
         chunk.last == (offset + size == frame.header.payload_length);
}

bool SaysTheSame(const frame::FrameParser& parser, const NaiveFrames& naive) {
  return parser.error() == naive.error && parser.counters() == naive.counters &&
         parser.between_frames() == naive.between_frames &&
         parser.frames_begun() == naive.frames.size();
}

std::vector<uint8_t> NaivePayload(absl::Span<const uint8_t> stream,
                                  const NaiveFrame& frame) {
  std::vector<uint8_t> payload;
  for (size_t i = 0; i < frame.payload_bytes; ++i) {
    const int key = frame.header.masked ? frame.header.mask_key[i % 4] : 0;
    payload.push_back(static_cast<uint8_t>(stream[frame.payload_at + i] ^ key));
  }
  return payload;
}

}  // namespace ovoc::fuzz
