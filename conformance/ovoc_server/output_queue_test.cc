// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/output_queue.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string Next(const OutputQueue& queue) {
  const absl::Span<const uint8_t> next = queue.NextWrite();
  return std::string(next.begin(), next.end());
}

TEST(OutputQueueTest, IsEmptyAtFirst) {
  OutputQueue queue(10);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.room(), 10u);
  EXPECT_EQ(Next(queue), "");
  queue.Wrote(1);
  EXPECT_TRUE(queue.empty());
}

TEST(OutputQueueTest, PiecesAloneGoOutOneByOne) {
  OutputQueue queue(100);
  EXPECT_TRUE(queue.Add(Bytes("a"), Bytes("bc"), Writing::kAlone));
  EXPECT_TRUE(queue.Add(Bytes("de"), {}, Writing::kAlone));
  EXPECT_EQ(Next(queue), "abc");
  queue.Wrote(2);
  EXPECT_EQ(Next(queue), "c");
  queue.Wrote(1);
  EXPECT_EQ(Next(queue), "de");
  queue.Wrote(2);
  EXPECT_TRUE(queue.empty());
}

TEST(OutputQueueTest, PiecesTogetherGoOutAtOnce) {
  OutputQueue queue(100);
  EXPECT_TRUE(queue.Add(Bytes("head"), {}, Writing::kAlone));
  EXPECT_TRUE(queue.Add(Bytes("a"), Bytes("b"), Writing::kTogether));
  EXPECT_TRUE(queue.Add(Bytes("c"), Bytes("d"), Writing::kTogether));
  EXPECT_EQ(Next(queue), "head");
  queue.Wrote(4);
  EXPECT_EQ(Next(queue), "abcd");
  queue.Wrote(3);
  EXPECT_EQ(Next(queue), "d");
  // What is half written may still grow, as a repeated TLS write may.
  EXPECT_TRUE(queue.Add(Bytes("ef"), {}, Writing::kTogether));
  EXPECT_EQ(Next(queue), "def");
  EXPECT_TRUE(queue.Add(Bytes("x"), {}, Writing::kAlone));
  EXPECT_TRUE(queue.Add(Bytes("y"), {}, Writing::kTogether));
  queue.Wrote(3);
  EXPECT_EQ(Next(queue), "x");
  queue.Wrote(1);
  EXPECT_EQ(Next(queue), "y");
}

TEST(OutputQueueTest, NothingIsNoPiece) {
  OutputQueue queue(10);
  EXPECT_TRUE(queue.Add({}, {}, Writing::kAlone));
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(Next(queue), "");
}

TEST(OutputQueueTest, RefusesWhatDoesNotFitWhole) {
  OutputQueue queue(4);
  EXPECT_FALSE(queue.Add(Bytes("abcde"), {}, Writing::kAlone));
  EXPECT_FALSE(queue.Add(Bytes("abc"), Bytes("de"), Writing::kAlone));
  EXPECT_TRUE(queue.Add(Bytes("ab"), Bytes("cd"), Writing::kAlone));
  EXPECT_EQ(queue.room(), 0u);
  EXPECT_FALSE(queue.Add(Bytes("e"), {}, Writing::kAlone));
  EXPECT_EQ(Next(queue), "abcd");
  queue.Wrote(1);
  EXPECT_EQ(queue.room(), 1u);
  EXPECT_TRUE(queue.Add(Bytes("e"), {}, Writing::kAlone));
  EXPECT_EQ(Next(queue), "bcd");
  queue.Wrote(3);
  EXPECT_EQ(Next(queue), "e");
}

TEST(OutputQueueTest, GivesEverythingInOrderHoweverItIsWritten) {
  for (size_t step = 1; step <= 7; ++step) {
    OutputQueue queue(16);
    std::string sent;
    std::string queued;
    for (char c = 'a'; c <= 'z'; ++c) {
      const std::string piece(static_cast<size_t>(c - 'a') % 5 + 1, c);
      const Writing writing = c % 3 == 0 ? Writing::kAlone : Writing::kTogether;
      while (!queue.Add(Bytes(piece), {}, writing)) {
        const std::string next = Next(queue).substr(0, step);
        ASSERT_FALSE(next.empty());
        sent += next;
        queue.Wrote(next.size());
      }
      queued += piece;
      ASSERT_LE(queue.size(), 16u);
    }
    while (!queue.empty()) {
      const std::string next = Next(queue).substr(0, step);
      sent += next;
      queue.Wrote(next.size());
    }
    EXPECT_EQ(sent, queued) << step;
  }
}

}  // namespace
}  // namespace ovoc::conformance
