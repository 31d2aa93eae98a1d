// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CERTIFICATE_POLICIES_H_
#define OVOC_AUTH_CERTIFICATE_POLICIES_H_

#include <cstdint>

#include "auth/certificate_facts.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// kPolicyWork: units for each policy or mapping that is listed, or came from
// above, at each certificate. They are sorted.
inline constexpr uint64_t kPolicyWork = 400;

// CheckPolicies: certificate policies as RFC 5280 6.1 processes them, for one
// who accepts any policy (user-initial-policy-set is any-policy, and none of
// the other initial indicators is set). `chain` is leaf first, trust anchor
// last. Such a chain is refused in one case only: a CA's policyConstraints has
// requireExplicitPolicy, it has come into effect, and no policy is valid all
// the way down (kPolicy, with the certificate at which that showed). Without a
// requireExplicitPolicy nothing is looked at. The three other extensions
// (certificatePolicies, policyMappings, inhibitAnyPolicy) have their say in
// which policies are valid, and so has inhibitPolicyMapping. Critical or not
// makes no difference: one that is recognised is processed (RFC 5280 4.2).
//
// The trust anchor counts as a certificate of the chain, as its other
// constraints do; where it lists no policies it is good for any. RFC 5280 6.1
// leaves anchors out, and 6.2 lets one take their constraints into account.
//
// The policies that are valid are kept as a set instead of RFC 5280's tree: as
// any policy is accepted, all that counts is whether a node is left at the
// bottom, and each of those has its parents. kTooLarge when the budget is used
// up.
Violation CheckPolicies(Chain chain, VerificationBudget* budget);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_POLICIES_H_
