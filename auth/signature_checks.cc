// SPDX-License-Identifier: Apache-2.0
#include "auth/signature_checks.h"

#include <openssl/base.h>
#include <openssl/x509.h>

#include <utility>

#include "auth/certificate_facts.h"
#include "auth/verification_budget.h"

namespace ovoc::auth {

bool SignatureChecks::IsSignedBy(const CertificateFacts& subject,
                                 const CertificateFacts& issuer) {
  if (issuer.key == nullptr || issuer.weak_key.has_value() ||
      subject.weak_signature.has_value()) {
    return false;
  }
  const auto pair = std::make_pair(&subject, &issuer);
  const auto known = known_.find(pair);
  if (known != known_.end()) {
    return known->second;
  }
  const bool is_good =
      budget_.Charge(issuer.signature_work + HashWork(subject.der.size())) &&
      X509_verify(subject.certificate.get(), issuer.key.get()) == 1;
  known_.emplace(pair, is_good);
  return is_good;
}

}  // namespace ovoc::auth
