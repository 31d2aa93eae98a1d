// SPDX-License-Identifier: Apache-2.0
//
// The keeper's states and what leads from one to another: one table, which
// README.md shows as a diagram.

#ifndef OVOC_TUNNEL_KEEPER_KEEPER_STATE_H_
#define OVOC_TUNNEL_KEEPER_KEEPER_STATE_H_

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
  kHopeless,     // it ended, or did not start, as any other one would
  kStuck,        // it was killed and does not end
  kReload,       // somebody wants the settings to be read again
  kNewSettings,  // there are settings that need another worker
  kStop,         // somebody wants the keeper to stop
};

// What there is to do once the new state is entered.
enum class KeeperAct {
  kNone,
  kReportDeath,   // say how the worker ended
  kPause,         // the same, and start the next one after a pause
  kAdopt,         // take over the new settings and start a worker with them
  kAskToEnd,      // tell the worker to close its tunnel and to end
  kLoadSettings,  // read the settings, which may lead to kNewSettings
  kAnnounceStop,  // say that, and why, the keeper stops
  kFail,          // the keeper's own end is a failure: say so
};

struct KeeperStep {
  KeeperState next;
  std::array<KeeperAct, 2> acts = {};  // in this order

  friend bool operator==(const KeeperStep&, const KeeperStep&) = default;
};

// NextKeeperStep looks into the table. nullopt: the event cannot come in this
// state, so there is a mistake in the keeper.
std::optional<KeeperStep> NextKeeperStep(KeeperState state, KeeperEvent event);

// Whether there is a worker in this state.
bool HasWorker(KeeperState state);

// Their names without the k.
absl::string_view Word(KeeperState state);
absl::string_view Word(KeeperEvent event);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_KEEPER_STATE_H_
