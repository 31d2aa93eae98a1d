// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_RETRY_AFTER_H_
#define OVOC_AUTH_RETRY_AFTER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/response_head.h"

namespace ovoc::auth {

// The limits of the wait. A shorter or longer one is replaced by the nearer
// limit. The upper limit stops a server, or somebody who poses as one, from
// sending a device away for days.
inline constexpr absl::Duration kMinRetryAfter = absl::Seconds(1);
inline constexpr absl::Duration kMaxRetryAfter = absl::Minutes(10);

// ParseHttpDate: a date in any of the three forms of RFC 9110 5.6.7, exactly as
// they stand there; the day's name need not be that date's. A year of two
// digits is the latest one that is at most 50 years behind that of `now`.
// Anything else is nullopt.
std::optional<absl::Time> ParseHttpDate(absl::string_view text, absl::Time now);

// RetryAfter is what an answer says about the next request (RFC 9110 10.2.3).
// Its fields are judged later, when the time is passed in: there is no clock
// here.
class RetryAfter {
 public:
  // FromHead: the field of a 429 or 503; nullopt for any other answer, or if
  // there is no such field.
  static std::optional<RetryAfter> FromHead(const ResponseHead& head);

  // Delay: the shortest time to wait, within the limits above; nullopt if there
  // is a Fault, which counts like no field. A date is compared with the
  // answer's own Date, because a device's clock may be wrong. If there is no
  // Date, it is compared with `now`, the wall clock.
  std::optional<absl::Duration> Delay(absl::Time now) const;

  // Fault: why the field is ignored, for a log, without its value; empty if it
  // is not. Either the field occurs twice, even with equal values: it is not a
  // list, so nobody may send it twice (RFC 9110 5.3), and two readers would
  // disagree on which one counts. Or it is neither a number of seconds nor a
  // date, nor is it a list of these (RFC 9110 10.2.3).
  std::string Fault(absl::Time now) const;

 private:
  RetryAfter(size_t count, std::string value, std::string date)
      : count_(count), value_(std::move(value)), date_(std::move(date)) {}

  size_t count_;       // of fields, 1 or more
  std::string value_;  // of the first, at most kMaxHeadBytes, as in the head
  std::string date_;   // of the field Date; may be empty
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_RETRY_AFTER_H_
