// SPDX-License-Identifier: Apache-2.0
#include "auth/path_search.h"

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "auth/certificate_path.h"
#include "auth/test_certificate.h"
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
    EXPECT_FALSE(SearchPaths(
        {leaf, presented, trusted},
        [&](absl::Span<X509* const>) {
          ++beginnings_;
          return true;
        },
        [&](absl::Span<X509* const> chain) {
          std::string text;
          for (X509* certificate : chain) {
            absl::StrAppend(&text, names_[certificate], " ");
          }
          found.push_back(text);
          return false;
        }));
    return found;
  }

  std::map<std::string, bssl::UniquePtr<EVP_PKEY>> keys_;
  std::vector<bssl::UniquePtr<X509>> owned_;
  std::map<const X509*, std::string> names_;
  size_t beginnings_ = 0;
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
  EXPECT_FALSE(SearchPaths(
      {leaf, presented, trusted},
      [&](absl::Span<X509* const> beginning) {
        ++asked;
        EXPECT_THAT(beginning, SizeIs(2));
        return false;
      },
      [](absl::Span<X509* const>) {
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
  EXPECT_TRUE(SearchPaths(
      {leaf, presented, trusted}, [](absl::Span<X509* const>) { return true; },
      [&](absl::Span<X509* const>) { return ++taken == 2; }));
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
  EXPECT_EQ(beginnings_, kMaxIssuersTried);
}

}  // namespace
}  // namespace ovoc::auth
