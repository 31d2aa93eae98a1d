// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/keep_alive.h"

#include <algorithm>

namespace ovoc::tunnel {

KeepAlive::KeepAlive(const Options& options, absl::Time now)
    : options_(options), last_sent_(now), last_received_(now) {}

void KeepAlive::OnPing(absl::Time now) {
  last_ping_ = now;
  unanswered_since_ = std::min(unanswered_since_, now);
  expects_packets_ = false;
  OnSent(now);
}

void KeepAlive::OnReceived(absl::Time now) {
  last_received_ = now;
  unanswered_since_ = absl::InfiniteFuture();
}

KeepAlive::Action KeepAlive::Poll(absl::Time now) const {
  if (now >= DeadAt()) {
    return Action::kDead;
  }
  return now >= PingDue() ? Action::kPing : Action::kNone;
}

absl::Time KeepAlive::NextTime() const { return std::min(PingDue(), DeadAt()); }

absl::Time KeepAlive::PingDue() const {
  const absl::Time idle = last_sent_ + options_.ping_after;
  // In a silence pings follow one another at the same distance.
  const absl::Time silent =
      std::max(last_received_, last_ping_) + options_.ping_after;
  // What was sent since asks already: TCP wants it acknowledged.
  const absl::Time stopped = expects_packets_ && last_sent_ <= last_received_
                                 ? last_received_ + options_.ask_after
                                 : absl::InfiniteFuture();
  return std::min({idle, silent, stopped});
}

absl::Time KeepAlive::DeadAt() const {
  return std::max(last_received_ + options_.dead_after,
                  unanswered_since_ + options_.ask_after);
}

}  // namespace ovoc::tunnel
