// SPDX-License-Identifier: Apache-2.0
#include "auth/verification_budget.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

bool VerificationBudget::Charge(uint64_t units) {
  if (is_used_up_ || units > limit_ - spent_) {
    is_used_up_ = true;
    return false;
  }
  spent_ += units;
  return true;
}

Violation VerificationBudget::Refusal() const {
  return {VerifyFailure::kTooLarge, 0,
          absl::StrCat("verifying what the server sent takes more than the ",
                       limit_,
                       " units of work that one verification may take; use "
                       "fewer or smaller certificates on the server")};
}

}  // namespace ovoc::auth
