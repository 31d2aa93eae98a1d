// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_SIGNATURE_CHECKS_H_
#define OVOC_AUTH_SIGNATURE_CHECKS_H_

#include <map>
#include <utility>

#include "auth/certificate_facts.h"
#include "auth/verification_budget.h"

namespace ovoc::auth {

// SignatureChecks: the signatures of one verification, each verified once,
// however many chains have it. A verification is charged by the issuer's key
// and the bytes that are hashed before it is done.
class SignatureChecks {
 public:
  explicit SignatureChecks(VerificationBudget* budget) : budget_(*budget) {}

  // IsSignedBy: whether the key of `issuer` made the signature of `subject`.
  // False as well, without a look at the signature, for a weak key or signature
  // (see certificate_strength.h): nobody is to do more than that for it; and
  // when the budget is used up. The facts have to stay where they are.
  bool IsSignedBy(const CertificateFacts& subject,
                  const CertificateFacts& issuer);

 private:
  VerificationBudget& budget_;
  std::map<std::pair<const CertificateFacts*, const CertificateFacts*>, bool>
      known_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_SIGNATURE_CHECKS_H_
