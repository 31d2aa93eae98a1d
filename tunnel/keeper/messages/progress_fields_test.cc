// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/messages/progress_fields.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "tunnel/keeper/messages/message_fields.h"

namespace ovoc::tunnel {
namespace {

// What ReadProgress makes of what PutProgress wrote.
Progress ThereAndBack(const Progress& progress) {
  std::array<uint8_t, 1277> room = {};
  FieldWriter out(absl::MakeSpan(room));
  PutProgress(progress, &out);
  EXPECT_TRUE(out.complete());
  FieldReader in(absl::MakeConstSpan(room).first(out.size()));
  const absl::StatusOr<Progress> read = ReadProgress(&in);
  EXPECT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(in.at_end());
  return read.value_or(Progress());
}

TEST(ProgressFieldsTest, KeepsTheEndsOfEachReason) {
  Progress progress;
  for (size_t i = 0; i < progress.ends.size(); ++i) {
    progress.ends[i] = 1000 * i;
  }
  EXPECT_EQ(ThereAndBack(progress).ends, progress.ends);
}

TEST(ProgressFieldsTest, KeepsTheNextAttemptToTheSecond) {
  Progress progress;
  EXPECT_EQ(ThereAndBack(progress).next_attempt, std::nullopt);
  progress.next_attempt = absl::FromUnixMillis(1795399200999);
  EXPECT_EQ(ThereAndBack(progress).next_attempt,
            absl::FromUnixSeconds(1795399200));
}

TEST(ProgressFieldsTest, KeepsTheRoundTripToTheMicrosecond) {
  Progress progress;
  EXPECT_FALSE(ThereAndBack(progress).round_trip.has_value());
  progress.round_trip = {absl::Nanoseconds(23500999), absl::ZeroDuration(),
                         absl::Minutes(71)};
  const Progress read = ThereAndBack(progress);
  ASSERT_TRUE(read.round_trip.has_value());
  EXPECT_EQ(read.round_trip->last, absl::Microseconds(23500));
  EXPECT_EQ(read.round_trip->minimum, absl::ZeroDuration());
  EXPECT_EQ(read.round_trip->smoothed, absl::Minutes(71));
}

// A peer that answers at once is not one that never answered.
TEST(ProgressFieldsTest, ARoundTripOfNoTimeIsThere) {
  Progress progress;
  progress.round_trip = RoundTripTimes();
  EXPECT_TRUE(ThereAndBack(progress).round_trip.has_value());
}

}  // namespace
}  // namespace ovoc::tunnel
