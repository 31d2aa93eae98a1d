// SPDX-License-Identifier: Apache-2.0
#include "auth/verification_time.h"

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "auth/verify_failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

absl::Time Day(int year, int month = 1, int day = 1) {
  return absl::FromCivil(absl::CivilDay(year, month, day), absl::UTCTimeZone());
}

const absl::Time kRelease = Day(2026, 11, 23);

struct ChoiceCase {
  std::string name;
  absl::Time now;
  std::vector<Validity> chain;
  absl::Time expected_at;
  ClockState expected_clock;
};

TEST(ChooseVerificationTimeTest, FollowsTheTable) {
  const std::vector<Validity> old = {{Day(2020), Day(2120)},
                                     {Day(2021), Day(2120)}};
  const std::vector<Validity> renewed_leaf = {{Day(2040), Day(2041)},
                                              {Day(2021), Day(2120)}};
  const std::vector<Validity> renewed_issuer = {{Day(2030), Day(2041)},
                                                {Day(2040), Day(2120)}};
  const absl::Duration second = absl::Seconds(1);
  const ChoiceCase cases[] = {
      {"a clock after the release", Day(2030), old, Day(2030),
       ClockState::kTrusted},
      {"a clock after the release, a chain from later", Day(2030), renewed_leaf,
       Day(2030), ClockState::kTrusted},
      {"the release date itself", kRelease, old, kRelease,
       ClockState::kTrusted},
      {"one second before the release", kRelease - second, old, kRelease,
       ClockState::kBeforeRelease},
      {"1970", Day(1970), old, kRelease, ClockState::kBeforeRelease},
      {"before 1970", Day(1900), old, kRelease, ClockState::kBeforeRelease},
      {"no time at all", absl::InfinitePast(), old, kRelease,
       ClockState::kBeforeRelease},
      {"1970 and a leaf from after the release", Day(1970), renewed_leaf,
       Day(2040), ClockState::kBeforeRelease},
      {"1970 and an issuer younger than its leaf", Day(1970), renewed_issuer,
       Day(2040), ClockState::kBeforeRelease},
      {"1970 and no chain",
       Day(1970),
       {},
       kRelease,
       ClockState::kBeforeRelease},
  };
  for (const ChoiceCase& c : cases) {
    SCOPED_TRACE(c.name);
    const VerificationTime time =
        ChooseVerificationTime(c.now, kRelease, c.chain);
    EXPECT_EQ(time.at, c.expected_at);
    EXPECT_EQ(time.clock, c.expected_clock);
  }
}

struct ValidityCase {
  std::string name;
  absl::Time at;
  VerifyFailure expected;
  size_t expected_depth;
};

TEST(CheckValidityTest, IncludesBothEndsOfThePeriod) {
  const std::vector<Validity> chain = {{Day(2022), Day(2030)},
                                       {Day(2020), Day(2040)}};
  const absl::Duration second = absl::Seconds(1);
  const absl::Duration tick = absl::Nanoseconds(1);
  const ValidityCase cases[] = {
      {"inside", Day(2025), VerifyFailure::kNone, 0},
      {"first second", Day(2022), VerifyFailure::kNone, 0},
      {"before the first second", Day(2022) - tick, VerifyFailure::kNotYetValid,
       0},
      {"last second", Day(2030), VerifyFailure::kNone, 0},
      {"within the last second", Day(2030) + second - tick,
       VerifyFailure::kNone, 0},
      {"after the last second", Day(2030) + second, VerifyFailure::kExpired, 0},
      {"both expired: the leaf is named", Day(2050), VerifyFailure::kExpired,
       0},
      {"both in the future: the leaf is named", Day(2000),
       VerifyFailure::kNotYetValid, 0},
  };
  for (const ValidityCase& c : cases) {
    SCOPED_TRACE(c.name);
    const Violation violation = CheckValidity(chain, {c.at, {}});
    EXPECT_EQ(violation.failure, c.expected);
    EXPECT_EQ(violation.depth, c.expected_depth);
  }
}

TEST(CheckValidityTest, NamesTheDepthOfAnIssuer) {
  const std::vector<Validity> expired_issuer = {
      {Day(2020), Day(2030)}, {Day(2020), Day(2021)}, {Day(2020), Day(2030)}};
  Violation violation = CheckValidity(expired_issuer, {Day(2025), {}});
  EXPECT_EQ(violation.failure, VerifyFailure::kExpired);
  EXPECT_EQ(violation.depth, 1u);

  const std::vector<Validity> future_anchor = {{Day(2020), Day(2030)},
                                               {Day(2028), Day(2040)}};
  violation = CheckValidity(future_anchor, {Day(2025), {}});
  EXPECT_EQ(violation.failure, VerifyFailure::kNotYetValid);
  EXPECT_EQ(violation.depth, 1u);
}

TEST(CheckValidityTest, AnUnreadablePeriodIsNeverValid) {
  const std::vector<Validity> chain = {
      {absl::InfiniteFuture(), absl::InfinitePast()}};
  for (absl::Time at : {Day(1970), Day(2026), Day(9999)}) {
    EXPECT_TRUE(CheckValidity(chain, {at, {}}).found());
  }
}

TEST(CheckValidityTest, TheMessageHoldsTheDatesAndTheClock) {
  const std::vector<Validity> chain = {{Day(2020), Day(2021)}};
  Violation violation =
      CheckValidity(chain, {Day(2026, 11, 23), ClockState::kTrusted});
  EXPECT_EQ(violation.detail,
            "expired on 2021-01-01T00:00:00Z, checked at 2026-11-23T00:00:00Z");
  violation =
      CheckValidity(chain, {Day(2026, 11, 23), ClockState::kBeforeRelease});
  EXPECT_THAT(violation.detail,
              HasSubstr("the clock is before the release date"));
  violation = CheckValidity(chain, {Day(2019), ClockState::kTrusted});
  EXPECT_EQ(violation.detail,
            "not valid before 2020-01-01T00:00:00Z, checked at "
            "2019-01-01T00:00:00Z");
  EXPECT_THAT(violation.detail, Not(HasSubstr("release")));
}

TEST(FormatUtcTest, IsFixedInForm) {
  EXPECT_EQ(FormatUtc(absl::UnixEpoch()), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatUtc(Day(2120, 12, 31) + absl::Seconds(86399)),
            "2120-12-31T23:59:59Z");
}

TEST(FormatUtcTest, SaysThatATimeIsNone) {
  EXPECT_EQ(FormatUtc(absl::InfinitePast()), "(unreadable)");
  EXPECT_EQ(FormatUtc(absl::InfiniteFuture()), "(unreadable)");
}

}  // namespace
}  // namespace ovoc::auth
