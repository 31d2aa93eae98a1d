// SPDX-License-Identifier: Apache-2.0
#include "auth/presented_chain.h"

#include <openssl/base.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Certificates = std::vector<bssl::UniquePtr<X509>>;

Violation Parse(absl::Span<const absl::Span<const uint8_t>> der,
                Certificates* parsed) {
  VerificationBudget budget;
  return ParsePresentedChain(der, &budget, parsed);
}

TEST(ParsePresentedChainTest, KeepsTheOrder) {
  TestChain chain({"leaf_good", "intermediate_ec", "root_ec"});
  Certificates parsed;
  const Violation violation = Parse(chain.spans(), &parsed);
  EXPECT_FALSE(violation.found()) << violation.detail;
  ASSERT_THAT(parsed, SizeIs(3));
  EXPECT_EQ(X509_cmp(parsed[0].get(), TestCertificate("leaf_good").get()), 0);
  EXPECT_EQ(X509_cmp(parsed[1].get(), TestCertificate("intermediate_ec").get()),
            0);
  EXPECT_EQ(X509_cmp(parsed[2].get(), TestCertificate("root_ec").get()), 0);
}

TEST(ParsePresentedChainTest, EveryCertificateOfTheTestDataParses) {
  for (const char* name :
       {"leaf_v1", "leaf_md5", "leaf_p521", "leaf_secp256k1", "leaf_rsa_pss",
        "leaf_ed25519", "leaf_unknown_critical", "intermediate_ip_constrained",
        "intermediate_secp256k1", "root_v1", "leaf_hostile_subject"}) {
    SCOPED_TRACE(name);
    TestChain chain({name});
    Certificates parsed;
    EXPECT_FALSE(Parse(chain.spans(), &parsed).found());
    EXPECT_THAT(parsed, SizeIs(1));
  }
}

TEST(ParsePresentedChainTest, NoCertificateIsRefused) {
  Certificates parsed;
  const Violation violation = Parse({}, &parsed);
  EXPECT_EQ(violation.failure, VerifyFailure::kMalformed);
  EXPECT_EQ(violation.detail, "the server sent no certificate");
}

TEST(ParsePresentedChainTest, FortyCertificatesAreReadAndOneMoreIsNot) {
  const std::vector<uint8_t> der = TestDer("intermediate_ec");
  TestChain chain({"leaf_good"});
  for (size_t i = 1; i < kMaxPresentedCertificates; ++i) {
    chain.Add(der);
  }
  Certificates parsed;
  EXPECT_FALSE(Parse(chain.spans(), &parsed).found());
  EXPECT_THAT(parsed, SizeIs(kMaxPresentedCertificates));

  chain.Add(der);
  const Violation violation = Parse(chain.spans(), &parsed);
  EXPECT_EQ(violation.failure, VerifyFailure::kTooLarge);
  EXPECT_THAT(violation.detail, HasSubstr("41 certificates, but at most 40"));
  EXPECT_THAT(parsed, IsEmpty());
}

TEST(ParsePresentedChainTest, OneCertificateHasItsLimit) {
  Certificates parsed;
  TestChain at_limit({"leaf_good"});
  at_limit.Add(std::vector<uint8_t>(kMaxCertificateBytes));
  // Within the limit it is looked at, and it is no certificate.
  EXPECT_EQ(Parse(at_limit.spans(), &parsed).failure,
            VerifyFailure::kMalformed);

  TestChain over({"leaf_good"});
  over.Add(std::vector<uint8_t>(kMaxCertificateBytes + 1));
  const Violation violation = Parse(over.spans(), &parsed);
  EXPECT_EQ(violation.failure, VerifyFailure::kTooLarge);
  EXPECT_EQ(violation.depth, 1u);
  EXPECT_THAT(violation.detail, HasSubstr("65537 bytes, but at most 65536"));
}

