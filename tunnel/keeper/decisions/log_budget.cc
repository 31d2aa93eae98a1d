// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/decisions/log_budget.h"

#include <algorithm>

namespace ovoc::tunnel {

bool LogBudget::Take(size_t bytes, absl::Time now) {
  if (now > last_) {
    const double hours = absl::ToDoubleHours(now - last_);
    lines_left_ =
        std::min(options_.lines, lines_left_ + options_.lines_per_hour * hours);
    bytes_left_ =
        std::min(options_.bytes, bytes_left_ + options_.bytes_per_hour * hours);
  }
  last_ = now;
  const auto size = static_cast<double>(bytes);
  if (lines_left_ < 1 || bytes_left_ < size) {
    return false;
  }
  lines_left_ -= 1;
  bytes_left_ -= size;
  return true;
}

}  // namespace ovoc::tunnel
