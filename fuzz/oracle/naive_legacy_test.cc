// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_legacy.h"

#include <vector>

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

}  // namespace
}  // namespace ovoc::fuzz
