// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_path.h"

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "auth/certificate_facts.h"
#include "auth/certificate_pool.h"
#include "auth/peer_name.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;

// The first chain and what is wrong with it, but for its times.
struct Built {
  Violation violation;
  std::vector<bssl::UniquePtr<X509>> chain;
};

// A query over certificates of the test data, which it owns.
class Query {
 public:
  Query(const std::vector<std::string>& anchors,
        const std::vector<std::string>& chain) {
    Load(anchors, &anchors_);
    Load(chain, &presented_);
  }
  Built Build(const PeerName* name = nullptr,
              uint64_t limit = kMaxVerificationWork) {
    VerificationBudget budget(limit);
    CertificatePool pool(
        {presented_[0], absl::MakeConstSpan(presented_).subspan(1), anchors_},
        &budget);
    Path path = FollowIssuers(&pool);
    if (!path.violation.found()) {
      path.violation = ChainChecks(name, &budget).Check(path.chain);
    }
    spent_ = budget.spent();
    Built built = {path.violation, {}};
    for (const CertificateFacts* facts : path.chain) {
      built.chain.push_back(bssl::UpRef(facts->certificate));
    }
    return built;
  }
  uint64_t spent() const { return spent_; }  // by the last Build

 private:
  void Load(const std::vector<std::string>& names, std::vector<X509*>* to) {
    for (const std::string& name : names) {
      owned_.push_back(TestCertificate(name));
      to->push_back(owned_.back().get());
    }
  }
  std::vector<bssl::UniquePtr<X509>> owned_;
  std::vector<X509*> anchors_;
  std::vector<X509*> presented_;
  uint64_t spent_ = 0;
};

void ExpectChain(const Built& result, const std::vector<std::string>& names) {
  EXPECT_FALSE(result.violation.found()) << result.violation.detail;
  ASSERT_EQ(result.chain.size(), names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(X509_cmp(result.chain[i].get(), TestCertificate(names[i]).get()),
              0)
        << names[i];
  }
}

TEST(BuildPathTest, EndsInATrustAnchor) {
  ExpectChain(Query({"root_ec"}, {"leaf_good", "intermediate_ec"}).Build(),
              {"leaf_good", "intermediate_ec", "root_ec"});
}

TEST(BuildPathTest, TheOrderOfTheIntermediatesDoesNotMatter) {
  ExpectChain(
      Query(
          {"root_unknown", "root_ec"},
          {"leaf_deep_7", "intermediate_deep_1", "intermediate_deep_3",
           "leaf_rsa", "intermediate_deep_2", "intermediate_deep_7",
           "intermediate_deep_5", "intermediate_deep_4", "intermediate_deep_6"})
          .Build(),
      {"leaf_deep_7", "intermediate_deep_7", "intermediate_deep_6",
       "intermediate_deep_5", "intermediate_deep_4", "intermediate_deep_3",
       "intermediate_deep_2", "intermediate_deep_1", "root_ec"});
}

TEST(BuildPathTest, ATrustedIntermediateComesBeforeAPresentedOne) {
  ExpectChain(Query({"root_ec", "intermediate_ec"},
                    {"leaf_good", "intermediate_ec_expired"})
                  .Build(),
              {"leaf_good", "intermediate_ec", "root_ec"});
}

TEST(BuildPathTest, ATrustedIntermediateIsNoAnchor) {
  const Built result = Query({"intermediate_ec"}, {"leaf_good"}).Build();
  EXPECT_EQ(result.violation.failure, VerifyFailure::kUnknownIssuer);
  EXPECT_EQ(result.violation.depth, 1u);
}

TEST(BuildPathTest, APinnedSelfSignedLeafIsItsOwnAnchor) {
  ExpectChain(
      Query({"root_ec", "leaf_self_signed"}, {"leaf_self_signed"}).Build(),
      {"leaf_self_signed"});
}

TEST(BuildPathTest, DoesNotLookAtTimes) {
  ExpectChain(
      Query({"root_ec_expired"}, {"leaf_expired", "intermediate_ec"}).Build(),
      {"leaf_expired", "intermediate_ec", "root_ec_expired"});
  ExpectChain(Query({"root_ec"}, {"leaf_from_2040", "intermediate_ec"}).Build(),
              {"leaf_from_2040", "intermediate_ec", "root_ec"});
}

