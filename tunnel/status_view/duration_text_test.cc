// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/duration_text.h"

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

struct Case {
  absl::Duration duration;
  absl::string_view text;
  absl::string_view days;
};

TEST(DurationTextTest, HasTheTwoLargestUnits) {
  const Case kCases[] = {
      {absl::ZeroDuration(), "0 s", "0 s"},
      {absl::Milliseconds(999), "0 s", "0 s"},
      {absl::Seconds(-5), "0 s", "0 s"},
      {-absl::InfiniteDuration(), "0 s", "0 s"},
      {absl::Seconds(59), "59 s", "59 s"},
      {absl::Seconds(60), "1 min", "1 min"},
      {absl::Seconds(125), "2 min 5 s", "2 min 5 s"},
      {absl::Seconds(3599), "59 min 59 s", "59 min 59 s"},
      {absl::Seconds(3600), "1 h", "1 h"},
      {absl::Minutes(192) + absl::Seconds(59), "3 h 12 min", "3 h 12 min"},
      {absl::Hours(24), "1 day", "1 day"},
      {absl::Hours(47), "1 day 23 h", "1 day 23 h"},
      {absl::Hours(48), "2 days", "2 days"},
      {absl::Hours(12 * 24 + 4), "12 days 4 h", "12 days"},
      {absl::Hours(400 * 24), "400 days", "400 days"},
      {absl::InfiniteDuration(), "for ever", "for ever"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(DurationText(c.duration), c.text) << c.duration;
    EXPECT_EQ(DaysText(c.duration), c.days) << c.duration;
  }
}

// One unit less, and one more, at each border.
TEST(DurationTextTest, ChangesItsUnitsAtTheBorder) {
  const Case kCases[] = {
      {absl::Seconds(1), "1 s", "1 s"},
      {absl::Seconds(61), "1 min 1 s", "1 min 1 s"},
      {absl::Seconds(3601), "1 h", "1 h"},
      {absl::Seconds(3660), "1 h 1 min", "1 h 1 min"},
      {absl::Hours(24) - absl::Seconds(1), "23 h 59 min", "23 h 59 min"},
      {absl::Hours(25) - absl::Seconds(1), "1 day", "1 day"},
      {absl::Hours(48) - absl::Nanoseconds(1), "1 day 23 h", "1 day 23 h"},
      {absl::Hours(49), "2 days 1 h", "2 days"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(DurationText(c.duration), c.text) << c.duration;
    EXPECT_EQ(DaysText(c.duration), c.days) << c.duration;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
