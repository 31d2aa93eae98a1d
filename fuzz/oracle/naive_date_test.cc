// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_date.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
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

struct DateCase {
  const char* text;
  std::optional<int64_t> seconds;
};

// By GNU date.
constexpr DateCase kDates[] = {
    {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
    {"Wed, 31 Dec 1969 23:59:59 GMT", -1},
    {"Tue, 19 Jan 2038 03:14:08 GMT", 2147483648},  // above 31 bits
    {"Fri, 31 Dec 9999 23:59:59 GMT", 253402300799},
    {"Thu, 01 Mar 1900 00:00:00 GMT", -2203891200},
    {"Fri, 31 Dec 1999 23:59:59 GMT", 946684799},
    {"Fri Dec 31 23:59:59 1999", 946684799},
    {"Friday, 31-Dec-99 23:59:59 GMT", 946684799},
    // A second that was put in counts as the next one.
    {"Sat, 31 Dec 2016 23:59:60 GMT", 1483228800},
    {"Sun, 01 Jan 2017 00:00:00 GMT", 1483228800},
    // Leap years: by four, not by a hundred, but by four hundred.
    {"Thu, 29 Feb 2024 23:59:59 GMT", 1709251199},
    {"Tue, 29 Feb 2000 00:00:00 GMT", 951782400},
    {"Tue Feb 29 00:00:00 2000", 951782400},
    {"Tuesday, 29-Feb-00 00:00:00 GMT", 951782400},
    {"Thu, 29 Feb 1900 00:00:00 GMT", std::nullopt},
    {"Mon, 29 Feb 2100 00:00:00 GMT", std::nullopt},
    {"Sun, 29 Feb 2026 00:00:00 GMT", std::nullopt},
    {"Wednesday, 29-Feb-23 00:00:00 GMT", std::nullopt},
    // The day's name is read, not compared.
    {"Mon, 06 Nov 1994 08:49:37 GMT", 784111777},
};

TEST(NaiveDateTest, CountsSecondsAsTheCalendarDoes) {
  for (const DateCase& c : kDates) {
    EXPECT_EQ(NaiveHttpDate(c.text, 2026), c.seconds) << c.text;
  }
}

TEST(NaiveDateTest, EveryMonthHasItsDays) {
  constexpr const char* kNames[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr int kDaysOf[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int64_t begin = 1767225600;  // 2026-01-01 00:00:00 UTC
  for (int month = 0; month < 12; ++month) {
    for (int day = 1; day <= 32; ++day) {
      const std::string text =
          absl::StrCat("Mon, ", day < 10 ? "0" : "", day, " ", kNames[month],
                       " 2026 00:00:00 GMT");
      const std::optional<int64_t> seconds = NaiveHttpDate(text, 2026);
      if (day <= kDaysOf[month]) {
        EXPECT_EQ(seconds, begin + (day - 1) * 86400) << text;
      } else {
        EXPECT_EQ(seconds, std::nullopt) << text;
      }
    }
    begin += kDaysOf[month] * 86400;
  }
  EXPECT_EQ(begin, 1798761600);  // 2027-01-01 00:00:00 UTC
}

// RFC 9110 5.6.7: what would be more than 50 years ahead is in the past.
TEST(NaiveDateTest, TwoDigitsAreAYearOfThisOrTheLastCentury) {
  EXPECT_EQ(NaiveHttpDate("Friday, 06-Nov-76 08:49:37 GMT", 2026), 3371878177)
      << "in 50 years";
  EXPECT_EQ(NaiveHttpDate("Sunday, 06-Nov-77 08:49:37 GMT", 2026), 247654177)
      << "49 years ago, not in 51";
  EXPECT_EQ(NaiveHttpDate("Sunday, 06-Nov-94 08:49:37 GMT", 2043), 784111777);
  EXPECT_EQ(NaiveHttpDate("Saturday, 06-Nov-94 08:49:37 GMT", 2044),
            784111777 + 36525 * int64_t{86400});
}

TEST(NaiveDateTest, IsExactInEveryForm) {
  for (const absl::string_view text :
       {// IMF-fixdate
        "Sun, 06 Nov 1994 08:49:37 GMT ", " Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 gmt",
        "Sun,  6 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 NOV 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 06 Nov 1994 08.49.37 GMT",
        "Sun, 06 Nov 994 08:49:37 GMT", "Sun, 06 Nov 11994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:3\xb2 GMT", "Sun, 06-Nov-1994 08:49:37 GMT",
        "onT, 06 Nov 1994 08:49:37 GMT", "Sun 06 Nov 1994 08:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, +6 Nov 1994 08:49:37 GMT",
        // asctime
        "Sun Nov 06 08:49:37 1994", "Sun Nov  6 08:49:37 1994 ",
        "Sun Nov  6 08:49:37 94", "Sun Nov  0 08:49:37 1994",
        "Sun Nov 31 08:49:37 1994", "Sun Nov  6 08:49:37 GMT 1994",
        "Sun Nov  6  8:49:37 1994", "sun Nov  6 08:49:37 1994",
        // RFC 850
        "Sun, 06-Nov-94 08:49:37 GMT", "sunday, 06-Nov-94 08:49:37 GMT",
        "Sunday, 6-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37",
        "Sunday 06-Nov-94 08:49:37 GMT", "Sunday, 06 Nov 94 08:49:37 GMT",
        "Sunday, 31-Nov-94 08:49:37 GMT", "Monda, 06-Nov-94 08:49:37 GMT"}) {
    EXPECT_EQ(NaiveHttpDate(text, 2026), std::nullopt) << text;
  }
}

TEST(NaiveDateTest, CutAnywhereItIsNoDate) {
  for (const absl::string_view text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"}) {
    for (size_t size = 0; size < text.size(); ++size) {
      EXPECT_EQ(NaiveHttpDate(text.substr(0, size), 2026), std::nullopt)
          << text.substr(0, size);
    }
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

struct WaitCase {
  const char* value;
  const char* date;
  std::optional<int64_t> seconds;
};

// At 12:00:00 on 2026-11-30; RFC 9110 10.2.3.
constexpr WaitCase kWaits[] = {
    {"1", "", 1},
    {"599", "", 599},
    {"600", "", 600},
    {"601", "", 600},
    {"00120", "", 120},
    {"000000000000000000000000000000", "", 1},
    {"Mon, 30 Nov 2026 12:00:00 GMT", "", 1},
    {"Mon, 30 Nov 2026 12:00:02 GMT", "", 2},
    {"Mon, 30 Nov 2026 12:09:59 GMT", "", 599},
    {"Mon, 30 Nov 2026 12:10:00 GMT", "", 600},
    {"Mon, 30 Nov 2026 12:10:01 GMT", "", 600},
    {"Fri, 31 Dec 9999 23:59:59 GMT", "", 600},
    {"Sun, 06 Nov 1994 08:49:37 GMT", "", 1},
    {"Monday, 30-Nov-26 12:01:00 GMT", "", 60},
    // The server's clock counts, if it is told, and not ours.
    {"Sun Nov  6 08:49:47 1994", "Sun, 06 Nov 1994 08:49:37 GMT", 10},
    {"Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:47 GMT", 1},
    {"Mon Nov 30 12:01:00 2026", "yesterday", 60},
    // A number is one whatever the Date is.
    {"120", "Sun, 06 Nov 1994 08:49:37 GMT", 120},
    {"+5", "", std::nullopt},
    {" 5", "", std::nullopt},
    {"5 ", "", std::nullopt},
    {"1.5", "", std::nullopt},
    {"0x10", "", std::nullopt},
    {"5, 5", "", std::nullopt},
    {"120s", "", std::nullopt},
    {"soon", "", std::nullopt},
    {"\xb2", "", std::nullopt},
    {"Mon, 31 Nov 2026 12:00:00 GMT", "", std::nullopt},
};

TEST(NaiveRetryAfterTest, ReadsSecondsAndDates) {
  for (const WaitCase& c : kWaits) {
    EXPECT_EQ(NaiveRetryAfter(c.value, c.date, kNow, 2026), c.seconds)
        << c.value << " at " << c.date;
  }
}

}  // namespace
}  // namespace ovoc::fuzz
