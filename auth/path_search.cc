// SPDX-License-Identifier: Apache-2.0
#include "auth/path_search.h"

#include <algorithm>
#include <vector>

#include "absl/functional/function_ref.h"
#include "auth/certificate_facts.h"
#include "auth/certificate_path.h"
#include "auth/certificate_pool.h"
#include "auth/chain_rules.h"
#include "auth/verification_budget.h"

namespace ovoc::auth {
namespace {

using MayContinue = absl::FunctionRef<bool(Chain, Place)>;
using Take = absl::FunctionRef<bool(Chain)>;

class Search {
 public:
  Search(CertificatePool* pool, VerificationBudget* budget,
         MayContinue may_continue, Take take)
      : pool_(*pool),
        budget_(*budget),
        may_continue_(may_continue),
        take_(take),
        way_({&pool->leaf()}) {}

  // Goes on from the end of the way; its depth is bounded by
  // kMaxPathCertificates.
  bool Climb() {
    if (way_.size() == kMaxPathCertificates) {
      return false;
    }
    for (const CertificatePool::Issuer& issuer :
         pool_.IssuersOf(*way_.back())) {
      if (!budget_.Charge(kStepWork)) {
        return false;
      }
      if (std::find(way_.begin(), way_.end(), issuer.facts) == way_.end() &&
          Try(issuer)) {
        return true;
      }
    }
    return false;
  }

 private:
  bool Try(const CertificatePool::Issuer& issuer) {
    const bool is_end = issuer.facts->is_self_signed;
    if (is_end && !issuer.is_anchor()) {
      return false;  // nobody trusts it
    }
    way_.push_back(issuer.facts);
    const bool found =
        may_continue_(way_, is_end ? Place::kAnchor : Place::kBetween) &&
        (is_end ? take_(way_) : Climb());
    way_.pop_back();
    return found;
  }

  CertificatePool& pool_;
  VerificationBudget& budget_;
  MayContinue may_continue_;
  Take take_;
  std::vector<const CertificateFacts*> way_;  // leaf first
};

}  // namespace

bool SearchPaths(CertificatePool* pool, VerificationBudget* budget,
                 absl::FunctionRef<bool(Chain, Place)> may_continue,
                 absl::FunctionRef<bool(Chain)> take) {
  return Search(pool, budget, may_continue, take).Climb();
}

}  // namespace ovoc::auth
