// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/keeper/testing/keeper_fixture.h"
#include "tunnel/report/testing/memory_sink.h"

namespace ovoc::tunnel {
namespace {

using KeeperStopTest = KeeperTest;

TEST_F(KeeperStopTest, StopsAtOnceWhileItRests) {
  random_byte_ = 0xff;
  script_->When(Workers(1), Ends(SIGSEGV)).When(Logged("worker_died"), Stop());
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
}

TEST_F(KeeperStopTest, StopsOnceHoweverOftenItIsAsked) {
  script_->When(Workers(1), Stop()).Then(Stop());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=stop"), 1);
  EXPECT_EQ(worker().stops, 1);
}

TEST_F(KeeperStopTest, KillsAWorkerThatDoesNotStop) {
  script_->When(Workers(1), Stop())
      .When(ToldToStop(), Advance(absl::Milliseconds(4999)))
      .When(Turns(2), [this] {
        EXPECT_EQ(worker().kills, 0);
        now_ += absl::Milliseconds(1);
      });
  RunToTheEnd();
  EXPECT_EQ(worker().kills, 1);
  EXPECT_EQ(starts_, 1);
  EXPECT_TRUE(absl::StrContains(StatusText(), "\"state\":\"stopped\""));
}

TEST_F(KeeperStopTest, ACrashWhileItStopsIsNamedButStopsNothing) {
  script_->When(Workers(1), Stop()).When(ToldToStop(), Ends(SIGSEGV));
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(CountLines(log_, "worker_died"), 1);
}

TEST_F(KeeperStopTest, AStopDuringAReloadEndsIt) {
  new_interface_ = "ovoc0";
  script_->When(Workers(1), [this] { keeper_->Reload(); })
      .When(ToldToStop(), Stop())
      .When(Turns(2), [this] {
        EXPECT_FALSE(Hear<tunnel::Stop>().has_value()) << "told already";
        Die(Exited(ExitCode::kDone));
      });
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(CountLines(log_, "event=reload"), 0);
}

// Both signals are read in one turn of the loop.
TEST_F(KeeperStopTest, AStopBehindAFailureDoesNotHideItsReason) {
  script_->When(Workers(1), [this] {
    device_exists_ = false;
    Die(Exited(ExitCode::kInterface));
    keeper_->OnChild();
    keeper_->Stop("SIGTERM");
  });
  EXPECT_EQ(keeper_->Run(),
            absl::UnavailableError(
                "the interface ovoc0 is gone because somebody deleted it"));
  EXPECT_EQ(keeper_->exit_code(), ExitCode::kInterface);
  EXPECT_EQ(Line("event=stop"), "info event=stop reason=interface_lost");
}

}  // namespace
}  // namespace ovoc::tunnel
