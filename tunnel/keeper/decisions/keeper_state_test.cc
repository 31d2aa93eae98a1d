// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/decisions/keeper_state.h"

#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using State = KeeperState;
using Event = KeeperEvent;
using Act = KeeperAct;

constexpr State kStates[] = {State::kResting, State::kWorking,
                             State::kReplacing, State::kStopping, State::kOver};
constexpr Event kEvents[] = {
    Event::kStarted,    Event::kStartFailed, Event::kWorkerDone,
    Event::kWorkerDied, Event::kHopeless,    Event::kStuck,
    Event::kReload,     Event::kNewSettings, Event::kStop};

std::string Name(State state, Event event) {
  return absl::StrCat(Word(state), " x ", Word(event));
}

// What an event leads to in each of kStates; kNever: it cannot come.
struct Row {
  Event event;
  std::vector<std::optional<KeeperStep>> steps;
};
constexpr std::nullopt_t kNever = std::nullopt;

KeeperStep To(State next, Act act = Act::kNone, Act then = Act::kNone) {
  return {next, {act, then}};
}

std::vector<Row> Expected() {
  return {
      {Event::kStarted, {To(State::kWorking), kNever, kNever, kNever, kNever}},
      {Event::kStartFailed,
       {To(State::kResting, Act::kPause), kNever, kNever, kNever, kNever}},
      {Event::kWorkerDone,
       {kNever, To(State::kResting, Act::kPause),
        To(State::kResting, Act::kAdopt), To(State::kOver), kNever}},
      {Event::kWorkerDied,
       {kNever, To(State::kResting, Act::kPause),
        To(State::kResting, Act::kPause, Act::kAdopt),
        To(State::kOver, Act::kReportDeath), kNever}},
      {Event::kHopeless,
       {To(State::kOver, Act::kFail), To(State::kOver, Act::kFail),
        To(State::kOver, Act::kFail), To(State::kOver, Act::kFail), kNever}},
      {Event::kStuck,
       {kNever, To(State::kWorking), To(State::kReplacing),
        To(State::kOver, Act::kFail), kNever}},
      {Event::kReload,
       {To(State::kResting, Act::kLoadSettings),
        To(State::kWorking, Act::kLoadSettings),
        To(State::kReplacing, Act::kLoadSettings), To(State::kStopping),
        To(State::kOver)}},
      {Event::kNewSettings,
       {To(State::kResting, Act::kAdopt), To(State::kReplacing, Act::kAskToEnd),
        To(State::kReplacing), kNever, kNever}},
      {Event::kStop,
       {To(State::kOver, Act::kAnnounceStop),
        To(State::kStopping, Act::kAnnounceStop, Act::kAskToEnd),
        To(State::kStopping, Act::kAnnounceStop), To(State::kStopping),
        To(State::kOver)}},
  };
}

TEST(KeeperStateTest, EveryEventInEveryStateLeadsWhereItShould) {
  const std::vector<Row> expected = Expected();
  ASSERT_EQ(expected.size(), std::size(kEvents));
  for (size_t e = 0; e < std::size(kEvents); ++e) {
    ASSERT_EQ(expected[e].event, kEvents[e]);
    ASSERT_EQ(expected[e].steps.size(), std::size(kStates));
    for (size_t s = 0; s < std::size(kStates); ++s) {
      EXPECT_EQ(NextKeeperStep(kStates[s], kEvents[e]), expected[e].steps[s])
          << Name(kStates[s], kEvents[e]);
    }
  }
}

// The first and the last values of the enumerations, so that none is left out
// above.
TEST(KeeperStateTest, KnowsAllStatesAndEvents) {
  for (size_t s = 0; s < std::size(kStates); ++s) {
    EXPECT_EQ(kStates[s], static_cast<State>(s));
  }
  for (size_t e = 0; e < std::size(kEvents); ++e) {
    EXPECT_EQ(kEvents[e], static_cast<Event>(e));
  }
  EXPECT_EQ(Word(static_cast<State>(std::size(kStates) - 1)), "Over");
  EXPECT_EQ(Word(static_cast<Event>(std::size(kEvents) - 1)), "Stop");
  std::set<std::string> words;
  for (const State state : kStates) {
    words.emplace(Word(state));
  }
  for (const Event event : kEvents) {
    words.emplace(Word(event));
  }
  EXPECT_EQ(words.size(), std::size(kStates) + std::size(kEvents));
}

TEST(KeeperStateTest, NothingLeavesTheEnd) {
  for (const Event event : kEvents) {
    const auto step = NextKeeperStep(State::kOver, event);
    EXPECT_TRUE(!step.has_value() || *step == To(State::kOver)) << Word(event);
  }
}

// Signals come at any time.
TEST(KeeperStateTest, AStopAndAReloadMayComeInEveryState) {
  for (const State state : kStates) {
    EXPECT_TRUE(NextKeeperStep(state, Event::kStop).has_value());
    EXPECT_TRUE(NextKeeperStep(state, Event::kReload).has_value());
  }
}

TEST(KeeperStateTest, AWorkerEndsOnlyWhereThereIsOne) {
  for (const State state : kStates) {
    for (const Event event :
         {Event::kWorkerDone, Event::kWorkerDied, Event::kStuck}) {
      EXPECT_EQ(NextKeeperStep(state, event).has_value(), HasWorker(state))
          << Name(state, event);
    }
  }
  EXPECT_FALSE(HasWorker(State::kResting));
  EXPECT_TRUE(HasWorker(State::kWorking));
}

