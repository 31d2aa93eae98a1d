// SPDX-License-Identifier: Apache-2.0
#include "frame/mask.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

constexpr MaskKey kKey = {0x37, 0xFA, 0x21, 0x3D};
constexpr uint8_t kGuard = 0xA5;
constexpr size_t kGuardBytes = 16;

// Octets in which no two neighbours and no two words are alike.
std::vector<uint8_t> Sample(size_t size) {
  std::vector<uint8_t> data(size);
  for (size_t i = 0; i < size; ++i) {
    data[i] = static_cast<uint8_t>(i * 7 + i / 256 + 1);
  }
  return data;
}

// The definition of RFC 6455 5.3, as it is written there.
std::vector<uint8_t> ByteLoop(std::vector<uint8_t> data, const MaskKey& key,
                              uint64_t offset) {
  for (size_t i = 0; i < data.size(); ++i) {
    const uint8_t octet = key[(offset + i) % 4];
    data[i] = static_cast<uint8_t>(data[i] ^ octet);
  }
  return data;
}

// The data between guards, as it has to be afterwards.
std::vector<uint8_t> Guarded(size_t alignment,
                             const std::vector<uint8_t>& data) {
  std::vector<uint8_t> room(alignment, kGuard);
  room.insert(room.end(), data.begin(), data.end());
  room.insert(room.end(), kGuardBytes, kGuard);
  return room;
}

TEST(MaskTest, MasksTheHelloOfTheRfc) {
  // RFC 6455 5.7, second example.
  std::vector<uint8_t> data = {'H', 'e', 'l', 'l', 'o'};
  ApplyMask(absl::MakeSpan(data), kKey);
  EXPECT_EQ(data, (std::vector<uint8_t>{0x7F, 0x9F, 0x4D, 0x51, 0x58}));
}

TEST(MaskTest, AppliedTwiceGivesTheOctetsBack) {
  const std::vector<uint8_t> plain = Sample(1500);
  std::vector<uint8_t> data = plain;
  ApplyMask(absl::MakeSpan(data), kKey);
  EXPECT_NE(data, plain);
  ApplyMask(absl::MakeSpan(data), kKey);
  EXPECT_EQ(data, plain);
}

TEST(MaskTest, TakesNoOctetsAtAll) {
  ApplyMask(absl::Span<uint8_t>(), kKey);
  CopyMasked(absl::Span<const uint8_t>(), absl::Span<uint8_t>(), kKey);
}

TEST(MaskTest, EqualsTheByteLoopForEverySizeAndOffset) {
  for (size_t size = 0; size <= 200; ++size) {
    const std::vector<uint8_t> plain = Sample(size);
    for (uint64_t offset = 0; offset < 9; ++offset) {
      std::vector<uint8_t> data = plain;
      ApplyMask(absl::MakeSpan(data), kKey, offset);
      ASSERT_EQ(data, ByteLoop(plain, kKey, offset))
          << "size " << size << " offset " << offset;
    }
  }
}

// Guards on both sides show that nothing is written beside the data.
TEST(MaskTest, EqualsTheByteLoopForEveryAlignmentSizeAndOffset) {
  for (size_t alignment = 0; alignment < kGuardBytes; ++alignment) {
    for (size_t size = 0; size <= 150; ++size) {
      const std::vector<uint8_t> plain = Sample(size);
      for (uint64_t offset = 0; offset < 8; ++offset) {
        std::vector<uint8_t> room(alignment + size + kGuardBytes, kGuard);
        std::copy(plain.begin(), plain.end(),
                  room.begin() + static_cast<ptrdiff_t>(alignment));
        ApplyMask(absl::MakeSpan(room).subspan(alignment, size), kKey, offset);
        ASSERT_EQ(room, Guarded(alignment, ByteLoop(plain, kKey, offset)))
            << "alignment " << alignment << " size " << size << " offset "
            << offset;
      }
    }
  }
}

TEST(MaskTest, EqualsTheByteLoopForKeysOfEveryKindAndLongData) {
  constexpr MaskKey kKeys[] = {{0, 0, 0, 0},
                               {0xFF, 0xFF, 0xFF, 0xFF},
                               {1, 0, 0, 0},
                               {0, 0, 0, 0x80},
                               {0x12, 0x34, 0x56, 0x78}};
  for (const MaskKey& key : kKeys) {
    for (size_t size : {1499u, 1500u, 1501u, 65535u, 65536u, 65537u}) {
      const std::vector<uint8_t> plain = Sample(size);
      std::vector<uint8_t> data = plain;
      ApplyMask(absl::MakeSpan(data), key, 3);
      ASSERT_EQ(data, ByteLoop(plain, key, 3)) << "size " << size;
    }
  }
}

