// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_policies.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "auth/certificate_facts.h"
#include "auth/policy_facts.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {
namespace {

// Sorted, each once.
using Policies = std::vector<absl::string_view>;

void Sort(Policies* policies) {
  std::sort(policies->begin(), policies->end());
  policies->erase(std::unique(policies->begin(), policies->end()),
                  policies->end());
}

bool Contains(const Policies& policies, absl::string_view policy) {
  return std::binary_search(policies.begin(), policies.end(), policy);
}

// The state variables of RFC 5280 6.1.2, from the anchor down.
class PolicyState {
 public:
  explicit PolicyState(size_t certificates)
      : explicit_policy_(certificates + 1),
        policy_mapping_(certificates + 1),
        inhibit_any_policy_(certificates + 1) {}

  // Work: what Enter and Leave take with `certificate`.
  uint64_t Work(const CertificateFacts& certificate) const;
  // Enter: RFC 5280 6.1.3 (d) and (e).
  void Enter(const CertificateFacts& certificate, bool is_leaf, bool is_anchor);
  // Leave: what prepares the next certificate, RFC 5280 6.1.4 (b), (h) to (j).
  void Leave(const CertificateFacts& certificate);
  // LeaveLeaf: RFC 5280 6.1.5 (a) and (b).
  void LeaveLeaf(const PolicyFacts& leaf);
  // IsGood: RFC 5280 6.1.3 (f), 6.1.5.
  bool IsGood() const {
    return explicit_policy_ > 0 || any_ || !policies_.empty();
  }

 private:
  void Map(const PolicyFacts& said);

  uint64_t explicit_policy_;
  uint64_t policy_mapping_;
  uint64_t inhibit_any_policy_;
  bool any_ = true;    // a node with anyPolicy at this depth
  Policies policies_;  // on entry what is expected, after it what is valid
};

uint64_t PolicyState::Work(const CertificateFacts& certificate) const {
  const PolicyFacts& said = certificate.extensions.policies;
  return kPolicyWork * (1 + policies_.size() + said.policies.size() +
                        2 * said.mappings.size());
}

void PolicyState::Enter(const CertificateFacts& certificate, bool is_leaf,
                        bool is_anchor) {
  const PolicyFacts& said = certificate.extensions.policies;
  const bool lists_any =
      said.has_any_policy || (is_anchor && !said.has_policies);
  const bool keeps_any =
      lists_any &&
      (inhibit_any_policy_ > 0 || (!is_leaf && certificate.is_self_issued));
  Policies valid;
  for (const absl::string_view policy : said.policies) {
    if (any_ || Contains(policies_, policy)) {
      valid.push_back(policy);
    }
  }
  if (keeps_any) {
    valid.insert(valid.end(), policies_.begin(), policies_.end());
  }
  Sort(&valid);
  policies_ = std::move(valid);
  any_ = any_ && keeps_any;
}

// A policy that is mapped is expected under its new names only. From a node
// with anyPolicy one can be mapped that is not listed.
void PolicyState::Map(const PolicyFacts& said) {
  Policies mapped;
  Policies expected;
  for (const PolicyFacts::Mapping& mapping : said.mappings) {
    mapped.push_back(mapping.issuer_policy);
    if (policy_mapping_ > 0 &&
        (any_ || Contains(policies_, mapping.issuer_policy))) {
      expected.push_back(mapping.subject_policy);
    }
  }
  Sort(&mapped);
  std::set_difference(policies_.begin(), policies_.end(), mapped.begin(),
                      mapped.end(), std::back_inserter(expected));
  Sort(&expected);
  policies_ = std::move(expected);
}

void Limit(const std::optional<uint64_t>& limit, uint64_t* count) {
  *count = std::min(*count, limit.value_or(*count));
}

void PolicyState::Leave(const CertificateFacts& certificate) {
  const PolicyFacts& said = certificate.extensions.policies;
  Map(said);
  if (!certificate.is_self_issued) {
    for (uint64_t* const count :
         {&explicit_policy_, &policy_mapping_, &inhibit_any_policy_}) {
      *count -= *count > 0 ? 1 : 0;
    }
  }
  Limit(said.require_explicit_policy, &explicit_policy_);
  Limit(said.inhibit_policy_mapping, &policy_mapping_);
  Limit(said.inhibit_any_policy, &inhibit_any_policy_);
}

void PolicyState::LeaveLeaf(const PolicyFacts& leaf) {
  explicit_policy_ -= explicit_policy_ > 0 ? 1 : 0;
  if (leaf.require_explicit_policy == 0u) {
    explicit_policy_ = 0;
  }
}

bool RequiresPolicy(Chain chain) {
  return std::any_of(chain.begin(), chain.end(),
                     [](const CertificateFacts* certificate) {
                       return certificate->extensions.policies
                           .require_explicit_policy.has_value();
                     });
}

}  // namespace

Violation CheckPolicies(Chain chain, VerificationBudget* budget) {
  if (!RequiresPolicy(chain)) {
    return {};
  }
  PolicyState state(chain.size());
  for (size_t depth = chain.size(); depth-- > 0;) {
    const CertificateFacts& certificate = *chain[depth];
    const bool is_leaf = depth == 0;
    if (!budget->Charge(state.Work(certificate))) {
      return budget->Refusal();
    }
    state.Enter(certificate, is_leaf, depth + 1 == chain.size());
    const bool was_good = state.IsGood();
    if (is_leaf) {
      state.LeaveLeaf(certificate.extensions.policies);
    } else {
      state.Leave(certificate);
    }
    // After Leave the policies are those of the next certificate.
    if (!was_good || (is_leaf && !state.IsGood())) {
      return {VerifyFailure::kPolicy, depth,
              "policyConstraints requires a certificate policy, but no policy "
              "is valid all the way from the trusted root to this certificate "
              "(RFC 5280 6.1)"};
    }
  }
  return {};
}

}  // namespace ovoc::auth
