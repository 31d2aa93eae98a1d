// SPDX-License-Identifier: Apache-2.0
#include "frame/frame_parser.h"

#include <algorithm>

namespace ovoc::frame {
namespace {

constexpr uint64_t kLengthTopBit = uint64_t{1} << 63;  // RFC 6455 5.2

FrameError CheckMask(const FrameHeader& header, Role role) {
  switch (role) {
    case Role::kClient:
      // RFC 6455 5.1 MUST: a client closes on a masked frame.
      return header.masked ? FrameError::kMaskedFrame : FrameError::kNone;
    case Role::kServer:
      // RFC 6455 5.1, for a server: it closes on an unmasked frame.
      return header.masked ? FrameError::kNone : FrameError::kUnmaskedFrame;
  }
  return FrameError::kNone;
}

// The same in both profiles: OVOC forwards data frames only, so only OVOC
// itself can have sent this.
FrameError CheckControl(const FrameHeader& header) {
  // RFC 6455 5.2 MUST: fail on RSV bits no extension has defined.
  if (header.rsv != 0) {
    return FrameError::kReservedBits;
  }
  // RFC 6455 5.4 MUST NOT: control frames are not fragmented.
  if (!header.fin) {
    return FrameError::kFragmentedControl;
  }
  // RFC 6455 5.5 MUST: a control payload has at most 125 octets.
  if (header.payload_length > kMaxControlPayloadBytes) {
    return FrameError::kControlTooLong;
  }
  // RFC 6455 5.2 MUST: the minimal number of octets encodes the length.
  if (header.length_form != LengthForm::kMinimal) {
    return FrameError::kNonMinimalLength;
  }
  return FrameError::kNone;
}

// For the rfc6455 profile. In the ovoc profile these are the skips below and a
// counter: a deviation from the RFC, because another device can cause them.
FrameError CheckData(const FrameHeader& header, uint64_t max_payload_bytes) {
  // RFC 6455 5.2 MUST: fail on RSV bits no extension has defined.
  if (header.rsv != 0) {
    return FrameError::kReservedBits;
  }
  // RFC 6455 5.2 MUST: the highest bit of a 64-bit length is 0.
  if (header.payload_length >= kLengthTopBit) {
    return FrameError::kLengthTopBit;
  }
  // RFC 6455 5.2 MUST: the minimal number of octets encodes the length.
  if (header.length_form != LengthForm::kMinimal) {
    return FrameError::kNonMinimalLength;
  }
  // RFC 6455 10.4 MUST: protect against frames above the own limit.
  if (header.payload_length > max_payload_bytes) {
    return FrameError::kLengthTooLarge;
  }
  return FrameError::kNone;
}

FrameError CheckHeader(const FrameHeader& header,
                       const FrameParserOptions& options) {
  const FrameError mask_error = CheckMask(header, options.role);
  if (mask_error != FrameError::kNone) {
    return mask_error;
  }
  // RFC 6455 5.2 MUST: fail on an unknown opcode.
  if (!IsKnown(header.opcode)) {
    return FrameError::kReservedOpcode;
  }
  if (IsControl(header.opcode)) {
    return CheckControl(header);
  }
  switch (options.profile) {
    case FramingProfile::kRfc6455:
      return CheckData(header, options.max_payload_bytes);
    case FramingProfile::kOvoc:
      break;
  }
  return FrameError::kNone;
}

SkipReason ReasonToSkip(const FrameHeader& header,
                        const FrameParserOptions& options) {
  if (options.profile != FramingProfile::kOvoc || IsControl(header.opcode)) {
    return SkipReason::kNone;
  }
  if (header.rsv != 0) {
    return SkipReason::kReservedBits;
  }
  if (header.opcode == Opcode::kText) {
    return SkipReason::kText;
  }
  // RFC 6455 10.4 MUST: protect against frames above the own limit.
  if (header.payload_length > options.max_payload_bytes) {
    return SkipReason::kTooLong;
  }
  return SkipReason::kNone;
}

void Count(SkipReason reason, FrameCounters* counters) {
  switch (reason) {
    case SkipReason::kNone:
      break;
    case SkipReason::kReservedBits:
      ++counters->skipped_reserved_bits;
      break;
    case SkipReason::kText:
      ++counters->skipped_text;
      break;
    case SkipReason::kTooLong:
      ++counters->skipped_too_long;
      break;
  }
}

}  // namespace

FrameParser::FrameParser(const FrameParserOptions& options)
    : options_(options) {}

ParseResult FrameParser::Next(absl::Span<const uint8_t>* input,
                              FrameChunk* chunk) {
  // RFC 6455 6.2 MUST: incoming data is parsed as frames.
  if (state_ == State::kSkip) {
    DiscardPayload(input);
  }
  switch (state_) {
    case State::kHeader:
      return BeginFrame(input, chunk);
    case State::kPayload:
      return ReadPayload(input, chunk);
    case State::kSkip:
      return ParseResult::kNeedMore;
    case State::kFailed:
      // RFC 6455 7.1.7 MUST NOT: process data after the connection has failed.
      return ParseResult::kError;
  }
  return ParseResult::kError;
}

bool FrameParser::between_frames() const {
  return state_ == State::kHeader && partial_header_bytes_ == 0;
}

ParseResult FrameParser::BeginFrame(absl::Span<const uint8_t>* input,
                                    FrameChunk* chunk) {
  if (!ReadHeader(input)) {
    return ParseResult::kNeedMore;
  }
  const FrameError error = CheckHeader(header_, options_);
  if (error != FrameError::kNone) {
    return Fail(error);
  }
  ++frames_begun_;
  remaining_ = header_.payload_length;
  const SkipReason reason = ReasonToSkip(header_, options_);
  if (reason != SkipReason::kNone) {
    return Skip(reason, chunk);
  }
  if (header_.length_form != LengthForm::kMinimal) {
    ++counters_.read_non_minimal_length;
  }
  if (remaining_ == 0) {
    *chunk = FrameChunk{.header = header_, .first = true, .last = true};
    return ParseResult::kChunk;
  }
  state_ = State::kPayload;
  return ReadPayload(input, chunk);
}

// True when header_ is read; false when the input ended first, and is kept.
bool FrameParser::ReadHeader(absl::Span<const uint8_t>* input) {
  size_t consumed = 0;
  if (partial_header_bytes_ == 0 &&
      DecodeFrameHeader(*input, &header_, &consumed) == HeaderResult::kOk) {
    input->remove_prefix(consumed);
    return true;
  }
  const size_t before = partial_header_bytes_;
  const absl::Span<uint8_t> room =
      absl::MakeSpan(partial_header_).subspan(before);
  const size_t taken = std::min(room.size(), input->size());
  std::copy_n(input->begin(), taken, room.begin());
  const absl::Span<const uint8_t> joined =
      absl::MakeConstSpan(partial_header_).first(before + taken);
  if (DecodeFrameHeader(joined, &header_, &consumed) ==
      HeaderResult::kNeedMore) {
    partial_header_bytes_ = before + taken;
    input->remove_prefix(taken);
    return false;
  }
  // What was kept was no whole header: consumed > before.
  partial_header_bytes_ = 0;
  input->remove_prefix(consumed - before);
  return true;
}

ParseResult FrameParser::Skip(SkipReason reason, FrameChunk* chunk) {
  Count(reason, &counters_);
  *chunk = FrameChunk{
      .header = header_, .first = true, .last = true, .skip = reason};
  if (remaining_ > 0) {
    state_ = State::kSkip;
  }
  return ParseResult::kChunk;
}

ParseResult FrameParser::ReadPayload(absl::Span<const uint8_t>* input,
                                     FrameChunk* chunk) {
  if (input->empty()) {
    return ParseResult::kNeedMore;
  }
  const uint64_t offset = header_.payload_length - remaining_;
  const size_t size =
      static_cast<size_t>(std::min<uint64_t>(remaining_, input->size()));
  remaining_ -= size;
  *chunk = FrameChunk{.header = header_,
                      .payload = input->first(size),
                      .payload_offset = offset,
                      .first = offset == 0,
                      .last = remaining_ == 0};
  input->remove_prefix(size);
  if (remaining_ == 0) {
    state_ = State::kHeader;
  }
  return ParseResult::kChunk;
}

// However long the frame says it is, up to 2^64-1: nothing is stored.
void FrameParser::DiscardPayload(absl::Span<const uint8_t>* input) {
  const size_t size =
      static_cast<size_t>(std::min<uint64_t>(remaining_, input->size()));
  remaining_ -= size;
  input->remove_prefix(size);
  if (remaining_ == 0) {
    state_ = State::kHeader;
  }
}

ParseResult FrameParser::Fail(FrameError error) {
  state_ = State::kFailed;
  error_ = error;
  return ParseResult::kError;
}

}  // namespace ovoc::frame
