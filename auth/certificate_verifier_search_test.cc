// SPDX-License-Identifier: Apache-2.0
#include <openssl/base.h>
#include <openssl/err.h>
#include <openssl/mem.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "auth/certificate_verifier.h"
#include "auth/presented_chain.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/testing/certificate_verifier_test_support.h"
#include "auth/testing/test_certificate.h"
#include "auth/trust_store.h"
#include "auth/verify_failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(CertificateVerifierTest, FindsTheWayAroundACertificateThatBreaksARule) {
  const VerifyFailure none = VerifyFailure::kNone;
  const Names ec = {"root_ec"};
  ExpectVerdicts({
      {"an intermediate before its renewal",
       ec,
       {"leaf_good", "intermediate_ec_expired", "intermediate_ec"},
       kHost,
       none,
       ""},
      {"an intermediate of the same name with another key",
       ec,
       {"leaf_good", "intermediate_ec_impostor", "intermediate_ec"},
       kHost,
       none,
       ""},
      {"both",
       ec,
       {"leaf_good", "intermediate_ec_impostor", "intermediate_ec_expired",
        "intermediate_ec"},
       kHost,
       none,
       ""},
      {"a root before its renewal",
       {"root_ec_expired", "root_ec"},
       GoodChain(),
       kHost,
       none,
       ""},
      {"a root and an intermediate",
       {"root_ec_expired", "root_ec"},
       {"leaf_good", "intermediate_ec_expired", "intermediate_ec"},
       kHost,
       none,
       ""},
      {"an old root that the server sends",
       ec,
       {"leaf_good", "intermediate_ec", "root_ec_expired"},
       kHost,
       none,
       ""},
  });
}

TEST(CertificateVerifierTest, WhenThereIsNoWayAroundTheFirstRefusalStands) {
  ExpectVerdicts({
      {"both are expired",
       {"root_ec"},
       {"leaf_good", "intermediate_ec_expired", "intermediate_ec_impostor"},
       kHost,
       VerifyFailure::kExpired,
       "certificate 1 (CN=intermediate_ec,O=OVOC Test): expired"},
  });
}

// A chain made on the spot: who is at which end of which certificate, each with
// an extension or none.
struct Link {
  std::string subject;
  std::string issuer;
  std::string extension;
};

Verdict VerifyLinks(const std::vector<Link>& presented) {
  const bssl::UniquePtr<EVP_PKEY> key = MakeTestKey();
  const std::string ca = "basicConstraints=critical,CA:TRUE";
  const std::string san = absl::StrCat("subjectAltName=DNS:", kHost);
  const auto der = [](X509* certificate) {
    uint8_t* bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    const bssl::UniquePtr<uint8_t> owner(bytes);
    return std::vector<uint8_t>(bytes, bytes + size);
  };
  TestChain chain;
  for (const Link& link : presented) {
    std::vector<std::string> extensions = {link.subject == "leaf" ? san : ca};
    if (!link.extension.empty()) {
      extensions.push_back(link.extension);
    }
    chain.Add(der(MakeTestCertificate({link.subject, link.issuer, key.get(),
                                       key.get(), extensions})
                      .get()));
  }
  const std::vector<uint8_t> root =
      der(MakeTestCertificate({"r", "r", key.get(), key.get(), {ca}}).get());
  std::string base64;
  absl::Base64Escape(std::string(root.begin(), root.end()), &base64);
  absl::StatusOr<TrustStore> store =
      TrustStore::FromPem(absl::StrCat("-----BEGIN CERTIFICATE-----\n", base64,
                                       "\n-----END CERTIFICATE-----\n"));
  EXPECT_TRUE(store.ok()) << store.status();
  const absl::StatusOr<CertificateVerifier> verifier =
      CertificateVerifier::Create(*std::move(store),
                                  {.release_date = Release()});
  return verifier->Verify(
      {.chain = chain.spans(), .name = kHost, .now = Now()});
}

