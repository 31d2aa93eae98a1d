// SPDX-License-Identifier: Apache-2.0
#include "tunnel/retry/server_choice.h"

#include <algorithm>

namespace ovoc::tunnel {

size_t ServerChoice::FirstFree(size_t place, absl::Time now) const {
  for (size_t step = 0; step < count(); ++step) {
    const size_t candidate = (place + step) % count();
    if (!tried_[candidate] && held_until_[candidate] <= now) {
      return candidate;
    }
  }
  return count();
}

void ServerChoice::BeginRound() {
  tried_.assign(count(), false);
  attempts_ = 0;
  current_ = home_;
}

void ServerChoice::Begin(absl::Time now) {
  const size_t free = FirstFree(current_, now);
  if (free < count() && free != current_) {
    current_ = free;
    attempts_ = 0;
  }
}

void ServerChoice::OnWorked() {
  state_ = State::kInUse;
  home_ = after_loss_ == AfterLoss::kFirst ? 0 : current_;
}

bool ServerChoice::IsUseless(Left left) {
  int& short_tunnels = short_tunnels_[current_];
  short_tunnels = left == Left::kShortTunnel
                      ? std::min(short_tunnels + 1, kMaxShortTunnels)
                      : 0;
  return left == Left::kNothing || short_tunnels == kMaxShortTunnels;
}

ServerChoice::Next ServerChoice::OnEnd(Left left, absl::Time held_until,
                                       absl::Time now) {
  held_until_[current_] = held_until;
  const size_t ended = current_;
  if (state_ == State::kInUse) {
    state_ = State::kSearching;
    const bool is_useless = IsUseless(left);
    BeginRound();
    // One that hangs, or that ends each tunnel soon, is not the one to begin
    // with.
    if (is_useless && current_ == ended) {
      tried_[ended] = true;
      const size_t other = FirstFree(ended, now);
      current_ = other < count() ? other : ended;
    }
    return Next::kAfterWait;
  }
  if (left != Left::kNothing && held_until <= now &&
      ++attempts_ < kMaxAttempts) {
    return Next::kAfterWait;
  }
  attempts_ = 0;
  tried_[ended] = true;
  if (const size_t other = FirstFree(ended, now); other < count()) {
    current_ = other;
    return Next::kAtOnce;
  }
  BeginRound();
  return Next::kAfterWait;
}

absl::Time ServerChoice::FreeAt() const {
  return *std::min_element(held_until_.begin(), held_until_.end());
}

}  // namespace ovoc::tunnel
