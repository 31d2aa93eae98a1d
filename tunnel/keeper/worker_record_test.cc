// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_record.h"

#include <signal.h>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

constexpr int kExit11 = 11 << 8;  // as wait status

class WorkerRecordTest : public testing::Test {
 protected:
  // The tunnel is in this state so many seconds after the start.
  void At(int seconds, TunnelState state) {
    record_.OnProgress(state, start_ + absl::Seconds(seconds));
  }

  const absl::Time start_ = absl::FromUnixSeconds(1000);
  WorkerRecord record_;
};

TEST_F(WorkerRecordTest, ATunnelThatWasNeverUpWasUpForNoTime) {
  EXPECT_EQ(record_.TimeUp(), absl::ZeroDuration());
  At(0, TunnelState::kConnecting);
  At(600, TunnelState::kHandshaking);
  At(900, TunnelState::kWaiting);
  EXPECT_EQ(record_.TimeUp(), absl::ZeroDuration());
}

TEST_F(WorkerRecordTest, CountsFromTheFirstWordOfItToTheLast) {
  At(0, TunnelState::kLoggingIn);
  At(10, TunnelState::kUp);
  EXPECT_EQ(record_.TimeUp(), absl::ZeroDuration());
  At(15, TunnelState::kUp);
  At(75, TunnelState::kUp);
  EXPECT_EQ(record_.TimeUp(), absl::Seconds(65));
}

TEST_F(WorkerRecordTest, TimesWithABreakBetweenThemAreNotAdded) {
  At(0, TunnelState::kUp);
  At(40, TunnelState::kUp);
  At(41, TunnelState::kWaiting);
  At(50, TunnelState::kUp);
  At(80, TunnelState::kUp);
  EXPECT_EQ(record_.TimeUp(), absl::Seconds(40)) << "the longest";
}

TEST_F(WorkerRecordTest, AWorkerThatWasKilledCountsForNothing) {
  At(0, TunnelState::kUp);
  At(3600, TunnelState::kUp);
  WorkerRecord refused = record_;
  refused.OnRefused("silent for 1m");
  EXPECT_EQ(refused.TimeUp(), absl::ZeroDuration());
  WorkerRecord killed = record_;
  killed.OnKilled();
  EXPECT_EQ(killed.TimeUp(), absl::ZeroDuration());
  EXPECT_EQ(record_.TimeUp(), absl::Hours(1));
}

TEST_F(WorkerRecordTest, SaysHowItEnded) {
  EXPECT_EQ(record_.Describe(SIGSEGV), "signal 11 (Segmentation fault)");
  record_.OnKilled();
  EXPECT_EQ(record_.Describe(SIGKILL), "signal 9 (Killed)");
  EXPECT_FALSE(record_.refused());
  record_.OnRefused("silent for 1m");
  EXPECT_TRUE(record_.refused());
  EXPECT_EQ(record_.Describe(SIGKILL), "ended by the keeper: silent for 1m");
}

TEST_F(WorkerRecordTest, GivesItsLastWord) {
  record_.OnLastWord("landlock_restrict_self: I/O error");
  EXPECT_EQ(
      record_.Describe(kExit11),
      "exit code 11; its last message: landlock_restrict_self: I/O error");
}

TEST_F(WorkerRecordTest, IsBelievedThatItCannotBeConfinedBeforeItIsReady) {
  EXPECT_EQ(record_.CannotBeConfined(10 << 8), "");
  EXPECT_EQ(record_.CannotBeConfined(SIGSEGV), "");
  EXPECT_EQ(record_.CannotBeConfined(SIGSYS),
            "the worker cannot confine itself: a system-call filter that the "
            "client was started under kills it; widen that filter (systemd: "
            "SystemCallFilter=)");
  EXPECT_EQ(record_.CannotBeConfined(kExit11),
            "the worker cannot confine itself: it did not say why");
  record_.OnLastWord("landlock_restrict_self: I/O error");
  EXPECT_EQ(record_.CannotBeConfined(kExit11),
            "the worker cannot confine itself: "
            "landlock_restrict_self: I/O error");
  record_.OnReady();
  EXPECT_EQ(record_.CannotBeConfined(kExit11), "") << "who says so now?";
  EXPECT_EQ(record_.CannotBeConfined(SIGSYS), "") << "by its own filter";
}

TEST_F(WorkerRecordTest, IsReadyOnceItSaidSo) {
  EXPECT_FALSE(record_.ready());
  record_.OnReady();
  EXPECT_TRUE(record_.ready());
}

}  // namespace
}  // namespace ovoc::tunnel
