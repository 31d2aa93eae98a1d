// SPDX-License-Identifier: Apache-2.0
#include "auth/verification_budget.h"

#include <cstdint>

#include "auth/verify_failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;

TEST(VerificationBudgetTest, GivesUpToItsLimit) {
  VerificationBudget budget(10);
  EXPECT_TRUE(budget.Charge(0));
  EXPECT_TRUE(budget.Charge(4));
  EXPECT_TRUE(budget.Charge(6));
  EXPECT_TRUE(budget.Charge(0));
  EXPECT_EQ(budget.spent(), 10u);
  EXPECT_FALSE(budget.is_used_up());
}

TEST(VerificationBudgetTest, OnceUsedUpItGivesNothing) {
  VerificationBudget budget(10);
  EXPECT_TRUE(budget.Charge(4));
  EXPECT_FALSE(budget.Charge(7));
  EXPECT_TRUE(budget.is_used_up());
  EXPECT_FALSE(budget.Charge(1));
  EXPECT_FALSE(budget.Charge(0));
  EXPECT_EQ(budget.spent(), 4u);
}

TEST(VerificationBudgetTest, TheLargestChargeDoesNotWrapAround) {
  VerificationBudget budget(UINT64_MAX);
  EXPECT_TRUE(budget.Charge(UINT64_MAX - 1));
  EXPECT_FALSE(budget.Charge(UINT64_MAX));
  EXPECT_EQ(budget.spent(), UINT64_MAX - 1);
}

TEST(VerificationBudgetTest, TheRefusalNamesTheLimit) {
  const Violation violation = VerificationBudget(1234).Refusal();
  EXPECT_EQ(violation.failure, VerifyFailure::kTooLarge);
  EXPECT_THAT(violation.detail, HasSubstr("more than the 1234 units of work"));
}

}  // namespace
}  // namespace ovoc::auth
