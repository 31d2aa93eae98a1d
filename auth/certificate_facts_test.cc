// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_facts.h"

#include <openssl/base.h>
#include <openssl/x509.h>

#include <optional>
#include <string>
#include <vector>

#include "auth/extension_facts.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/testing/test_certificate.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

CertificateFacts Facts(const std::string& name) {
  return ReadFacts(*TestCertificate(name));
}

TEST(ReadFactsTest, ReadsACertificate) {
  const CertificateFacts leaf = Facts("leaf_good");
  ASSERT_TRUE(leaf.is_readable);
  EXPECT_EQ(leaf.der, TestDer("leaf_good"));
  EXPECT_EQ(leaf.version, 3);
  EXPECT_FALSE(leaf.is_self_issued);
  EXPECT_NE(leaf.key, nullptr);
  EXPECT_FALSE(leaf.weak_key.has_value());
  EXPECT_FALSE(leaf.weak_signature.has_value());
  EXPECT_EQ(leaf.extensions.broken, std::nullopt);
  EXPECT_TRUE(leaf.extensions.alternative_names.has_value());
  EXPECT_EQ(Facts("leaf_v1").version, 1);
}

TEST(ReadFactsTest, KnowsWhoSaysThatHeSignedHimself) {
  EXPECT_TRUE(Facts("root_ec").is_self_signed);
  EXPECT_TRUE(Facts("root_v1").is_self_signed);
  EXPECT_TRUE(Facts("leaf_self_signed").is_self_signed);
  EXPECT_FALSE(Facts("intermediate_ec").is_self_signed);
}

TEST(ReadFactsTest, SaysWhatIsWeak) {
  EXPECT_TRUE(Facts("leaf_p521").weak_key.has_value());
  EXPECT_TRUE(Facts("leaf_secp256k1").weak_key.has_value());
  EXPECT_EQ(Facts("leaf_secp256k1").key, nullptr);
  EXPECT_TRUE(Facts("leaf_sha1").weak_signature.has_value());
}

TEST(MayHaveIssuedTest, ByNameAndKey) {
  EXPECT_TRUE(MayHaveIssued(Facts("intermediate_ec"), Facts("leaf_good")));
  // It has the name and no key identifier.
  EXPECT_TRUE(
      MayHaveIssued(Facts("intermediate_ec_impostor"), Facts("leaf_good")));
  EXPECT_FALSE(MayHaveIssued(Facts("intermediate_rsa"), Facts("leaf_good")));
  EXPECT_FALSE(MayHaveIssued(Facts("leaf_good"), Facts("intermediate_ec")));
}

TEST(MayHaveIssuedTest, AsTheSubjectSaysOfItsIssuer) {
  const bssl::UniquePtr<EVP_PKEY> key = MakeTestKey();
  const auto make = [&](const std::string& subject, const std::string& issuer,
                        const std::vector<std::string>& extensions) {
    return ReadFacts(*MakeTestCertificate(
        {subject, issuer, key.get(), key.get(), extensions}));
  };
  const CertificateFacts issuer =
      make("a", "r", {"subjectKeyIdentifier=DER:04020102"});
  // [0] key identifier, [2] serial number, [1] issuer of the issuer.
  const struct {
    std::string authority;
    bool expected;
  } cases[] = {
      {"DER:3000", true},
      {"DER:300480020102", true},
      {"DER:300480020103", false},
      {"DER:3003820101", true},
      {"DER:3003820102", false},
      {"DER:3012a110a40e300c310a300806035504030c0172", true},
      {"DER:3012a110a40e300c310a300806035504030c0152", true},
      {"DER:3012a110a40e300c310a300806035504030c0173", false},
      {"DER:3005a103820161", true},  // a DNS name says nothing
  };
  for (const auto& c : cases) {
    const CertificateFacts subject =
        make("leaf", "a", {"authorityKeyIdentifier=" + c.authority});
    EXPECT_EQ(subject.extensions.broken, std::nullopt) << c.authority;
    EXPECT_EQ(MayHaveIssued(issuer, subject), c.expected) << c.authority;
  }
  // Whoever may not sign certificates did not.
  EXPECT_FALSE(MayHaveIssued(make("a", "r", {"keyUsage=digitalSignature"}),
                             make("leaf", "a", {})));
  EXPECT_TRUE(MayHaveIssued(make("a", "r", {"keyUsage=keyCertSign"}),
                            make("leaf", "a", {})));
}

}  // namespace
}  // namespace ovoc::auth
