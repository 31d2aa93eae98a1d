// SPDX-License-Identifier: Apache-2.0
//
// Frames of a stream, however cut: those of a decoder that has all of it.

#include "frame/frame_parser.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_frames.h"
#include "fuzz/script/frame_choices.h"
#include "fuzz/script/pieces.h"

namespace ovoc::fuzz {
namespace {

using frame::ParseResult;

void Check(const FrameChoices& in, const NaiveFrames& naive, uint8_t cut) {
  frame::FrameParser parser(in.parser_options());
  frame::FrameChunk chunk;
  size_t ended = 0;
  size_t offset = 0;  // In the payload of the first frame not ended.
  Pieces pieces(in.stream, cut);
  ParseResult result;
  for (absl::Span<const uint8_t> piece; pieces.Next(&piece);) {
    while ((result = parser.Next(&piece, &chunk)) == ParseResult::kChunk) {
      FUZZ_EXPECT(ended < naive.frames.size() &&
                  IsNextChunk(chunk, naive.frames[ended], in.stream, offset));
      offset = chunk.last ? 0 : offset + chunk.payload.size();
      ended += chunk.last ? 1 : 0;
    }
    FUZZ_EXPECT(parser.error() == frame::FrameError::kNone
                    ? result == ParseResult::kNeedMore && piece.empty()
                    : result == ParseResult::kError);
  }
  FUZZ_EXPECT(ended == naive.frames.size() ||
              offset == naive.frames[ended].payload_bytes);
  FUZZ_EXPECT(SaysTheSame(parser, naive));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const FrameChoices in = ReadFrameChoices({data, size});
  const auto naive = ReadNaiveFrames(in.stream, in.parser_options());
  for (const uint8_t cut : in.cuts) {
    Check(in, naive, cut);
  }
  return 0;
}

}  // namespace ovoc::fuzz
