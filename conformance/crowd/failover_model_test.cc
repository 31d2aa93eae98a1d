// SPDX-License-Identifier: Apache-2.0
#include "conformance/crowd/failover_model.h"

#include <vector>

#include "gtest/gtest.h"
#include "tunnel/retry/reconnect_policy.h"

namespace ovoc::conformance {
namespace {

using AfterLoss = tunnel::ServerChoice::AfterLoss;
using Counts = std::vector<int64_t>;
using tunnel::ReconnectPolicy;

constexpr absl::Duration kNever = absl::Hours(1000);
// Binomial with 100000; five standard deviations.
constexpr double kChanceOfAHundredth = 158;
constexpr double kChanceOfAHalf = 791;

FailoverResult Play(const FailoverOptions& options) {
  return SimulateFailover(
      options,
      PolicyRule(ReconnectPolicy::Options(),
                 ReconnectPolicy::Failure::kServerEnded, SeededRandom(1)));
}

TEST(FailoverModelTest, TheStandbyGetsTheDevicesSpreadOverTenSeconds) {
  const FailoverResult result = Play({.away = {kNever, absl::ZeroDuration()}});
  EXPECT_EQ(result.devices, (Counts{0, 100000}));
  EXPECT_EQ(result.attempt_count(0), 100000) << "each asked once";
  EXPECT_EQ(result.attempt_count(1), 100000);
  EXPECT_LE(result.last, absl::Seconds(10));
  for (size_t i = 0; i < 100; ++i) {
    EXPECT_NEAR(static_cast<double>(result.attempts[1][i]), 1000,
                kChanceOfAHundredth)
        << i;
  }
}

TEST(FailoverModelTest, AFirstThatIsBackSoonKeepsThoseThatHaveNotAskedYet) {
  const FailoverResult result =
      Play({.away = {absl::Seconds(5), absl::ZeroDuration()}});
  EXPECT_NEAR(static_cast<double>(result.devices[0]), 50000, kChanceOfAHalf);
  EXPECT_EQ(result.devices[0] + result.devices[1], 100000);
  EXPECT_LE(result.last, absl::Seconds(10));
}

// As with one server, but for the second attempt in each round.
TEST(FailoverModelTest, WithoutAnyServerEachRoundHasItsWait) {
  const absl::Duration outage = absl::Seconds(100);
  const FailoverResult one = Play({.away = {outage}});
  const FailoverResult two = Play({.away = {outage, kNever}});
  EXPECT_EQ(two.devices, (Counts{100000, 0}));
  EXPECT_EQ(two.attempts[0], one.attempts[0]);
  EXPECT_EQ(two.attempt_count(1), two.attempt_count(0) - 100000)
      << "after each refusal, at once";
  EXPECT_EQ(two.last, one.last);
}

TEST(FailoverModelTest, TheLossOfTheStandbyLeadsWhereTheSettingsSay) {
  FailoverOptions options = {
      .away = {absl::ZeroDuration(), absl::ZeroDuration()}, .lost = 1};
  EXPECT_EQ(Play(options).devices, (Counts{0, 100000}));
  options.after_loss = AfterLoss::kFirst;
  EXPECT_EQ(Play(options).devices, (Counts{100000, 0}));
}

}  // namespace
}  // namespace ovoc::conformance
