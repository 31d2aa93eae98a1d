// SPDX-License-Identifier: Apache-2.0
//
// Workers that do not do in time what they should, and ends that nobody tells.

#include <signal.h>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/keeper/testing/keeper_fixture.h"
#include "tunnel/keeper/worker_end.h"

namespace ovoc::tunnel {
namespace {

using KeeperDeadlinesTest = KeeperTest;

TEST_F(KeeperDeadlinesTest, KillsAWorkerThatClosesItsChannel) {
  script_
      ->When(Workers(1), [this] { worker().end = Channel(netif::UniqueFd()); })
      .When(Turns(2), Advance(absl::Milliseconds(999)))
      .When(Turns(2),
            [this] {
              EXPECT_EQ(worker().kills, 0);
              now_ += absl::Milliseconds(1);
            })
      .When(Workers(2), [this] { EXPECT_EQ(workers_[0]->kills, 1); });
  StopInOrder();
  RunToTheEnd();
  Line("worker_died detail=\"ended by the keeper: closed its channel");
}

// SIGCHLD may be lost, as where it is ignored; the end of the channel is not.
TEST_F(KeeperDeadlinesTest, NoticesAnEndThatNoSignalTells) {
  script_
      ->When(Workers(1),
             [this] {
               worker().is_missed = true;
               Die(SIGSEGV);
             })
      .When(Turns(2), Advance(absl::Milliseconds(100)))
      .When(Workers(2), [this] { EXPECT_EQ(workers_[0]->kills, 0); });
  StopInOrder();
  RunToTheEnd();
  Line("worker_died detail=\"signal 11 ");
}

TEST_F(KeeperDeadlinesTest, GoesOnAfterAWorkerWhoseEndSomebodyElseHasTaken) {
  script_
      ->When(Workers(1),
             [this] {
               worker().is_missed = true;
               Die(kUnknownEnd);
             })
      .When(Turns(2), Advance(absl::Milliseconds(100)))
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
  Line("worker_died detail=\"gone; how it ended is unknown\"");
}

TEST_F(KeeperDeadlinesTest, StopsAlsoWhenNoSignalTellsTheEnd) {
  script_->When(Workers(1), Stop())
      .When(ToldToStop(),
            [this] {
              worker().is_missed = true;
              Die(kUnknownEnd);
            })
      .When(Turns(2), Advance(absl::Milliseconds(100)));
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
}

TEST_F(KeeperDeadlinesTest, DoesNotWaitForAWorkerThatCannotBeEnded) {
  script_
      ->When(Workers(1),
             [this] {
               worker().is_undying = true;
               keeper_->Stop("SIGTERM");
             })
      .When(ToldToStop(), Advance(absl::Seconds(5)))
      .When([this] { return worker().kills == 1; }, Advance(absl::Seconds(5)));
  EXPECT_FALSE(keeper_->Run().ok());
  EXPECT_EQ(keeper_->exit_code(), ExitCode::kInternal);
  Line("event=stop reason=worker_stuck");
}

TEST_F(KeeperDeadlinesTest, KillsAWorkerThatIsSilentForAMinute) {
  script_->When(Workers(1), Advance(absl::Seconds(59)))
      .When(Turns(2),
            [this] { Say(LogRecord{LogLevel::kInfo, "event=sign_of_life"}); })
      .When(Logged("sign_of_life"), Advance(absl::Milliseconds(59999)))
      .When(Turns(2),
            [this] {
              EXPECT_EQ(worker().kills, 0);
              now_ += absl::Milliseconds(1);
            })
      .When(Workers(2), [this] { EXPECT_EQ(workers_[0]->kills, 1); });
  StopInOrder();
  RunToTheEnd();
  EXPECT_TRUE(absl::StrContains(Line("worker_refused"), "silent for 1m"));
}

TEST_F(KeeperDeadlinesTest,
       DoesNotTakeAWorkerForSilentWhileItWasStoppedItself) {
  script_->When(Workers(1), Advance(absl::Minutes(10)))
      .When(Turns(2), Advance(absl::Seconds(59)))
      .When(Turns(2),
            [this] {
              EXPECT_EQ(worker().kills, 0);
              now_ += absl::Seconds(2);
            })
      .When(Workers(2), [this] { EXPECT_EQ(workers_[0]->kills, 1); });
  StopInOrder();
  RunToTheEnd();
}

}  // namespace
}  // namespace ovoc::tunnel
