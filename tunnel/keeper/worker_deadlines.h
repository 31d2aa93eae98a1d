// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_DEADLINES_H_
#define OVOC_TUNNEL_KEEPER_WORKER_DEADLINES_H_

#include <string>

#include "absl/time/time.h"

namespace ovoc::tunnel {

// A worker tells its progress every few seconds: one that is silent for so long
// hangs.
inline constexpr absl::Duration kWorkerSilence = absl::Seconds(60);
// It closes its tunnel within SessionOptions::close_timeout.
inline constexpr absl::Duration kWorkerCloseTime = absl::Seconds(5);
// One that has closed its end of the channel is on its way out; one that takes
// longer than this is not.
inline constexpr absl::Duration kWorkerExitTime = absl::Seconds(1);
// How often to look for the end of one that must be about to end, whether or
// not SIGCHLD comes.
inline constexpr absl::Duration kBurialStep = absl::Milliseconds(100);
// SIGKILL ends a process within this, unless it hangs in the kernel.
inline constexpr absl::Duration kKillTime = absl::Seconds(5);

// WorkerDeadlines says when a keeper has to do something about one worker.
class WorkerDeadlines {
 public:
  // What is due.
  enum class Act {
    kNone,
    kLook,        // whether it has ended
    kKillSilent,  // it said nothing for kWorkerSilence
    kKillClosed,  // it closed its channel and did not end
    kKillSlow,    // it was asked to end and did not
    kAbandon,     // it was killed and does not end: nothing helps
  };

  // Why a worker is killed for kKillSilent or kKillClosed.
  static std::string Why(Act act);

  // For a worker that starts now.
  explicit WorkerDeadlines(absl::Time now);

  // It said something; or the keeper was stopped and knows nothing of it.
  void Heard(absl::Time now) { silent_at_ = now + kWorkerSilence; }
  void AskedToEnd(absl::Time now) { slow_at_ = now + kWorkerCloseTime; }
  void ChannelOver(absl::Time now);
  void Killed(absl::Time now);

  // The first of what is due, kNone when nothing is. kLook comes again after
  // kBurialStep, all others once.
  Act Due(absl::Time now);

  // When Due may have something.
  absl::Time Next() const;

 private:
  absl::Time look_at_ = absl::InfiniteFuture();
  absl::Time silent_at_;
  absl::Time closed_at_ = absl::InfiniteFuture();
  absl::Time slow_at_ = absl::InfiniteFuture();
  absl::Time abandon_at_ = absl::InfiniteFuture();
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_WORKER_DEADLINES_H_
