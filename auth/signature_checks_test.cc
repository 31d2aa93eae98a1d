// SPDX-License-Identifier: Apache-2.0
#include "auth/signature_checks.h"

#include <openssl/base.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <cstdint>
#include <string>

#include "auth/certificate_facts.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/verification_budget.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

CertificateFacts Facts(const std::string& name) {
  return ReadFacts(*TestCertificate(name));
}

TEST(SignatureChecksTest, TellsWhoSignedWhat) {
  VerificationBudget budget;
  SignatureChecks checks(&budget);
  const CertificateFacts leaf = Facts("leaf_good");
  const CertificateFacts issuer = Facts("intermediate_ec");
  const CertificateFacts impostor = Facts("intermediate_ec_impostor");
  EXPECT_TRUE(checks.IsSignedBy(leaf, issuer));
  EXPECT_FALSE(checks.IsSignedBy(leaf, impostor));
  EXPECT_FALSE(checks.IsSignedBy(issuer, leaf));
  EXPECT_EQ(budget.spent(), 3 * issuer.signature_work +
                                2 * HashWork(leaf.der.size()) +
                                HashWork(issuer.der.size()));
  // Asked again, nothing is verified again.
  EXPECT_TRUE(checks.IsSignedBy(leaf, issuer));
  EXPECT_FALSE(checks.IsSignedBy(leaf, impostor));
  EXPECT_EQ(budget.spent(), 3 * issuer.signature_work +
                                2 * HashWork(leaf.der.size()) +
                                HashWork(issuer.der.size()));
  ERR_clear_error();
}

TEST(SignatureChecksTest, WeakOnesAreNotEvenVerified) {
  VerificationBudget budget;
  SignatureChecks checks(&budget);
  EXPECT_FALSE(checks.IsSignedBy(Facts("leaf_md5"), Facts("intermediate_rsa")));
  EXPECT_FALSE(
      checks.IsSignedBy(Facts("leaf_under_p521"), Facts("intermediate_p521")));
  EXPECT_EQ(budget.spent(), 0u);
}

TEST(SignatureChecksTest, WithoutWorkLeftNoneIsGood) {
  const CertificateFacts leaf = Facts("leaf_good");
  const CertificateFacts issuer = Facts("intermediate_ec");
  VerificationBudget budget(issuer.signature_work);
  EXPECT_FALSE(SignatureChecks(&budget).IsSignedBy(leaf, issuer));
  EXPECT_TRUE(budget.is_used_up());
}

TEST(SignatureWorkTest, GrowsWithTheKey) {
  EXPECT_GT(RsaWork(8192, 17), 10 * RsaWork(2048, 17));
  EXPECT_GT(RsaWork(2048, 33), RsaWork(2048, 17));
  EXPECT_GT(Facts("leaf_p384").signature_work,
            5 * Facts("leaf_good").signature_work);
  EXPECT_EQ(Facts("leaf_rsa").signature_work, RsaWork(2048, 17));
}

}  // namespace
}  // namespace ovoc::auth
