// SPDX-License-Identifier: Apache-2.0
#include "auth/chain_rules.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>
#include <openssl/x509.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "auth/certificate_facts.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/testing/test_certificate.h"
#include "auth/verify_failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;

Violation Check(const std::vector<CertificateFacts>& facts) {
  std::vector<const CertificateFacts*> chain;
  for (const CertificateFacts& one : facts) {
    chain.push_back(&one);
  }
  return CheckChainRules(chain);
}

Violation Check(const std::vector<std::string>& names) {
  std::vector<CertificateFacts> facts;
  for (const std::string& name : names) {
    facts.push_back(ReadFacts(*TestCertificate(name)));
  }
  return Check(facts);
}

TEST(ChainRulesTest, AcceptsChainsThatKeepTheRules) {
  const std::vector<std::string> chains[] = {
      {"leaf_good", "intermediate_ec", "root_ec"},
      {"leaf_rsa", "intermediate_rsa", "root_rsa"},
      {"leaf_rsa_pss", "intermediate_rsa", "root_rsa"},
      {"leaf_p384", "intermediate_p384", "root_ec"},
      {"leaf_ed25519", "intermediate_ec", "root_ec"},
      {"leaf_under_ed25519", "intermediate_ed25519", "root_ec"},
      {"leaf_no_eku", "intermediate_ec", "root_ec"},
      // Its signature over itself is SHA-1 and nobody's business.
      {"leaf_under_root_rsa_sha1", "root_rsa_sha1"},
      // The leaf is the anchor.
      {"leaf_self_signed"},
      {"leaf_is_ca"},
      // Neither times nor names nor signatures are looked at here.
      {"leaf_expired", "intermediate_expired", "root_unknown"},
  };
  for (const std::vector<std::string>& chain : chains) {
    const Violation violation = Check(chain);
    EXPECT_FALSE(violation.found()) << chain[0] << ": " << violation.detail;
  }
}

struct RuleCase {
  std::vector<std::string> chain;
  VerifyFailure expected;
  size_t expected_depth;
  std::string expected_detail;
};

void ExpectRefused(const std::vector<RuleCase>& cases) {
  for (const RuleCase& c : cases) {
    SCOPED_TRACE(c.chain[0]);
    const Violation violation = Check(c.chain);
    EXPECT_EQ(Name(violation.failure), Name(c.expected));
    EXPECT_EQ(violation.depth, c.expected_depth);
    EXPECT_THAT(violation.detail, HasSubstr(c.expected_detail));
  }
}

TEST(ChainRulesTest, RefusesAWeakKeyAtEveryDepth) {
  const VerifyFailure weak = VerifyFailure::kWeakKey;
  ExpectRefused({
      {{"leaf_rsa1024", "intermediate_rsa", "root_rsa"}, weak, 0, "1024 bits"},
      {{"leaf_p521", "intermediate_ec", "root_ec"}, weak, 0, "secp521r1"},
      {{"leaf_p224", "intermediate_ec", "root_ec"}, weak, 0, "secp224r1"},
      {{"leaf_secp256k1", "intermediate_ec", "root_ec"}, weak, 0, "secp256k1"},
      {{"leaf_under_rsa1024", "intermediate_rsa1024", "root_rsa"},
       weak,
       1,
       "1024 bits"},
      {{"leaf_under_p521", "intermediate_p521", "root_ec"},
       weak,
       1,
       "secp521r1"},
      // The anchor's signature is exempt, its key is not.
      {{"leaf_under_root_rsa1024", "root_rsa1024"}, weak, 1, "1024 bits"},
      {{"leaf_good", "intermediate_ec", "root_rsa1024"}, weak, 2, "1024 bits"},
  });
}

