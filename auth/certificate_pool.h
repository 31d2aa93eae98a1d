// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CERTIFICATE_POOL_H_
#define OVOC_AUTH_CERTIFICATE_POOL_H_

#include <openssl/base.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "auth/certificate_facts.h"
#include "auth/verification_budget.h"

namespace ovoc::auth {

// CertificatePool: all certificates that one verification may build chains
// from, and which of them may have issued which. A certificate is read once,
// and a certificate of the trust store only if its name is looked up. A
// certificate that occurs twice, presented or trusted, counts once; it counts
// as trusted if one of the two is.
class CertificatePool {
 public:
  // Options: the pointers are borrowed for the lifetime of the pool.
  struct Options {
    X509* leaf = nullptr;
    absl::Span<X509* const> intermediates;  // presented, in any order
    absl::Span<X509* const> trusted;  // self-signed ones are the trust anchors
  };

  CertificatePool(const Options& options, VerificationBudget* budget);
  CertificatePool(const CertificatePool&) = delete;
  CertificatePool& operator=(const CertificatePool&) = delete;

  // leaf: not readable if the budget was too small for it.
  const CertificateFacts& leaf() const { return *leaf_; }

  // IsLeafTrusted: whether the leaf itself is in the trust store.
  bool IsLeafTrusted();

  // Issuer: `is_anchor` when a chain may end in it.
  struct Issuer {
    const CertificateFacts* facts = nullptr;
    bool is_trusted = false;
    bool is_anchor() const { return is_trusted && facts->is_self_signed; }
  };

  // IssuersOf: the certificates that may have issued `subject` (see
  // MayHaveIssued). Those of the trust store come first, then the presented
  // ones in their order. Neither the leaf nor `subject` is among them. It does
  // not verify signatures. When the budget is used up, some may be missing.
  const std::vector<Issuer>& IssuersOf(const CertificateFacts& subject);

 private:
  const CertificateFacts* Add(X509* certificate);
  const CertificateFacts* Trusted(size_t index);
  std::vector<Issuer> FindIssuers(const CertificateFacts& subject);

  VerificationBudget& budget_;
  const absl::Span<X509* const> trusted_;
  std::vector<std::unique_ptr<CertificateFacts>> owned_;
  std::map<std::vector<uint8_t>, const CertificateFacts*> by_der_;
  const CertificateFacts* leaf_ = nullptr;
  std::vector<const CertificateFacts*> presented_;
  // By index in `trusted_`; null: not asked for yet.
  std::vector<const CertificateFacts*> trusted_facts_;
  std::map<const CertificateFacts*, std::vector<Issuer>> issuers_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_POOL_H_
