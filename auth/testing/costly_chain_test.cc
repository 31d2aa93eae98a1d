// SPDX-License-Identifier: Apache-2.0
#include "auth/testing/costly_chain.h"

#include <openssl/base.h>
#include <openssl/x509.h>

#include <vector>

#include "auth/presented_chain.h"
#include "auth/trust_store.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

TEST(CostlyChainTest, EveryKindMayBePresentedAndIsWellFormed) {
  ASSERT_FALSE(CostlyKinds().empty());
  for (const CostlyKind& kind : CostlyKinds()) {
    const CostlyChain costly = kind.make();
    EXPECT_TRUE(TrustStore::FromPem(costly.roots_pem).ok()) << kind.name;
    VerificationBudget budget;
    std::vector<bssl::UniquePtr<X509>> parsed;
    const Violation violation =
        ParsePresentedChain(costly.spans(), &budget, &parsed);
    EXPECT_FALSE(violation.found()) << kind.name << ": " << violation.detail;
    EXPECT_EQ(parsed.size(), costly.presented.size());
  }
}

}  // namespace
}  // namespace ovoc::auth
