// SPDX-License-Identifier: Apache-2.0
#include "tunnel/system/signals.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

class SignalsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    auto signals = Signals::Create(
        loop_.get(), [this](int signal) { received_.push_back(signal); });
    ASSERT_TRUE(signals.ok()) << signals.status();
    signals_ = *std::move(signals);
  }

  // One batch of what is there already.
  void RunReady() { ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok()); }

  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<Signals> signals_;
  std::vector<int> received_;
};

TEST_F(SignalsTest, DeliversEachOfThemFromTheLoop) {
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGCHLD}) {
    received_.clear();
    ASSERT_EQ(kill(getpid(), signal), 0);
    EXPECT_TRUE(received_.empty()) << "not before the loop runs";
    RunReady();
    EXPECT_EQ(received_, std::vector<int>{signal});
  }
  RunReady();
  EXPECT_EQ(received_.size(), 1u);
}

TEST_F(SignalsTest, DeliversAllThatWaitInOneTurn) {
  ASSERT_EQ(kill(getpid(), SIGHUP), 0);
  ASSERT_EQ(kill(getpid(), SIGTERM), 0);
  RunReady();
  // The kernel gives the lower number first.
  EXPECT_EQ(received_, (std::vector<int>{SIGHUP, SIGTERM}));
}

TEST_F(SignalsTest, DeliversTheEndOfAChild) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(3);
  }
  // The one event there is to wait for.
  ASSERT_TRUE(loop_->RunOnce(absl::InfiniteFuture()).ok());
  EXPECT_EQ(received_, std::vector<int>{SIGCHLD});
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, WNOHANG), child);
  EXPECT_EQ(WEXITSTATUS(status), 3);
}

TEST(SignalsBlockTest, ASignalThatComesBeforeItsHandlerWaits) {
  ASSERT_TRUE(Signals::Block().ok());
  ASSERT_EQ(kill(getpid(), SIGTERM), 0);
  const auto loop = EventLoop::Create().value();
  std::vector<int> received;
  const auto signals = Signals::Create(
      loop.get(), [&received](int signal) { received.push_back(signal); });
  ASSERT_TRUE(signals.ok()) << signals.status();
  ASSERT_TRUE(loop->RunOnce(absl::InfinitePast()).ok());
  EXPECT_EQ(received, std::vector<int>{SIGTERM});
}

// kill -USR1 ended the client without a word in log and status file.
TEST(SignalsBlockTest, WhatHasNoMeaningEndsNothing) {
  const pid_t child = fork();
  if (child == 0) {
    if (!Signals::Block().ok()) {
      _exit(1);
    }
    for (const int number :
         {SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR,
          SIGSTKFLT, SIGXCPU, SIGRTMIN, SIGRTMAX}) {
      kill(getpid(), number);
    }
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(SignalsTest, ASignalDoesNotEndTheProcessOnceTheyAreGone) {
  signals_.reset();
  ASSERT_EQ(kill(getpid(), SIGHUP), 0);
  RunReady();
  EXPECT_TRUE(received_.empty());
  // It waits, blocked, for whoever comes next: taken here.
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  const timespec no_wait = {};
  EXPECT_EQ(sigtimedwait(&set, nullptr, &no_wait), SIGHUP);
}

}  // namespace
}  // namespace ovoc::tunnel
