// SPDX-License-Identifier: Apache-2.0
//
// RFC 5280 4.2: what is critical is processed or refused, and each extension is
// there once.
#include <openssl/base.h>
#include <openssl/mem.h>
#include <openssl/x509.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "auth/certificate_verifier.h"
#include "auth/testing/certificate_verifier_test_support.h"
#include "auth/testing/costly_certificate.h"
#include "auth/testing/test_certificate.h"
#include "auth/trust_store.h"
#include "auth/verify_failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;
using Extensions = std::vector<std::string>;

// PolicyInformation: BoringSSL's own form of it needs a configuration file.
constexpr char kPolicy[] = "critical,DER:3007300506032a0304";  // 1.2.3.4
constexpr char kAnyPolicy[] = "critical,DER:300830060604551d2000";

std::vector<uint8_t> Made(const char* subject, const char* issuer,
                          EVP_PKEY* key, Extensions extensions,
                          const std::string& own) {
  extensions.push_back(own);
  const bssl::UniquePtr<X509> made =
      MakeTestCertificate({subject, issuer, key, key, std::move(extensions)});
  uint8_t* bytes = nullptr;
  const int size = i2d_X509(made.get(), &bytes);
  const bssl::UniquePtr<uint8_t> owner(bytes);
  return std::vector<uint8_t>(bytes, bytes + size);
}

// leaf, ca and root, with these extensions beside those that they need.
Verdict VerifyChain(const Extensions& leaf, const Extensions& ca,
                    const Extensions& root = {}) {
  const bssl::UniquePtr<EVP_PKEY> key = MakeTestKey();
  const std::string is_ca = "basicConstraints=critical,CA:TRUE";
  const std::vector<std::vector<uint8_t>> chain = {
      Made("leaf", "ca", key.get(), leaf,
           absl::StrCat("subjectAltName=DNS:", kHost)),
      Made("ca", "root", key.get(), ca, is_ca)};
  absl::StatusOr<TrustStore> store =
      TrustStore::FromPem(PemOf(Made("root", "root", key.get(), root, is_ca)));
  EXPECT_TRUE(store.ok()) << store.status();
  const absl::StatusOr<CertificateVerifier> verifier =
      CertificateVerifier::Create(*std::move(store),
                                  {.release_date = Release()});
  const std::vector<absl::Span<const uint8_t>> views(chain.begin(),
                                                     chain.end());
  return verifier->Verify({.chain = views, .name = kHost, .now = Now()});
}

TEST(CertificateVerifierExtensionsTest, RequiredPoliciesAreRequired) {
  const std::string requires_one =
      "policyConstraints=critical,requireExplicitPolicy:0";
  const std::string policy = absl::StrCat("certificatePolicies=", kPolicy);
  const Verdict refused = VerifyChain({}, {requires_one, policy});
  EXPECT_EQ(Name(refused.failure), "policy");
  EXPECT_THAT(std::string(refused.status.message()),
              HasSubstr("certificate 0 (CN=leaf): policyConstraints requires"));
  EXPECT_TRUE(VerifyChain({policy}, {requires_one, policy}).ok());
  EXPECT_FALSE(VerifyChain({"certificatePolicies=DER:3007300506032a0305"},
                           {requires_one, policy})
                   .ok());
  // Not critical, in the root, later than the chain is long.
  EXPECT_FALSE(
      VerifyChain({}, {"policyConstraints=requireExplicitPolicy:0"}).ok());
  EXPECT_FALSE(VerifyChain({}, {}, {requires_one}).ok());
  EXPECT_TRUE(
      VerifyChain({}, {"policyConstraints=critical,requireExplicitPolicy:2"})
          .ok());
}

TEST(CertificateVerifierExtensionsTest, OtherCriticalPolicyRulesArePossible) {
  EXPECT_TRUE(VerifyChain({absl::StrCat("certificatePolicies=", kPolicy)},
                          {absl::StrCat("certificatePolicies=", kAnyPolicy),
                           "inhibitAnyPolicy=critical,0",
                           "policyMappings=critical,1.2.3.4:1.2.3.5",
                           "policyConstraints=critical,inhibitPolicyMapping:0"})
                  .ok());
}

struct RefusedCase {
  std::string extension;
  VerifyFailure expected;
  std::string message;
};

TEST(CertificateVerifierExtensionsTest, TheReasonNamesTheExtension) {
  const VerifyFailure malformed = VerifyFailure::kMalformed;
  const VerifyFailure critical = VerifyFailure::kCriticalExtension;
  const RefusedCase cases[] = {
      {"policyConstraints=critical,DER:3000", malformed,
       "the extension policyConstraints is broken"},
      {"inhibitAnyPolicy=critical,DER:0201ff", malformed,
       "the extension inhibitAnyPolicy is broken"},
      {"policyMappings=critical,DER:300c300a0602"
       "2a030604551d2000",
       malformed, "the extension policyMappings is broken"},
      // 1.2.3 with a qualifier 1.2.4.
      {"certificatePolicies=critical,DER:"
       "3010300e06022a033008300606022a040c00",
       critical, "the critical extension certificatePolicies is not"},
      {"crlDistributionPoints=critical,DER:3000", critical,
       "the critical extension cRLDistributionPoints is not understood"},
      {"issuerAltName=critical,DER:3003820161", critical,
       "the critical extension issuerAltName is not understood"},
      {"freshestCRL=critical,DER:3000", critical,
       "the critical extension freshestCRL is not understood"},
      {"authorityInfoAccess=critical,OCSP;URI:http://ocsp.example.net/",
       critical, "the critical extension authorityInfoAccess is not"},
      {"subjectKeyIdentifier=critical,DER:040101", critical,
       "the critical extension subjectKeyIdentifier is not understood"},
  };
  for (const RefusedCase& c : cases) {
    SCOPED_TRACE(c.extension);
    for (const Verdict& verdict :
         {VerifyChain({c.extension}, {}), VerifyChain({}, {c.extension}),
          VerifyChain({}, {}, {c.extension})}) {
      EXPECT_EQ(Name(verdict.failure), Name(c.expected));
      EXPECT_THAT(std::string(verdict.status.message()), HasSubstr(c.message));
    }
  }
}

// The second one hid the name, and the verdict spoke of the name.
TEST(CertificateVerifierExtensionsTest, NamesThatAreThereTwiceAreMalformed) {
  for (const char* second : {"subjectAltName=DNS:ovoc.example.net",
                             "subjectAltName=DNS:other.example.net"}) {
    const Verdict verdict = VerifyChain({second}, {});
    EXPECT_EQ(Name(verdict.failure), "malformed");
    EXPECT_THAT(std::string(verdict.status.message()),
                HasSubstr("the extension subjectAltName occurs more than once "
                          "(RFC 5280 4.2)"));
  }
}

}  // namespace
}  // namespace ovoc::auth
