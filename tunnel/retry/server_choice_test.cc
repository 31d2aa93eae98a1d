// SPDX-License-Identifier: Apache-2.0
#include "tunnel/retry/server_choice.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using AfterLoss = ServerChoice::AfterLoss;
using Left = ServerChoice::Left;
using Next = ServerChoice::Next;

constexpr absl::Duration kHold = absl::Seconds(30);

// What becomes of one attempt. A lower case letter stands for one whose server
// has no address left that has not failed.
//   f, F: no login
//   h, H: no login, and the server is held for 30 s
//   l, L: a tunnel that was lost
//   S:    a tunnel that was lost soon
Next Play(char step, absl::Time now, ServerChoice* choice) {
  const Left left = step == 'S'   ? Left::kShortTunnel
                    : step >= 'a' ? Left::kNothing
                                  : Left::kAddresses;
  if (step == 'l' || step == 'L' || step == 'S') {
    choice->OnWorked();
  }
  const bool held = step == 'h' || step == 'H';
  return choice->OnEnd(left, held ? now + kHold : absl::InfinitePast(), now);
}

// The places of the servers to which attempts go, with a dot for each wait, and
// that of the attempt after the last one. "+30" in the script lets 30 s pass.
std::string Walk(size_t count, AfterLoss after_loss, absl::string_view script) {
  ServerChoice choice(count, after_loss);
  absl::Time now = absl::UnixEpoch();
  std::string walk;
  for (const absl::string_view step : absl::StrSplit(script, ' ')) {
    if (step == "+30") {
      now += kHold;
      continue;
    }
    choice.Begin(now);
    absl::StrAppend(&walk, choice.current());
    absl::StrAppend(&walk,
                    Play(step[0], now, &choice) == Next::kAfterWait ? "." : "");
  }
  choice.Begin(now);
  return absl::StrCat(walk, choice.current());
}

struct Case {
  absl::string_view name;
  size_t count;
  absl::string_view script;
  absl::string_view stay;   // the walk without WSTunServerRevert
  absl::string_view first;  // and with it
};

constexpr Case kCases[] = {
    {"one server", 1, "f F l L h H", "0.0.0.0.0.0.0", "0.0.0.0.0.0.0"},
    {"none works", 3, "f f f f", "012.01", "012.01"},
    {"one wait a round", 2, "f f f f f f", "01.01.01.0", "01.01.01.0"},
    {"the one that works is kept", 3, "f L L", "01.1.1", "01.0.0"},
    {"back at the first", 3, "f L f L", "01.12.2", "01.01.0"},
    {"rounds begin with the one that worked", 3, "f L f f f", "01.120.1",
     "01.012.0"},
    {"a loss in a round begins another one", 3, "f f L f f f", "012.201.2",
     "012.012.0"},
    {"one that hangs is not the next", 3, "l f f f", "0.12.01", "0.12.01"},
    {"nor when the others do not work", 2, "l f f", "0.1.01", "0.1.01"},
    {"the last one hangs", 2, "f l f", "01.0.1", "01.01"},
    {"the first one hangs twice", 2, "l L l", "0.1.1.0", "0.1.0.1"},
    {"its other addresses come first", 2, "F f f", "0.01.0", "0.01.0"},
    {"but not for ever", 2, "F F F F F", "0.0.0.01.1", "0.0.0.01.1"},
    {"a login counts from the beginning", 2, "F F L F F F F", "0.0.0.0.0.0.01",
     "0.0.0.0.0.0.01"},
    {"one that is held is left out", 2, "h f f", "01.1.1", "01.1.1"},
    {"until its time has come", 2, "h f +30 f", "01.01", "01.01"},
    {"whatever addresses it has", 2, "H", "01", "01"},
    {"all are held", 2, "h h", "01.0", "01.0"},
    {"the one between is held", 3, "f h f f", "012.02", "012.02"},
    {"the first one is held at a loss", 2, "h L", "01.1", "01.1"},
    {"and no longer", 2, "h L +30", "01.1", "01.0"},
    {"short tunnels are not for ever", 2, "S S S f", "0.0.0.1.0", "0.0.0.1.0"},
    {"failures between count on", 2, "S F S F S", "0.0.0.0.0.1", "0.0.0.0.0.1"},
    {"a long one begins anew", 2, "S S L S S S", "0.0.0.0.0.0.1",
     "0.0.0.0.0.0.1"},
    {"the next one that ends soon ends it", 2, "S S S f S", "0.0.0.1.0.1",
     "0.0.0.1.0.1"},
    {"each server has its own", 2, "S S S S S", "0.0.0.1.1.1", "0.0.0.1.0.1"},
    {"one server has no other", 1, "S S S S", "0.0.0.0.0", "0.0.0.0.0"},
};

