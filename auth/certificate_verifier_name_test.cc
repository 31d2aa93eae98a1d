// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "auth/certificate_verifier.h"
#include "auth/testing/certificate_verifier_test_support.h"
#include "auth/verify_failure.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

struct NameCase {
  std::string leaf;
  std::string host;
  bool expected;
};

void ExpectNames(const std::vector<NameCase>& cases) {
  for (const NameCase& c : cases) {
    SCOPED_TRACE(absl::StrCat(c.leaf, " ", c.host));
    const Verdict verdict =
        Verify({"root_ec"}, {c.leaf, "intermediate_ec"}, c.host);
    EXPECT_EQ(verdict.ok(), c.expected) << verdict.status;
    EXPECT_EQ(
        Name(verdict.failure),
        Name(c.expected ? VerifyFailure::kNone : VerifyFailure::kNameMismatch));
  }
}

// RFC 9525 6.2 MUST: a domain name is matched by section 6.3.
// RFC 9525 6.3 MUST: compared label by label, case-insensitive ASCII.
TEST(CertificateVerifierTest, ComparesDnsNamesLabelByLabel) {
  ExpectNames({
      {"leaf_good", "ovoc.example.net", true},
      {"leaf_good", "OVOC.Example.NET", true},
      {"leaf_good", "ovoc.example.net.", true},
      {"leaf_good", "example.net", false},
      {"leaf_good", "www.ovoc.example.net", false},
      {"leaf_good", "ovoc.example.org", false},
      {"leaf_good", "ovoc-example.net", false},
      {"leaf_good", "ovoc.example.ne", false},
      {"leaf_good", "ovoc.example.nett", false},
  });
}

// RFC 9525 6.3 MUST: a wildcard as the whole left-most label is matched
// RFC 9525 6.3 MUST: an invalid wildcard is ignored
TEST(CertificateVerifierTest, AWildcardIsOneWholeLeftMostLabel) {
  ExpectNames({
      {"leaf_good", "a.pool.example.net", true},
      {"leaf_good", "A1-b.POOL.example.net", true},
      {"leaf_good", "xn--bcher-kva.pool.example.net", true},
      {"leaf_good", "pool.example.net", false},
      {"leaf_good", "a.b.pool.example.net", false},
      {"leaf_good", "a.pool.example.org", false},
      // SANs: o*.part.example.net, a.*.middle.example.net, *,
      // *.*.two.example.net
      {"leaf_odd_wildcards", "ovoc.part.example.net", false},
      {"leaf_odd_wildcards", "a.b.middle.example.net", false},
      {"leaf_odd_wildcards", "ovoc", false},
      {"leaf_odd_wildcards", "ovoc.net", false},
      {"leaf_odd_wildcards", "a.b.two.example.net", false},
      {"leaf_odd_wildcards", "a.two.example.net", false},
  });
}

// RFC 9525 6.2 MUST: an IP-ID matches an iPAddress entry exactly.
TEST(CertificateVerifierTest, ComparesAddressesWithAddressesOnly) {
  ExpectNames({
      {"leaf_good", "192.0.2.10", true},
      {"leaf_good", "2001:db8::10", true},
      {"leaf_good", "2001:DB8:0:0::10", true},
      {"leaf_good", "192.0.2.11", false},
      {"leaf_good", "2001:db8::11", false},
      {"leaf_good", "::ffff:192.0.2.10", false},
      {"leaf_good", "2001:db8::", false},
      // A dNSName entry that looks like an address is none.
      {"leaf_ip_as_dns", "192.0.2.10", false},
  });
}

// RFC 9525 2 MUST NOT: the Common Name identifies the service
TEST(CertificateVerifierTest, TheSubjectIsNeverTheName) {
  ExpectNames({
      {"leaf_cn_only", "ovoc.example.net", false},
      {"leaf_odd_wildcards", "ovoc.example.net", false},
  });
  // It has no other name, and is not even asked for one.
  EXPECT_EQ(Verify({"root_ec"}, {"leaf_v1", "intermediate_ec"}, kHost).failure,
            VerifyFailure::kMalformed);
}

// RFC 9525 6.6 MUST: the matched reference identifier is the identity.
TEST(CertificateVerifierTest, TheIdentityIsTheNameThatWasAskedFor) {
  EXPECT_EQ(Verify({"root_ec"}, GoodChain(), "a.pool.example.net").identity,
            "a.pool.example.net");
  EXPECT_EQ(Verify({"root_ec"}, GoodChain(), "2001:db8::10").identity,
            "2001:db8::10");
  EXPECT_EQ(Verify({"root_ec"}, GoodChain(), "other.example.net").identity, "");
}

// RFC 9525 6.1.1 MUST NOT: an intermediate name (CNAME) as reference.
TEST(CertificateVerifierTest, OnlyTheNameOfTheRequestIsLookedFor) {
  // An alias of ovoc.example.net is not ovoc.example.net.
  EXPECT_EQ(Verify({"root_ec"}, GoodChain(), "alias.example.org").failure,
            VerifyFailure::kNameMismatch);
}

// RFC 9525 6.6 MUST NOT: the check is not off by default
TEST(CertificateVerifierTest, TheNameIsCheckedUnlessSaidOtherwise) {
  const CertificateVerifier::Request request = {};
  EXPECT_EQ(request.name_check, NameCheck::kRequired);
}

TEST(CertificateVerifierTest, WithoutTheNameCheckTheChainIsVerifiedStill) {
  const Names ec = {"root_ec"};
  Verdict verdict =
      Verify(ec, GoodChain(), "other.example.org", Now(), NameCheck::kOff);
  EXPECT_TRUE(verdict.ok()) << verdict.status;
  EXPECT_EQ(verdict.identity, "");
  // Not even looked at.
  EXPECT_TRUE(Verify(ec, GoodChain(), "", Now(), NameCheck::kOff).ok());
  EXPECT_TRUE(Verify(ec, {"leaf_cn_only", "intermediate_ec"}, "", Now(),
                     NameCheck::kOff)
                  .ok());

  verdict =
      Verify({"root_unknown"}, GoodChain(), kHost, Now(), NameCheck::kOff);
  EXPECT_EQ(verdict.failure, VerifyFailure::kUnknownIssuer);
  verdict = Verify(ec, {"leaf_expired", "intermediate_ec"}, kHost, Now(),
                   NameCheck::kOff);
  EXPECT_EQ(verdict.failure, VerifyFailure::kExpired);
  verdict =
      Verify(ec, {"leaf_v1", "intermediate_ec"}, kHost, Now(), NameCheck::kOff);
  EXPECT_EQ(verdict.failure, VerifyFailure::kMalformed);
  verdict = Verify(ec, {"leaf_self_signed"}, kHost, Now(), NameCheck::kOff);
  EXPECT_EQ(verdict.failure, VerifyFailure::kSelfSigned);
}

TEST(CertificateVerifierTest, ANameThatIsNoneIsRefusedBeforeTheChain) {
  for (const std::string host : {"", "*.pool.example.net", "192.0.2", "a b"}) {
    SCOPED_TRACE(host);
    const Verdict verdict = Verify({"root_ec"}, GoodChain(), host);
    EXPECT_EQ(verdict.failure, VerifyFailure::kOther);
    EXPECT_EQ(verdict.status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(verdict.leaf.subject, "");
  }
}

}  // namespace
}  // namespace ovoc::auth
