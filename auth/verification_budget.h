// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_VERIFICATION_BUDGET_H_
#define OVOC_AUTH_VERIFICATION_BUDGET_H_

#include <cstddef>
#include <cstdint>

#include "auth/verify_failure.h"

namespace ovoc::auth {

// kMaxVerificationWork: the most units of work that one verification may take.
// A peer that has proven nothing chooses what is verified, and the event loop
// stands still meanwhile. A unit is about a nanosecond of one core of a 3 GHz
// x86-64, so the limit is 40 ms there. An honest chain takes less than a
// hundredth of that, and the mesh of 36 cross-signed authorities of
// Netflix/bettertls less than half.
inline constexpr uint64_t kMaxVerificationWork = 40'000'000;

// VerificationBudget: how much of that work is left. One budget is for a whole
// verification, however many chains it looks at. Everything whose cost a peer
// can choose is charged before it is done, by its number of bytes or by the
// cost of its signature.
class VerificationBudget {
 public:
  explicit VerificationBudget(uint64_t limit = kMaxVerificationWork)
      : limit_(limit) {}
  VerificationBudget(const VerificationBudget&) = delete;
  VerificationBudget& operator=(const VerificationBudget&) = delete;

  // Charge: takes `units` and returns true. If fewer are left, it takes nothing
  // and returns false, and so does every later call: the budget is used up, and
  // this verification can only end in a refusal.
  [[nodiscard]] bool Charge(uint64_t units);

  // spent: never above limit().
  uint64_t spent() const { return spent_; }
  uint64_t limit() const { return limit_; }
  bool is_used_up() const { return is_used_up_; }

  // Refusal: the violation that says that the budget is used up.
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

// ParseWork: the work that BoringSSL needs to parse a certificate of `bytes`,
// with all its names.
constexpr uint64_t ParseWork(size_t bytes) { return 5000 + 100 * bytes; }

// ReadWork: the work that we need to read it once more, and its key.
constexpr uint64_t ReadWork(size_t bytes) { return 10'000 + 10 * bytes; }

// CompareWork: the work of comparing two names, of which the shorter has
// `bytes`.
constexpr uint64_t CompareWork(size_t bytes) { return kMatchWork + bytes / 4; }

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_VERIFICATION_BUDGET_H_
