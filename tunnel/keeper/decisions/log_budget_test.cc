// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/decisions/log_budget.h"

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1000);

// How many lines of `bytes` are taken now.
int Taken(size_t bytes, absl::Time now, LogBudget* budget) {
  int count = 0;
  while (count < 100000 && budget->Take(bytes, now)) {
    ++count;
  }
  return count;
}

TEST(LogBudgetTest, TakesABurstOfLines) {
  LogBudget budget({});
  EXPECT_EQ(Taken(1, kStart, &budget), 500);
}

TEST(LogBudgetTest, TakesABurstOfBytes) {
  LogBudget budget({});
  EXPECT_EQ(Taken(1024, kStart, &budget), 128);
  EXPECT_FALSE(budget.Take(1, kStart)) << "nothing is left";
}

TEST(LogBudgetTest, ALineThatDoesNotFitTakesNothing) {
  LogBudget budget({.lines = 10, .bytes = 100});
  EXPECT_FALSE(budget.Take(101, kStart));
  EXPECT_TRUE(budget.Take(100, kStart));
}

TEST(LogBudgetTest, RefillsByTheHourUpToTheBurst) {
  LogBudget budget({.lines = 10, .lines_per_hour = 60, .bytes_per_hour = 1e9});
  EXPECT_EQ(Taken(1, kStart, &budget), 10);
  EXPECT_EQ(Taken(1, kStart + absl::Seconds(59), &budget), 0);
  EXPECT_EQ(Taken(1, kStart + absl::Seconds(61), &budget), 1);
  EXPECT_EQ(Taken(1, kStart + absl::Hours(1000), &budget), 10);
}

TEST(LogBudgetTest, BytesRefillByTheHourToo) {
  LogBudget budget({.bytes = 1000, .bytes_per_hour = 3600});
  EXPECT_EQ(Taken(100, kStart, &budget), 10);
  EXPECT_EQ(Taken(100, kStart + absl::Seconds(99), &budget), 0);
  EXPECT_EQ(Taken(100, kStart + absl::Seconds(101), &budget), 1);
}

TEST(LogBudgetTest, ADayOfAFloodStaysWithinItsLimits) {
  LogBudget budget({});
  size_t bytes = 0;
  for (absl::Time now = kStart; now < kStart + absl::Hours(24);
       now += absl::Seconds(1)) {
    bytes += 1024 * static_cast<size_t>(Taken(1024, now, &budget));
  }
  EXPECT_LE(bytes, (128u << 10) + 24 * (256u << 10));
}

// Lines without bytes cost a line, so that they end too.
TEST(LogBudgetTest, EmptyLinesAreLines) {
  LogBudget budget({.lines = 3, .bytes = 10});
  EXPECT_EQ(Taken(0, kStart, &budget), 3);
}

TEST(LogBudgetTest, NothingComesBackWhileTheClockStandsStill) {
  LogBudget budget({.lines = 2, .lines_per_hour = 3600});
  EXPECT_EQ(Taken(1, kStart, &budget), 2);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_FALSE(budget.Take(1, kStart));
  }
  EXPECT_EQ(Taken(1, kStart - absl::Hours(1), &budget), 0) << "or goes back";
}

// Refusals must not keep the budget from growing.
TEST(LogBudgetTest, AFloodDoesNotHoldBackWhatComesBack) {
  LogBudget budget({.lines = 1, .lines_per_hour = 3600});
  EXPECT_TRUE(budget.Take(1, kStart));
  int taken = 0;
  for (int ms = 1; ms <= 10500; ++ms) {
    taken += budget.Take(1, kStart + absl::Milliseconds(ms)) ? 1 : 0;
  }
  EXPECT_EQ(taken, 10);
}

}  // namespace
}  // namespace ovoc::tunnel