TEST(CertificateVerifierTest, GoesBackWhereBoringSslDoesNot) {
  const std::string elsewhere = "nameConstraints=permitted;DNS:b.example";
  const std::string client = "extendedKeyUsage=clientAuth";
  const struct {
    std::string name;
    std::vector<Link> presented;
    bool accepted;
  } cases[] = {
      {"a way that ends nowhere comes first",
       {{"leaf", "a", ""}, {"a", "x", ""}, {"x", "y", ""}, {"a", "r", ""}},
       true},
      {"a way in a circle",
       {{"leaf", "a", ""}, {"a", "b", ""}, {"b", "a", ""}, {"b", "r", ""}},
       true},
      {"constraints two above the leaf on the first way",
       {{"leaf", "a", ""},
        {"a", "b", ""},
        {"b", "r", elsewhere},
        {"a", "c", ""},
        {"c", "r", ""}},
       true},
      {"constraints on each way",
       {{"leaf", "a", ""},
        {"a", "b", ""},
        {"b", "r", elsewhere},
        {"a", "c", ""},
        {"c", "r", elsewhere}},
       false},
      {"a purpose on the first two ways",
       {{"leaf", "a", ""},
        {"a", "r", client},
        {"a", "b", ""},
        {"b", "r", client},
        {"b", "r", ""}},
       true},
      {"a policy that the leaf has not on the first way",
       {{"leaf", "a", ""},
        {"a", "r", "policyConstraints=critical,requireExplicitPolicy:0"},
        {"a", "b", ""},
        {"b", "r", ""}},
       true},
      {"the leaf itself is wrong",
       {{"leaf", "a", client}, {"a", "r", client}, {"a", "r", ""}},
       false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Verdict verdict = VerifyLinks(c.presented);
    EXPECT_EQ(verdict.ok(), c.accepted) << verdict.status;
  }
}

TEST(CertificateVerifierTest, ATooLongChainEndsTheSearch) {
  Names chain = {"leaf_deep_8"};
  for (int i = 8; i >= 1; --i) {
    chain.push_back(absl::StrCat("intermediate_deep_", i));
  }
  const Verdict verdict = Verify({"root_ec"}, chain, kHost);
  EXPECT_EQ(verdict.failure, VerifyFailure::kPathLength);
  EXPECT_THAT(std::string(verdict.status.message()),
              StartsWith("certificate 8 (CN=intermediate_deep_1,"));
}

TEST(CertificateVerifierTest, TheVerdictHoldsTheIssuerThatExpiresFirst) {
  const Verdict chain = Verify({"root_ec"}, GoodChain(), kHost);
  ASSERT_TRUE(chain.issuer.has_value());
  EXPECT_EQ(chain.issuer->subject, "CN=intermediate_ec,O=OVOC Test");
  const Verdict refused = Verify({"root_ec"}, GoodChain(), "other.example.net");
  EXPECT_FALSE(refused.issuer.has_value());
  const Verdict alone =
      Verify({"leaf_self_signed"}, {"leaf_self_signed"}, kHost);
  EXPECT_TRUE(alone.ok());
  EXPECT_FALSE(alone.issuer.has_value());
}

TEST(CertificateVerifierTest, TheVerdictHoldsTheLeafEvenWhenRefused) {
  for (const std::string host : {kHost, "other.example.net"}) {
    const Verdict verdict = Verify({"root_ec"}, GoodChain(), host);
    EXPECT_EQ(verdict.leaf.subject, "CN=ovoc.example.net,O=OVOC Test");
    EXPECT_EQ(verdict.leaf.issuer, "CN=intermediate_ec,O=OVOC Test");
    EXPECT_EQ(verdict.leaf.not_before, Year(2020));
    EXPECT_EQ(verdict.leaf.not_after, Year(2120));
  }
}

TEST(CertificateVerifierTest, TheMessageIsFitForALog) {
  const Verdict verdict =
      Verify({"root_ec"}, {"leaf_hostile_subject", "intermediate_ec"},
             "other.example.net");
  EXPECT_EQ(verdict.failure, VerifyFailure::kNameMismatch);
  const std::string message(verdict.status.message());
  EXPECT_THAT(message, HasSubstr("O=line\\0Abreak\\1B[31m"));
  EXPECT_LT(message.size(), 1000u);
  for (char c : message) {
    EXPECT_TRUE(absl::ascii_isprint(static_cast<unsigned char>(c)));
  }
}

TEST(CertificateVerifierTest, LimitsAndBrokenCertificatesAreRefused) {
  const CertificateVerifier verifier = MakeVerifier({"root_ec"});
  Verdict verdict = verifier.Verify({.chain = {}, .name = kHost, .now = Now()});
  EXPECT_EQ(verdict.failure, VerifyFailure::kMalformed);
  EXPECT_FALSE(verdict.ok());

  TestChain many(GoodChain());
  for (size_t i = 1; i < kMaxPresentedCertificates; ++i) {
    many.Add(TestDer("intermediate_rsa"));
  }
  verdict =
      verifier.Verify({.chain = many.spans(), .name = kHost, .now = Now()});
  EXPECT_EQ(verdict.failure, VerifyFailure::kTooLarge);

  TestChain broken({"leaf_good"});
  broken.Add({0x30, 0x00});
  verdict =
      verifier.Verify({.chain = broken.spans(), .name = kHost, .now = Now()});
  EXPECT_EQ(verdict.failure, VerifyFailure::kMalformed);
  EXPECT_THAT(std::string(verdict.status.message()),
              StartsWith("certificate 1: "));
}

TEST(CertificateVerifierTest, NoByteOfTheLeafCanBeChanged) {
  const CertificateVerifier verifier = MakeVerifier({"root_ec"});
  const std::vector<uint8_t> leaf = TestDer("leaf_good");
  const std::vector<uint8_t> intermediate = TestDer("intermediate_ec");
  for (size_t i = 0; i < leaf.size(); ++i) {
    std::vector<uint8_t> changed = leaf;
    changed[i] ^= 0x01;
    TestChain chain;
    chain.Add(changed);
    chain.Add(intermediate);
    const Verdict verdict =
        verifier.Verify({.chain = chain.spans(), .name = kHost, .now = Now()});
    ASSERT_FALSE(verdict.ok()) << "byte " << i;
    ASSERT_NE(verdict.failure, VerifyFailure::kNone) << "byte " << i;
  }
}

TEST(CertificateVerifierTest, LeavesNothingInTheErrorQueue) {
  ERR_clear_error();
  EXPECT_FALSE(
      Verify({"root_ec"}, {"leaf_good", "intermediate_ec_impostor"}, kHost)
          .ok());
  EXPECT_FALSE(Verify({"root_ec"},
                      {"leaf_under_secp256k1", "intermediate_secp256k1"}, kHost)
                   .ok());
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(CertificateVerifierTest, OneVerifierServesManyConnections) {
  const CertificateVerifier verifier =
      MakeVerifier({"root_ec_expired", "root_ec"});
  for (int i = 0; i < 3; ++i) {
    TestChain good(GoodChain());
    TestChain bad({"leaf_expired", "intermediate_ec"});
    EXPECT_TRUE(
        verifier.Verify({.chain = good.spans(), .name = kHost, .now = Now()})
            .ok());
    EXPECT_FALSE(
        verifier.Verify({.chain = bad.spans(), .name = kHost, .now = Now()})
            .ok());
  }
}

}  // namespace
}  // namespace ovoc::auth