TEST(ParsePresentedChainTest, AllTogetherHaveTheirLimit) {
  Certificates parsed;
  const size_t half = kMaxPresentedBytes / 2;
  TestChain at_limit;
  at_limit.Add(std::vector<uint8_t>(half));
  at_limit.Add(std::vector<uint8_t>(half));
  EXPECT_EQ(Parse(at_limit.spans(), &parsed).failure,
            VerifyFailure::kMalformed);

  TestChain over;
  over.Add(std::vector<uint8_t>(half));
  over.Add(std::vector<uint8_t>(half + 1));
  const Violation violation = Parse(over.spans(), &parsed);
  EXPECT_EQ(violation.failure, VerifyFailure::kTooLarge);
  EXPECT_THAT(violation.detail, HasSubstr("102401 bytes"));
}

TEST(ParsePresentedChainTest, ACertificateCutAnywhereIsRefused) {
  const std::vector<uint8_t> der = TestDer("leaf_good");
  for (size_t size = 0; size < der.size(); ++size) {
    TestChain chain;
    // A copy of its own size, so that reading on would be seen by a sanitizer.
    chain.Add(std::vector<uint8_t>(
        der.begin(), der.begin() + static_cast<std::ptrdiff_t>(size)));
    Certificates parsed;
    const Violation violation = Parse(chain.spans(), &parsed);
    ASSERT_EQ(violation.failure, VerifyFailure::kMalformed) << size;
    ASSERT_THAT(parsed, IsEmpty()) << size;
  }
  ERR_clear_error();
}

TEST(ParsePresentedChainTest, BytesAfterTheEndAreRefused) {
  std::vector<uint8_t> der = TestDer("intermediate_ec");
  der.push_back(0);
  der.push_back(0);
  TestChain chain({"leaf_good"});
  chain.Add(der);
  Certificates parsed;
  const Violation violation = Parse(chain.spans(), &parsed);
  EXPECT_EQ(violation.failure, VerifyFailure::kMalformed);
  EXPECT_EQ(violation.depth, 1u);
  EXPECT_EQ(violation.detail, "has 2 bytes after its end");
  EXPECT_THAT(parsed, IsEmpty());
}

TEST(ParsePresentedChainTest, WhatIsNoCertificateIsRefusedAtItsDepth) {
  const std::vector<uint8_t> bad[] = {
      {},
      {0x30, 0x00},                          // an empty SEQUENCE
      {0x30, 0x80, 0x00, 0x00},              // of indefinite length
      {0x30, 0x84, 0xff, 0xff, 0xff, 0xff},  // of 4 GiB
      {'-', '-', '-', '-', '-'},             // PEM
  };
  for (const std::vector<uint8_t>& der : bad) {
    TestChain chain({"leaf_good", "intermediate_ec"});
    chain.Add(der);
    Certificates parsed;
    const Violation violation = Parse(chain.spans(), &parsed);
    EXPECT_EQ(violation.failure, VerifyFailure::kMalformed);
    EXPECT_EQ(violation.depth, 2u);
    EXPECT_THAT(parsed, IsEmpty());
  }
  ERR_clear_error();
}

TEST(ParsePresentedChainTest, TakesWorkByTheByte) {
  TestChain chain({"leaf_good", "intermediate_ec"});
  Certificates parsed;
  const uint64_t work =
      ParseWork(chain.spans()[0].size()) + ParseWork(chain.spans()[1].size());
  VerificationBudget enough(work);
  EXPECT_FALSE(ParsePresentedChain(chain.spans(), &enough, &parsed).found());
  EXPECT_EQ(enough.spent(), work);
  VerificationBudget less(work - 1);
  EXPECT_EQ(ParsePresentedChain(chain.spans(), &less, &parsed).failure,
            VerifyFailure::kTooLarge);
  EXPECT_TRUE(less.is_used_up());
  EXPECT_THAT(parsed, SizeIs(0));
}

}  // namespace
}  // namespace ovoc::auth
