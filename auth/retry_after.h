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

// What is made of shorter and longer waits. The upper end stops a server, or
// somebody who poses as one, from sending a device away for days.
inline constexpr absl::Duration kMinRetryAfter = absl::Seconds(1);
inline constexpr absl::Duration kMaxRetryAfter = absl::Minutes(10);

// ParseHttpDate: a date in any of the three forms of RFC 9110 5.6.7, exactly as
// they stand there; the day's name need not be that date's. A year of two
// digits is the latest one that is at most 50 years behind that of `now`.
// Anything else is nullopt.
std::optional<absl::Time> ParseHttpDate(absl::string_view text, absl::Time now);

// RetryAfter is what an answer says of the next request (RFC 9110 10.2.3). Its
// fields are judged when the time is known: no clock is in here.
class RetryAfter {
 public:
  // FromHead: of a 429 or 503 with the field; nullopt of all else.
  static std::optional<RetryAfter> FromHead(const ResponseHead& head);

  // Delay: how long to wait at least, within the limits above; nullopt where
  // there is a Fault, which is as good as no field. A date counts from the
  // answer's own Date, and without that from `now`, the wall clock: a device's
  // clock may be wrong.
  std::optional<absl::Duration> Delay(absl::Time now) const;

  // Fault: why the field counts for nothing, for a log, without its value; or
  // empty. It is there twice, be it with one value: it is no list, so nobody
  // may send it so (RFC 9110 5.3), and two readers would differ on which one
  // counts. Or it is neither a number of seconds nor a date (RFC 9110 10.2.3),
  // a list of them included.
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
