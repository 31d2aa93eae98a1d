// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/findings/peer_clock.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "auth/verification_time.h"

namespace ovoc::tunnel {

std::string DescribeClock(absl::Duration difference) {
  const int64_t seconds = absl::ToInt64Seconds(absl::AbsDuration(difference));
  if (seconds == 0) {
    return "the same as this machine's";
  }
  return absl::StrCat(seconds, " s ",
                      difference > absl::ZeroDuration() ? "ahead of" : "behind",
                      " this machine's");
}

std::string ClockWarning(absl::Time server, absl::Duration difference) {
  if (absl::AbsDuration(difference) <= kMaxClockDifference) {
    return "";
  }
  return absl::StrCat(
      "the server's clock (Date: ", auth::FormatUtc(server), ") is ",
      DescribeClock(difference),
      "; set the one that is wrong, since certificates and logs depend on it");
}

}  // namespace ovoc::tunnel
