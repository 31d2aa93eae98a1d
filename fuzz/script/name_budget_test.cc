// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/name_budget.h"

#include <openssl/x509.h>

#include <vector>

#include "auth/verification_budget.h"
#include "auth/verify_failure.h"
#include "fuzz/script/name_chain.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

// A leaf "b" below an anchor that permits "a".
std::vector<bssl::UniquePtr<X509>> Chain() {
  std::vector<NameCertificate> chain(2);
  chain[0].has_names = true;
  chain[0].names = {{ScriptName::kDns, "b", {}}};
  chain[1].has_constraints = true;
  chain[1].permitted = {{ScriptName::kDns, "a", {}}};
  return MakeCertificates(chain);
}

TEST(NameBudgetTest, TheVerdictNeedsItsWork) {
  const std::vector<bssl::UniquePtr<X509>> chain = Chain();
  ASSERT_EQ(chain.size(), 2u);
  const NameVerdict verdict = JudgeNames(chain, auth::kMaxVerificationWork);
  EXPECT_EQ(verdict.violation.failure, auth::VerifyFailure::kNameConstraint);
  EXPECT_GT(verdict.spent, 0u);
  EXPECT_TRUE(KeepsBudget(chain, verdict));
  const NameVerdict none = JudgeNames(chain, 0);
  EXPECT_TRUE(none.is_used_up);
  EXPECT_EQ(none.violation.failure, auth::VerifyFailure::kTooLarge);
  EXPECT_TRUE(KeepsBudget(chain, none));
}

TEST(NameBudgetTest, AWrongCountIsSeen) {
  const std::vector<bssl::UniquePtr<X509>> chain = Chain();
  NameVerdict verdict = JudgeNames(chain, auth::kMaxVerificationWork);
  ++verdict.spent;
  EXPECT_FALSE(KeepsBudget(chain, verdict));
  verdict.spent = verdict.limit + 1;
  EXPECT_FALSE(KeepsBudget(chain, verdict));
  verdict = JudgeNames(chain, auth::kMaxVerificationWork);
  verdict.is_used_up = true;
  EXPECT_FALSE(KeepsBudget(chain, verdict));
}

}  // namespace
}  // namespace ovoc::fuzz
