// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/duration_text.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {
namespace {

constexpr int64_t kMinute = 60;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

std::string Days(int64_t days) {
  return absl::StrCat(days, days == 1 ? " day" : " days");
}

// " 5 s", or nothing.
std::string Rest(int64_t count, absl::string_view unit) {
  return count == 0 ? "" : absl::StrCat(" ", count, " ", unit);
}

}  // namespace

std::string DurationText(absl::Duration duration) {
  if (duration == absl::InfiniteDuration()) {
    return "for ever";
  }
  const int64_t seconds = absl::ToInt64Seconds(duration);
  if (seconds >= kDay) {
    return absl::StrCat(Days(seconds / kDay),
                        Rest(seconds % kDay / kHour, "h"));
  }
  if (seconds >= kHour) {
    return absl::StrCat(seconds / kHour, " h",
                        Rest(seconds % kHour / kMinute, "min"));
  }
  if (seconds >= kMinute) {
    return absl::StrCat(seconds / kMinute, " min",
                        Rest(seconds % kMinute, "s"));
  }
  return absl::StrCat(seconds < 0 ? 0 : seconds, " s");
}

std::string DaysText(absl::Duration duration) {
  return duration == absl::InfiniteDuration() || duration < absl::Hours(2 * 24)
             ? DurationText(duration)
             : Days(absl::ToInt64Seconds(duration) / kDay);
}

}  // namespace ovoc::tunnel
