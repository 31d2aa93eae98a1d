// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/decisions/message_budget.h"

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1000);

MessageBudget::Options Options(double burst, double per_second) {
  MessageBudget::Options options;
  options.burst = burst;
  options.per_second = per_second;
  return options;
}

// How many can be taken at once.
int TakeAll(MessageBudget* budget, absl::Time now) {
  int taken = 0;
  while (budget->Take(now)) {
    ++taken;
  }
  return taken;
}

TEST(MessageBudgetTest, GivesABurstAtOnce) {
  MessageBudget budget(Options(5, 1));
  EXPECT_EQ(TakeAll(&budget, kStart), 5);
  EXPECT_EQ(TakeAll(&budget, kStart), 0);
}

TEST(MessageBudgetTest, IsGenerousByDefault) {
  MessageBudget budget((MessageBudget::Options()));
  EXPECT_EQ(TakeAll(&budget, kStart), 200);
  EXPECT_EQ(TakeAll(&budget, kStart + absl::Seconds(1)), 50);
}

TEST(MessageBudgetTest, GrowsWithTimeUpToTheBurst) {
  MessageBudget budget(Options(5, 2));
  TakeAll(&budget, kStart);
  EXPECT_EQ(TakeAll(&budget, kStart + absl::Milliseconds(499)), 0);
  EXPECT_EQ(TakeAll(&budget, kStart + absl::Milliseconds(1001)), 2);
  EXPECT_EQ(TakeAll(&budget, kStart + absl::Hours(1000)), 5);
}

TEST(MessageBudgetTest, SaysWhenItIsWorthToTryAgain) {
  MessageBudget budget(Options(3, 4));
  EXPECT_EQ(budget.NextTime(), absl::InfinitePast()) << "not used yet";
  EXPECT_TRUE(budget.Take(kStart));
  EXPECT_LE(budget.NextTime(), kStart);
  TakeAll(&budget, kStart);
  EXPECT_EQ(budget.NextTime(), kStart + absl::Milliseconds(250));
  EXPECT_TRUE(budget.Take(budget.NextTime()));
  EXPECT_FALSE(budget.Take(kStart + absl::Milliseconds(250)));
}

TEST(MessageBudgetTest, TakesBackWhatWasNotNeeded) {
  MessageBudget budget(Options(2, 1));
  budget.PutBack();  // no more than a burst
  EXPECT_EQ(TakeAll(&budget, kStart), 2);
  budget.PutBack();
  EXPECT_LE(budget.NextTime(), kStart);
  EXPECT_EQ(TakeAll(&budget, kStart), 1);
}

TEST(MessageBudgetTest, CountsWhatWasRefusedNotAtAll) {
  MessageBudget budget(Options(1, 1));
  EXPECT_TRUE(budget.Take(kStart));
  for (int ms = 1; ms < 1000; ++ms) {
    EXPECT_FALSE(budget.Take(kStart + absl::Milliseconds(ms))) << ms;
  }
  EXPECT_TRUE(budget.Take(kStart + absl::Milliseconds(1001)));
}

TEST(MessageBudgetTest, AFloodOfAMinuteIsABurstAndItsRate) {
  MessageBudget budget((MessageBudget::Options()));
  int taken = 0;
  for (int ms = 0; ms <= 60000; ++ms) {
    taken += TakeAll(&budget, kStart + absl::Milliseconds(ms));
  }
  EXPECT_GE(taken, 200 + 60 * 50 - 1);
  EXPECT_LE(taken, 200 + 60 * 50);
}

// The keeper sleeps until then. But for rounding, a message is taken then.
TEST(MessageBudgetTest, ItsNextTimeIsNeverTooEarly) {
  for (const double per_second : {1.0, 3.0, 7.0, 50.0, 1000.0}) {
    MessageBudget budget(Options(1, per_second));
    absl::Time now = kStart;
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(budget.Take(now) || budget.Take(now + absl::Nanoseconds(10)))
          << per_second << " " << i;
      ASSERT_GT(budget.NextTime(), now) << per_second << " " << i;
      now = budget.NextTime();
    }
  }
}

}  // namespace
}  // namespace ovoc::tunnel
