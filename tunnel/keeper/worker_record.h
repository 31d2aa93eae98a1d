// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_RECORD_H_
#define OVOC_TUNNEL_KEEPER_WORKER_RECORD_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/progress/progress.h"

namespace ovoc::tunnel {

// WorkerRecord is what a keeper remembers about one worker until it has dealt
// with its end: what the worker reported, and whether it had to be killed.
class WorkerRecord {
 public:
  // These take what the worker has reported.
  void OnReady() { ready_ = true; }
  void OnProgress(TunnelState state, absl::Time now);
  void OnViolation(int system_call) { violation_ = system_call; }
  void OnLastWord(absl::string_view word) { last_word_ = std::string(word); }

  // The keeper has killed it: OnRefused if it broke a rule, which `why` names,
  // OnKilled if it did not end when it was asked to.
  void OnRefused(absl::string_view why);
  void OnKilled() { killed_ = true; }

  // Whether it has reported that it is confined. From then on it may be under
  // an attacker's control.
  bool ready() const { return ready_; }
  bool refused() const { return !refusal_.empty(); }

  // Returns why no worker can be confined, or an empty text if this worker
  // ended for another reason. This is believed only of a worker that was not
  // ready, because no peer has spoken to it yet.
  std::string CannotBeConfined(int wait_status) const;

  // The longest time for which its tunnel was up without a break, from the
  // first Progress that said so to the last one. The age of the worker does not
  // count, nor does the time after its last Progress. It is zero for a worker
  // that was killed.
  absl::Duration TimeUp() const;

  // Says how it ended, for the log and the status. `wait_status` is that of
  // waitpid(2).
  std::string Describe(int wait_status) const;

 private:
  bool ready_ = false;
  bool killed_ = false;
  std::string refusal_;
  std::string last_word_;
  std::optional<int> violation_;
  std::optional<absl::Time> up_since_;
  absl::Duration time_up_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_WORKER_RECORD_H_
