// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_VERIFICATION_BUDGET_H_
#define OVOC_AUTH_VERIFICATION_BUDGET_H_

#include <cstddef>
#include <cstdint>

#include "auth/verify_failure.h"

namespace ovoc::auth {

// kMaxVerificationWork: the units of work that one verification may take. A
// peer that has proven nothing chooses what is verified, and the event loop
// stands still meanwhile. A unit is about a nanosecond of one core of a 3 GHz
// x86-64: the limit is 40 ms of it. An honest chain takes less than a hundredth
// part, the mesh of 36 cross-signed authorities of Netflix/bettertls less than
// a half.
inline constexpr uint64_t kMaxVerificationWork = 40'000'000;

// VerificationBudget: what is left of that work. There is one for a whole
// verification, whatever number of chains it looks at. Everything whose cost a
// peer can choose is charged before it is done, by its bytes or by what its
// signature takes.
class VerificationBudget {
 public:
  explicit VerificationBudget(uint64_t limit = kMaxVerificationWork)
      : limit_(limit) {}
  VerificationBudget(const VerificationBudget&) = delete;
  VerificationBudget& operator=(const VerificationBudget&) = delete;

  // Charge: takes `units`, and true. Where fewer are left it takes nothing, and
  // false, from then on always: the budget is used up, and no verdict but a
  // refusal can come of this verification.
  [[nodiscard]] bool Charge(uint64_t units);

  // spent: never above limit().
  uint64_t spent() const { return spent_; }
  uint64_t limit() const { return limit_; }
  bool is_used_up() const { return is_used_up_; }

  // Refusal: the violation that tells of a budget that is used up.
  Violation Refusal() const;

 private:
  const uint64_t limit_;
  uint64_t spent_ = 0;
  bool is_used_up_ = false;
};

// What things take, in units. Measured, and rounded up.
inline constexpr uint64_t kStepWork = 4000;  // one more issuer on a way
inline constexpr uint64_t kNameWork = 200;   // to read one name or constraint
inline constexpr uint64_t kMatchWork = 20;   // to hold two against each other

// ParseWork: for BoringSSL to read a certificate of `bytes`, with all its
// names.
constexpr uint64_t ParseWork(size_t bytes) { return 5000 + 100 * bytes; }

// ReadWork: for us to read it once more, and its key.
constexpr uint64_t ReadWork(size_t bytes) { return 10'000 + 10 * bytes; }

// CompareWork: to compare two names, the shorter of which has `bytes`.
constexpr uint64_t CompareWork(size_t bytes) { return kMatchWork + bytes / 4; }

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_VERIFICATION_BUDGET_H_
