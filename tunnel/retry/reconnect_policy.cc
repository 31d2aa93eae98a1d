// SPDX-License-Identifier: Apache-2.0
#include "tunnel/retry/reconnect_policy.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace ovoc::tunnel {

absl::Duration ReconnectPolicy::NextDelay(Failure failure,
                                          absl::Duration time_up) {
  if (failure == Failure::kPersistent) {
    ceiling_ = options_.cap;
    return PersistentDelay();
  }
  if (time_up >= options_.stable) {
    ceiling_ = options_.first;
    early_ceiling_ = options_.first;
  }
  absl::Duration* const ceiling =
      failure == Failure::kServerEnded ? &early_ceiling_ : &ceiling_;
  const absl::Duration upper = failure == Failure::kServerEnded
                                   ? std::max(options_.spread, early_ceiling_)
                                   : ceiling_;
  *ceiling = std::min(*ceiling * 2, options_.cap);
  return upper * Draw();
}

absl::Duration ReconnectPolicy::PersistentDelay() {
  return options_.cap / 2 + options_.cap / 2 * Draw();
}

// RFC 9110 10.2.3 MUST: no request before the time of Retry-After
absl::Duration ReconnectPolicy::DelayAfter(absl::Duration told) {
  return told + options_.spread * Draw();
}

double ReconnectPolicy::Draw() {
  std::array<uint8_t, sizeof(uint32_t)> bytes;
  random_(absl::MakeSpan(bytes));
  uint32_t value;
  std::memcpy(&value, bytes.data(), sizeof(value));
  return (static_cast<double>(value) + 1) / 4294967296.0;
}

}  // namespace ovoc::tunnel
