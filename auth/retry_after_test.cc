// SPDX-License-Identifier: Apache-2.0
#include "auth/retry_after.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

// 2026-11-30 12:00:00 UTC, a Monday.
constexpr absl::Time kNow = absl::FromUnixSeconds(1796040000);

absl::Duration Delay(absl::string_view value, absl::Time now = kNow) {
  ResponseHead head;
  head.status_code = 503;
  head.fields = {{"Retry-After", std::string(value)}};
  const auto found = RetryAfter::FromHead(head);
  EXPECT_TRUE(found.has_value());
  return found->Delay(now).value_or(absl::InfiniteDuration());
}

struct ValueCase {
  absl::string_view value;
  absl::Duration expected;  // InfiniteDuration: no Retry-After at all
};

// RFC 9110 10.2.3: delay-seconds = 1*DIGIT
TEST(RetryAfterTest, TakesSecondsBetweenItsLimits) {
  const ValueCase kCases[] = {
      {"120", absl::Seconds(120)},
      {"1", absl::Seconds(1)},
      {"0", absl::Seconds(1)},
      {"0000007", absl::Seconds(7)},
      {"600", absl::Seconds(600)},
      {"601", absl::Seconds(600)},
      {"86400", absl::Seconds(600)},
      {"9223372036854775808", absl::Seconds(600)},  // 2^63
      {"99999999999999999999999999", absl::Seconds(600)},
  };
  for (const ValueCase& c : kCases) {
    EXPECT_EQ(Delay(c.value), c.expected) << c.value;
  }
}

TEST(RetryAfterTest, TakesADateInAnyOfTheThreeForms) {
  const ValueCase kCases[] = {
      {"Mon, 30 Nov 2026 12:02:00 GMT", absl::Seconds(120)},
      {"Monday, 30-Nov-26 12:02:00 GMT", absl::Seconds(120)},
      {"Mon Nov 30 12:02:00 2026", absl::Seconds(120)},
      {"Mon Nov  2 12:02:00 2026", absl::Seconds(1)},  // past
      {"Mon, 30 Nov 2026 12:00:00 GMT", absl::Seconds(1)},
      {"Sun, 06 Nov 1994 08:49:37 GMT", absl::Seconds(1)},
      {"Sunday, 06-Nov-94 08:49:37 GMT", absl::Seconds(1)},  // 1994, not 2094
      {"Tue, 01 Dec 2026 12:00:00 GMT", absl::Seconds(600)},
      {"Fri, 31 Dec 9999 23:59:59 GMT", absl::Seconds(600)},
      {"Mon, 30 Nov 2026 12:00:60 GMT", absl::Seconds(60)},   // a leap second
      {"Fri, 30 Nov 2026 12:02:00 GMT", absl::Seconds(120)},  // it is Monday
  };
  for (const ValueCase& c : kCases) {
    EXPECT_EQ(Delay(c.value), c.expected) << c.value;
  }
}

TEST(RetryAfterTest, GarbageIsAsGoodAsNone) {
  for (const absl::string_view value : {"",
                                        " ",
                                        "-5",
                                        "+5",
                                        "5.5",
                                        "5s",
                                        "5 ",
                                        "0x10",
                                        "1e3",
                                        "5, 6",
                                        "soon",
                                        "Mon, 30 Nov 2026 12:02:00",
                                        "Mon, 30 Nov 2026 12:02:00 UTC",
                                        "Mon, 30 Nov 2026 12:02:00 GMT ",
                                        "mon, 30 Nov 2026 12:02:00 GMT",
                                        "Mon, 30 nov 2026 12:02:00 GMT",
                                        "Mon, 31 Nov 2026 12:02:00 GMT",
                                        "Mon, 00 Nov 2026 12:02:00 GMT",
                                        "Mon, 30 Nov 2026 24:02:00 GMT",
                                        "Mon, 30 Nov 2026 12:60:00 GMT",
                                        "Mon, 30 Nov 2026 12:02:61 GMT",
                                        "Mon, 3 Nov 2026 12:02:00 GMT",
                                        "Mon, 30 Nov 26 12:02:00 GMT",
                                        "30 Nov 2026 12:02:00 GMT",
                                        "Monday, 30-Nov-2026 12:02:00 GMT",
                                        "Mon, 30-Nov-26 12:02:00 GMT",
                                        "Mon Nov 30 12:02:00 2026 GMT",
                                        "Mon Nov   2 12:02:00 2026",
                                        "Mon Nov 2 12:02:00 2026",
                                        "2026-11-30T12:02:00Z",
                                        "\xff\xfe",
                                        "Mon, "}) {
    EXPECT_EQ(Delay(value), absl::InfiniteDuration()) << value;
  }
}

