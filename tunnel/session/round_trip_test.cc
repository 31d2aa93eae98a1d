// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/round_trip.h"

#include <cstdint>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::Time At(int64_t milliseconds) {
  return absl::UnixEpoch() + absl::Hours(1) + absl::Milliseconds(milliseconds);
}

// A ping at `at` and its pong `took` later, both in milliseconds.
void PingAndPong(int64_t at, int64_t took, RoundTrip* trip) {
  trip->OnPing(At(at));
  trip->OnPong(0, At(at + took));
}

void ExpectTimes(const RoundTrip& trip, absl::Duration last,
                 absl::Duration minimum, absl::Duration smoothed) {
  ASSERT_TRUE(trip.times().has_value());
  EXPECT_EQ(trip.times()->last, last);
  EXPECT_EQ(trip.times()->minimum, minimum);
  EXPECT_EQ(trip.times()->smoothed, smoothed);
}

TEST(RoundTripTest, IsUnknownBeforeTheFirstPong) {
  RoundTrip trip;
  EXPECT_FALSE(trip.times().has_value());
  trip.OnPing(At(0));
  EXPECT_FALSE(trip.times().has_value());
}

// RFC 6298 2.2: SRTT is the first R. 2.3: SRTT becomes 7/8 SRTT + 1/8 R'.
TEST(RoundTripTest, SmoothsAsTcpDoes) {
  RoundTrip trip;
  PingAndPong(0, 80, &trip);
  ExpectTimes(trip, absl::Milliseconds(80), absl::Milliseconds(80),
              absl::Milliseconds(80));
  PingAndPong(17000, 160, &trip);  // 70 + 20
  ExpectTimes(trip, absl::Milliseconds(160), absl::Milliseconds(80),
              absl::Milliseconds(90));
  PingAndPong(34000, 10, &trip);  // 78.75 + 1.25
  ExpectTimes(trip, absl::Milliseconds(10), absl::Milliseconds(10),
              absl::Milliseconds(80));
  PingAndPong(51000, 20, &trip);  // 70 + 2.5
  ExpectTimes(trip, absl::Milliseconds(20), absl::Milliseconds(10),
              absl::Microseconds(72500));
}

TEST(RoundTripTest, AnAnswerWithinTheSameInstantTakesNoTime) {
  RoundTrip trip;
  PingAndPong(0, 0, &trip);
  ExpectTimes(trip, absl::ZeroDuration(), absl::ZeroDuration(),
              absl::ZeroDuration());
}

TEST(RoundTripTest, PongsThatNobodyAskedForDoNotCount) {
  RoundTrip trip;
  trip.OnPong(0, At(0));
  EXPECT_FALSE(trip.times().has_value()) << "before any ping";
  PingAndPong(17000, 40, &trip);
  trip.OnPong(0, At(17050));
  trip.OnPong(0, At(30000));
  ExpectTimes(trip, absl::Milliseconds(40), absl::Milliseconds(40),
              absl::Milliseconds(40));
}

TEST(RoundTripTest, APongWithAPayloadAnswersNoneOfOurPings) {
  RoundTrip trip;
  trip.OnPing(At(0));
  trip.OnPong(1, At(5));
  trip.OnPong(125, At(6));
  EXPECT_FALSE(trip.times().has_value());
  trip.OnPong(0, At(70));
  ExpectTimes(trip, absl::Milliseconds(70), absl::Milliseconds(70),
              absl::Milliseconds(70));
}

TEST(RoundTripTest, APingThatWasNotAnsweredDoesNotCount) {
  RoundTrip trip;
  trip.OnPing(At(0));
  trip.OnPing(At(17000));
  trip.OnPong(0, At(17050));  // of the first one or of the second
  EXPECT_FALSE(trip.times().has_value());
}

// The pong of the ping at 17 s comes once the one at 34 s is out.
TEST(RoundTripTest, ALatePongIsNotTakenForThatOfTheNextPing) {
  RoundTrip trip;
  trip.OnPing(At(0));
  trip.OnPing(At(17000));
  trip.OnPong(0, At(33000));
  trip.OnPing(At(34000));
  trip.OnPong(0, At(34001));
  EXPECT_FALSE(trip.times().has_value());
}

TEST(RoundTripTest, TheDoubtEndsSixtySecondsAfterThePingsCrossed) {
  struct Case {
    const char* name;
    int64_t ping_ms;
    bool counts;
  };
  constexpr Case kCases[] = {{"just before", 76999, false},
                             {"at the end of it", 77000, true},
                             {"long afterwards", 600000, true}};
  for (const Case& c : kCases) {
    RoundTrip trip;
    trip.OnPing(At(0));
    trip.OnPing(At(17000));
    trip.OnPong(0, At(17050));
    PingAndPong(c.ping_ms, 30, &trip);
    EXPECT_EQ(trip.times().has_value(), c.counts) << c.name;
  }
}

TEST(RoundTripTest, WhatWasMeasuredBeforeADoubtStays) {
  RoundTrip trip;
  PingAndPong(0, 30, &trip);
  trip.OnPing(At(17000));
  trip.OnPing(At(34000));
  trip.OnPong(0, At(34001));
  ExpectTimes(trip, absl::Milliseconds(30), absl::Milliseconds(30),
              absl::Milliseconds(30));
}

}  // namespace
}  // namespace ovoc::tunnel
