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

// kMaxPathCertificates: in one chain, leaf and anchor included. Public chains
// have up to 4.
inline constexpr size_t kMaxPathCertificates = 9;

// Path: a chain, leaf first, as far as it was built, and what is wrong with it.
// The facts are the pool's.
struct Path {
  Violation violation;
  std::vector<const CertificateFacts*> chain;
};

// FollowIssuers: the first chain of `pool`. It takes the first issuer that fits
// at each step and never goes back (see path_search.h for all others). Without
// a violation it ends in a trust anchor, which may be the leaf itself; else
// kSelfSigned, kUnknownIssuer or kPathLength. It verifies no signature.
Path FollowIssuers(CertificatePool* pool);

// ChainChecks: what a chain has to keep but for its times, for the chains of
// one verification. BoringSSL's X509_verify_cert has no part in it: its verdict
// depends on its version, and it lets a peer choose how long it takes.
class ChainChecks {
 public:
  // `name`: null when the name is not checked.
  ChainChecks(const PeerName* name, VerificationBudget* budget)
      : name_(name),
        budget_(*budget),
        signatures_(budget),
        constraints_(budget) {}

  // Check: the first of these that `chain`, up to its trust anchor, breaks: the
  // leaf is in order (CheckForm), as no name counts that is in a broken one;
  // the name is in its subjectAltName (see peer_match.h); the rules for each
  // certificate (chain_rules.h); each signature, the highest first; the name
  // constraints (name_constraints.h); the policies (certificate_policies.h).
  // kTooLarge when the budget is used up.
  Violation Check(Chain chain);

  // MayContinue: whether the beginning of a chain, of which all but the last
  // certificate were found to be good, may become a good one. It does not look
  // at the name, nor at the leaf's own rules, nor at policies: those are
  // read from the anchor down.
  bool MayContinue(Chain beginning, Place place);

 private:
  const Violation& CheckName(const CertificateFacts& leaf);
  Violation CheckSignatures(Chain chain);

  const PeerName* const name_;
  VerificationBudget& budget_;
  SignatureChecks signatures_;
  NameConstraints constraints_;
  // All chains of one verification have one leaf. To read thousands of names
  // again for each of them would take seconds.
  const CertificateFacts* named_leaf_ = nullptr;
  Violation name_violation_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_PATH_H_
