// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CERTIFICATE_PATH_H_
#define OVOC_AUTH_CERTIFICATE_PATH_H_

#include <cstddef>
#include <vector>

#include "auth/certificate_facts.h"
#include "auth/certificate_pool.h"
#include "auth/chain_rules.h"
#include "auth/name_constraints.h"
#include "auth/peer_name.h"
#include "auth/signature_checks.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// kMaxPathCertificates: the limit for one chain, leaf and anchor included.
// Public chains have up to 4.
inline constexpr size_t kMaxPathCertificates = 9;

// Path: a chain, leaf first, as far as it could be built, and what is wrong
// with it. The pool owns the facts.
struct Path {
  Violation violation;
  std::vector<const CertificateFacts*> chain;
};

// FollowIssuers: builds the first chain of `pool`. At each step it takes the
// first issuer that fits, and it never goes back (path_search.h finds all other
// chains). If there is no violation, the chain ends in a trust anchor, which
// may be the leaf itself. Otherwise the violation is kSelfSigned,
// kUnknownIssuer or kPathLength. It verifies no signature.
Path FollowIssuers(CertificatePool* pool);

// ChainChecks: all rules for a chain except those about time, for the chains of
// one verification. BoringSSL's X509_verify_cert has no part in it, because its
// verdict depends on its version and a peer can choose how long it takes.
class ChainChecks {
 public:
  // `name`: null when the name is not checked.
  ChainChecks(const PeerName* name, VerificationBudget* budget)
      : name_(name),
        budget_(*budget),
        signatures_(budget),
        constraints_(budget) {}

  // Check: returns the first of these rules that `chain`, up to its trust
  // anchor, breaks. The leaf is well formed (CheckForm); the names in a broken
  // leaf do not count. The name is in its subjectAltName (peer_match.h). Then
  // come the rules for each certificate (chain_rules.h), each signature, from
  // the top down, the name constraints (name_constraints.h) and the policies
  // (certificate_policies.h). The result is kTooLarge if the budget is used up.
  Violation Check(Chain chain);

  // MayContinue: whether the beginning of a chain may become a good chain. All
  // its certificates but the last one were found to be good before. It does not
  // look at the name, the leaf's own rules, or the policies, which are read
  // from the anchor down.
  bool MayContinue(Chain beginning, Place place);

 private:
  const Violation& CheckName(const CertificateFacts& leaf);
  Violation CheckSignatures(Chain chain);

  const PeerName* const name_;
  VerificationBudget& budget_;
  SignatureChecks signatures_;
  NameConstraints constraints_;
  // All chains of one verification have the same leaf. Reading thousands of
  // names again for each chain would take seconds.
  const CertificateFacts* named_leaf_ = nullptr;
  Violation name_violation_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_PATH_H_