TEST(BuildPathTest, PassesOverTimesAndOverNothingElse) {
  // Expired, and the signature of an issuer with another key.
  const Built result =
      Query({"root_ec"}, {"leaf_expired", "intermediate_ec_impostor"}).Build();
  EXPECT_EQ(result.violation.failure, VerifyFailure::kBadSignature);
  EXPECT_EQ(result.violation.depth, 0u);
}

struct RefusedCase {
  std::vector<std::string> anchors;
  std::vector<std::string> chain;
  VerifyFailure expected;
  size_t expected_depth;
};

TEST(BuildPathTest, RefusesWithTheDepthOfTheCulprit) {
  const RefusedCase cases[] = {
      {{"root_ec"}, {"leaf_good"}, VerifyFailure::kUnknownIssuer, 0},
      {{"root_ec"},
       {"leaf_under_unknown", "intermediate_unknown"},
       VerifyFailure::kUnknownIssuer,
       1},
      {{"root_ec"},
       {"leaf_under_unknown", "intermediate_unknown", "root_unknown"},
       VerifyFailure::kUnknownIssuer,
       2},
      {{"root_ec"}, {"leaf_self_signed"}, VerifyFailure::kSelfSigned, 0},
      {{"root_ec"},
       {"leaf_client_only", "intermediate_ec"},
       VerifyFailure::kPurpose,
       0},
      {{"root_ec"},
       {"leaf_under_not_ca", "intermediate_not_ca"},
       VerifyFailure::kPurpose,
       1},
      {{"root_ec"},
       {"leaf_under_client_only", "intermediate_client_only"},
       VerifyFailure::kPurpose,
       1},
      {{"root_ec"},
       {"leaf_under_below_pathlen", "intermediate_below_pathlen",
        "intermediate_ec"},
       VerifyFailure::kPathLength,
       2},
      {{"root_ec"},
       {"leaf_under_secp256k1", "intermediate_secp256k1"},
       VerifyFailure::kWeakKey,
       1},
      {{"root_ec"},
       {"leaf_unknown_critical", "intermediate_ec"},
       VerifyFailure::kCriticalExtension,
       0},
      {{"root_ec"},
       {"leaf_outside_dns_constraint", "intermediate_dns_constrained"},
       VerifyFailure::kNameConstraint,
       0},
  };
  for (const RefusedCase& c : cases) {
    SCOPED_TRACE(c.chain[0]);
    const Built result = Query(c.anchors, c.chain).Build();
    EXPECT_EQ(Name(result.violation.failure), Name(c.expected));
    EXPECT_EQ(result.violation.depth, c.expected_depth);
    EXPECT_LT(result.violation.depth, result.chain.size());
    EXPECT_FALSE(result.violation.detail.empty());
  }
}

TEST(BuildPathTest, NameConstraintsAreOurOwn) {
  ExpectChain(
      Query({"root_ec"}, {"leaf_ip_constrained", "intermediate_ip_constrained"})
          .Build(),
      {"leaf_ip_constrained", "intermediate_ip_constrained", "root_ec"});
}

TEST(BuildPathTest, AWeakSignatureIsNoBadOne) {
  // Whether BoringSSL knows MD5 depends on its version.
  for (const std::string leaf : {"leaf_md5", "leaf_sha1"}) {
    const Built result =
        Query({"root_rsa"}, {leaf, "intermediate_rsa"}).Build();
    EXPECT_EQ(Name(result.violation.failure),
              Name(VerifyFailure::kWeakSignature));
    EXPECT_EQ(result.violation.depth, 0u);
  }
}

