// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/decisions/keeper_state.h"

#include <iterator>

namespace ovoc::tunnel {
namespace {

using State = KeeperState;
using Event = KeeperEvent;
using Act = KeeperAct;

struct Row {
  State state;
  Event event;
  KeeperStep step;
};

constexpr Row kTable[] = {
    {State::kResting, Event::kStarted, {State::kWorking}},
    {State::kResting, Event::kStartFailed, {State::kResting, {Act::kPause}}},
    {State::kResting, Event::kHopeless, {State::kOver, {Act::kFail}}},
    {State::kResting, Event::kReload, {State::kResting, {Act::kLoadSettings}}},
    {State::kResting, Event::kNewSettings, {State::kResting, {Act::kAdopt}}},
    {State::kResting, Event::kStop, {State::kOver, {Act::kAnnounceStop}}},

    // A worker that nobody asked to end has died, whatever its exit code.
    {State::kWorking, Event::kWorkerDone, {State::kResting, {Act::kPause}}},
    {State::kWorking, Event::kWorkerDied, {State::kResting, {Act::kPause}}},
    {State::kWorking, Event::kHopeless, {State::kOver, {Act::kFail}}},
    // It hangs in the kernel, and no other can be started beside it.
    {State::kWorking, Event::kStuck, {State::kWorking}},
    {State::kWorking, Event::kReload, {State::kWorking, {Act::kLoadSettings}}},
    {State::kWorking,
     Event::kNewSettings,
     {State::kReplacing, {Act::kAskToEnd}}},
    {State::kWorking,
     Event::kStop,
     {State::kStopping, {Act::kAnnounceStop, Act::kAskToEnd}}},

    {State::kReplacing, Event::kWorkerDone, {State::kResting, {Act::kAdopt}}},
    {State::kReplacing,
     Event::kWorkerDied,
     {State::kResting, {Act::kPause, Act::kAdopt}}},
    {State::kReplacing, Event::kHopeless, {State::kOver, {Act::kFail}}},
    {State::kReplacing, Event::kStuck, {State::kReplacing}},
    {State::kReplacing,
     Event::kReload,
     {State::kReplacing, {Act::kLoadSettings}}},
    // The newer ones are taken over, once the worker has ended.
    {State::kReplacing, Event::kNewSettings, {State::kReplacing}},
    {State::kReplacing, Event::kStop, {State::kStopping, {Act::kAnnounceStop}}},

    {State::kStopping, Event::kWorkerDone, {State::kOver}},
    {State::kStopping, Event::kWorkerDied, {State::kOver, {Act::kReportDeath}}},
    {State::kStopping, Event::kHopeless, {State::kOver, {Act::kFail}}},
    // A keeper that is to stop does not wait for it.
    {State::kStopping, Event::kStuck, {State::kOver, {Act::kFail}}},
    {State::kStopping, Event::kReload, {State::kStopping}},
    {State::kStopping, Event::kStop, {State::kStopping}},

    // Signals may come until the process ends.
    {State::kOver, Event::kReload, {State::kOver}},
    {State::kOver, Event::kStop, {State::kOver}},
};

constexpr bool EachPairStandsOnce() {
  for (const Row& row : kTable) {
    for (const Row* other = &row + 1; other != std::end(kTable); ++other) {
      if (row.state == other->state && row.event == other->event) {
        return false;
      }
    }
  }
  return true;
}
static_assert(EachPairStandsOnce());

}  // namespace

std::optional<KeeperStep> NextKeeperStep(KeeperState state, KeeperEvent event) {
  for (const Row& row : kTable) {
    if (row.state == state && row.event == event) {
      return row.step;
    }
  }
  return std::nullopt;
}

bool HasWorker(KeeperState state) {
  switch (state) {
    case State::kWorking:
    case State::kReplacing:
    case State::kStopping:
      return true;
    case State::kResting:
    case State::kOver:
      break;
  }
  return false;
}

absl::string_view Word(KeeperState state) {
  switch (state) {
    case State::kResting:
      return "Resting";
    case State::kWorking:
      return "Working";
    case State::kReplacing:
      return "Replacing";
    case State::kStopping:
      return "Stopping";
    case State::kOver:
      break;
  }
  return "Over";
}

absl::string_view Word(KeeperEvent event) {
  switch (event) {
    case Event::kStarted:
      return "Started";
    case Event::kStartFailed:
      return "StartFailed";
    case Event::kWorkerDone:
      return "WorkerDone";
    case Event::kWorkerDied:
      return "WorkerDied";
    case Event::kHopeless:
      return "Hopeless";
    case Event::kStuck:
      return "Stuck";
    case Event::kReload:
      return "Reload";
    case Event::kNewSettings:
      return "NewSettings";
    case Event::kStop:
      break;
  }
  return "Stop";
}

}  // namespace ovoc::tunnel
