// SPDX-License-Identifier: Apache-2.0
//
// A commit that is undone unless somebody confirms it (RFC 6241 8.4).

#ifndef OVOC_TUNNEL_MANAGE_SETTINGS_STORE_CONFIRMED_COMMIT_H_
#define OVOC_TUNNEL_MANAGE_SETTINGS_STORE_CONFIRMED_COMMIT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ovoc::tunnel {

// Of a confirmed commit. Longer than a day is a commit.
inline constexpr int kMinConfirmMinutes = 1;
inline constexpr int kMaxConfirmMinutes = 1440;
inline constexpr size_t kMaxPendingBytes = 256;

// ConfirmedCommit knows which commit waits for its confirmation, to which one
// the settings go back without it, and when.
//
// It gets two times. Monotonic time decides while the agent runs, so a clock
// that is set cannot undo a commit, nor keep it. The wall clock is for a file
// by which an agent that was restarted goes on.
class ConfirmedCommit {
 public:
  enum class State {
    kNone,     // nothing waits; Begin is possible
    kWaiting,  // until Confirm, or until IsDue is true and Reverted is called
  };

  struct Now {
    absl::Time monotonic;
    absl::Time wall;
  };

  State state() const { return state_; }

  // Commit `number` waits for `minutes`. If another one waits already, its
  // back_to stays: nobody has confirmed what came after it.
  void Begin(uint64_t number, uint64_t back_to, int minutes, const Now& now);
  // What waits is confirmed. Does nothing if nothing waits.
  void Confirm() { state_ = State::kNone; }
  // The settings of back_to are in the file again.
  void Reverted() { state_ = State::kNone; }
  // They could not be written; it is due again at this time.
  void RetryAt(absl::Time monotonic) { due_ = monotonic; }

  // The commit that waits, and the one to go back to.
  uint64_t number() const { return number_; }
  uint64_t back_to() const { return back_to_; }
  // When to ask IsDue again; InfiniteFuture if nothing waits.
  absl::Time NextTime() const;
  // Whether the time is over without a confirmation.
  bool IsDue(absl::Time monotonic) const;
  // How much of it is left, 0 at least.
  absl::Duration Left(absl::Time monotonic) const;

  // One line for the file; empty if nothing waits: number, back_to, minutes and
  // when the time is over by the wall clock, with spaces between them.
  std::string ToText() const;
  // Goes on where that line was written. No more is left than the minutes in
  // it, whatever the wall clock says now. An empty text is kNone. The error is
  // InvalidArgument.
  static absl::StatusOr<ConfirmedCommit> FromText(absl::string_view text,
                                                  const Now& now);

 private:
  State state_ = State::kNone;
  uint64_t number_ = 0;
  uint64_t back_to_ = 0;
  int minutes_ = 0;
  absl::Time due_;       // monotonic
  absl::Time due_wall_;  // whole seconds
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_SETTINGS_STORE_CONFIRMED_COMMIT_H_