TEST(BuildPathTest, TakesWhatItIsChargedFor) {
  Query query({"root_ec"}, {"leaf_good", "intermediate_ec"});
  EXPECT_FALSE(query.Build().violation.found());
  const uint64_t work = query.spent();
  // Two signatures with P-256, and three certificates read.
  EXPECT_GT(work, 2 * 150'000u);
  EXPECT_LT(work, kMaxVerificationWork / 50);
  EXPECT_FALSE(query.Build(nullptr, work).violation.found());
  EXPECT_EQ(query.spent(), work);
  EXPECT_EQ(query.Build(nullptr, work - 1).violation.failure,
            VerifyFailure::kTooLarge);
  EXPECT_LT(query.spent(), work);
}

TEST(BuildPathTest, FollowsNineCertificatesAndNoMore) {
  std::vector<std::string> chain = {"leaf_deep_7"};
  for (int i = 7; i >= 1; --i) {
    chain.push_back("intermediate_deep_" + std::to_string(i));
  }
  Built result = Query({"root_ec"}, chain).Build();
  EXPECT_FALSE(result.violation.found()) << result.violation.detail;
  EXPECT_EQ(result.chain.size(), kMaxPathCertificates);

  chain[0] = "intermediate_deep_8";
  chain.insert(chain.begin(), "leaf_deep_8");
  result = Query({"root_ec"}, chain).Build();
  EXPECT_EQ(result.violation.failure, VerifyFailure::kPathLength);
  EXPECT_THAT(result.violation.detail,
              HasSubstr("at most 9 certificates are followed"));
}

TEST(BuildPathTest, ChecksTheNameWhenThereIsOne) {
  const absl::StatusOr<PeerName> name = PeerName::Parse("other.example.net");
  ASSERT_TRUE(name.ok());
  Query query({"root_ec"}, {"leaf_good", "intermediate_ec"});
  EXPECT_FALSE(query.Build().violation.found());
  const Built result = query.Build(&*name);
  EXPECT_EQ(result.violation.failure, VerifyFailure::kNameMismatch);
  EXPECT_EQ(result.violation.detail,
            "it is not valid for other.example.net: it names "
            "DNS:ovoc.example.net, DNS:*.pool.example.net, IP:192.0.2.10, "
            "IP:2001:db8::10");
  EXPECT_EQ(Query({"root_ec"}, {"leaf_cn_only", "intermediate_ec"})
                .Build(&*name)
                .violation.detail,
            "it is not valid for other.example.net: it names no DNS name or IP "
            "address");
}

// All chains of one verification have one leaf. Its names may be thousands, so
// that reading them for each chain would be work without limit.
TEST(ChainChecksTest, ReadsTheNamesOfALeafOnceAndChargesForThem) {
  const absl::StatusOr<PeerName> name = PeerName::Parse("ovoc.example.net");
  ASSERT_TRUE(name.ok());
  CertificateFacts leaf = ReadFacts(*TestCertificate("leaf_good"));
  const CertificateFacts issuer =
      ReadFacts(*TestCertificate("intermediate_ec"));
  const CertificateFacts root = ReadFacts(*TestCertificate("root_ec"));
  const std::vector<const CertificateFacts*> chain = {&leaf, &issuer, &root};
  VerificationBudget with_name;
  VerificationBudget without_name;
  ChainChecks checks(&*name, &with_name);
  ChainChecks others(nullptr, &without_name);
  for (const bool is_first : {true, false}) {
    EXPECT_FALSE(checks.Check(chain).found()) << is_first;
    EXPECT_FALSE(others.Check(chain).found()) << is_first;
    EXPECT_EQ(with_name.spent() - without_name.spent(),
              ReadWork(leaf.der.size()))
        << is_first;
    // A second reading would not find them any more.
    leaf.extensions.alternative_names.reset();
  }
  // Another leaf has names of its own.
  const CertificateFacts other = ReadFacts(*TestCertificate("leaf_cn_only"));
  EXPECT_EQ(Name(checks.Check({&other, &issuer, &root}).failure),
            Name(VerifyFailure::kNameMismatch));
}

TEST(BuildPathTest, SaysWhichIssuerIsMissing) {
  const Built result = Query({"root_ec"}, {"leaf_good"}).Build();
  EXPECT_EQ(result.violation.depth, 0u);
  EXPECT_THAT(result.violation.detail,
              HasSubstr("the server sent no certificate of its issuer, and the "
                        "trusted roots have none: "
                        "CN=intermediate_ec,O=OVOC Test"));
}

TEST(BuildPathTest, SaysAtWhichIssuerTheChainEnds) {
  const Built result =
      Query({"root_unknown"}, {"leaf_good", "intermediate_ec"}).Build();
  EXPECT_EQ(result.violation.depth, 1u);
  EXPECT_THAT(result.violation.detail,
              HasSubstr("the chain ends at an issuer that is not among the "
                        "trusted roots: CN=root_ec"));
}

}  // namespace
}  // namespace ovoc::auth
