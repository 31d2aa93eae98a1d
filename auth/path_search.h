// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_PATH_SEARCH_H_
#define OVOC_AUTH_PATH_SEARCH_H_

#include "absl/functional/function_ref.h"
#include "auth/certificate_facts.h"
#include "auth/certificate_pool.h"
#include "auth/chain_rules.h"
#include "auth/verification_budget.h"

namespace ovoc::auth {

// SearchPaths: follows all paths from the leaf of `pool` upwards, depth first,
// over issuers that fit by name and key identifier. Those from the trust store
// come first, then the presented ones in their order. No issuer occurs twice on
// one path, and a path has at most kMaxPathCertificates. For each beginning of
// a chain (leaf first, the new issuer last) it asks `may_continue` whether that
// can become a good chain, so this is the place to check signatures. For each
// chain up to a trust anchor it asks `take` whether that is the one.
//
// It returns true as soon as `take` does. It returns false if there is no
// further path or `budget` is used up; each issuer that is tried takes
// kStepWork. Without a limit, a server could send a mesh of cross-signed CAs
// and make us follow millions of paths. The leaf itself is never an issuer,
// even if it is trusted.
bool SearchPaths(CertificatePool* pool, VerificationBudget* budget,
                 absl::FunctionRef<bool(Chain, Place)> may_continue,
                 absl::FunctionRef<bool(Chain)> take);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_PATH_SEARCH_H_
