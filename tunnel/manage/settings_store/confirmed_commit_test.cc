// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/confirmed_commit.h"

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using State = ConfirmedCommit::State;

ConfirmedCommit::Now At(absl::Duration after) {
  return {absl::FromUnixSeconds(5000) + after,
          absl::FromUnixSeconds(1'764'600'000) + after};
}

constexpr absl::Duration kStart = absl::ZeroDuration();

TEST(ConfirmedCommitTest, NothingWaitsAtFirst) {
  const ConfirmedCommit none;
  EXPECT_EQ(none.state(), State::kNone);
  EXPECT_EQ(none.NextTime(), absl::InfiniteFuture());
  EXPECT_FALSE(none.IsDue(At(absl::Hours(1)).monotonic));
  EXPECT_EQ(none.Left(At(kStart).monotonic), absl::ZeroDuration());
  EXPECT_EQ(none.ToText(), "");
}

TEST(ConfirmedCommitTest, ItIsDueAfterItsMinutes) {
  ConfirmedCommit commit;
  commit.Begin(5, 4, 2, At(kStart));
  EXPECT_EQ(commit.state(), State::kWaiting);
  EXPECT_EQ(commit.number(), 5U);
  EXPECT_EQ(commit.back_to(), 4U);
  EXPECT_EQ(commit.Left(At(absl::Seconds(30)).monotonic), absl::Seconds(90));
  EXPECT_FALSE(commit.IsDue(At(absl::Milliseconds(119'999)).monotonic));
  EXPECT_TRUE(commit.IsDue(At(absl::Minutes(2)).monotonic));
  EXPECT_EQ(commit.NextTime(), At(absl::Minutes(2)).monotonic);
  EXPECT_EQ(commit.Left(At(absl::Hours(1)).monotonic), absl::ZeroDuration());
  commit.Reverted();
  EXPECT_EQ(commit.state(), State::kNone);
}

TEST(ConfirmedCommitTest, AConfirmedOneIsNeverDue) {
  ConfirmedCommit commit;
  commit.Begin(5, 4, 1, At(kStart));
  commit.Confirm();
  EXPECT_FALSE(commit.IsDue(At(absl::Hours(99)).monotonic));
  EXPECT_EQ(commit.ToText(), "");
}

TEST(ConfirmedCommitTest, ASecondOneGoesBackToBeforeTheFirst) {
  ConfirmedCommit commit;
  commit.Begin(5, 4, 1, At(kStart));
  commit.Begin(6, 5, 10, At(absl::Seconds(30)));
  EXPECT_EQ(commit.number(), 6U);
  EXPECT_EQ(commit.back_to(), 4U);
  EXPECT_FALSE(commit.IsDue(At(absl::Minutes(2)).monotonic));
  commit.Confirm();
  commit.Begin(7, 6, 1, At(kStart));
  EXPECT_EQ(commit.back_to(), 6U);
}

TEST(ConfirmedCommitTest, WhatCannotBeUndoneIsTriedAgain) {
  ConfirmedCommit commit;
  commit.Begin(5, 4, 1, At(kStart));
  commit.RetryAt(At(absl::Seconds(70)).monotonic);
  EXPECT_FALSE(commit.IsDue(At(absl::Seconds(69)).monotonic));
  EXPECT_TRUE(commit.IsDue(At(absl::Seconds(70)).monotonic));
  EXPECT_EQ(commit.state(), State::kWaiting);
}

TEST(ConfirmedCommitTest, MinutesHaveLimits) {
  ConfirmedCommit commit;
  commit.Begin(2, 1, 0, At(kStart));
  EXPECT_EQ(commit.Left(At(kStart).monotonic), absl::Minutes(1));
  commit.Begin(3, 1, 1'000'000, At(kStart));
  EXPECT_EQ(commit.Left(At(kStart).monotonic), absl::Hours(24));
}

TEST(ConfirmedCommitTest, ARestartedAgentGoesOn) {
  ConfirmedCommit commit;
  commit.Begin(5, 4, 2, At(kStart));
  const std::string text = commit.ToText();
  EXPECT_EQ(text, "5 4 2 2025-12-01T14:42:00+00:00\n");
  EXPECT_LE(text.size(), kMaxPendingBytes);
  // Another process, whose monotonic clock has another beginning.
  ConfirmedCommit::Now later = At(absl::Seconds(30));
  later.monotonic = absl::FromUnixSeconds(7);
  const absl::StatusOr<ConfirmedCommit> read =
      ConfirmedCommit::FromText(text, later);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->state(), State::kWaiting);
  EXPECT_EQ(read->number(), 5U);
  EXPECT_EQ(read->back_to(), 4U);
  EXPECT_EQ(read->Left(later.monotonic), absl::Seconds(90));
  EXPECT_EQ(read->ToText(), text);
}

TEST(ConfirmedCommitTest, ARestartThatTookTooLongIsDueAtOnce) {
  const ConfirmedCommit::Now now = At(absl::Hours(3));
  const absl::StatusOr<ConfirmedCommit> read =
      ConfirmedCommit::FromText("5 4 2 2025-12-01T14:42:00+00:00\n", now);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(read->IsDue(now.monotonic));
}

TEST(ConfirmedCommitTest, AClockThatWasSetBackKeepsNothingForLonger) {
  const ConfirmedCommit::Now now = At(-absl::Hours(24 * 365));
  const absl::StatusOr<ConfirmedCommit> read =
      ConfirmedCommit::FromText("5 4 2 2025-12-01T14:42:00+00:00\n", now);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->Left(now.monotonic), absl::Minutes(2));
}

TEST(ConfirmedCommitTest, AnotherTextIsRefused) {
  EXPECT_EQ(ConfirmedCommit::FromText("", At(kStart))->state(), State::kNone);
  for (const absl::string_view text :
       {"5", "5 4 2", "5 4 2 soon", "x 4 2 2025-12-01T14:42:00+00:00",
        "5 0 2 2025-12-01T14:42:00+00:00", "5 5 2 2025-12-01T14:42:00+00:00",
        "5 4 0 2025-12-01T14:42:00+00:00", "5 4 9999 2025-12-01T14:42:00+00:00",
        "5 4 2 2025-12-01T14:42:00+00:00 more", "-1 4 2 x"}) {
    EXPECT_EQ(ConfirmedCommit::FromText(text, At(kStart)).status().message(),
              "it names no commit that waits")
        << text;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
