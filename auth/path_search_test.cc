// SPDX-License-Identifier: Apache-2.0
#include "auth/path_search.h"

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "auth/certificate_facts.h"
#include "auth/certificate_path.h"
#include "auth/certificate_pool.h"
#include "auth/chain_rules.h"
#include "auth/signature_checks.h"
#include "auth/testing/test_certificate.h"
#include "auth/verification_budget.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Certificates by "SUBJECT<ISSUER"; one key per subject.
class PathSearchTest : public ::testing::Test {
 protected:
  X509* Make(const std::string& subject, const std::string& issuer) {
    return MakeWithKey(subject, issuer, Key(issuer));
  }
  X509* MakeWithKey(const std::string& subject, const std::string& issuer,
                    EVP_PKEY* issuer_key) {
    owned_.push_back(MakeTestCertificate({subject,
                                          issuer,
                                          Key(subject),
                                          issuer_key,
                                          {"basicConstraints=CA:TRUE"}}));
    X509* made = owned_.back().get();
    names_[made] = absl::StrCat(subject, "<", issuer);
    return made;
  }
  EVP_PKEY* Key(const std::string& name) {
    bssl::UniquePtr<EVP_PKEY>& key = keys_[name];
    if (key == nullptr) {
      key = MakeTestKey();
    }
    return key.get();
  }

  // All chains up to an anchor, in the order they are found.
  std::vector<std::string> AllPaths(X509* leaf, std::vector<X509*> presented,
                                    std::vector<X509*> trusted) {
    std::vector<std::string> found;
    EXPECT_FALSE(Search(
        leaf, presented, trusted,
        [&](Chain, Place) {
          ++beginnings_;
          return true;
        },
        [&](Chain chain) {
          std::string text;
          for (const CertificateFacts* facts : chain) {
            absl::StrAppend(&text, names_[facts->certificate.get()], " ");
          }
          found.push_back(text);
          return false;
        }));
    return found;
  }

  // As SearchPaths, over issuers whose signature is good.
  bool Search(X509* leaf, const std::vector<X509*>& presented,
              const std::vector<X509*>& trusted,
              absl::FunctionRef<bool(Chain, Place)> may_continue,
              absl::FunctionRef<bool(Chain)> take) {
    VerificationBudget budget(limit_);
    SignatureChecks signatures(&budget);
    CertificatePool pool({leaf, presented, trusted}, &budget);
    const bool found = SearchPaths(
        &pool, &budget,
        [&](Chain beginning, Place place) {
          return signatures.IsSignedBy(*beginning[beginning.size() - 2],
                                       *beginning.back()) &&
                 may_continue(beginning, place);
        },
        take);
    is_used_up_ = budget.is_used_up();
    EXPECT_LE(budget.spent(), limit_);
    return found;
  }

  std::map<std::string, bssl::UniquePtr<EVP_PKEY>> keys_;
  std::vector<bssl::UniquePtr<X509>> owned_;
  std::map<const X509*, std::string> names_;
  size_t beginnings_ = 0;
  uint64_t limit_ = kMaxVerificationWork;
  bool is_used_up_ = false;  // by the last Search
};

TEST_F(PathSearchTest, FindsEveryWayTrustedIssuersFirst) {
  X509* leaf = Make("leaf", "a");
  EXPECT_THAT(
      AllPaths(leaf, {Make("a", "b"), Make("a", "r"), Make("b", "r")},
               {Make("r", "r"), Make("a", "r")}),
      ElementsAre("leaf<a a<r r<r ", "leaf<a a<b b<r r<r ", "leaf<a a<r r<r "));
}

TEST_F(PathSearchTest, ACycleEnds) {
  X509* leaf = Make("leaf", "a");
  EXPECT_THAT(AllPaths(leaf, {Make("a", "b"), Make("b", "a"), Make("b", "r")},
                       {Make("r", "r")}),
              ElementsAre("leaf<a a<b b<r r<r "));
  EXPECT_LT(beginnings_, 10u);
}

