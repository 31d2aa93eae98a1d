// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_PATH_SEARCH_H_
#define OVOC_AUTH_PATH_SEARCH_H_

#include "absl/functional/function_ref.h"
#include "auth/certificate_facts.h"
#include "auth/certificate_pool.h"
#include "auth/chain_rules.h"
#include "auth/verification_budget.h"

namespace ovoc::auth {

// SearchPaths: goes all ways from the leaf of `pool` upwards, depth first, over
// issuers that fit by name and key identifier: those from the trust store
// first, then as they were presented, none twice on one way, at most
// kMaxPathCertificates. `may_continue` is asked for each beginning of a chain
// (leaf first, the new issuer last) whether it can become a good one, which is
// where signatures are for; `take` for each chain up to a trust anchor whether
// it is what was looked for. True as soon as `take` says so; false when there
// is no further way, or `budget` is used up: each issuer that is tried takes
// kStepWork. A server that sends a mesh of cross-signed CAs could have us
// follow millions of ways through it. The leaf itself is no issuer, even if it
// is trusted.
bool SearchPaths(CertificatePool* pool, VerificationBudget* budget,
                 absl::FunctionRef<bool(Chain, Place)> may_continue,
                 absl::FunctionRef<bool(Chain)> take);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_PATH_SEARCH_H_
