// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/decisions/worker_deadlines.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

// Whether it is time; then it is no more.
bool Take(absl::Time now, absl::Time* at) {
  if (now < *at) {
    return false;
  }
  *at = absl::InfiniteFuture();
  return true;
}

}  // namespace

std::string WorkerDeadlines::Why(Act act) {
  return act == Act::kKillClosed
             ? "closed its channel but kept running"
             : absl::StrCat("silent for ",
                            absl::FormatDuration(kWorkerSilence));
}

WorkerDeadlines::WorkerDeadlines(absl::Time now)
    : silent_at_(now + kWorkerSilence) {}

void WorkerDeadlines::ChannelOver(absl::Time now) {
  closed_at_ = now + kWorkerExitTime;
  look_at_ = now + kBurialStep;
}

void WorkerDeadlines::Killed(absl::Time now) {
  silent_at_ = closed_at_ = slow_at_ = absl::InfiniteFuture();
  look_at_ = now + kBurialStep;
  abandon_at_ = now + kKillTime;
}

WorkerDeadlines::Act WorkerDeadlines::Due(absl::Time now) {
  if (Take(now, &look_at_)) {
    look_at_ = now + kBurialStep;
    return Act::kLook;
  }
  if (Take(now, &silent_at_)) {
    return Act::kKillSilent;
  }
  if (Take(now, &closed_at_)) {
    return Act::kKillClosed;
  }
  if (Take(now, &slow_at_)) {
    return Act::kKillSlow;
  }
  return Take(now, &abandon_at_) ? Act::kAbandon : Act::kNone;
}

absl::Time WorkerDeadlines::Next() const {
  return std::min({look_at_, silent_at_, closed_at_, slow_at_, abandon_at_});
}

}  // namespace ovoc::tunnel
