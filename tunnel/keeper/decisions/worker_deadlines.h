// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_DECISIONS_WORKER_DEADLINES_H_
#define OVOC_TUNNEL_KEEPER_DECISIONS_WORKER_DEADLINES_H_

#include <string>

#include "absl/time/time.h"

namespace ovoc::tunnel {

// A worker reports its progress every few seconds. If it has been silent for
// this long, it hangs.
inline constexpr absl::Duration kWorkerSilence = absl::Seconds(60);
// A worker that is asked to end closes its tunnel within
// SessionOptions::close_timeout.
inline constexpr absl::Duration kWorkerCloseTime = absl::Seconds(5);
// A worker that has closed its end of the channel is about to end. If it still
// runs after this time, it is not.
inline constexpr absl::Duration kWorkerExitTime = absl::Seconds(1);
// How often to check whether a worker that must be about to end has ended, in
// case SIGCHLD does not come.
inline constexpr absl::Duration kBurialStep = absl::Milliseconds(100);
// SIGKILL ends a process within this, unless it hangs in the kernel.
inline constexpr absl::Duration kKillTime = absl::Seconds(5);

// WorkerDeadlines says when a keeper has to do something about one worker.
class WorkerDeadlines {
 public:
  // Act is what the keeper has to do now.
  enum class Act {
    kNone,
    kLook,        // check whether it has ended
    kKillSilent,  // it said nothing for kWorkerSilence
    kKillClosed,  // it closed its channel and did not end
    kKillSlow,    // it was asked to end and did not
    kAbandon,     // it was killed and does not end
  };

  // Returns the reason for kKillSilent or kKillClosed, for the log.
  static std::string Why(Act act);

  // For a worker that starts now.
  explicit WorkerDeadlines(absl::Time now);

  // Call this when the worker has sent a message, and when the keeper itself
  // was stopped and cannot know whether it has.
  void Heard(absl::Time now) { silent_at_ = now + kWorkerSilence; }
  void AskedToEnd(absl::Time now) { slow_at_ = now + kWorkerCloseTime; }
  void ChannelOver(absl::Time now);
  void Killed(absl::Time now);

  // Returns the first act that is due, or kNone. kLook comes again after
  // kBurialStep, the others come once.
  Act Due(absl::Time now);

  // The time at which Due may return something.
  absl::Time Next() const;

 private:
  absl::Time look_at_ = absl::InfiniteFuture();
  absl::Time silent_at_;
  absl::Time closed_at_ = absl::InfiniteFuture();
  absl::Time slow_at_ = absl::InfiniteFuture();
  absl::Time abandon_at_ = absl::InfiniteFuture();
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_DECISIONS_WORKER_DEADLINES_H_
