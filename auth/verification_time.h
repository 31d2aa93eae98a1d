// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_VERIFICATION_TIME_H_
#define OVOC_AUTH_VERIFICATION_TIME_H_

#include <string>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// ClockState: what is known of the wall clock.
enum class ClockState {
  kTrusted,        // not before the release date: taken as it is
  kBeforeRelease,  // before it, so wrong: this program cannot run in its past
};

// VerificationTime: the time at which validity is checked, and why that one.
struct VerificationTime {
  absl::Time at;
  ClockState clock = ClockState::kTrusted;
};

// Validity: the validity period of a certificate, both ends included (RFC 5280
// 4.1.2.5).
struct Validity {
  absl::Time not_before;
  absl::Time not_after;
};

// ChooseVerificationTime: `now`, unless it is before `release_date`. In that
// case the clock is wrong: a device without a battery boots in 1970 and gets
// NTP only through the tunnel. The time is then the later of `release_date` and
// the latest not_before of `chain`. That time has come, because the signatures
// of the chain say so.
//
// `chain` has the validity of each certificate of the *built* and otherwise
// verified chain, anchor included, and of no other certificate. What a peer
// presents and the chain does not use must not move the time. The price is
// that, with a wrong clock, a certificate that has expired after that time
// still passes, but only until NTP has set the clock.
VerificationTime ChooseVerificationTime(absl::Time now, absl::Time release_date,
                                        absl::Span<const Validity> chain);

// CheckValidity: the first certificate of `chain` (leaf first) that is not
// valid at `time`, as kNotYetValid or kExpired; or no violation.
Violation CheckValidity(absl::Span<const Validity> chain,
                        const VerificationTime& time);

// FormatUtc: as 2026-11-23T02:00:00Z. The infinite times, which stand for dates
// of a certificate that are none, give "(unreadable)".
std::string FormatUtc(absl::Time time);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_VERIFICATION_TIME_H_
