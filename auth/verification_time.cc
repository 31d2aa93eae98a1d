// SPDX-License-Identifier: Apache-2.0
#include "auth/verification_time.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {
namespace {

std::string CheckedAt(const VerificationTime& time) {
  std::string text = absl::StrCat(", checked at ", FormatUtc(time.at));
  if (time.clock == ClockState::kBeforeRelease) {
    absl::StrAppend(&text, " because the clock is before the release date");
  }
  return text;
}

}  // namespace

VerificationTime ChooseVerificationTime(absl::Time now, absl::Time release_date,
                                        absl::Span<const Validity> chain) {
  if (now >= release_date) {
    return {now, ClockState::kTrusted};
  }
  absl::Time at = release_date;
  for (const Validity& validity : chain) {
    at = std::max(at, validity.not_before);
  }
  return {at, ClockState::kBeforeRelease};
}

Violation CheckValidity(absl::Span<const Validity> chain,
                        const VerificationTime& time) {
  for (size_t depth = 0; depth < chain.size(); ++depth) {
    const Validity& validity = chain[depth];
    if (time.at < validity.not_before) {
      return {VerifyFailure::kNotYetValid, depth,
              absl::StrCat("not valid before ", FormatUtc(validity.not_before),
                           CheckedAt(time))};
    }
    // A certificate is valid through the whole second of its notAfter.
    if (time.at >= validity.not_after + absl::Seconds(1)) {
      return {VerifyFailure::kExpired, depth,
              absl::StrCat("expired on ", FormatUtc(validity.not_after),
                           CheckedAt(time))};
    }
  }
  return {};
}

std::string FormatUtc(absl::Time time) {
  if (time == absl::InfinitePast() || time == absl::InfiniteFuture()) {
    return "(unreadable)";
  }
  return absl::FormatTime("%E4Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

}  // namespace ovoc::auth