TEST(ChainRulesTest, RefusesAWeakSignatureBelowTheAnchor) {
  const VerifyFailure weak = VerifyFailure::kWeakSignature;
  ExpectRefused({
      {{"leaf_sha1", "intermediate_rsa", "root_rsa"}, weak, 0, "RSA-SHA1"},
      {{"leaf_md5", "intermediate_rsa", "root_rsa"}, weak, 0, "RSA-MD5"},
      {{"leaf_sha224", "intermediate_rsa", "root_rsa"}, weak, 0, "RSA-SHA224"},
      {{"leaf_ecdsa_sha1", "intermediate_ec", "root_ec"},
       weak,
       0,
       "ecdsa-with-SHA1"},
      {{"leaf_rsa_pss_sha1", "intermediate_rsa", "root_rsa"},
       weak,
       0,
       "RSA-PSS and SHA1"},
      {{"leaf_under_sha1", "intermediate_sha1", "root_rsa"},
       weak,
       1,
       "RSA-SHA1"},
      // A SHA-1 root that is not the end of the chain is not exempt.
      {{"leaf_good", "root_rsa_sha1", "root_ec"}, weak, 1, "RSA-SHA1"},
  });
}

TEST(ChainRulesTest, RefusesAnotherVersionThanThree) {
  const VerifyFailure malformed = VerifyFailure::kMalformed;
  ExpectRefused({
      {{"leaf_v1", "intermediate_ec", "root_ec"},
       malformed,
       0,
       "its X.509 version is 1, but it must be 3"},
      {{"leaf_under_root_v1", "root_v1"},
       malformed,
       1,
       "its X.509 version is 1, but it must be 3"},
  });
}

TEST(ChainRulesTest, RefusesACriticalExtensionItDoesNotKnow) {
  ExpectRefused({
      {{"leaf_unknown_critical", "intermediate_ec", "root_ec"},
       VerifyFailure::kCriticalExtension,
       0,
       "the critical extension 1.3.6"},
  });
}

TEST(ChainRulesTest, RefusesALeafThatIsNoTlsServer) {
  const VerifyFailure purpose = VerifyFailure::kPurpose;
  ExpectRefused({
      {{"leaf_is_ca", "intermediate_rsa", "root_rsa"},
       purpose,
       0,
       "it is a CA certificate, not a server's"},
      {{"intermediate_ec", "root_ec"}, purpose, 0, "a CA certificate"},
      // A CA that is pinned, but may sign certificates only (keyUsage).
      {{"root_ec"}, purpose, 0, "keyUsage or extKeyUsage do not allow"},
      {{"leaf_client_only", "intermediate_ec", "root_ec"},
       purpose,
       0,
       "do not allow a TLS server"},
  });
}

TEST(ChainRulesTest, RefusesAnIssuerThatIsNoCa) {
  const VerifyFailure purpose = VerifyFailure::kPurpose;
  ExpectRefused({
      {{"leaf_under_not_ca", "intermediate_not_ca", "root_ec"},
       purpose,
       1,
       "do not allow a CA"},
      {{"leaf_under_client_only", "intermediate_client_only", "root_ec"},
       purpose,
       1,
       "do not allow a CA"},
      // A server's certificate that is pinned does not make its holder a CA.
      {{"leaf_under_self_signed", "leaf_self_signed"},
       purpose,
       1,
       "do not allow a CA"},
  });
}

TEST(ChainRulesTest, RefusesAPathThatIsLongerThanACaAllows) {
  ExpectRefused({
      {{"leaf_under_below_pathlen", "intermediate_below_pathlen",
        "intermediate_ec", "root_ec"},
       VerifyFailure::kPathLength,
       2,
       "its pathLenConstraint is 0, but the number of CAs below it is 1 "},
      // It holds for an anchor as well.
      {{"leaf_under_below_pathlen", "intermediate_below_pathlen",
        "intermediate_ec"},
       VerifyFailure::kPathLength,
       2,
       "its pathLenConstraint is 0, but the number of CAs below it is 1 "},
  });
}

