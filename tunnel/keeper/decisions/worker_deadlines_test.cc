// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/decisions/worker_deadlines.h"

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using Act = WorkerDeadlines::Act;

constexpr absl::Duration kTick = absl::Milliseconds(1);
const absl::Time kStart = absl::FromUnixSeconds(1000);

// Nothing but looks is due before `at`, and `act` is then; once.
void ExpectDue(absl::Time from, absl::Time at, Act act, WorkerDeadlines* of) {
  for (absl::Time now = from; now < at; now += kTick) {
    const Act due = of->Due(now);
    ASSERT_TRUE(due == Act::kNone || due == Act::kLook)
        << now << " " << static_cast<int>(due);
    ASSERT_LE(of->Next(), at);
  }
  Act due = of->Due(at);
  if (due == Act::kLook) {
    due = of->Due(at);
  }
  EXPECT_EQ(due, act);
  const Act then = of->Due(at);
  EXPECT_TRUE(then == Act::kNone || then == Act::kLook) << "once";
}

TEST(WorkerDeadlinesTest, SaysWhy) {
  EXPECT_EQ(WorkerDeadlines::Why(Act::kKillSilent), "silent for 1m");
  EXPECT_EQ(WorkerDeadlines::Why(Act::kKillClosed),
            "closed its channel but kept running");
}

TEST(WorkerDeadlinesTest, SilenceIsMeasuredFromTheLastWord) {
  WorkerDeadlines deadlines(kStart);
  EXPECT_EQ(deadlines.Next(), kStart + absl::Seconds(60));
  EXPECT_EQ(deadlines.Due(kStart + absl::Seconds(59)), Act::kNone);
  deadlines.Heard(kStart + absl::Seconds(59));
  ExpectDue(kStart + absl::Seconds(60), kStart + absl::Seconds(119),
            Act::kKillSilent, &deadlines);
}

TEST(WorkerDeadlinesTest, AnEndThatWasAskedForHasItsTime) {
  WorkerDeadlines deadlines(kStart);
  deadlines.AskedToEnd(kStart);
  ExpectDue(kStart, kStart + absl::Seconds(5), Act::kKillSlow, &deadlines);
}

TEST(WorkerDeadlinesTest, AChannelThatIsOverIsTheEndOfItsWorker) {
  WorkerDeadlines deadlines(kStart);
  deadlines.ChannelOver(kStart);
  EXPECT_EQ(deadlines.Due(kStart + absl::Milliseconds(99)), Act::kNone);
  for (int i = 1; i < 10; ++i) {
    const absl::Time now = kStart + i * absl::Milliseconds(100);
    EXPECT_EQ(deadlines.Next(), now);
    EXPECT_EQ(deadlines.Due(now), Act::kLook);
    EXPECT_EQ(deadlines.Due(now), Act::kNone);
  }
  ExpectDue(kStart + absl::Milliseconds(901), kStart + absl::Seconds(1),
            Act::kKillClosed, &deadlines);
}

TEST(WorkerDeadlinesTest, OneThatWasKilledIsLookedForAndThenAbandoned) {
  WorkerDeadlines deadlines(kStart);
  deadlines.AskedToEnd(kStart);
  deadlines.ChannelOver(kStart);
  deadlines.Killed(kStart);
  EXPECT_EQ(deadlines.Next(), kStart + absl::Milliseconds(100));
  ExpectDue(kStart, kStart + absl::Seconds(5), Act::kAbandon, &deadlines);
  for (int i = 0; i < 100000; i += 100) {
    const Act due = deadlines.Due(kStart + absl::Seconds(6) + i * kTick);
    EXPECT_EQ(due, Act::kLook) << "for ever: another may not start beside it";
  }
}

// The keeper was stopped itself, by SIGSTOP or a suspended machine: all is due
// at once, and each act comes once, the gentlest first.
TEST(WorkerDeadlinesTest, WhatIsDueAtOnceComesInItsOrder) {
  WorkerDeadlines deadlines(kStart);
  deadlines.AskedToEnd(kStart);
  deadlines.ChannelOver(kStart);
  const absl::Time late = kStart + absl::Hours(24);
  EXPECT_EQ(deadlines.Due(late), Act::kLook);
  EXPECT_EQ(deadlines.Due(late), Act::kKillSilent);
  EXPECT_EQ(deadlines.Due(late), Act::kKillClosed);
  EXPECT_EQ(deadlines.Due(late), Act::kKillSlow);
  EXPECT_EQ(deadlines.Due(late), Act::kNone);
  EXPECT_EQ(deadlines.Next(), late + kBurialStep) << "only looks are left";
}

TEST(WorkerDeadlinesTest, AWordDoesNotPutOffTheEndThatWasAskedFor) {
  WorkerDeadlines deadlines(kStart);
  deadlines.AskedToEnd(kStart);
  for (int i = 1; i < 5; ++i) {
    deadlines.Heard(kStart + absl::Seconds(i));
    EXPECT_EQ(deadlines.Due(kStart + absl::Seconds(i)), Act::kNone);
  }
  EXPECT_EQ(deadlines.Next(), kStart + kWorkerCloseTime);
  EXPECT_EQ(deadlines.Due(kStart + kWorkerCloseTime), Act::kKillSlow);
}

// What it did before it was killed is of no interest any more.
TEST(WorkerDeadlinesTest, OneThatWasKilledIsNotKilledAgain) {
  WorkerDeadlines deadlines(kStart);
  deadlines.AskedToEnd(kStart);
  deadlines.ChannelOver(kStart);
  deadlines.Killed(kStart + absl::Milliseconds(10));
  const absl::Time late = kStart + absl::Hours(1);
  EXPECT_EQ(deadlines.Due(late), Act::kLook);
  EXPECT_EQ(deadlines.Due(late), Act::kAbandon);
  EXPECT_EQ(deadlines.Due(late), Act::kNone);
}

TEST(WorkerDeadlinesTest, AWorkerThatReportsIsLeftAlone) {
  WorkerDeadlines deadlines(kStart);
  for (int i = 1; i <= 1000; ++i) {
    const absl::Time now = kStart + i * absl::Seconds(59);
    ASSERT_EQ(deadlines.Due(now), Act::kNone) << i;
    deadlines.Heard(now);
    ASSERT_EQ(deadlines.Next(), now + kWorkerSilence) << i;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
