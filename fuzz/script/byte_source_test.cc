// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

TEST(ByteSourceTest, ReadsFromTheFront) {
  const std::vector<uint8_t> input = {1, 2, 3, 4, 5, 6, 7, 2, 8, 9, 10};
  ByteSource source(input);
  EXPECT_EQ(source.Byte(), 1);
  EXPECT_EQ(source.Uint16(), 0x0203);
  EXPECT_EQ(source.Uint32(), 0x04050607u);
  EXPECT_EQ(source.Block(), absl::MakeConstSpan(input).subspan(8, 2));
  EXPECT_EQ(source.rest(), absl::MakeConstSpan(input).last(1));
  EXPECT_EQ(source.Below(3), 1u);
  EXPECT_TRUE(source.empty());
}

TEST(ByteSourceTest, GoesOnWithZerosAtTheEnd) {
  const std::vector<uint8_t> input = {1};
  ByteSource source(input);
  EXPECT_EQ(source.Uint16(), 0x0100);
  EXPECT_TRUE(source.empty());
  EXPECT_EQ(source.Uint32(), 0u);
  EXPECT_EQ(source.Below(256), 0u);
  EXPECT_TRUE(source.Block().empty());
  EXPECT_TRUE(source.LongBlock().empty());
  EXPECT_TRUE(source.Bytes(1000).empty());
  EXPECT_TRUE(source.rest().empty());
}

TEST(ByteSourceTest, ANumberThatIsCutEndsInZeros) {
  const std::vector<uint8_t> input = {0xAB, 0xCD, 0xEF};
  const uint32_t expected[] = {0, 0xAB000000, 0xABCD0000, 0xABCDEF00};
  for (size_t size = 0; size <= input.size(); ++size) {
    ByteSource source(absl::MakeConstSpan(input).first(size));
    EXPECT_EQ(source.Uint32(), expected[size]);
    EXPECT_TRUE(source.empty());
  }
}

TEST(ByteSourceTest, ABlockEndsWithTheInput) {
  const std::vector<uint8_t> input = {0, 200, 7};
  ByteSource source(input);
  EXPECT_EQ(source.LongBlock(), absl::MakeConstSpan(input).last(1));
  EXPECT_TRUE(source.empty());
  ByteSource block(absl::MakeConstSpan(input).last(2));
  EXPECT_EQ(block.Block(), absl::MakeConstSpan(input).last(1));
}

TEST(ByteSourceTest, ALongBlockReaches65535Bytes) {
  std::vector<uint8_t> input = {0xFF, 0xFF};
  input.resize(2 + 65535 + 1, 9);
  ByteSource source(input);
  const absl::Span<const uint8_t> block = source.LongBlock();
  EXPECT_EQ(block.size(), 65535u);
  EXPECT_EQ(block.data(), input.data() + 2) << "a view, not a copy";
  EXPECT_EQ(source.rest().size(), 1u);
}

TEST(ByteSourceTest, EveryNumberBelowTheLimitCanBeRead) {
  for (const size_t limit : {size_t{1}, size_t{2}, size_t{81}, size_t{256}}) {
    std::vector<bool> seen(limit);
    for (int byte = 0; byte < 256; ++byte) {
      const uint8_t input = static_cast<uint8_t>(byte);
      ByteSource source({&input, 1});
      const size_t number = source.Below(limit);
      ASSERT_LT(number, limit);
      seen[number] = true;
      EXPECT_TRUE(source.empty()) << "one byte, whatever the limit";
    }
    EXPECT_EQ(seen, std::vector<bool>(limit, true)) << limit;
  }
}

TEST(ByteSourceTest, BytesAreTakenInOrderAndOnce) {
  const std::vector<uint8_t> input = {1, 2, 3, 4, 5};
  ByteSource source(input);
  EXPECT_TRUE(source.Bytes(0).empty());
  EXPECT_EQ(source.Bytes(2), absl::MakeConstSpan(input).first(2));
  EXPECT_EQ(source.Bytes(2), absl::MakeConstSpan(input).subspan(2, 2));
  EXPECT_EQ(source.Bytes(SIZE_MAX), absl::MakeConstSpan(input).last(1));
}

}  // namespace
}  // namespace ovoc::fuzz
