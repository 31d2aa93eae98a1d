// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_SIGNATURE_CHECKS_H_
#define OVOC_AUTH_SIGNATURE_CHECKS_H_

#include <map>
#include <utility>

#include "auth/certificate_facts.h"
#include "auth/verification_budget.h"

namespace ovoc::auth {

// SignatureChecks: the signatures of one verification. Each is verified once,
// however many chains contain it. The work is charged before it is done, by the
// issuer's key and the number of bytes that are hashed.
class SignatureChecks {
 public:
  explicit SignatureChecks(VerificationBudget* budget) : budget_(*budget) {}

  // IsSignedBy: whether the key of `issuer` made the signature of `subject`. It
  // also returns false, without looking at the signature, if the key or the
  // signature is weak (see certificate_strength.h), so that nobody can make us
  // do more work for it, and if the budget is used up. The facts must not move.
  bool IsSignedBy(const CertificateFacts& subject,
                  const CertificateFacts& issuer);

 private:
  VerificationBudget& budget_;
  std::map<std::pair<const CertificateFacts*, const CertificateFacts*>, bool>
      known_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_SIGNATURE_CHECKS_H_