// README.md has a line `  STATE --> STATE: EVENT, EVENT` for each two states.
TEST(KeeperStateTest, TheDiagramShowsTheTable) {
  std::set<std::string> shown;
  std::ifstream readme("tunnel/keeper/decisions/README.md");
  ASSERT_TRUE(readme.good());
  for (std::string line; std::getline(readme, line);) {
    const std::vector<std::string> parts = absl::StrSplit(line, ": ");
    if (parts.size() == 2 && absl::StrContains(parts[0], " --> ")) {
      for (const absl::string_view event : absl::StrSplit(parts[1], ", ")) {
        shown.insert(absl::StrCat(absl::StripLeadingAsciiWhitespace(parts[0]),
                                  ": ", event));
      }
    }
  }
  std::set<std::string> table;
  for (const State state : kStates) {
    for (const Event event : kEvents) {
      const auto step = NextKeeperStep(state, event);
      if (step.has_value() && step->next != state) {
        table.insert(absl::StrCat(Word(state), " --> ", Word(step->next), ": ",
                                  Word(event)));
      }
    }
  }
  EXPECT_EQ(shown, table);
}

bool Does(const KeeperStep& step, Act act) {
  return step.acts[0] == act || step.acts[1] == act;
}

// What a keeper does is right for the state that it has entered.
TEST(KeeperStateTest, EachActFitsTheStateThatItComesIn) {
  for (const State state : kStates) {
    for (const Event event : kEvents) {
      const auto step = NextKeeperStep(state, event);
      if (!step.has_value()) {
        continue;
      }
      const std::string name = Name(state, event);
      // A worker is started where there is none, and asked where there is one.
      EXPECT_FALSE(Does(*step, Act::kPause) && HasWorker(step->next)) << name;
      EXPECT_FALSE(Does(*step, Act::kAdopt) && HasWorker(step->next)) << name;
      EXPECT_FALSE(Does(*step, Act::kAskToEnd) && !HasWorker(step->next))
          << name;
      // An error is the end, and nothing else is done then.
      EXPECT_FALSE(Does(*step, Act::kFail) && step->next != State::kOver)
          << name;
      EXPECT_FALSE(Does(*step, Act::kFail) && step->acts[1] != Act::kNone)
          << name;
      // Settings are read on a reload alone, and not by one that stops.
      EXPECT_FALSE(Does(*step, Act::kLoadSettings) && event != Event::kReload)
          << name;
      EXPECT_FALSE(Does(*step, Act::kLoadSettings) && step->next != state)
          << name;
    }
  }
}

// A path through the table: whether a worker was asked to end, and whether
// there are settings that nobody has taken over.
struct Walk {
  State state = State::kResting;
  bool asked = false;
  bool has_new = false;
  int announced = 0;
};

// Each sequence of so many more events that can happen.
void TryAll(const Walk& from, int events, int* walks) {
  if (events == 0) {
    ++*walks;
    return;
  }
  for (const Event event : kEvents) {
    const auto step = NextKeeperStep(from.state, event);
    if (!step.has_value()) {
      continue;
    }
    Walk walk = from;
    walk.state = step->next;
    walk.has_new |= event == Event::kNewSettings;
    if (Does(*step, Act::kAskToEnd)) {
      ASSERT_FALSE(walk.asked) << "twice: " << Name(from.state, event);
      walk.asked = true;
    }
    if (Does(*step, Act::kAdopt)) {
      ASSERT_TRUE(walk.has_new) << "of nothing: " << Name(from.state, event);
      walk.has_new = false;
    }
    if (!HasWorker(walk.state)) {
      walk.asked = false;
      ASSERT_FALSE(walk.has_new && walk.state == State::kResting)
          << "they are forgotten: " << Name(from.state, event);
    }
    walk.announced += Does(*step, Act::kAnnounceStop) ? 1 : 0;
    ASSERT_LE(walk.announced, 1) << Name(from.state, event);
    TryAll(walk, events - 1, walks);
  }
}

TEST(KeeperStateTest, NoSequenceOfEventsAsksTwiceOrForgetsSettings) {
  int walks = 0;
  TryAll(Walk(), 7, &walks);
  EXPECT_GT(walks, 10000) << "so that it is not about nothing";
}

TEST(KeeperStateTest, AStopEndsWithTheWorkerFromEveryState) {
  for (const State state : kStates) {
    const auto stopped = NextKeeperStep(state, Event::kStop);
    ASSERT_TRUE(stopped.has_value()) << Word(state);
    EXPECT_EQ(HasWorker(stopped->next), HasWorker(state)) << Word(state);
    if (!HasWorker(state)) {
      EXPECT_EQ(stopped->next, State::kOver) << Word(state);
      continue;
    }
    for (const Event end : {Event::kWorkerDone, Event::kWorkerDied,
                            Event::kHopeless, Event::kStuck}) {
      const auto over = NextKeeperStep(stopped->next, end);
      ASSERT_TRUE(over.has_value()) << Name(stopped->next, end);
      EXPECT_EQ(over->next, State::kOver) << Name(stopped->next, end);
    }
  }
}

}  // namespace
}  // namespace ovoc::tunnel
