// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FRAME_FRAME_TRACE_H_
#define OVOC_FRAME_FRAME_TRACE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "frame/frame_counters.h"
#include "frame/frame_error.h"
#include "frame/frame_parser.h"

namespace ovoc::frame {

// FrameTrace is what a FrameParser made of a stream, for tests: every frame as
// "header:payload;" in hex, a skipped one as "header:skip REASON;" with REASON
// rsv, text or long, an unfinished one without ";".
struct FrameTrace {
  std::string frames;
  FrameError error = FrameError::kNone;
  FrameCounters counters;
  bool between_frames = false;
};

// TraceFrames feeds the pieces to one parser. On the way it expects what holds
// for every stream: chunks that follow each other without a gap and view the
// input, errors that stay.
FrameTrace TraceFrames(const FrameParserOptions& options,
                       const std::vector<absl::Span<const uint8_t>>& pieces);

// TraceFramesAtEveryCut is TraceFrames of the whole stream. It expects the same
// for the stream cut in two at every offset and fed octet by octet.
FrameTrace TraceFramesAtEveryCut(const FrameParserOptions& options,
                                 absl::Span<const uint8_t> stream);

}  // namespace ovoc::frame

#endif  // OVOC_FRAME_FRAME_TRACE_H_
