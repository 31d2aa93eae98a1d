// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_date.h"

#include <time.h>

#include <cstdio>
#include <string>

namespace ovoc::fuzz {
namespace {

constexpr char kDays[] = "MonTueWedThuFriSatSun";
constexpr char kMonths[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr const char* kLongDays[] = {"Monday",   "Tuesday", "Wednesday",
                                     "Thursday", "Friday",  "Saturday",
                                     "Sunday"};

// The number that stands there, or -1; a blank in front is no digit.
int Number(const std::string& text, size_t at, size_t count) {
  int number = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') {
      return -1;
    }
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

// The place of a name of three letters, or -1.
int Name(const char* names, const std::string& text, size_t at) {
  const std::string name = text.size() < at + 3 ? "?" : text.substr(at, 3);
  const size_t place = std::string(names).find(name);
  return place == std::string::npos || place % 3 != 0
             ? -1
             : static_cast<int>(place / 3);
}

std::optional<int64_t> SecondsOf(tm date) {
  tm same = date;
  const int second = same.tm_sec == 60 ? 59 : same.tm_sec;
  date.tm_sec = same.tm_sec = second;
  const time_t seconds = timegm(&same);
  if (same.tm_year != date.tm_year || same.tm_mon != date.tm_mon ||
      same.tm_mday != date.tm_mday || same.tm_hour != date.tm_hour ||
      same.tm_min != date.tm_min || same.tm_sec != date.tm_sec) {
    return std::nullopt;  // no such day or time
  }
  return static_cast<int64_t>(seconds);
}

// Where the numbers of a form stand, and how they are written.
struct Form {
  const char* format;  // day's name, then as the form has them
  size_t day, month, year, time;
  size_t year_digits;
};

std::string Written(const Form& form, const std::string& name,
                    const std::string& month, const tm& date, int year) {
  char out[96];
  const int day = date.tm_mday;
  if (form.month < form.day) {  // asctime
    snprintf(out, sizeof(out), form.format, name.c_str(), month.c_str(), day,
             date.tm_hour, date.tm_min, date.tm_sec, year);
  } else {
    snprintf(out, sizeof(out), form.format, name.c_str(), day, month.c_str(),
             year, date.tm_hour, date.tm_min, date.tm_sec);
  }
  return out;
}

std::optional<int64_t> Read(const std::string& text, const Form& form,
                            const std::string& name, int this_year) {
  tm date = {};
  const int year = Number(text, form.year, form.year_digits);
  date.tm_mon = Name(kMonths, text, form.month);
  const bool padded = text.size() > form.day && text[form.day] == ' ';
  date.tm_mday = padded && form.month < form.day ? Number(text, form.day + 1, 1)
                                                 : Number(text, form.day, 2);
  date.tm_hour = Number(text, form.time, 2);
  date.tm_min = Number(text, form.time + 3, 2);
  date.tm_sec = Number(text, form.time + 6, 2);
  if (year < 0 || date.tm_mon < 0 || date.tm_mday < 0 || date.tm_hour < 0 ||
      date.tm_min < 0 || date.tm_sec < 0 || date.tm_sec > 60 ||
      Written(form, name, text.substr(form.month, 3), date, year) != text) {
    return std::nullopt;
  }
  int whole = year;
  while (form.year_digits == 2 && whole + 100 <= this_year + 50) {
    whole += 100;
  }
  const bool leap = date.tm_sec == 60;
  date.tm_year = whole - 1900;
  const std::optional<int64_t> seconds = SecondsOf(date);
  return seconds.has_value() && leap ? std::optional(*seconds + 1) : seconds;
}

}  // namespace

std::optional<int64_t> NaiveHttpDate(absl::string_view view, int this_year) {
  const std::string text(view);
  if (Name(kDays, text, 0) < 0) {
    return std::nullopt;
  }
  const std::string name = text.substr(0, 3);
  const Form fixdate = {"%s, %02d %s %04d %02d:%02d:%02d GMT", 5, 8, 12, 17, 4};
  const Form asctime = {"%s %s %2d %02d:%02d:%02d %04d", 8, 4, 20, 11, 4};
  for (const Form& form : {fixdate, asctime}) {
    if (const auto found = Read(text, form, name, this_year)) {
      return found;
    }
  }
  const size_t comma = text.find(',');
  for (const std::string day : kLongDays) {
    const size_t n = day.size();
    const Form rfc850 = {
        "%s, %02d-%s-%02d %02d:%02d:%02d GMT", n + 2, n + 5, n + 9, n + 12, 2};
    if (comma == n && text.substr(0, n) == day) {
      return Read(text, rfc850, day, this_year);
    }
  }
  return std::nullopt;
}

std::optional<int64_t> NaiveRetryAfter(absl::string_view value,
                                       absl::string_view date, int64_t now,
                                       int this_year) {
  int64_t seconds = 0;
  bool digits = !value.empty();
  for (const char c : value) {
    digits = digits && c >= '0' && c <= '9';
    seconds = seconds > 600 ? seconds : seconds * 10 + (c - '0');
  }
  if (!digits) {
    const std::optional<int64_t> when = NaiveHttpDate(value, this_year);
    if (!when.has_value()) {
      return std::nullopt;
    }
    seconds = *when - NaiveHttpDate(date, this_year).value_or(now);
  }
  return seconds < 1 ? 1 : seconds > 600 ? 600 : seconds;
}

}  // namespace ovoc::fuzz
