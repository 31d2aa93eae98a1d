// SPDX-License-Identifier: Apache-2.0
#include "conformance/bench/flood_pace.h"

#include <cstddef>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

// Polls every `step` for a second, and sends all that is due. Returns the
// packets.
double PacketsInASecond(double rate, int burst, absl::Duration step) {
  FloodPace pace(rate, burst);
  for (absl::Duration now; now <= absl::Seconds(1); now += step) {
    pace.Sent(pace.Due(now));
  }
  return pace.packets();
}

TEST(FloodPaceTest, NothingIsDueAtTheStart) {
  FloodPace pace(400000, 1);
  EXPECT_EQ(pace.Due(absl::ZeroDuration()), 0u);
  EXPECT_EQ(pace.packets(), 0);
}

TEST(FloodPaceTest, AMessageIsDueWhenAllItsPacketsAre) {
  FloodPace pace(1024, 16);  // a message each 1/64 s
  const absl::Duration message = absl::Seconds(1) / 64;
  EXPECT_EQ(pace.Due(message - absl::Nanoseconds(1000)), 0u);
  EXPECT_EQ(pace.Due(message), 1u);
  EXPECT_EQ(pace.Due(message), 1u) << "until it is sent";
  pace.Sent(1);
  EXPECT_EQ(pace.packets(), 16);
  EXPECT_EQ(pace.Due(message), 0u);
  EXPECT_EQ(pace.Due(2 * message), 1u);
}

TEST(FloodPaceTest, TheRateIsKeptWhateverItIs) {
  for (const double rate :
       {1.0, 10.0, 100.0, 201.0, 1000.0, 4000.0, 400000.0}) {
    for (const int burst : {1, 16, 64}) {
      SCOPED_TRACE(testing::Message() << rate << "/s by " << burst);
      const double packets =
          PacketsInASecond(rate, burst, absl::Microseconds(100));
      EXPECT_LE(packets, rate);
      // All but the message that is not yet due. That of a step may be late.
      EXPECT_GT(packets, rate - burst - rate * 1e-4 - 1);
    }
  }
}

TEST(FloodPaceTest, ShortSleepsAreMadeUpFor) {
  // 4 ms are less than the arrears.
  EXPECT_EQ(PacketsInASecond(1024, 1, absl::Seconds(1) / 256), 1024);
}

TEST(FloodPaceTest, OfALongSleepFiveMillisecondsAreMadeUpFor) {
  FloodPace pace(1024, 1);
  // 5.12 packets of arrears, and the one that was about to be sent.
  EXPECT_EQ(pace.Due(absl::Seconds(10)), 6u);
  pace.Sent(6);
  EXPECT_EQ(pace.Due(absl::Seconds(10)), 0u) << "the rest is forgiven";
  EXPECT_EQ(pace.Due(absl::Seconds(10) + absl::Seconds(1) / 256), 4u)
      << "and the rate goes on";
}

TEST(FloodPaceTest, WhatIsNotTakenStaysDueWithinTheArrears) {
  FloodPace pace(1024, 1);
  const absl::Duration step = absl::Seconds(1) / 1024;
  EXPECT_EQ(pace.Due(4 * step), 4u);
  pace.Sent(1);
  EXPECT_EQ(pace.Due(4 * step), 3u);
  EXPECT_EQ(pace.Due(5 * step), 4u);
}

TEST(FloodPaceTest, MoreThanWasDueIsPaidBack) {
  FloodPace pace(1024, 1);
  const absl::Duration step = absl::Seconds(1) / 1024;
  pace.Sent(3);
  EXPECT_EQ(pace.Due(2 * step), 0u);
  EXPECT_EQ(pace.Due(3 * step), 0u);
  EXPECT_EQ(pace.Due(4 * step), 1u);
}

}  // namespace
}  // namespace ovoc::conformance
