// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_pool.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "auth/certificate_facts.h"
#include "auth/verification_budget.h"

namespace ovoc::auth {

CertificatePool::CertificatePool(const Options& options,
                                 VerificationBudget* budget)
    : budget_(*budget),
      trusted_(options.trusted),
      trusted_facts_(options.trusted.size()) {
  leaf_ = Add(options.leaf);
  for (X509* certificate : options.intermediates) {
    const CertificateFacts* facts = Add(certificate);
    if (std::find(presented_.begin(), presented_.end(), facts) ==
            presented_.end() &&
        facts != leaf_) {
      presented_.push_back(facts);
    }
  }
}

// The one that has the same bytes, if there is one.
const CertificateFacts* CertificatePool::Add(X509* certificate) {
  auto facts = std::make_unique<CertificateFacts>();
  const int size = i2d_X509(certificate, nullptr);
  if (size < 0 || !budget_.Charge(ReadWork(static_cast<size_t>(size)))) {
    facts->certificate = bssl::UpRef(certificate);
    owned_.push_back(std::move(facts));
    return owned_.back().get();
  }
  *facts = ReadFacts(*certificate);
  const auto [place, is_new] = by_der_.emplace(facts->der, facts.get());
  if (is_new) {
    owned_.push_back(std::move(facts));
  }
  return place->second;
}

const CertificateFacts* CertificatePool::Trusted(size_t index) {
  if (trusted_facts_[index] == nullptr) {
    trusted_facts_[index] = Add(trusted_[index]);
  }
  return trusted_facts_[index];
}

bool CertificatePool::IsLeafTrusted() {
  for (size_t i = 0; i < trusted_.size(); ++i) {
    if (!budget_.Charge(CompareWork(CBS_len(&leaf_->subject)))) {
      return false;
    }
    if (X509_NAME_cmp(X509_get_subject_name(trusted_[i]),
                      X509_get_subject_name(leaf_->certificate.get())) == 0 &&
        Trusted(i) == leaf_) {
      return true;
    }
  }
  return false;
}

std::vector<CertificatePool::Issuer> CertificatePool::FindIssuers(
    const CertificateFacts& subject) {
  std::vector<Issuer> issuers;
  const auto add = [&](const CertificateFacts* issuer, bool is_trusted) {
    if (issuer != &subject && issuer != leaf_ &&
        MayHaveIssued(*issuer, subject)) {
      issuers.push_back({issuer, is_trusted});
    }
  };
  const uint64_t work = CompareWork(CBS_len(&subject.issuer));
  std::set<const CertificateFacts*> trusted;
  for (size_t i = 0; i < trusted_.size() && budget_.Charge(work); ++i) {
    if (X509_NAME_cmp(X509_get_subject_name(trusted_[i]),
                      X509_get_issuer_name(subject.certificate.get())) == 0 &&
        trusted.insert(Trusted(i)).second) {
      add(Trusted(i), /*is_trusted=*/true);
    }
  }
  for (const CertificateFacts* issuer : presented_) {
    if (budget_.Charge(work) && trusted.count(issuer) == 0) {
      add(issuer, /*is_trusted=*/false);
    }
  }
  return issuers;
}

const std::vector<CertificatePool::Issuer>& CertificatePool::IssuersOf(
    const CertificateFacts& subject) {
  const auto known = issuers_.find(&subject);
  if (known != issuers_.end()) {
    return known->second;
  }
  return issuers_.emplace(&subject, FindIssuers(subject)).first->second;
}

}  // namespace ovoc::auth
