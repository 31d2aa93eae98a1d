// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_legacy.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "conformance/ovoc_server/legacy_frames.h"
#include "frame/frame_header.h"
#include "fuzz/oracle/naive_frames.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

using Bytes = std::vector<uint8_t>;

TEST(NaiveLegacy, TakesEveryFrame) {
  const Bytes stream = {0x82, 0x01, 'a',                              // plain
                        0xff, 0x81, 1,    2,    3,    4,    'a' ^ 1,  // masked
                        0x00, 0x7e, 0x00, 0x00,  // two bytes
                        0x03, 0x7f, 0,    0,    0,    0,    0,
                        0,    0,    1,    'b',  0x82, 0x02, 'c'};  // cut
  const NaiveLegacy read = ReadNaiveLegacy(stream);
  ASSERT_EQ(read.frames.size(), 4u);
  EXPECT_EQ(read.passed_over, 0u);
  EXPECT_EQ(read.frames[0].payload_at, 2u);
  EXPECT_EQ(NaivePayload(stream, read.frames[1]), Bytes{'a'});
  EXPECT_TRUE(read.frames[1].header.masked);
  EXPECT_EQ(read.frames[2].payload_bytes, 0u);
  EXPECT_EQ(NaivePayload(stream, read.frames[3]), Bytes{'b'});
}

TEST(NaiveLegacy, PassesOverWhatIsLongerThan131072Bytes) {
  Bytes stream = {0x82, 0x7f, 0, 0, 0, 0, 0, 2, 0, 1};  // one byte more
  stream.insert(stream.end(), 131073, 0);
  const Bytes next = {0x82, 0x01, 'a'};
  stream.insert(stream.end(), next.begin(), next.end());
  const NaiveLegacy read = ReadNaiveLegacy(stream);
  EXPECT_EQ(read.passed_over, 1u);
  ASSERT_EQ(read.frames.size(), 1u);
  EXPECT_EQ(NaivePayload(stream, read.frames[0]), Bytes{'a'});
  stream[9] = 0;  // 131,072 bytes, and a zero before the next
  EXPECT_EQ(ReadNaiveLegacy(stream).passed_over, 0u);
  EXPECT_EQ(ReadNaiveLegacy(stream).frames[0].payload_bytes, 131072u);
}

TEST(NaiveLegacy, CountsAFrameThatIsPassedOverFromItsHeadOn) {
  const Bytes stream = {0x82, 0x7f, 0xff, 0xff, 0xff,
                        0xff, 0xff, 0xff, 0xff, 0xff};
  EXPECT_EQ(ReadNaiveLegacy(stream).passed_over, 1u);
  EXPECT_TRUE(ReadNaiveLegacy(stream).frames.empty());
}

TEST(NaiveLegacy, KnowsItsFrameAgain) {
  const Bytes stream = {0x82, 0x81, 1, 2, 3, 4, 'a' ^ 1};
  const NaiveLegacy read = ReadNaiveLegacy(stream);
  ASSERT_EQ(read.frames.size(), 1u);
  const Bytes right = {'a'};
  const Bytes wrong = {'b'};
  conformance::LegacyFrame frame = {read.frames[0].header, right};
  EXPECT_TRUE(IsSameFrame(frame, read.frames[0], stream));
  frame.payload = wrong;
  EXPECT_FALSE(IsSameFrame(frame, read.frames[0], stream));
  frame = {read.frames[0].header, right};
  frame.header.rsv = 1;
  EXPECT_FALSE(IsSameFrame(frame, read.frames[0], stream));
}

// Where each frame of a stream ends, so that a cut in front of it hides it.
TEST(NaiveLegacy, AFrameCountsOnceItIsWhole) {
  const Bytes stream = {0x82, 0x01, 'a',                            // to 3
                        0x89, 0x80, 1,   2, 3,   4,                 // to 9
                        0x82, 0x7e, 0,   2, 'b', 'c',               // to 15
                        0x88, 0x7f, 0,   0, 0,   0,   0,  0, 0, 0,  // to 25
                        0xff, 0x81, 0,   0, 0,   0,   'd'};         // to 32
  constexpr size_t kEnds[] = {3, 9, 15, 25, 32};
  for (size_t size = 0; size <= stream.size(); ++size) {
    const auto cut = absl::MakeConstSpan(stream).first(size);
    size_t whole = 0;
    for (const size_t end : kEnds) {
      whole += end <= size ? 1 : 0;
    }
    EXPECT_EQ(ReadNaiveLegacy(cut).frames.size(), whole) << size;
    EXPECT_EQ(ReadNaiveLegacy(cut).passed_over, 0u) << size;
  }
}

TEST(NaiveLegacy, AFrameIsTheSameOnlyWithTheFormOfItsLength) {
  const Bytes stream = {0x82, 0x7f, 0, 0, 0, 0, 0, 0, 0, 1, 'a'};
  const NaiveLegacy read = ReadNaiveLegacy(stream);
  ASSERT_EQ(read.frames.size(), 1u);
  const Bytes payload = {'a'};
  conformance::LegacyFrame frame = {read.frames[0].header, payload};
  EXPECT_TRUE(IsSameFrame(frame, read.frames[0], stream));
  for (const frame::LengthForm form :
       {frame::LengthForm::kMinimal, frame::LengthForm::kLonger16Bit}) {
    frame.header.length_form = form;
    EXPECT_FALSE(IsSameFrame(frame, read.frames[0], stream));
  }
  frame = {read.frames[0].header, payload};
  frame.header.fin = false;
  EXPECT_FALSE(IsSameFrame(frame, read.frames[0], stream));
  frame = {read.frames[0].header, payload};
  frame.header.masked = true;
  EXPECT_FALSE(IsSameFrame(frame, read.frames[0], stream));
  frame = {read.frames[0].header, {}};
  EXPECT_FALSE(IsSameFrame(frame, read.frames[0], stream));
}

}  // namespace
}  // namespace ovoc::fuzz
