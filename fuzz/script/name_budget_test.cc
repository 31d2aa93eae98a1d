// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/name_budget.h"

#include <openssl/x509.h>

#include <cstdint>
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

TEST(NameBudgetTest, EveryWrongPartOfAVerdictIsSeen) {
  const std::vector<bssl::UniquePtr<X509>> chain = Chain();
  const NameVerdict right = JudgeNames(chain, auth::kMaxVerificationWork);
  ASSERT_TRUE(KeepsBudget(chain, right));
  const struct {
    const char* what;
    void (*change)(NameVerdict*);
  } kCases[] = {
      {"one unit less", [](NameVerdict* v) { --v->spent; }},
      {"nothing was counted", [](NameVerdict* v) { v->spent = 0; }},
      {"more than the limit", [](NameVerdict* v) { v->limit = v->spent - 1; }},
      {"another depth", [](NameVerdict* v) { ++v->violation.depth; }},
      {"nothing found",
       [](NameVerdict* v) {
         v->violation.failure = auth::VerifyFailure::kNone;
       }},
      {"used up without saying so",
       [](NameVerdict* v) {
         v->violation.failure = auth::VerifyFailure::kTooLarge;
       }},
  };
  for (const auto& test : kCases) {
    NameVerdict wrong = right;
    test.change(&wrong);
    EXPECT_FALSE(KeepsBudget(chain, wrong)) << test.what;
  }
}

TEST(NameBudgetTest, ALimitIsUsedUpExactlyBelowTheWork) {
  const std::vector<bssl::UniquePtr<X509>> chain = Chain();
  const uint64_t work = JudgeNames(chain, auth::kMaxVerificationWork).spent;
  for (uint64_t limit = 0; limit <= work + 2; ++limit) {
    const NameVerdict verdict = JudgeNames(chain, limit);
    EXPECT_EQ(verdict.is_used_up, limit < work) << limit;
    EXPECT_LE(verdict.spent, limit);
    EXPECT_EQ(verdict.limit, limit);
    EXPECT_TRUE(KeepsBudget(chain, verdict)) << limit;
  }
}

TEST(NameBudgetTest, MoreNamesAndConstraintsAreMoreWork) {
  std::vector<NameCertificate> chain(2);
  chain[0].has_names = true;
  chain[1].has_constraints = true;
  uint64_t before = 0;
  for (int i = 0; i < 5; ++i) {
    chain[0].names.push_back({ScriptName::kDns, "x.a", {}});
    chain[1].excluded.push_back({ScriptName::kDns, "b", {}});
    const std::vector<bssl::UniquePtr<X509>> made = MakeCertificates(chain);
    const NameVerdict verdict = JudgeNames(made, auth::kMaxVerificationWork);
    EXPECT_FALSE(verdict.violation.found());
    EXPECT_GT(verdict.spent, before);
    EXPECT_TRUE(KeepsBudget(made, verdict));
    before = verdict.spent;
  }
}

TEST(NameBudgetTest, AChainWithoutConstraintsTakesNoWork) {
  const std::vector<bssl::UniquePtr<X509>> chain =
      MakeCertificates(std::vector<NameCertificate>(3));
  ASSERT_EQ(chain.size(), 3u);
  const NameVerdict verdict = JudgeNames(chain, 0);
  EXPECT_FALSE(verdict.violation.found());
  EXPECT_EQ(verdict.spent, 0u);
  EXPECT_FALSE(verdict.is_used_up);
  EXPECT_TRUE(KeepsBudget(chain, verdict));
}

}  // namespace
}  // namespace ovoc::fuzz
