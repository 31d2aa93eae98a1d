// SPDX-License-Identifier: Apache-2.0
#include "auth/retry_after.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"

namespace ovoc::auth {
namespace {

constexpr int kTooManyRequests = 429;     // RFC 6585 4
constexpr int kServiceUnavailable = 503;  // RFC 9110 15.6.4

constexpr absl::string_view kDays[] = {"Mon", "Tue", "Wed", "Thu",
                                       "Fri", "Sat", "Sun"};
constexpr absl::string_view kLongDays[] = {"Monday",   "Tuesday", "Wednesday",
                                           "Thursday", "Friday",  "Saturday",
                                           "Sunday"};
constexpr absl::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr",
                                         "May", "Jun", "Jul", "Aug",
                                         "Sep", "Oct", "Nov", "Dec"};

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

// The parts of a date, taken off the front of a text one by one. A part that is
// not there makes ok() false for good.
class DateReader {
 public:
  explicit DateReader(absl::string_view text) : rest_(text) {}

  void Text(absl::string_view expected) {
    ok_ = ok_ && absl::ConsumePrefix(&rest_, expected);
  }
  // Exactly `count` digits.
  int Number(size_t count) {
    int number = 0;
    ok_ = ok_ && rest_.size() >= count && IsDigits(rest_.substr(0, count)) &&
          absl::SimpleAtoi(rest_.substr(0, count), &number);
    rest_.remove_prefix(ok_ ? count : 0);
    return number;
  }
  // Two digits, or a blank and one.
  int PaddedNumber() {
    return Number(absl::ConsumePrefix(&rest_, " ") ? 1 : 2);
  }
  // The place of one of `names`, from 0.
  int Name(absl::Span<const absl::string_view> names) {
    for (size_t i = 0; i < names.size(); ++i) {
      if (ok_ && absl::ConsumePrefix(&rest_, names[i])) {
        return static_cast<int>(i);
      }
    }
    ok_ = false;
    return 0;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }

 private:
  absl::string_view rest_;
  bool ok_ = true;
};

struct Date {
  int year = 0;
  int month = 0;  // from 0
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;  // 60: a leap second
};

void ReadTimeOfDay(DateReader* in, Date* date) {
  date->hour = in->Number(2);
  in->Text(":");
  date->minute = in->Number(2);
  in->Text(":");
  date->second = in->Number(2);
}

// Sun, 06 Nov 1994 08:49:37 GMT
bool ReadFixdate(absl::string_view text, Date* date) {
  DateReader in(text);
  in.Name(kDays);
  in.Text(", ");
  date->day = in.Number(2);
  in.Text(" ");
  date->month = in.Name(kMonths);
  in.Text(" ");
  date->year = in.Number(4);
  in.Text(" ");
  ReadTimeOfDay(&in, date);
  in.Text(" GMT");
  return in.at_end();
}

// Sunday, 06-Nov-94 08:49:37 GMT
bool ReadRfc850Date(absl::string_view text, absl::Time now, Date* date) {
  DateReader in(text);
  in.Name(kLongDays);
  in.Text(", ");
  date->day = in.Number(2);
  in.Text("-");
  date->month = in.Name(kMonths);
  in.Text("-");
  const int year = in.Number(2);
  in.Text(" ");
  ReadTimeOfDay(&in, date);
  in.Text(" GMT");
  // RFC 9110 5.6.7 MUST: a year of two digits is at most 50 years ahead
  const auto this_year =
      static_cast<int>(absl::ToCivilYear(now, absl::UTCTimeZone()).year());
  const int last_year = this_year + 50;
  date->year = last_year - (last_year - year) % 100;
  return in.at_end();
}

// Sun Nov  6 08:49:37 1994
bool ReadAsctimeDate(absl::string_view text, Date* date) {
  DateReader in(text);
  in.Name(kDays);
  in.Text(" ");
  date->month = in.Name(kMonths);
  in.Text(" ");
  date->day = in.PaddedNumber();
  in.Text(" ");
  ReadTimeOfDay(&in, date);
  in.Text(" ");
  date->year = in.Number(4);
  return in.at_end();
}

}  // namespace

// RFC 9110 5.6.7 MUST: all three forms are accepted
std::optional<absl::Time> ParseHttpDate(absl::string_view text,
                                        absl::Time now) {
  Date date;
  if (!ReadFixdate(text, &date) && !ReadRfc850Date(text, now, &date) &&
      !ReadAsctimeDate(text, &date)) {
    return std::nullopt;
  }
  const absl::CivilDay day(date.year, date.month + 1, date.day);
  if (day.day() != date.day || date.hour > 23 || date.minute > 59 ||
      date.second > 60) {
    return std::nullopt;
  }
  return absl::FromCivil(day, absl::UTCTimeZone()) + absl::Hours(date.hour) +
         absl::Minutes(date.minute) + absl::Seconds(date.second);
}

std::optional<RetryAfter> RetryAfter::FromHead(const ResponseHead& head) {
  if (head.status_code != kTooManyRequests &&
      head.status_code != kServiceUnavailable) {
    return std::nullopt;
  }
  const std::vector<absl::string_view> values = head.Values("Retry-After");
  if (values.empty()) {
    return std::nullopt;
  }
  const std::vector<absl::string_view> dates = head.Values("Date");
  return RetryAfter(values.size(), std::string(values.front()),
                    dates.size() == 1 ? std::string(dates.front()) : "");
}

std::optional<absl::Duration> RetryAfter::Delay(absl::Time now) const {
  absl::Duration delay;
  if (count_ != 1) {
    return std::nullopt;
  }
  if (IsDigits(value_)) {
    int64_t seconds = 0;  // a number that does not fit is longer than any limit
    delay = absl::SimpleAtoi(value_, &seconds) ? absl::Seconds(seconds)
                                               : kMaxRetryAfter;
  } else {
    const std::optional<absl::Time> date = ParseHttpDate(value_, now);
    if (!date.has_value()) {
      return std::nullopt;
    }
    delay = *date - ParseHttpDate(date_, now).value_or(now);
  }
  return std::clamp(delay, kMinRetryAfter, kMaxRetryAfter);
}

std::string RetryAfter::Fault(absl::Time now) const {
  if (count_ != 1) {
    return absl::StrCat("the answer has the field Retry-After ", count_,
                        " times, but it may occur only once (RFC 9110 5.3)");
  }
  return Delay(now).has_value()
             ? ""
             : "the answer's Retry-After is neither a number of seconds nor a "
               "date (RFC 9110 10.2.3)";
}

}  // namespace ovoc::auth
