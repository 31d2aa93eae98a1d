// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_date.h"

#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

constexpr int64_t kNow = 1796040000;  // 2026-11-30 12:00:00 UTC

TEST(NaiveDateTest, ReadsTheExamplesOfTheRfc) {
  for (const absl::string_view text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(NaiveHttpDate(text, 2026), 784111777) << text;
  }
  EXPECT_EQ(NaiveHttpDate("Mon, 30 Nov 2026 12:00:60 GMT", 2026), kNow + 60);
}

TEST(NaiveDateTest, ReadsNothingElse) {
  for (const absl::string_view text :
       {"", "Sun", "Sun, 06 Nov 1994 08:49:37", "sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994", "Sun, 06 ovD 1994 08:49:37 GMT"}) {
    EXPECT_FALSE(NaiveHttpDate(text, 2026).has_value()) << text;
  }
}

TEST(NaiveDateTest, AWaitIsBetweenASecondAndTenMinutes) {
  EXPECT_EQ(NaiveRetryAfter("0", "", kNow, 2026), 1);
  EXPECT_EQ(NaiveRetryAfter("120", "", kNow, 2026), 120);
  EXPECT_EQ(NaiveRetryAfter("99999999999999999999", "", kNow, 2026), 600);
  EXPECT_EQ(NaiveRetryAfter("Mon Nov 30 12:01:00 2026", "", kNow, 2026), 60);
  EXPECT_EQ(NaiveRetryAfter("Mon Nov 30 12:01:00 2026",
                            "Mon Nov 30 12:00:30 2026", kNow, 2026),
            30);
  EXPECT_FALSE(NaiveRetryAfter("-1", "", kNow, 2026).has_value());
  EXPECT_FALSE(NaiveRetryAfter("", "", kNow, 2026).has_value());
}

}  // namespace
}  // namespace ovoc::fuzz