// A device whose clock was lost says 1970 or last year: the difference of the
// server's own two dates holds all the same.
TEST(RetryAfterTest, ADateCountsFromTheAnswersOwnDate) {
  ResponseHead head;
  head.status_code = 429;
  head.fields = {{"date", "Mon, 30 Nov 2026 12:00:00 GMT"},
                 {"RETRY-AFTER", "Mon, 30 Nov 2026 12:01:30 GMT"}};
  const auto found = RetryAfter::FromHead(head);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->Delay(absl::UnixEpoch()), absl::Seconds(90));
  EXPECT_EQ(found->Delay(kNow + absl::Hours(9000)), absl::Seconds(90));
  head.fields[0].value = "yesterday";
  EXPECT_EQ(RetryAfter::FromHead(head)->Delay(kNow + absl::Seconds(30)),
            absl::Seconds(60))
      << "a Date that is none does not count";
}

TEST(RetryAfterTest, IsLookedAtWith429And503Only) {
  ResponseHead head;
  head.fields = {{"Retry-After", "30"}};
  for (int status = 100; status < 600; ++status) {
    head.status_code = status;
    EXPECT_EQ(RetryAfter::FromHead(head).has_value(),
              status == 429 || status == 503)
        << status;
  }
}

// RFC 9110 5.3: a field that is no list stands in an answer once.
TEST(RetryAfterTest, TwoOfItAreNone) {
  ResponseHead head;
  head.status_code = 503;
  EXPECT_FALSE(RetryAfter::FromHead(head).has_value());
  for (const absl::string_view second : {"30", "40", "soon"}) {
    head.fields = {{"Retry-After", "30"}, {"retry-after", std::string(second)}};
    const auto found = RetryAfter::FromHead(head);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->Delay(kNow), std::nullopt);
    EXPECT_EQ(found->Fault(kNow),
              "the answer has the field Retry-After 2 times, but it may occur "
              "only once (RFC 9110 5.3)");
  }
}

TEST(RetryAfterTest, SaysWhyItCountsForNothing) {
  ResponseHead head;
  head.status_code = 429;
  for (const absl::string_view value :
       {"", "soon", "30, 40", "30,", "3e1", "30;a=b"}) {
    head.fields = {{"Retry-After", std::string(value)}};
    const auto found = RetryAfter::FromHead(head);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->Delay(kNow), std::nullopt) << value;
    EXPECT_EQ(found->Fault(kNow),
              "the answer's Retry-After is neither a number of seconds nor a "
              "date (RFC 9110 10.2.3)");
  }
  head.fields = {{"Retry-After", "30"}};
  EXPECT_EQ(RetryAfter::FromHead(head)->Fault(kNow), "");
}

// RFC 9110 5.6.7 MUST: a year of two digits is at most 50 years ahead
TEST(HttpDateTest, AYearOfTwoDigitsIsNoMoreThanFiftyYearsAhead) {
  for (int digits = 0; digits < 100; ++digits) {
    const std::string year = absl::StrCat(digits < 10 ? "0" : "", digits);
    const auto date = ParseHttpDate(
        absl::StrCat("Sunday, 06-Nov-", year, " 08:49:37 GMT"), kNow);
    ASSERT_TRUE(date.has_value());
    EXPECT_EQ(absl::ToCivilYear(*date, absl::UTCTimeZone()).year(),
              digits <= 76 ? 2000 + digits : 1900 + digits);
  }
}

// RFC 9110 5.6.7 MUST: all three forms are accepted
TEST(HttpDateTest, TheThreeExamplesOfTheRfcAreOneInstant) {
  for (const absl::string_view text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(ParseHttpDate(text, kNow), absl::FromUnixSeconds(784111777))
        << text;
    for (size_t size = 0; size < text.size(); ++size) {
      EXPECT_FALSE(ParseHttpDate(text.substr(0, size), kNow).has_value());
    }
  }
}

TEST(HttpDateTest, KnowsLeapYears) {
  EXPECT_TRUE(ParseHttpDate("Tue, 29 Feb 2028 00:00:00 GMT", kNow).has_value());
  EXPECT_FALSE(
      ParseHttpDate("Mon, 29 Feb 2027 00:00:00 GMT", kNow).has_value());
}

}  // namespace
}  // namespace ovoc::auth
