// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_ANSWER_DATE_H_
#define OVOC_AUTH_ANSWER_DATE_H_

#include <optional>

#include "absl/time/time.h"
#include "auth/response_head.h"

namespace ovoc::auth {

// AnswerDate: the time at which the server says that it made its answer (Date,
// RFC 9110 6.6.1), in whole seconds. nullopt if there is no Date, which a
// server may leave out of a 101, if there are several, or if it is not a date
// (RFC 9110 5.6.7). `now`, the wall clock, only tells the century of a year of
// two digits.
std::optional<absl::Time> AnswerDate(const ResponseHead& head, absl::Time now);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_ANSWER_DATE_H_