TEST(ChainRulesTest, NamesTheLowestCertificateThatBreaksARule) {
  ExpectRefused({
      {{"leaf_sha1", "intermediate_rsa1024", "root_v1"},
       VerifyFailure::kWeakSignature,
       0,
       "RSA-SHA1"},
      {{"leaf_good", "intermediate_rsa1024", "root_v1"},
       VerifyFailure::kWeakKey,
       1,
       "1024"},
  });
}

TEST(ChainRulesTest, NoChainIsRefused) {
  EXPECT_EQ(CheckChainRules({}).failure, VerifyFailure::kOther);
}

TEST(ChainRulesTest, NoExtensionIsThereTwice) {
  const bssl::UniquePtr<EVP_PKEY> key = MakeTestKey();
  // Nothing is read of either.
  const std::string access =
      "authorityInfoAccess=OCSP;URI:http://ocsp.example.net/";
  const bssl::UniquePtr<X509> once =
      MakeTestCertificate({"a", "a", key.get(), key.get(), {access}});
  const bssl::UniquePtr<X509> twice =
      MakeTestCertificate({"a", "a", key.get(), key.get(), {access, access}});
  const CertificateFacts good = ReadFacts(*once);
  EXPECT_FALSE(CheckChainRules({&good}).found());
  const CertificateFacts bad = ReadFacts(*twice);
  const Violation violation = CheckChainRules({&bad});
  EXPECT_EQ(violation.failure, VerifyFailure::kMalformed);
  EXPECT_EQ(
      violation.detail,
      "the extension authorityInfoAccess occurs more than once (RFC 5280 4.2)");
}

CertificateFacts WithSerial(const std::vector<uint8_t>& octets) {
  CertificateFacts facts = ReadFacts(*TestCertificate("leaf_self_signed"));
  CBS_init(&facts.serial, octets.data(), octets.size());
  return facts;
}

// RFC 5280 4.1.2.2: not more than 20 octets; zero and negative numbers are to
// be handled gracefully.
TEST(ChainRulesTest, ASerialNumberHasTwentyOctetsAtMost) {
  std::vector<uint8_t> twenty(20, 0x7f);
  std::vector<uint8_t> padded(20, 0x80);
  padded.insert(padded.begin(), 0);
  for (const std::vector<uint8_t>& good :
       {twenty, padded, std::vector<uint8_t>{0}, std::vector<uint8_t>{0x80}}) {
    const CertificateFacts facts = WithSerial(good);
    EXPECT_FALSE(CheckChainRules({&facts}).found());
  }
  twenty.push_back(0);
  padded.push_back(0);
  for (const std::vector<uint8_t>& bad : {twenty, padded}) {
    const CertificateFacts facts = WithSerial(bad);
    const Violation violation = CheckChainRules({&facts});
    EXPECT_EQ(violation.failure, VerifyFailure::kMalformed);
    EXPECT_EQ(violation.detail,
              "its serial number has 21 octets, but at most 20 are allowed "
              "(RFC 5280 4.1.2.2)");
  }
}

TEST(ChainRulesTest, ALeafMayNotSayThatItSignsCertificates) {
  const bssl::UniquePtr<EVP_PKEY> key = MakeTestKey();
  const bssl::UniquePtr<X509> root = MakeTestCertificate(
      {"r", "r", key.get(), key.get(), {"basicConstraints=CA:TRUE"}});
  const bssl::UniquePtr<X509> leaf =
      MakeTestCertificate({"a",
                           "r",
                           key.get(),
                           key.get(),
                           {"keyUsage=digitalSignature,keyCertSign"}});
  const CertificateFacts facts = ReadFacts(*leaf);
  const CertificateFacts above = ReadFacts(*root);
  const Violation violation = CheckChainRules({&facts, &above});
  EXPECT_EQ(violation.failure, VerifyFailure::kPurpose);
  EXPECT_EQ(violation.depth, 0u);
  // Imported as trusted, it is taken as it is.
  EXPECT_FALSE(CheckChainRules({&facts}).found());
}

}  // namespace
}  // namespace ovoc::auth
