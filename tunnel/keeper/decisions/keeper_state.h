// SPDX-License-Identifier: Apache-2.0
//
// The keeper's states and the transitions between them, in one table. README.md
// shows it as a diagram.

#ifndef OVOC_TUNNEL_KEEPER_DECISIONS_KEEPER_STATE_H_
#define OVOC_TUNNEL_KEEPER_DECISIONS_KEEPER_STATE_H_

#include <array>
#include <optional>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

enum class KeeperState {
  kResting,    // there is no worker; the next one starts after a pause
  kWorking,    // a worker is at work
  kReplacing,  // it was asked to end; one with new settings comes after it
  kStopping,   // it was asked to end; none comes after it
  kOver,       // the keeper is done
};

enum class KeeperEvent {
  kStarted,      // a worker was started
  kStartFailed,  // none could be started; another attempt may do better
  kWorkerDone,   // the worker ended with ExitCode::kDone
  kWorkerDied,   // it ended otherwise
  kHopeless,     // it failed in a way in which any worker would fail
  kStuck,        // it was killed and does not end
  kReload,       // the settings are to be read again
  kNewSettings,  // there are settings that need another worker
  kStop,         // the keeper is to stop
};

// KeeperAct is something that the keeper does after it has entered the new
// state.
enum class KeeperAct {
  kNone,
  kReportDeath,   // say how the worker ended
  kPause,         // do that, and start the next one after a pause
  kAdopt,         // take over the new settings and start a worker with them
  kAskToEnd,      // tell the worker to close its tunnel and to end
  kLoadSettings,  // read the settings, which may lead to kNewSettings
  kAnnounceStop,  // say that the keeper stops, and why
  kFail,          // end the keeper with an error
};

struct KeeperStep {
  KeeperState next;
  std::array<KeeperAct, 2> acts = {};  // in this order

  friend bool operator==(const KeeperStep&, const KeeperStep&) = default;
};

// NextKeeperStep returns the next state and the acts from the table, or nullopt
// if the event cannot happen in this state. That would be a bug in the keeper.
std::optional<KeeperStep> NextKeeperStep(KeeperState state, KeeperEvent event);

// Returns whether there is a worker in this state.
bool HasWorker(KeeperState state);

// Return the name of the enumerator without its k.
absl::string_view Word(KeeperState state);
absl::string_view Word(KeeperEvent event);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_DECISIONS_KEEPER_STATE_H_
