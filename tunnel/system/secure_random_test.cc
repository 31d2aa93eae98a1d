// SPDX-License-Identifier: Apache-2.0
#include "tunnel/system/secure_random.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

// RFC 6455 5.3 MUST: masking keys come from a strong source of entropy
TEST(SecureRandomTest, FillsEveryByteAnewEachTime) {
  // Of 16 fills a byte is the same in all by chance once in 2^120 runs, and two
  // of 64 bytes are equal once in 2^505.
  std::array<std::set<uint8_t>, 64> values;
  std::set<std::string> fills;
  for (int i = 0; i < 16; ++i) {
    std::array<uint8_t, 64> bytes = {};
    FillSecureRandom(absl::MakeSpan(bytes));
    for (size_t at = 0; at < bytes.size(); ++at) {
      values[at].insert(bytes[at]);
    }
    fills.emplace(bytes.begin(), bytes.end());
  }
  for (const std::set<uint8_t>& seen : values) {
    EXPECT_GT(seen.size(), 1u);
  }
  EXPECT_EQ(fills.size(), 16u);
}

TEST(SecureRandomTest, WritesNothingBesideTheSpan) {
  std::array<uint8_t, 66> bytes;
  bytes.fill(0xA5);
  FillSecureRandom(absl::MakeSpan(bytes).subspan(1, 64));
  EXPECT_EQ(bytes.front(), 0xA5);
  EXPECT_EQ(bytes.back(), 0xA5);
  FillSecureRandom({});
}

}  // namespace
}  // namespace ovoc::tunnel
