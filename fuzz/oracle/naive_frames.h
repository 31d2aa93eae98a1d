// SPDX-License-Identifier: Apache-2.0
//
// RFC 6455 5.2 on a whole stream at once: the plain decoder that the streaming
// one is compared with. It uses the names of frame and none of its code.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_FRAMES_H_
#define OVOC_FUZZ_ORACLE_NAIVE_FRAMES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "frame/frame_counters.h"
#include "frame/frame_error.h"
#include "frame/frame_header.h"
#include "frame/frame_parser.h"

namespace ovoc::fuzz {

// NaiveFrame is one frame and where it lies in its stream.
struct NaiveFrame {
  frame::FrameHeader header;
  size_t payload_at = 0;
  size_t payload_bytes = 0;  // Of the payload, those that are in the stream.
  frame::SkipReason skip = frame::SkipReason::kNone;

  bool complete() const { return payload_bytes == header.payload_length; }
};

// NaiveFrames is everything that a FrameParser should say about a stream.
struct NaiveFrames {
  std::vector<NaiveFrame> frames;  // Those not refused; the last may be cut.
  frame::FrameError error = frame::FrameError::kNone;
  frame::FrameCounters counters;
  bool between_frames = true;
};

// ReadNaiveHeader reads the frame at the front of a stream, without judging
// it; nullopt when the stream ends in its header.
std::optional<NaiveFrame> ReadNaiveHeader(absl::Span<const uint8_t> stream);

// ReadNaiveFrames reads a stream up to its end or the first broken rule.
NaiveFrames ReadNaiveFrames(absl::Span<const uint8_t> stream,
                            const frame::FrameParserOptions& options);

// IsNextChunk is true when a parser's chunk is the piece of this frame that
// begins at `offset` of its payload: no octet left out, none twice, none
// copied, and `last` exactly at the end.
bool IsNextChunk(const frame::FrameChunk& chunk, const NaiveFrame& frame,
                 absl::Span<const uint8_t> stream, size_t offset);

// SaysTheSame is true when the parser has ended as it should, whatever chunks
// it gave on the way.
bool SaysTheSame(const frame::FrameParser& parser, const NaiveFrames& naive);

// NaivePayload is the part of a frame's payload that is in the stream,
// unmasked octet by octet (RFC 6455 5.3).
std::vector<uint8_t> NaivePayload(absl::Span<const uint8_t> stream,
                                  const NaiveFrame& frame);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_FRAMES_H_
