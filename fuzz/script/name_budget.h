// SPDX-License-Identifier: Apache-2.0
//
// What name constraints say of a chain with so much work, and whether that work
// is counted rightly.

#ifndef OVOC_FUZZ_SCRIPT_NAME_BUDGET_H_
#define OVOC_FUZZ_SCRIPT_NAME_BUDGET_H_

#include <openssl/x509.h>

#include <cstdint>
#include <vector>

#include "auth/verification_budget.h"
#include "auth/verify_failure.h"

namespace ovoc::fuzz {

// NameVerdict is what auth/name_constraints.h says, and what it took.
struct NameVerdict {
  auth::Violation violation;
  uint64_t limit = 0;
  uint64_t spent = 0;
  bool is_used_up = false;
};

NameVerdict JudgeNames(const std::vector<bssl::UniquePtr<X509>>& chain,
                       uint64_t limit);

// KeepsBudget says whether `verdict` took no more work than its limit, reports
// the budget as used up exactly if it was, and stays the same with exactly the
// work that it took, but not with one unit less.
bool KeepsBudget(const std::vector<bssl::UniquePtr<X509>>& chain,
                 const NameVerdict& verdict);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_NAME_BUDGET_H_
