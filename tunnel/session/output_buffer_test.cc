// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/output_buffer.h"

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

bool Put(OutputBuffer& buffer, absl::string_view text) {
  const absl::Span<uint8_t> out = buffer.Reserve(text.size());
  if (out.size() != text.size()) {
    return false;
  }
  std::copy(text.begin(), text.end(), out.begin());
  buffer.Commit(text.size());
  return true;
}

std::string Text(const OutputBuffer& buffer) {
  return std::string(buffer.bytes().begin(), buffer.bytes().end());
}

TEST(OutputBufferTest, KeepsTheOrder) {
  OutputBuffer buffer(8);
  EXPECT_TRUE(buffer.empty());
  EXPECT_TRUE(Put(buffer, "abc"));
  EXPECT_TRUE(Put(buffer, "de"));
  EXPECT_EQ(Text(buffer), "abcde");
  buffer.Consume(2);
  EXPECT_EQ(Text(buffer), "cde");
  EXPECT_EQ(buffer.room(), 5u);
}

TEST(OutputBufferTest, RefusesWhatDoesNotFitAndKeepsWhatItHas) {
  OutputBuffer buffer(4);
  EXPECT_TRUE(Put(buffer, "abcd"));
  EXPECT_FALSE(Put(buffer, "e"));
  EXPECT_EQ(Text(buffer), "abcd");
  EXPECT_EQ(buffer.capacity(), 4u);
}

TEST(OutputBufferTest, MovesTogetherWhenTheEndIsReached) {
  OutputBuffer buffer(6);
  EXPECT_TRUE(Put(buffer, "abcdef"));
  buffer.Consume(4);
  EXPECT_TRUE(Put(buffer, "ghij"));
  EXPECT_EQ(Text(buffer), "efghij");
}

TEST(OutputBufferTest, ReservedBytesCountOnlyOnceCommitted) {
  OutputBuffer buffer(6);
  const absl::Span<uint8_t> out = buffer.Reserve(6);
  ASSERT_EQ(out.size(), 6u);
  out[0] = 'x';
  EXPECT_TRUE(buffer.empty());
  buffer.Commit(1);
  EXPECT_EQ(Text(buffer), "x");
}

TEST(OutputBufferTest, ConsumingMoreThanThereIsEmptiesIt) {
  OutputBuffer buffer(6);
  EXPECT_TRUE(Put(buffer, "abc"));
  buffer.Consume(100);
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.room(), 6u);
}

TEST(OutputBufferTest, WipesWhatWasConsumed) {
  OutputBuffer buffer(6);
  EXPECT_TRUE(Put(buffer, "secret"));
  const uint8_t* const storage = buffer.bytes().data();
  buffer.ConsumeAndWipe(4);
  EXPECT_EQ(Text(buffer), "et");
  EXPECT_EQ(std::string(storage, storage + 6), std::string("\0\0\0\0et", 6));
}

TEST(OutputBufferTest, BehavesAsAQueueOverManyRounds) {
  OutputBuffer buffer(7);
  std::string expected;
  char next = 'a';
  for (size_t round = 0; round < 500; ++round) {
    const std::string text(round % 5, next);
    next = next == 'z' ? 'a' : static_cast<char>(next + 1);
    if (Put(buffer, text)) {
      expected += text;
    } else {
      EXPECT_GT(expected.size() + text.size(), 7u);
    }
    EXPECT_EQ(Text(buffer), expected);
    buffer.Consume(round % 4);
    expected.erase(0, round % 4);
  }
}

}  // namespace
}  // namespace ovoc::tunnel
