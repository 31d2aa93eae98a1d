// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_cursor.h"

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::netif {
namespace {

const std::vector<uint8_t> kBytes = {0x01, 0x23, 0x45, 0x67,
                                     0x89, 0xAB, 0xCD, 0xEF};

// RFC 1035 2.3.2 MUST: the most significant octet of a number comes first
TEST(DnsCursorTest, ReadsNumbersMostSignificantByteFirst) {
  DnsCursor cursor(kBytes);
  uint8_t u8 = 0;
  uint16_t u16 = 0;
  uint32_t u32 = 0;
  ASSERT_TRUE(cursor.ReadUint8(&u8));
  ASSERT_TRUE(cursor.ReadUint16(&u16));
  ASSERT_TRUE(cursor.ReadUint32(&u32));
  EXPECT_EQ(u8, 0x01);
  EXPECT_EQ(u16, 0x2345);
  EXPECT_EQ(u32, 0x6789ABCDu);
  EXPECT_EQ(cursor.offset(), 7u);
  EXPECT_EQ(cursor.remaining(), 1u);
}

TEST(DnsCursorTest, AReadThatDoesNotFitMovesNothing) {
  for (size_t size = 0; size < 4; ++size) {
    DnsCursor cursor(absl::MakeConstSpan(kBytes).first(size));
    uint8_t u8 = 7;
    uint16_t u16 = 7;
    uint32_t u32 = 7;
    absl::Span<const uint8_t> bytes;
    EXPECT_FALSE(cursor.ReadUint32(&u32));
    EXPECT_EQ(u32, 7u);
    EXPECT_FALSE(cursor.ReadBytes(size + 1, &bytes));
    EXPECT_TRUE(bytes.empty());
    EXPECT_FALSE(cursor.Skip(size + 1));
    if (size < 2) {
      EXPECT_FALSE(cursor.ReadUint16(&u16));
      EXPECT_EQ(u16, 7);
    }
    if (size < 1) {
      EXPECT_FALSE(cursor.ReadUint8(&u8));
      EXPECT_EQ(u8, 7);
    }
    EXPECT_EQ(cursor.offset(), 0u);
    EXPECT_EQ(cursor.remaining(), size);
  }
}

TEST(DnsCursorTest, AHugeCountDoesNotWrapAround) {
  DnsCursor cursor(kBytes);
  ASSERT_TRUE(cursor.Skip(3));
  const size_t huge = std::numeric_limits<size_t>::max();
  absl::Span<const uint8_t> bytes;
  DnsCursor part(kBytes);
  EXPECT_FALSE(cursor.Skip(huge));
  EXPECT_FALSE(cursor.ReadBytes(huge, &bytes));
  EXPECT_FALSE(cursor.Part(huge, &part));
  EXPECT_FALSE(cursor.Seek(huge));
  EXPECT_EQ(cursor.offset(), 3u);
}

TEST(DnsCursorTest, ReadBytesIsAViewOfTheMessage) {
  DnsCursor cursor(kBytes);
  ASSERT_TRUE(cursor.Skip(2));
  absl::Span<const uint8_t> bytes;
  ASSERT_TRUE(cursor.ReadBytes(3, &bytes));
  EXPECT_EQ(bytes.data(), kBytes.data() + 2);
  EXPECT_EQ(bytes.size(), 3u);
  EXPECT_EQ(cursor.offset(), 5u);
}

TEST(DnsCursorTest, ReadsOfNothingSucceedAtTheEnd) {
  DnsCursor cursor(kBytes);
  ASSERT_TRUE(cursor.Seek(kBytes.size()));
  absl::Span<const uint8_t> bytes;
  EXPECT_TRUE(cursor.Skip(0));
  EXPECT_TRUE(cursor.ReadBytes(0, &bytes));
  EXPECT_EQ(cursor.remaining(), 0u);
}

TEST(DnsCursorTest, SeekGoesUpToTheLimitAndNoFurther) {
  DnsCursor cursor(kBytes);
  EXPECT_TRUE(cursor.Seek(8));
  EXPECT_FALSE(cursor.Seek(9));
  EXPECT_EQ(cursor.offset(), 8u);
  EXPECT_TRUE(cursor.Seek(0));
  EXPECT_EQ(cursor.remaining(), 8u);
}

TEST(DnsCursorTest, APartEndsEarlyButSeesTheWholeMessage) {
  DnsCursor cursor(kBytes);
  ASSERT_TRUE(cursor.Skip(2));
  DnsCursor part(kBytes);
  ASSERT_TRUE(cursor.Part(3, &part));
  EXPECT_EQ(cursor.offset(), 5u);  // behind the part
  EXPECT_EQ(part.offset(), 2u);
  EXPECT_EQ(part.limit(), 5u);
  EXPECT_EQ(part.message().size(), 8u);
  EXPECT_FALSE(part.Skip(4));
  EXPECT_TRUE(part.Skip(3));
  uint8_t u8 = 0;
  EXPECT_FALSE(part.ReadUint8(&u8));
}

TEST(DnsCursorTest, APartOfAPartStaysInside) {
  DnsCursor cursor(kBytes);
  DnsCursor outer(kBytes);
  DnsCursor inner(kBytes);
  ASSERT_TRUE(cursor.Part(4, &outer));
  EXPECT_FALSE(outer.Part(5, &inner));
  ASSERT_TRUE(outer.Part(4, &inner));
  EXPECT_EQ(outer.remaining(), 0u);
  EXPECT_EQ(inner.remaining(), 4u);
}

TEST(DnsCursorTest, AnEmptyMessageHasNothingToRead) {
  DnsCursor cursor({});
  uint8_t u8 = 0;
  EXPECT_FALSE(cursor.ReadUint8(&u8));
  EXPECT_TRUE(cursor.Skip(0));
  EXPECT_FALSE(cursor.Skip(1));
}

}  // namespace
}  // namespace ovoc::netif
