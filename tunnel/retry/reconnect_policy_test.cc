// SPDX-License-Identifier: Apache-2.0
#include "tunnel/retry/reconnect_policy.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using Failure = ReconnectPolicy::Failure;

// Draws the same 32 bits for ever.
ReconnectPolicy::RandomBytes Always(uint32_t value) {
  return [value](absl::Span<uint8_t> out) {
    ASSERT_EQ(out.size(), sizeof(value));
    std::memcpy(out.data(), &value, sizeof(value));
  };
}

constexpr uint32_t kLargest = 0xffffffff;

ReconnectPolicy Policy(uint32_t draw) {
  return ReconnectPolicy(ReconnectPolicy::Options(), Always(draw));
}

TEST(ReconnectPolicyTest, DoublesTheCeilingUpToTheCap) {
  ReconnectPolicy policy = Policy(kLargest);
  for (int expected : {1, 2, 4, 8, 16, 32, 60, 60}) {
    EXPECT_EQ(policy.NextDelay(Failure::kTransient, absl::ZeroDuration()),
              absl::Seconds(expected));
  }
}

TEST(ReconnectPolicyTest, JitterIsFull) {
  ReconnectPolicy policy = Policy(0);
  for (int i = 0; i < 10; ++i) {
    const absl::Duration delay =
        policy.NextDelay(Failure::kTransient, absl::ZeroDuration());
    EXPECT_GT(delay, absl::ZeroDuration());
    EXPECT_LT(delay, absl::Milliseconds(1));
  }
}

TEST(ReconnectPolicyTest, SpreadsDelaysOverTheWholeRange) {
  uint32_t state = 1;
  ReconnectPolicy policy(ReconnectPolicy::Options(),
                         [&state](absl::Span<uint8_t> out) {
                           state = state * 1664525 + 1013904223;
                           std::memcpy(out.data(), &state, sizeof(state));
                         });
  policy.NextDelay(Failure::kPersistent, absl::ZeroDuration());
  std::vector<int> tenths(10);
  for (int i = 0; i < 10000; ++i) {
    const absl::Duration delay =
        policy.NextDelay(Failure::kTransient, absl::ZeroDuration());
    ASSERT_LE(delay, absl::Seconds(60));
    const int64_t tenth = std::min<int64_t>(delay / absl::Seconds(6), 9);
    ++tenths[static_cast<size_t>(tenth)];
  }
  for (int count : tenths) {
    EXPECT_NEAR(count, 1000, 150);
  }
}

// One server of several that needs somebody's hand: the others are tried as
// before.
TEST(ReconnectPolicyTest, APersistentFailureOfOneServerLeavesTheSeries) {
  ReconnectPolicy longest = Policy(kLargest);
  longest.NextDelay(Failure::kTransient, absl::ZeroDuration());
  EXPECT_EQ(longest.PersistentDelay(), absl::Seconds(60));
  EXPECT_EQ(longest.NextDelay(Failure::kTransient, absl::ZeroDuration()),
            absl::Seconds(2));
  ReconnectPolicy shortest = Policy(0);
  EXPECT_GE(shortest.PersistentDelay(), absl::Seconds(30));
  EXPECT_LT(shortest.PersistentDelay(), absl::Seconds(31));
}

TEST(ReconnectPolicyTest, AStableTunnelStartsTheSeriesAnew) {
  ReconnectPolicy policy = Policy(kLargest);
  for (int i = 0; i < 5; ++i) {
    policy.NextDelay(Failure::kTransient, absl::ZeroDuration());
  }
  EXPECT_EQ(policy.NextDelay(Failure::kTransient, absl::Seconds(59.9)),
            absl::Seconds(32));
  EXPECT_EQ(policy.NextDelay(Failure::kTransient, absl::Seconds(60)),
            absl::Seconds(1));
  EXPECT_EQ(policy.NextDelay(Failure::kTransient, absl::ZeroDuration()),
            absl::Seconds(2));
}

TEST(ReconnectPolicyTest, PersistentFailuresGoStraightToTheSlowEnd) {
  ReconnectPolicy slowest = Policy(kLargest);
  EXPECT_EQ(slowest.NextDelay(Failure::kPersistent, absl::ZeroDuration()),
            absl::Seconds(60));
  ReconnectPolicy quickest = Policy(0);
  EXPECT_GE(quickest.NextDelay(Failure::kPersistent, absl::ZeroDuration()),
            absl::Seconds(30));
}

