// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/pieces.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

using Bytes = std::vector<uint8_t>;

// The sizes of all pieces; it expects them to be the stream.
std::vector<size_t> Sizes(const Bytes& stream, uint8_t how) {
  Pieces pieces(stream, how);
  std::vector<size_t> sizes;
  size_t at = 0;
  absl::Span<const uint8_t> piece;
  while (pieces.Next(&piece)) {
    EXPECT_TRUE(piece.empty() || piece.data() == stream.data() + at);
    at += piece.size();
    sizes.push_back(piece.size());
  }
  EXPECT_EQ(at, stream.size());
  return sizes;
}

TEST(PiecesTest, ZeroLeavesTheStreamWhole) {
  EXPECT_EQ(Sizes({1, 2, 3}, 0), std::vector<size_t>({3}));
}

TEST(PiecesTest, OneIsOctetByOctet) {
  EXPECT_EQ(Sizes({1, 2, 3}, 1), std::vector<size_t>({1, 1, 1}));
}

TEST(PiecesTest, TheLastPieceHoldsWhatIsLeft) {
  EXPECT_EQ(Sizes({1, 2, 3, 4, 5}, 2), std::vector<size_t>({2, 2, 1}));
}

TEST(PiecesTest, AnEmptyStreamIsOneEmptyPiece) {
  for (const int how : {0, 1, 2, 200}) {
    EXPECT_EQ(Sizes({}, static_cast<uint8_t>(how)), std::vector<size_t>({0}));
  }
}

TEST(PiecesTest, DrawnPiecesDifferAndSomeAreEmpty) {
  const std::vector<size_t> sizes = Sizes(Bytes(2000), 128);
  const std::set<size_t> different(sizes.begin(), sizes.end());
  EXPECT_GT(different.size(), 20U);
  EXPECT_EQ(*different.begin(), 0U);
  EXPECT_LT(*different.rbegin(), 32U);
  EXPECT_NE(Sizes(Bytes(2000), 129), sizes);
}

TEST(PiecesTest, AFixedSizeCutsAfterSoManyOctets) {
  for (int how = 1; how < 128; ++how) {
    const auto size = static_cast<size_t>(how);
    std::vector<size_t> expected(500 / size, size);
    if (500 % size != 0) {
      expected.push_back(500 % size);
    }
    EXPECT_EQ(Sizes(Bytes(500), static_cast<uint8_t>(how)), expected);
  }
}

// x' = x * 1664525 + 1013904223 modulo 2^32, and of it bits 16 to 20.
TEST(PiecesTest, DrawnPiecesAreTheSameInEveryBuild) {
  // 128 * 1664525 + 1013904223 = 1226963423 = 0x4921F9DF: 0x4921 % 32 = 1.
  EXPECT_EQ(Sizes(Bytes(1), 128), std::vector<size_t>({1}));
  // 255 * 1664525 + 1013904223 = 1438358098 = 0x55BB9A52: 0x55BB % 32 = 27.
  EXPECT_EQ(Sizes(Bytes(27), 255), std::vector<size_t>({27}));
  EXPECT_EQ(Sizes(Bytes(500), 200), Sizes(Bytes(500), 200));
}

TEST(PiecesTest, LeavesThePieceAloneAtTheEnd) {
  const Bytes stream = {1, 2, 3};
  Pieces pieces(stream, 0);
  absl::Span<const uint8_t> piece;
  ASSERT_TRUE(pieces.Next(&piece));
  EXPECT_FALSE(pieces.Next(&piece));
  EXPECT_FALSE(pieces.Next(&piece));
  EXPECT_EQ(piece, absl::MakeConstSpan(stream));
}

TEST(PiecesTest, EveryWayEnds) {
  for (int how = 0; how < 256; ++how) {
    Sizes(Bytes(500), static_cast<uint8_t>(how));
  }
}

TEST(TakeLastTest, TakesFromTheEndAndThenGivesZero) {
  const Bytes bytes = {1, 2};
  absl::Span<const uint8_t> input = bytes;
  EXPECT_EQ(TakeLast(&input), 2);
  EXPECT_EQ(TakeLast(&input), 1);
  EXPECT_TRUE(input.empty());
  EXPECT_EQ(TakeLast(&input), 0);
}

}  // namespace
}  // namespace ovoc::fuzz
