// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/decisions/message_budget.h"

#include <algorithm>

namespace ovoc::tunnel {

bool MessageBudget::Take(absl::Time now) {
  if (last_ != absl::InfinitePast()) {
    left_ = std::min(
        options_.burst,
        left_ + options_.per_second * absl::ToDoubleSeconds(now - last_));
  }
  last_ = now;
  if (left_ < 1) {
    return false;
  }
  left_ -= 1;
  return true;
}

void MessageBudget::PutBack() { left_ = std::min(options_.burst, left_ + 1); }

absl::Time MessageBudget::NextTime() const {
  return last_ + absl::Seconds(std::max(0.0, 1 - left_) / options_.per_second);
}

}  // namespace ovoc::tunnel