TEST(ServerChoiceTest, GoesThroughTheServersAsTheTableSays) {
  for (const Case& c : kCases) {
    EXPECT_EQ(Walk(c.count, AfterLoss::kStay, c.script), c.stay) << c.name;
    EXPECT_EQ(Walk(c.count, AfterLoss::kFirst, c.script), c.first) << c.name;
  }
}

TEST(ServerChoiceTest, BeginsWithTheServerThatWorkedBefore) {
  ServerChoice stay(3, AfterLoss::kStay, 1);
  EXPECT_EQ(stay.current(), 1u);
  stay.OnEnd(Left::kNothing, absl::InfinitePast(), absl::UnixEpoch());
  EXPECT_EQ(stay.current(), 2u);
  EXPECT_EQ(ServerChoice(3, AfterLoss::kFirst, 1).current(), 0u);
}

TEST(ServerChoiceTest, KnowsWhetherAServerIsInUse) {
  ServerChoice choice(2, AfterLoss::kStay);
  EXPECT_EQ(choice.state(), ServerChoice::State::kSearching);
  choice.OnWorked();
  EXPECT_EQ(choice.state(), ServerChoice::State::kInUse);
  choice.OnEnd(Left::kAddresses, absl::InfinitePast(), absl::UnixEpoch());
  EXPECT_EQ(choice.state(), ServerChoice::State::kSearching);
}

TEST(ServerChoiceTest, IsFreeOnceOneServerIsNoLongerHeld) {
  const absl::Time now = absl::UnixEpoch();
  ServerChoice choice(2, AfterLoss::kStay);
  EXPECT_EQ(choice.FreeAt(), absl::InfinitePast());
  choice.OnEnd(Left::kNothing, now + absl::Seconds(60), now);
  EXPECT_EQ(choice.FreeAt(), absl::InfinitePast()) << "the second one";
  choice.OnEnd(Left::kNothing, now + absl::Seconds(40), now);
  EXPECT_EQ(choice.FreeAt(), now + absl::Seconds(40));
  choice.Begin(now + absl::Seconds(40));
  EXPECT_EQ(choice.current(), 1u);
}

// Whatever happens: no server is tried twice without a wait between, and with
// one server there is a wait after each attempt.
TEST(ServerChoiceTest, TriesEachServerOnceBetweenTwoWaits) {
  constexpr absl::string_view kSteps = "fFhHlLS";
  constexpr int kLength = 6;
  int scripts = 1;
  for (int i = 0; i < kLength; ++i) {
    scripts *= static_cast<int>(kSteps.size());
  }
  for (int script = 0; script < scripts; ++script) {
    for (const size_t count : {1u, 3u}) {
      ServerChoice choice(
          count, script % 2 == 0 ? AfterLoss::kStay : AfterLoss::kFirst);
      std::vector<bool> tried(count, false);
      for (int i = 0, rest = script; i < kLength; ++i) {
        choice.Begin(absl::UnixEpoch());
        ASSERT_LT(choice.current(), count);
        ASSERT_FALSE(tried[choice.current()]) << script;
        tried[choice.current()] = true;
        const char step = kSteps[static_cast<size_t>(rest) % kSteps.size()];
        rest /= static_cast<int>(kSteps.size());
        if (Play(step, absl::UnixEpoch(), &choice) == Next::kAfterWait) {
          tried.assign(count, false);
        } else {
          ASSERT_GT(count, 1u);
        }
      }
    }
  }
}

}  // namespace
}  // namespace ovoc::tunnel
