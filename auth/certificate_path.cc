// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_path.h"

#include <openssl/x509.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "auth/certificate_facts.h"
#include "auth/certificate_policies.h"
#include "auth/certificate_pool.h"
#include "auth/certificate_summary.h"
#include "auth/chain_rules.h"
#include "auth/peer_match.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {
namespace {

// Why the chain ends with its last certificate, for which no issuer is trusted.
Violation NoIssuer(Chain chain) {
  const size_t depth = chain.size() - 1;
  const CertificateFacts& last = *chain[depth];
  if (chain.size() == kMaxPathCertificates) {
    return {VerifyFailure::kPathLength, depth,
            absl::StrCat("the chain does not end here, but at most ",
                         kMaxPathCertificates, " certificates are followed")};
  }
  if (depth == 0 && last.is_self_issued) {
    return {VerifyFailure::kSelfSigned, depth,
            "it is self-signed and not one of the trusted roots"};
  }
  const std::string issuer =
      PrintableName(*X509_get_issuer_name(last.certificate.get()));
  return {VerifyFailure::kUnknownIssuer, depth,
          depth == 0
              ? absl::StrCat("the server sent no certificate of its issuer, "
                             "and the trusted roots have none: ",
                             issuer)
              : absl::StrCat("the chain ends at an issuer that is not among "
                             "the trusted roots: ",
                             issuer)};
}

// The first issuer of the end of `chain` that is not in it; null: none.
const CertificatePool::Issuer* NextIssuer(Chain chain, CertificatePool* pool) {
  for (const CertificatePool::Issuer& issuer : pool->IssuersOf(*chain.back())) {
    if (std::find(chain.begin(), chain.end(), issuer.facts) == chain.end()) {
      return &issuer;
    }
  }
  return nullptr;
}

}  // namespace

Path FollowIssuers(CertificatePool* pool) {
  Path path;
  path.chain.push_back(&pool->leaf());
  if (pool->leaf().is_self_signed) {
    if (!pool->IsLeafTrusted()) {
      path.violation = NoIssuer(path.chain);
    }
    return path;
  }
  while (path.chain.size() < kMaxPathCertificates) {
    const CertificatePool::Issuer* issuer = NextIssuer(path.chain, pool);
    if (issuer == nullptr) {
      break;
    }
    path.chain.push_back(issuer->facts);
    if (issuer->is_anchor()) {
      return path;
    }
    if (issuer->facts->is_self_signed) {
      break;
    }
  }
  path.violation = NoIssuer(path.chain);
  return path;
}

const Violation& ChainChecks::CheckName(const CertificateFacts& leaf) {
  if (name_ == nullptr || named_leaf_ == &leaf ||
      !budget_.Charge(ReadWork(leaf.der.size()))) {
    return name_violation_;
  }
  named_leaf_ = &leaf;
  name_violation_ = {};
  if (!HoldsName(leaf, *name_)) {
    name_violation_ = {
        VerifyFailure::kNameMismatch, 0,
        absl::StrCat("it is not valid for ", name_->text(), ": it names ",
                     DescribeAlternativeNames(*leaf.certificate))};
  }
  return name_violation_;
}

Violation ChainChecks::CheckSignatures(Chain chain) {
  for (size_t depth = chain.size() - 1; depth-- > 0;) {
    if (!signatures_.IsSignedBy(*chain[depth], *chain[depth + 1])) {
      return {VerifyFailure::kBadSignature, depth,
              absl::StrCat("its signature was not made with the key of "
                           "certificate ",
                           depth + 1)};
    }
  }
  return {};
}

Violation ChainChecks::Check(Chain chain) {
  Violation violation = CheckForm(*chain[0], 0);
  if (!violation.found()) {
    violation = CheckName(*chain[0]);
  }
  if (!violation.found()) {
    violation = CheckChainRules(chain);
  }
  if (!violation.found()) {
    violation = CheckSignatures(chain);
  }
  if (!violation.found()) {
    violation = constraints_.Check(chain);
  }
  if (!violation.found()) {
    violation = CheckPolicies(chain, &budget_);
  }
  return budget_.is_used_up() ? budget_.Refusal() : violation;
}

bool ChainChecks::MayContinue(Chain beginning, Place place) {
  const size_t last = beginning.size() - 1;
  return !CheckLastRules(beginning, place).found() &&
         signatures_.IsSignedBy(*beginning[last - 1], *beginning[last]) &&
         !constraints_.CheckLast(beginning).found();
}

}  // namespace ovoc::auth
