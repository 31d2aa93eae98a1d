// SPDX-License-Identifier: Apache-2.0
#include "conformance/crowd/restart_model.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using Counts = std::vector<int64_t>;
using tunnel::ReconnectPolicy;

constexpr absl::Duration kSecond = absl::Seconds(1);

MakeRule Present(uint64_t seed) {
  return PolicyRule(ReconnectPolicy::Options(),
                    ReconnectPolicy::Failure::kServerEnded, SeededRandom(seed));
}

int64_t Sum(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

// The sums of each second.
Counts PerSecond(const Counts& bins) {
  Counts seconds;
  for (size_t i = 0; i < bins.size(); ++i) {
    seconds.resize(i / 10 + 1);
    seconds[i / 10] += bins[i];
  }
  return seconds;
}

TEST(RestartModelTest, TheDevicesComeBackEvenlyOverTheSpreadOfTenSeconds) {
  const RestartResult result = SimulateRestart(RestartOptions(), Present(1));
  EXPECT_EQ(result.attempt_count(), 100000);
  EXPECT_LT(result.Peak(10), 10500);  // in one second; without a spread: all
  EXPECT_LE(result.back.back(), 10 * kSecond);
  for (size_t i = 0; i < 100; ++i) {
    // Binomial with 100000 and a hundredth; five standard deviations.
    EXPECT_NEAR(static_cast<double>(result.attempts[i]), 1000, 158);
  }
}

TEST(RestartModelTest, APathThatIsLostBringsThemBackWithinASecond) {
  const RestartResult result = SimulateRestart(
      RestartOptions(),
      PolicyRule(ReconnectPolicy::Options(),
                 ReconnectPolicy::Failure::kTransient, SeededRandom(1)));
  EXPECT_EQ(result.Peak(10), 100000);
  EXPECT_LE(result.back.back(), kSecond);
}

TEST(RestartModelTest, EveryDeviceIsBackOnceAndEveryAttemptHasOneOutcome) {
  struct Case {
    const char* name;
    RestartOptions options;
  };
  std::vector<Case> cases = {{"at once", {}},
                             {"after an outage", {}},
                             {"by and by", {}},
                             {"by and by, without a limit to the queue", {}},
                             {"not all before the horizon", {}}};
  cases[1].options.outage = absl::Seconds(10);
  cases[2].options.logins_per_second = 500;
  cases[2].options.room = 100;
  cases[3].options.logins_per_second = 200;
  cases[3].options.room = 1000000;
  cases[3].options.given_up = RestartOptions::GivenUp::kSkipped;
  cases[4].options.logins_per_second = 10;
  cases[4].options.horizon = absl::Seconds(60);
  for (Case& c : cases) {
    c.options.devices = 3000;
    const RestartResult result = SimulateRestart(c.options, Present(2));
    const auto back = static_cast<int64_t>(result.back.size());
    EXPECT_EQ(back + result.pending, 3000) << c.name;
    EXPECT_EQ(Sum(result.logins), back) << c.name;
    EXPECT_EQ(back + result.refused + result.turned_away + result.given_up,
              result.attempt_count())
        << c.name;
    EXPECT_GE(result.back.front(), c.options.outage) << c.name;
    EXPECT_TRUE(std::is_sorted(result.back.begin(), result.back.end()));
    EXPECT_EQ(result.pending > 0, &c == &cases.back()) << c.name;
  }
}

TEST(RestartModelTest, NoServerTakesMoreThanItCan) {
  for (const int64_t logins_per_second : {1, 7, 20}) {
    for (const auto given_up : {RestartOptions::GivenUp::kServed,
                                RestartOptions::GivenUp::kSkipped}) {
      SCOPED_TRACE(logins_per_second);
      RestartOptions options;
      options.devices = 300;
      options.outage = absl::Seconds(2);
      options.logins_per_second = logins_per_second;
      options.room = 40;
      options.given_up = given_up;
      const RestartResult result = SimulateRestart(
          options, Present(static_cast<uint64_t>(logins_per_second)));
      ASSERT_GT(result.back.size(), 2u);
      const absl::Duration each = kSecond / logins_per_second;
      EXPECT_GE(result.back.front(), options.outage + each);
      for (size_t i = 1; i < result.back.size(); ++i) {
        ASSERT_GE(result.back[i] - result.back[i - 1], each) << i;
      }
      EXPECT_GT(result.turned_away + result.given_up, 0);
    }
  }
}

TEST(RestartModelTest, MorePowerfulServersHaveAllBackEarlier) {
  absl::Duration last = absl::InfiniteDuration();
  for (const int64_t logins_per_second : {50, 200, 1000, 0}) {
    RestartOptions options;
    options.devices = 2000;
    options.logins_per_second = logins_per_second;
    options.room = 1000000;
    options.patience = absl::Hours(1);
    const RestartResult result = SimulateRestart(options, FixedRule(kSecond));
    // All come at 1 s, and the last is served when all others are.
    const absl::Duration work = logins_per_second == 0
                                    ? absl::ZeroDuration()
                                    : kSecond / logins_per_second * 2000;
    EXPECT_EQ(result.back.back(), kSecond + work) << logins_per_second;
    EXPECT_EQ(result.attempt_count(), 2000) << logins_per_second;
    EXPECT_LT(result.back.back(), last) << logins_per_second;
    last = result.back.back();
  }
}

// Devices whose attempts are 5 s apart, against limits that these reach.
TEST(RestartModelTest, EachLimitIsTakenAtItsWord) {
  const struct {
    const char* name;
    size_t devices;
    absl::Duration outage;
    int64_t room;
    absl::Duration patience;
    absl::Duration horizon;
    std::vector<int> back;  // seconds, of a server that takes a login a second
  } kCases[] = {
      {"the server is there from the end of the outage on",
       1,
       absl::Seconds(5),
       9,
       absl::Seconds(9),
       absl::Minutes(1),
       {6}},
      {"a microsecond later it is not",
       1,
       absl::Seconds(5) + absl::Microseconds(1),
       9,
       absl::Seconds(9),
       absl::Minutes(1),
       {11}},
      {"a login that takes all of the patience is in time",
       2,
       {},
       9,
       absl::Seconds(2),
       absl::Minutes(1),
       {6, 7}},
      {"one that takes longer is not",
       3,
       {},
       9,
       absl::Seconds(2),
       absl::Minutes(1),
       {6, 7, 13}},
      {"so many wait as there is room",
       3,
       {},
       2,
       absl::Seconds(9),
       absl::Minutes(1),
       {6, 7, 11}},
      {"no attempt begins at the horizon",
       1,
       {},
       9,
       absl::Seconds(9),
       absl::Seconds(5),
       {}},
      {"one that began before it is served",
       1,
       {},
       9,
       absl::Seconds(9),
       absl::Seconds(5) + absl::Microseconds(1),
       {6}},
      {"no device, nothing", 0, {}, 9, absl::Seconds(9), absl::Minutes(1), {}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    RestartOptions options;
    options.devices = c.devices;
    options.outage = c.outage;
    options.room = c.room;
    options.patience = c.patience;
    options.horizon = c.horizon;
    options.logins_per_second = 1;
    const RestartResult result =
        SimulateRestart(options, FixedRule(absl::Seconds(5)));
    std::vector<absl::Duration> back;
    for (int each : c.back) {
      back.push_back(absl::Seconds(each));
    }
    EXPECT_EQ(result.back, back);
    EXPECT_EQ(result.pending, static_cast<int64_t>(c.devices) -
                                  static_cast<int64_t>(c.back.size()));
  }
}

TEST(RestartModelTest, ASeedDecidesEverything) {
  RestartOptions options;
  options.devices = 1000;
  options.outage = absl::Seconds(3);
  options.logins_per_second = 100;
  const RestartResult one = SimulateRestart(options, Present(3));
  const RestartResult same = SimulateRestart(options, Present(3));
  const RestartResult other = SimulateRestart(options, Present(4));
  EXPECT_EQ(one.attempts, same.attempts);
  EXPECT_EQ(one.back, same.back);
  EXPECT_NE(one.back, other.back);
}

TEST(RestartModelTest, WithoutJitterAllComeInStep) {
  RestartOptions options;
  options.devices = 1000;
  options.outage = absl::Seconds(12);
  const RestartResult fixed =
      SimulateRestart(options, FixedRule(absl::Seconds(5)));
  Counts expected(151);
  expected[50] = expected[100] = expected[150] = 1000;
  EXPECT_EQ(fixed.attempts, expected);
  EXPECT_EQ(fixed.refused, 2000);
  EXPECT_EQ(fixed.Peak(1), 1000);
  EXPECT_EQ(fixed.back, std::vector<absl::Duration>(1000, absl::Seconds(15)));

  // 1, then 2, 4 and 8 s.
  const RestartResult doubling =
      SimulateRestart(options, DoublingRule(kSecond, absl::Seconds(60)));
  EXPECT_EQ(
      PerSecond(doubling.attempts),
      Counts({0, 1000, 0, 1000, 0, 0, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 1000}));
}

TEST(RestartModelTest, TheServerTakesWhatItCanAndTurnsTheRestAway) {
  RestartOptions options;
  options.devices = 10;
  options.logins_per_second = 2;
  options.room = 4;
  const RestartResult result = SimulateRestart(options, FixedRule(kSecond));
  // 1 s: ten come, four find room. 2 s: of six, two are still waiting before
  // them, so two find room; 3 s the same, and at 4 s the last two.
  EXPECT_EQ(PerSecond(result.attempts), Counts({0, 10, 6, 4, 2}));
  EXPECT_EQ(result.turned_away, 6 + 4 + 2);
  EXPECT_EQ(PerSecond(result.logins), Counts({0, 1, 2, 2, 2, 2, 1}));
  EXPECT_EQ(result.BackAt(0.1), absl::Seconds(1.5));
  EXPECT_EQ(result.BackAt(0.5), absl::Seconds(3.5));
  EXPECT_EQ(result.BackAt(1), absl::Seconds(6));
}

TEST(RestartModelTest, AnAttemptThatWaitsTooLongIsGivenUp) {
  RestartOptions options;
  options.devices = 6;
  options.logins_per_second = 1;
  options.patience = absl::Seconds(3);
  const struct {
    const char* name;
    RestartOptions::GivenUp given_up;
    std::vector<int> back;  // seconds
  } kCases[] = {
      // Three of six are served by 4 s, the others leave then and come at 5 s,
      // when the server has nothing to do.
      {"skipped", RestartOptions::GivenUp::kSkipped, {2, 3, 4, 6, 7, 8}},
      // The server works for those that left until 7 s: of three that come at
      // 5 s one is served in time, at 8 s; the others come at 9 s and find it
      // busy until 10 s.
      {"served", RestartOptions::GivenUp::kServed, {2, 3, 4, 8, 11, 12}},
  };
  for (const auto& c : kCases) {
    options.given_up = c.given_up;
    const RestartResult result = SimulateRestart(options, FixedRule(kSecond));
    std::vector<absl::Duration> expected;
    for (int each : c.back) {
      expected.push_back(absl::Seconds(each));
    }
    EXPECT_EQ(result.back, expected) << c.name;
  }
}

TEST(RestartModelTest, AServerThatIsSilentTakesTheTimeOfEachRefusal) {
  RestartOptions options;
  options.devices = 1;
  options.outage = absl::Seconds(30);
  options.refusal = absl::Seconds(10);
  // Begun at 5 s, 20 s and 35 s.
  const RestartResult result =
      SimulateRestart(options, FixedRule(absl::Seconds(5)));
  EXPECT_EQ(result.refused, 2);
  EXPECT_EQ(result.back, std::vector<absl::Duration>({absl::Seconds(35)}));
}

TEST(RestartModelTest, WhatIsNotBackHasNoTime) {
  RestartOptions options;
  options.devices = 4;
  options.logins_per_second = 1;
  options.room = 1;
  options.horizon = absl::Seconds(3);
  const RestartResult result = SimulateRestart(options, FixedRule(kSecond));
  EXPECT_EQ(result.pending, 2);
  EXPECT_EQ(result.BackAt(0.5), absl::Seconds(3));
  EXPECT_EQ(result.BackAt(0.51), absl::InfiniteDuration());
}

TEST(RestartModelTest, AShareIsBackWhenItsLastDeviceIs) {
  RestartResult result;
  result.back = {absl::Seconds(1), absl::Seconds(2), absl::Seconds(3)};
  result.pending = 1;
  const struct {
    double share;
    absl::Duration when;
  } kCases[] = {{0.01, absl::Seconds(1)},     {0.25, absl::Seconds(1)},
                {0.26, absl::Seconds(2)},     {0.5, absl::Seconds(2)},
                {0.75, absl::Seconds(3)},     {0.76, absl::InfiniteDuration()},
                {1, absl::InfiniteDuration()}};
  for (const auto& c : kCases) {
    EXPECT_EQ(result.BackAt(c.share), c.when) << c.share;
  }
  EXPECT_EQ(RestartResult().BackAt(1), absl::InfiniteDuration());
}

TEST(RestartModelTest, APeakIsOfNeighbours) {
  RestartResult result;
  result.attempts = {1, 5, 0, 4, 2};
  EXPECT_EQ(result.Peak(1), 5);
  EXPECT_EQ(result.Peak(2), 6);
  EXPECT_EQ(result.Peak(3), 9);
  EXPECT_EQ(result.Peak(10), 12);
  EXPECT_EQ(RestartResult().Peak(1), 0);
}

}  // namespace
}  // namespace ovoc::conformance
