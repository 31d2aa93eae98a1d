// SPDX-License-Identifier: Apache-2.0
//
// Frames as tun-ws reads them, however cut: those of a decoder that has all of
// the stream; written again, its octets. Its end: a filler (255: as many zeros
// as the longest frame has are put in the middle) and the cut, see Pieces.

#include "conformance/ovoc_server/legacy_frames.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_legacy.h"
#include "fuzz/script/pieces.h"

namespace ovoc::fuzz {
namespace {

void Check(absl::Span<const uint8_t> stream, uint8_t cut) {
  const NaiveLegacy naive = ReadNaiveLegacy(stream);
  conformance::LegacyFrameReader reader;
  conformance::LegacyFrame frame;
  Pieces pieces(stream, cut);
  size_t frames = 0;
  for (absl::Span<const uint8_t> piece; pieces.Next(&piece);) {
    while (reader.Next(&piece, &frame) ==
           conformance::LegacyFrameReader::Result::kFrame) {
      FUZZ_EXPECT(frames < naive.frames.size() &&
                  IsSameFrame(frame, naive.frames[frames], stream));
      ++frames;
    }
    FUZZ_EXPECT(piece.empty());
  }
  FUZZ_EXPECT(frames == naive.frames.size());
  FUZZ_EXPECT(reader.passed_over() == naive.passed_over);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::Span<const uint8_t> input(data, size);
  const uint8_t cut = TakeLast(&input);
  const bool is_filled = TakeLast(&input) == 255;
  std::vector<uint8_t> stream(input.begin(), input.end());
  if (is_filled) {
    stream.insert(stream.begin() + static_cast<ptrdiff_t>(input.size() / 2),
                  conformance::kMaxLegacyPayloadBytes, 0);
  }
  Check(stream, is_filled ? 127 : cut);  // octet by octet would take long
  Check(stream, stream.size() <= 64 ? 1 : 0);
  return 0;
}

}  // namespace ovoc::fuzz
