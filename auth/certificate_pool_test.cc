// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_pool.h"

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "auth/certificate_facts.h"
#include "auth/testing/test_certificate.h"
#include "auth/verification_budget.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CertificatePoolTest : public ::testing::Test {
 protected:
  X509* Make(const std::string& subject, const std::string& issuer,
             const std::vector<std::string>& extensions = {}) {
    owned_.push_back(MakeTestCertificate(
        {subject, issuer, key_.get(), key_.get(), extensions}));
    return owned_.back().get();
  }

  // The issuers of the leaf, with "!" behind a trusted one, "!!" an anchor.
  std::vector<std::string> Issuers(X509* leaf,
                                   const std::vector<X509*>& presented,
                                   const std::vector<X509*>& trusted) {
    VerificationBudget budget;
    CertificatePool pool({leaf, presented, trusted}, &budget);
    std::vector<std::string> found;
    for (const auto& issuer : pool.IssuersOf(pool.leaf())) {
      const X509* x509 = issuer.facts->certificate.get();
      size_t i = 0;
      while (owned_[i].get() != x509) {
        ++i;
      }
      found.push_back(absl::StrCat(i, issuer.is_trusted ? "!" : "",
                                   issuer.is_anchor() ? "!" : ""));
    }
    const uint64_t once = budget.spent();
    pool.IssuersOf(pool.leaf());
    EXPECT_EQ(budget.spent(), once);
    return found;
  }

  const bssl::UniquePtr<EVP_PKEY> key_ = MakeTestKey();
  std::vector<bssl::UniquePtr<X509>> owned_;
};

TEST_F(CertificatePoolTest, TrustedIssuersComeFirst) {
  X509* leaf = Make("leaf", "a");  // 0
  EXPECT_THAT(Issuers(leaf, {Make("a", "b"), Make("b", "a"), Make("A", "c")},
                      {Make("a", "a"), Make("c", "c"), Make("a", "d")}),
              ElementsAre("4!!", "6!", "1", "3"));
}

TEST_F(CertificatePoolTest, WhatIsThereTwiceCountsOnce) {
  X509* leaf = Make("leaf", "a");
  X509* one = Make("a", "b");
  X509* root = Make("a", "a");
  EXPECT_THAT(Issuers(leaf, {one, one, root, leaf}, {root, root}),
              ElementsAre("2!!", "1"));
}

TEST_F(CertificatePoolTest, TheLeafIsNoIssuer) {
  X509* leaf = Make("a", "a");
  EXPECT_THAT(Issuers(leaf, {leaf}, {leaf}), IsEmpty());
}

TEST_F(CertificatePoolTest, KnowsWhetherTheLeafIsTrusted) {
  X509* leaf = Make("a", "a");
  X509* other = Make("a", "a");
  VerificationBudget budget;
  X509* const without[] = {other};
  EXPECT_FALSE(CertificatePool({leaf, {}, without}, &budget).IsLeafTrusted());
  X509* const with[] = {other, leaf};
  EXPECT_TRUE(CertificatePool({leaf, {}, with}, &budget).IsLeafTrusted());
}

TEST_F(CertificatePoolTest, OnlyTrustedOnesOfTheNameAreRead) {
  X509* leaf = Make("leaf", "a");
  std::vector<X509*> trusted;
  for (int i = 0; i < 50; ++i) {
    trusted.push_back(Make(absl::StrCat("root ", i), absl::StrCat("root ", i)));
  }
  VerificationBudget budget;
  CertificatePool pool({leaf, {}, trusted}, &budget);
  const uint64_t before = budget.spent();
  EXPECT_THAT(pool.IssuersOf(pool.leaf()), IsEmpty());
  EXPECT_LT(budget.spent() - before, 50 * 100u);
}

TEST_F(CertificatePoolTest, WithoutWorkLeftNothingIsFound) {
  X509* leaf = Make("leaf", "a");
  X509* const presented[] = {Make("a", "a")};
  VerificationBudget budget(1);
  CertificatePool pool({leaf, presented, {}}, &budget);
  EXPECT_FALSE(pool.leaf().is_readable);
  EXPECT_THAT(pool.IssuersOf(pool.leaf()), IsEmpty());
  EXPECT_TRUE(budget.is_used_up());
}

}  // namespace
}  // namespace ovoc::auth
