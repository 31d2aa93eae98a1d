// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/byte_source.h"

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
}

TEST(ByteSourceTest, ABlockEndsWithTheInput) {
  const std::vector<uint8_t> input = {0, 200, 7};
  ByteSource source(input);
  EXPECT_EQ(source.LongBlock(), absl::MakeConstSpan(input).last(1));
  EXPECT_TRUE(source.empty());
}

}  // namespace
}  // namespace ovoc::fuzz
