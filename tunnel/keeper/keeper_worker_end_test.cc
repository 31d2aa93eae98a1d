// SPDX-License-Identifier: Apache-2.0
//
// How workers end, and what their keeper makes of it.

#include <seccomp.h>
#include <signal.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/keeper/testing/keeper_fixture.h"
#include "tunnel/report/testing/memory_sink.h"
#include "tunnel/sandbox/filter_violation.h"

namespace ovoc::tunnel {
namespace {

using KeeperWorkerEndTest = KeeperTest;

TEST_F(KeeperWorkerEndTest, StartsAnotherWorkerOnTheSameDeviceAfterACrash) {
  script_->When(Workers(1), Ends(SIGSEGV)).When(Workers(2), [this] {
    EXPECT_EQ(worker().tun_fd, workers_[0]->tun_fd);
    EXPECT_EQ(worker().server, "one.example");
    EXPECT_EQ(devices_alive_, 1);
  });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(opened_.size(), 1u);
  EXPECT_EQ(Line("worker_died"),
            "error event=worker_died detail=\"signal 11 (Segmentation fault)\" "
            "delay_ms=0");
}

TEST_F(KeeperWorkerEndTest, AnotherWorkerBeginsWithTheServerThatWorked) {
  auto config = Config("one.example", "ovoc0");
  config->settings.servers.push_back({"two.example"});
  Make(std::move(config));
  Progress at_second;
  at_second.server = 1;
  at_second.state = TunnelState::kConnecting;
  Progress up_at_second = at_second;
  up_at_second.state = TunnelState::kUp;
  Progress up_at_third = up_at_second;
  up_at_third.server = 2;
  script_
      ->When(Workers(1),
             [this, at_second] {
               EXPECT_EQ(worker().place, 0u);
               Say(at_second);
               Die(SIGSEGV);
             })
      .When(Workers(2),
            [this, up_at_second] {
              EXPECT_EQ(worker().place, 0u) << "that server did not work";
              Say(up_at_second);
              Die(SIGSEGV);
            })
      .When(Workers(3),
            [this, up_at_third] {
              EXPECT_EQ(worker().place, 1u);
              Say(up_at_third);
              Die(SIGSEGV);
            })
      .When(Workers(4), [this] {
        EXPECT_EQ(worker().place, 1u) << "there is no third one";
      });
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperWorkerEndTest, NamesTheCallThatTheFilterStopped) {
  script_
      ->When(Workers(1),
             [this] {
               Say(FilterViolation{SCMP_SYS(openat)});
               Die(Exited(kViolationExitCode));
             })
      .When(Workers(2), Ends(Exited(kViolationExitCode)))
      .When(Workers(3), Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(Line("filter at openat"),
            "error event=worker_died detail=\"killed by the system-call filter "
            "at openat\" delay_ms=0");
  Line("filter at a call\"");  // of a worker that could not say which
}

TEST_F(KeeperWorkerEndTest, NamesTheCallAlsoOfAWorkerThatLeftSomethingUnread) {
  script_->When(Workers(1), [this] { Say(AskSurroundings{}); })
      .When([this] { return looks_around_ == 1; },
            [this] {                   // the answer stays in the channel
              Say(AskSurroundings{});  // this one gets none
              Say(FilterViolation{SCMP_SYS(openat)});
              Die(Exited(kViolationExitCode));
            })
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_TRUE(absl::StrContains(Line("worker_died"), " at openat\""));
  EXPECT_EQ(CountLines(log_, "worker_refused"), 0);
}

TEST_F(KeeperWorkerEndTest, AnUnaskedEndIsADeathWhateverItsCode) {
  script_->When(Workers(1), Ends(Exited(ExitCode::kDone)))
      .When(Workers(2),
            [this] {
              Say(WorkerReady{});
              Die(Exited(ExitCode::kSandbox));
            })
      .When(Workers(3), Nothing());
  StopInOrder();
  RunToTheEnd();
  Line("worker_died detail=\"exit code 0\"");
  Line("worker_died detail=\"exit code 11\"");
}

TEST_F(KeeperWorkerEndTest, EndsWhenAWorkerCannotConfineItself) {
  script_->When(Workers(1), [this] {
    Say(LastWord{"landlock_restrict_self: I/O error"});
    Die(Exited(ExitCode::kSandbox));
  });
  EXPECT_EQ(keeper_->Run(),
            absl::UnavailableError("the worker cannot confine itself: "
                                   "landlock_restrict_self: I/O error"));
  EXPECT_EQ(keeper_->exit_code(), ExitCode::kSandbox);
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(Line("event=stop"), "info event=stop reason=sandbox");
}

TEST_F(KeeperWorkerEndTest, AWorkersTroubleWithADeviceThatIsThereIsACrash) {
  script_->When(Workers(1), Ends(Exited(ExitCode::kInterface)))
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
  Line("worker_died detail=\"exit code 10\"");
}

TEST_F(KeeperWorkerEndTest, EndsWhenItsDeviceIsGone) {
  script_->When(Workers(1), [this] {
    device_exists_ = false;
    Die(Exited(ExitCode::kInterface));
  });
  EXPECT_EQ(keeper_->Run(),
            absl::UnavailableError(
                "the interface ovoc0 is gone because somebody deleted it"));
  EXPECT_EQ(keeper_->exit_code(), ExitCode::kInterface);
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(Line("event=stop"), "info event=stop reason=interface_lost");
}

TEST_F(KeeperWorkerEndTest, TriesAgainWhenAWorkerCannotBeStarted) {
  random_byte_ = 0xff;
  start_status_ = absl::ResourceExhaustedError("fork");
  script_->When([this] { return starts_ == 1; }, Advance(absl::Seconds(1)))
      .When([this] { return starts_ == 2; },
            [this] {
              start_status_ = absl::OkStatus();
              now_ += absl::Seconds(2);
            })
      .When(Workers(1), Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "error event=worker_failed detail=fork"), 2);
}

TEST_F(KeeperWorkerEndTest, EndsWhenNoWorkerCanEverBeStarted) {
  start_status_ = absl::FailedPreconditionError("fork: RLIMIT_NPROC is 0");
  EXPECT_EQ(keeper_->Run(), absl::UnavailableError("fork: RLIMIT_NPROC is 0"));
  EXPECT_EQ(keeper_->exit_code(), ExitCode::kSandbox);
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(Line("event=stop"), "info event=stop reason=sandbox");
}

}  // namespace
}  // namespace ovoc::tunnel
