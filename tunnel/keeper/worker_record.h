// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_RECORD_H_
#define OVOC_TUNNEL_KEEPER_WORKER_RECORD_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/progress.h"

namespace ovoc::tunnel {

// WorkerRecord is what a keeper remembers of one worker until it is buried:
// what the worker said of itself, and whether it had to be killed.
class WorkerRecord {
 public:
  // What the worker said.
  void OnReady() { ready_ = true; }
  void OnProgress(TunnelState state, absl::Time now);
  void OnViolation(int system_call) { violation_ = system_call; }
  void OnLastWord(absl::string_view word) { last_word_ = std::string(word); }

  // The keeper killed it: because it broke a rule, which `why` says, or because
  // it did not end when it was asked to.
  void OnRefused(absl::string_view why);
  void OnKilled() { killed_ = true; }

  // It has confined itself, by its own account: from then on it may be in an
  // attacker's hands.
  bool ready() const { return ready_; }
  bool refused() const { return !refusal_.empty(); }

  // Why this worker, and any other, cannot be confined: empty when it did not
  // end so. Believed only of one that was not ready, which no peer has spoken
  // to yet.
  std::string CannotBeConfined(int wait_status) const;

  // How long its tunnel was up without a break, the longest such time: from the
  // first Progress that said so to the last one. Its age does not enter, nor
  // does a silence at its end. Zero for a worker that was killed.
  absl::Duration TimeUp() const;

  // How it ended, for the log and the status. `wait_status` is that of
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
