// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CERTIFICATE_POLICIES_H_
#define OVOC_AUTH_CERTIFICATE_POLICIES_H_

#include <cstdint>

#include "auth/certificate_facts.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// kPolicyWork: the units of work for each policy or mapping that a certificate
// lists or inherits from above. They have to be sorted.
inline constexpr uint64_t kPolicyWork = 400;

// CheckPolicies: processes certificate policies by RFC 5280 6.1 for a verifier
// that accepts any policy: user-initial-policy-set is any-policy, and none of
// the other initial indicators is set. `chain` is leaf first, trust anchor
// last.
//
// With these inputs a chain is refused in one case only: a CA's
// policyConstraints has requireExplicitPolicy, it has come into effect, and no
// policy is valid all the way down. The result is then kPolicy, with the
// certificate at which that became clear. If there is no requireExplicitPolicy,
// nothing is examined. The three other extensions (certificatePolicies,
// policyMappings, inhibitAnyPolicy) and inhibitPolicyMapping affect which
// policies are valid. It does not matter whether an extension is critical: one
// that is recognised is processed (RFC 5280 4.2).
//
// The trust anchor counts as a certificate of the chain, as it does for its
// other constraints. If it lists no policies, it is good for any policy. RFC
// 5280 6.1 leaves anchors out, and 6.2 allows a verifier to take their
// constraints into account.
//
// Instead of RFC 5280's tree, the valid policies are kept as a set. Any policy
// is accepted, so the only question is whether a node is left at the bottom,
// and each such node has its parents. The result is kTooLarge if the budget is
// used up.
Violation CheckPolicies(Chain chain, VerificationBudget* budget);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_POLICIES_H_