TEST(ReconnectPolicyTest, ATransientFailureAfterAPersistentOneStaysSlow) {
  ReconnectPolicy policy = Policy(kLargest);
  policy.NextDelay(Failure::kPersistent, absl::ZeroDuration());
  EXPECT_EQ(policy.NextDelay(Failure::kTransient, absl::ZeroDuration()),
            absl::Seconds(60));
}

ReconnectPolicy WithSpread(int seconds, uint32_t draw) {
  ReconnectPolicy::Options options;
  options.spread = absl::Seconds(seconds);
  return ReconnectPolicy(options, Always(draw));
}

TEST(ReconnectPolicyTest, SpreadsTheReturnToAServerThatEndedTheTunnel) {
  for (int seconds : {1, 10, 300}) {
    ReconnectPolicy latest = WithSpread(seconds, kLargest);
    EXPECT_EQ(latest.NextDelay(Failure::kServerEnded, absl::Hours(1)),
              absl::Seconds(seconds));
    ReconnectPolicy earliest = WithSpread(seconds, 0);
    const absl::Duration delay =
        earliest.NextDelay(Failure::kServerEnded, absl::Hours(1));
    EXPECT_GT(delay, absl::ZeroDuration());
    EXPECT_LT(delay, absl::Milliseconds(1));
  }
}

TEST(ReconnectPolicyTest, AFailedAttemptAfterTheSpreadHasItsShortDelay) {
  ReconnectPolicy policy = WithSpread(10, kLargest);
  EXPECT_EQ(policy.NextDelay(Failure::kServerEnded, absl::Hours(1)),
            absl::Seconds(10));
  EXPECT_EQ(policy.NextDelay(Failure::kTransient, absl::ZeroDuration()),
            absl::Seconds(1));
  EXPECT_EQ(policy.NextDelay(Failure::kTransient, absl::ZeroDuration()),
            absl::Seconds(2));
}

TEST(ReconnectPolicyTest, ALostPathIsNotSpread) {
  ReconnectPolicy policy = WithSpread(300, kLargest);
  EXPECT_EQ(policy.NextDelay(Failure::kTransient, absl::Hours(1)),
            absl::Seconds(1));
}

TEST(ReconnectPolicyTest, FailuresWhileTheServerWasAwayDoNotWidenTheSpread) {
  ReconnectPolicy policy = WithSpread(10, kLargest);
  for (int i = 0; i < 7; ++i) {
    policy.NextDelay(Failure::kTransient, absl::ZeroDuration());
  }
  EXPECT_EQ(policy.NextDelay(Failure::kServerEnded, absl::Seconds(5)),
            absl::Seconds(10));
}

TEST(ReconnectPolicyTest, AServerThatEndsEachTunnelAtOnceIsLeftAloneLonger) {
  ReconnectPolicy policy = WithSpread(10, kLargest);
  for (int expected : {10, 10, 10, 10, 16, 32, 60, 60}) {
    EXPECT_EQ(policy.NextDelay(Failure::kServerEnded, absl::Seconds(1)),
              absl::Seconds(expected));
  }
  EXPECT_EQ(policy.NextDelay(Failure::kServerEnded, absl::Seconds(60)),
            absl::Seconds(10))
      << "a stable tunnel starts anew";
}

TEST(ReconnectPolicyTest, TheSpreadCanChangeLater) {
  ReconnectPolicy policy = WithSpread(10, kLargest);
  policy.set_spread(absl::Seconds(30));
  EXPECT_EQ(policy.NextDelay(Failure::kServerEnded, absl::Hours(1)),
            absl::Seconds(30));
}

// RFC 9110 10.2.3 MUST: no request before the time of Retry-After
TEST(ReconnectPolicyTest, IsNeverEarlierThanTold) {
  ReconnectPolicy earliest = WithSpread(10, 0);
  EXPECT_GT(earliest.DelayAfter(absl::Seconds(30)), absl::Seconds(30));
  ReconnectPolicy latest = WithSpread(10, kLargest);
  EXPECT_EQ(latest.DelayAfter(absl::Seconds(30)), absl::Seconds(40));
}

}  // namespace
}  // namespace ovoc::tunnel
