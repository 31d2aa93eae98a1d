// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/mask_keys.h"

#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "tunnel/system/secure_random.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kKeysInBlock = MaskKeys::kBlockBytes / 4;

// A source that counts: byte i of all it ever gave is i modulo 256.
class CountingSource {
 public:
  void Fill(absl::Span<uint8_t> out) {
    asked_.push_back(out.size());
    for (uint8_t& byte : out) {
      byte = next_++;
    }
  }
  const std::vector<size_t>& asked() const { return asked_; }

 private:
  uint8_t next_ = 0;
  std::vector<size_t> asked_;
};

TEST(MaskKeysTest, GivesTheBytesOfTheSourceInOrderAndEachOnce) {
  CountingSource source;
  MaskKeys keys([&source](absl::Span<uint8_t> out) { source.Fill(out); });
  uint8_t expected = 0;
  for (size_t i = 0; i < 2 * kKeysInBlock; ++i) {
    for (const uint8_t byte : keys.Next()) {
      ASSERT_EQ(byte, expected++) << "key " << i;
    }
  }
}

TEST(MaskKeysTest, AsksForNothingBeforeTheFirstKeyAndThenForWholeBlocks) {
  CountingSource source;
  MaskKeys keys([&source](absl::Span<uint8_t> out) { source.Fill(out); });
  EXPECT_TRUE(source.asked().empty());
  for (size_t i = 0; i < kKeysInBlock; ++i) {
    keys.Next();
  }
  EXPECT_EQ(source.asked(), std::vector<size_t>{MaskKeys::kBlockBytes});
  keys.Next();
  EXPECT_EQ(source.asked(), std::vector<size_t>(2, MaskKeys::kBlockBytes));
}

TEST(MaskKeysTest, KeysOfASecureSourceAreNotTheSame) {
  MaskKeys keys(FillSecureRandom);
  std::set<frame::MaskKey> seen;
  for (size_t i = 0; i < kKeysInBlock; ++i) {
    seen.insert(keys.Next());
  }
  // Two of 256 keys of 32 bits are equal once in 130,000 runs, three never.
  EXPECT_GE(seen.size(), kKeysInBlock - 1);
}

}  // namespace
}  // namespace ovoc::tunnel
