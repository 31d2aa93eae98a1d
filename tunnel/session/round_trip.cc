// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/round_trip.h"

#include <algorithm>

namespace ovoc::tunnel {
namespace {

// A pong that is later than this does not come any more: a silence of this
// length ends a tunnel (KeepAlive, unless it is set to more).
constexpr absl::Duration kDoubt = absl::Seconds(60);
constexpr int kSmoothing = 8;  // RFC 6298 2.3: alpha is 1/8

}  // namespace

void RoundTrip::OnPing(absl::Time now) {
  if (sent_.has_value()) {
    doubtful_until_ = now + kDoubt;
  }
  sent_ = now;
}

void RoundTrip::OnPong(size_t payload_bytes, absl::Time now) {
  if (payload_bytes > 0 || !sent_.has_value()) {
    return;
  }
  if (*sent_ >= doubtful_until_) {
    Measure(now - *sent_);
  }
  sent_.reset();
}

// RFC 6298 2.2: the first measurement is the smoothed time as well.
void RoundTrip::Measure(absl::Duration took) {
  if (!times_.has_value()) {
    times_ = {took, took, took};
    return;
  }
  times_->last = took;
  times_->minimum = std::min(times_->minimum, took);
  times_->smoothed += (took - times_->smoothed) / kSmoothing;
}

}  // namespace ovoc::tunnel
