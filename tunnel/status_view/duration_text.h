// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_STATUS_VIEW_DURATION_TEXT_H_
#define OVOC_TUNNEL_STATUS_VIEW_DURATION_TEXT_H_

#include <string>

#include "absl/time/time.h"

namespace ovoc::tunnel {

// DurationText is a duration for people, cut to its two largest units: "41 s",
// "2 min 5 s", "3 h 12 min", "1 day", "12 days 4 h". A second unit of 0 is left
// out. What is less than a second, and so what is negative, is "0 s"; what is
// infinite is "for ever".
std::string DurationText(absl::Duration duration);

// DaysText is the same for what takes long: "12 days" from two days on, without
// the hours.
std::string DaysText(absl::Duration duration);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_STATUS_VIEW_DURATION_TEXT_H_