TEST_F(PathSearchTest, ASignatureThatDoesNotVerifyIsNoWay) {
  X509* leaf = Make("leaf", "a");
  X509* impostor = MakeWithKey("a", "r", Key("other"));
  EXPECT_THAT(AllPaths(leaf, {impostor, Make("a", "r")}, {Make("r", "r")}),
              ElementsAre("leaf<a a<r r<r "));
}

TEST_F(PathSearchTest, ASelfSignedOneIsTheEndOnlyWhenTrusted) {
  X509* leaf = Make("leaf", "r");
  X509* root = Make("r", "r");
  EXPECT_THAT(AllPaths(leaf, {root}, {Make("s", "s")}), IsEmpty());
  EXPECT_THAT(AllPaths(leaf, {root}, {root}), ElementsAre("leaf<r r<r "));
}

TEST_F(PathSearchTest, DoesNotGoOnWhereItMayNot) {
  X509* leaf = Make("leaf", "a");
  const std::vector<X509*> presented = {Make("a", "r")};
  const std::vector<X509*> trusted = {Make("r", "r")};
  size_t asked = 0;
  EXPECT_FALSE(Search(
      leaf, presented, trusted,
      [&](Chain beginning, Place) {
        ++asked;
        EXPECT_THAT(beginning, SizeIs(2));
        return false;
      },
      [](Chain) {
        ADD_FAILURE();
        return true;
      }));
  EXPECT_EQ(asked, 1u);
}

TEST_F(PathSearchTest, EndsWithTheChainThatIsTaken) {
  X509* leaf = Make("leaf", "a");
  const std::vector<X509*> presented = {Make("a", "r"), Make("a", "b"),
                                        Make("b", "r")};
  const std::vector<X509*> trusted = {Make("r", "r")};
  size_t taken = 0;
  EXPECT_TRUE(Search(
      leaf, presented, trusted, [](Chain, Place) { return true; },
      [&](Chain) { return ++taken == 2; }));
  EXPECT_EQ(taken, 2u);
}

TEST_F(PathSearchTest, FollowsNineCertificatesAndNoMore) {
  std::vector<X509*> presented;
  for (size_t i = 1; i + 1 < kMaxPathCertificates; ++i) {
    presented.push_back(Make(absl::StrCat(i), absl::StrCat(i + 1)));
  }
  X509* anchor = Make(absl::StrCat(kMaxPathCertificates - 1),
                      absl::StrCat(kMaxPathCertificates - 1));
  X509* leaf = Make("leaf", "1");
  EXPECT_THAT(AllPaths(leaf, presented, {anchor}), SizeIs(1));
  presented.push_back(Make("0", "1"));
  X509* longer = Make("leaf", "0");
  EXPECT_THAT(AllPaths(longer, presented, {anchor}), IsEmpty());
}

TEST_F(PathSearchTest, AMeshDoesNotKeepItBusy) {
  std::vector<X509*> presented;
  for (char from = 'a'; from <= 'f'; ++from) {
    for (char to = 'a'; to <= 'f'; ++to) {
      if (from != to) {
        presented.push_back(Make(std::string(1, from), std::string(1, to)));
      }
    }
  }
  EXPECT_THAT(AllPaths(Make("leaf", "a"), presented, {Make("r", "r")}),
              IsEmpty());
  // There are thousands of ways of up to nine certificates.
  EXPECT_GT(beginnings_, 64u);
  EXPECT_LT(beginnings_, kMaxVerificationWork / kStepWork);
  EXPECT_TRUE(is_used_up_);
}

TEST_F(PathSearchTest, EachSignatureIsVerifiedOnce) {
  std::vector<X509*> presented;
  for (const std::string middle : {"b", "c", "d"}) {
    presented.push_back(Make("a", middle));
    presented.push_back(Make(middle, "e"));
  }
  presented.push_back(Make("e", "f"));
  presented.push_back(Make("f", "r"));
  const std::vector<X509*> trusted = {Make("r", "r")};
  // Three ways over the same three signatures above "e": fifteen steps, and
  // twelve signatures.
  limit_ = 12 * 200'000 + 20 * 30'000;
  EXPECT_THAT(AllPaths(Make("leaf", "a"), presented, trusted), SizeIs(3));
  EXPECT_FALSE(is_used_up_);
}

}  // namespace
}  // namespace ovoc::auth
