// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/name_budget.h"

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstdint>
#include <vector>

#include "auth/certificate_facts.h"
#include "auth/name_constraints.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"

namespace ovoc::fuzz {
namespace {

bool IsConsistent(const NameVerdict& verdict) {
  return verdict.spent <= verdict.limit &&
         verdict.is_used_up ==
             (verdict.violation.failure == auth::VerifyFailure::kTooLarge);
}

}  // namespace

NameVerdict JudgeNames(const std::vector<bssl::UniquePtr<X509>>& chain,
                       uint64_t limit) {
  std::vector<auth::CertificateFacts> facts;
  facts.reserve(chain.size());
  std::vector<const auth::CertificateFacts*> pointers;
  for (const bssl::UniquePtr<X509>& certificate : chain) {
    facts.push_back(auth::ReadFacts(*certificate));
    pointers.push_back(&facts.back());
  }
  auth::VerificationBudget budget(limit);
  NameVerdict verdict;
  verdict.violation = auth::NameConstraints(&budget).Check(pointers);
  verdict.limit = limit;
  verdict.spent = budget.spent();
  verdict.is_used_up = budget.is_used_up();
  return verdict;
}

bool KeepsBudget(const std::vector<bssl::UniquePtr<X509>>& chain,
                 const NameVerdict& verdict) {
  if (!IsConsistent(verdict) || verdict.is_used_up) {
    return IsConsistent(verdict);
  }
  const NameVerdict same = JudgeNames(chain, verdict.spent);
  if (!IsConsistent(same) ||
      same.violation.failure != verdict.violation.failure ||
      same.violation.depth != verdict.violation.depth ||
      same.spent != verdict.spent) {
    return false;
  }
  if (verdict.spent == 0) {
    return true;
  }
  const NameVerdict less = JudgeNames(chain, verdict.spent - 1);
  return IsConsistent(less) && less.is_used_up;
}

}  // namespace ovoc::fuzz