TEST(MaskTest, ContinuesWhereThePreviousChunkStopped) {
  const std::vector<uint8_t> plain = Sample(150);
  const std::vector<uint8_t> whole = ByteLoop(plain, kKey, 0);
  for (size_t cut = 0; cut <= plain.size(); ++cut) {
    std::vector<uint8_t> data = plain;
    ApplyMask(absl::MakeSpan(data).first(cut), kKey);
    ApplyMask(absl::MakeSpan(data).subspan(cut), kKey, cut);
    ASSERT_EQ(data, whole) << "cut at " << cut;
  }
}

TEST(MaskTest, TakesOffsetsUpToTheLastOfA64BitLength) {
  const std::vector<uint8_t> plain = Sample(70);
  for (uint64_t offset : {uint64_t{1} << 32, (uint64_t{1} << 63) + 3,
                          std::numeric_limits<uint64_t>::max()}) {
    std::vector<uint8_t> data = plain;
    ApplyMask(absl::MakeSpan(data), kKey, offset);
    // 2^64 is a multiple of the key's four octets: wrapping keeps the phase.
    EXPECT_EQ(data, ByteLoop(plain, kKey, offset % 4)) << offset;
  }
}

TEST(CopyMaskedTest, EqualsTheByteLoopAndLeavesTheSourceAlone) {
  for (size_t size = 0; size <= 200; ++size) {
    const std::vector<uint8_t> plain = Sample(size);
    const std::vector<uint8_t> source = plain;
    for (uint64_t offset = 0; offset < 5; ++offset) {
      std::vector<uint8_t> copy(size + kGuardBytes, kGuard);
      CopyMasked(source, absl::MakeSpan(copy).first(size), kKey, offset);
      std::vector<uint8_t> expected = ByteLoop(plain, kKey, offset);
      expected.insert(expected.end(), kGuardBytes, kGuard);
      ASSERT_EQ(copy, expected) << "size " << size << " offset " << offset;
      ASSERT_EQ(source, plain);
    }
  }
}

TEST(CopyMaskedTest, EqualsTheByteLoopForEveryAlignmentOfBothSides) {
  const std::vector<uint8_t> source = Sample(160);
  for (size_t from = 0; from < kGuardBytes; ++from) {
    for (size_t to = 0; to < kGuardBytes; ++to) {
      for (size_t size : {0u, 1u, 3u, 7u, 8u, 9u, 63u, 64u, 65u, 131u}) {
        const uint64_t offset = (from + to) % 4;
        const auto part = absl::MakeConstSpan(source).subspan(from, size);
        std::vector<uint8_t> room(to + size + kGuardBytes, kGuard);
        CopyMasked(part, absl::MakeSpan(room).subspan(to, size), kKey, offset);
        const std::vector<uint8_t> plain(part.begin(), part.end());
        ASSERT_EQ(room, Guarded(to, ByteLoop(plain, kKey, offset)))
            << "from " << from << " to " << to << " size " << size;
      }
    }
  }
}

TEST(CopyMaskedTest, MasksInPlaceWhenBothBeginAtTheSameOctet) {
  const std::vector<uint8_t> plain = Sample(150);
  std::vector<uint8_t> data = plain;
  CopyMasked(data, absl::MakeSpan(data), kKey, 1);
  EXPECT_EQ(data, ByteLoop(plain, kKey, 1));
}

TEST(CopyMaskedTest, StopsAtTheEndOfAShorterDestination) {
  const std::vector<uint8_t> plain = Sample(100);
  std::vector<uint8_t> copy(50 + kGuardBytes, kGuard);
  CopyMasked(plain, absl::MakeSpan(copy).first(50), kKey);
  std::vector<uint8_t> expected = ByteLoop(Sample(50), kKey, 0);
  expected.insert(expected.end(), kGuardBytes, kGuard);
  EXPECT_EQ(copy, expected);
}

}  // namespace
}  // namespace ovoc::frame
