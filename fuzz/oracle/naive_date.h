// SPDX-License-Identifier: Apache-2.0
//
// Dates and waits of HTTP, in the plainest way. A text is a date if writing the
// numbers at a date's positions gives the same text.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_DATE_H_
#define OVOC_FUZZ_ORACLE_NAIVE_DATE_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace ovoc::fuzz {

// Seconds since 1970 of a date in one of the three forms of RFC 9110 5.6.7, by
// the C library's calendar; nullopt of any other text. `this_year` decides the
// century of two digits.
std::optional<int64_t> NaiveHttpDate(absl::string_view text, int this_year);

// What Retry-After comes to, in seconds; nullopt when it is garbage.
// `now` is in seconds since 1970, in `this_year`.
std::optional<int64_t> NaiveRetryAfter(absl::string_view value,
                                       absl::string_view date, int64_t now,
                                       int this_year);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_DATE_H_
