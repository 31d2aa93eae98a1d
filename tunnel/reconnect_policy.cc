// SPDX-License-Identifier: Apache-2.0
#include "tunnel/reconnect_policy.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace ovoc::tunnel {

absl::Duration ReconnectPolicy::NextDelay(Failure failure,
                                          absl::Duration time_up) {
  if (failure == Failure::kPersistent) {
    ceiling_ = options_.cap;
    return options_.cap / 2 + options_.cap / 2 * Draw();
  }
  if (time_up >= options_.stable) {
    ceiling_ = options_.first;
  }
  const absl::Duration delay = ceiling_ * Draw();
  ceiling_ = std::min(ceiling_ * 2, options_.cap);
  return delay;
}

double ReconnectPolicy::Draw() {
  std::array<uint8_t, sizeof(uint32_t)> bytes;
  random_(absl::MakeSpan(bytes));
  uint32_t value;
  std::memcpy(&value, bytes.data(), sizeof(value));
  return (static_cast<double>(value) + 1) / 4294967296.0;
}

}  // namespace ovoc::tunnel
