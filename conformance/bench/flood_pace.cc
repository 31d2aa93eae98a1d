// SPDX-License-Identifier: Apache-2.0
#include "conformance/bench/flood_pace.h"

#include <algorithm>

namespace ovoc::conformance {

FloodPace::FloodPace(double rate, int burst)
    : rate_(rate),
      per_message_(burst),
      // Without the one message, none would ever be due at a rate at which one
      // takes longer than the arrears.
      max_arrears_(absl::ToDoubleSeconds(kMaxFloodArrears) * rate +
                   per_message_) {}

size_t FloodPace::Due(absl::Duration elapsed) {
  const double due = absl::ToDoubleSeconds(elapsed) * rate_;
  forgiven_ += std::max(0.0, due - sent_ - forgiven_ - max_arrears_);
  return static_cast<size_t>(
      std::max(0.0, (due - sent_ - forgiven_) / per_message_));
}

void FloodPace::Sent(size_t messages) {
  sent_ += per_message_ * static_cast<double>(messages);
}

}  // namespace ovoc::conformance
