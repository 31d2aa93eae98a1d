// SPDX-License-Identifier: Apache-2.0
#include "auth/name_constraints.h"

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "auth/certificate_facts.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/testing/test_certificate.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;

Violation CheckFacts(const std::vector<X509*>& certificates,
                     VerificationBudget* budget) {
  std::vector<CertificateFacts> facts;
  for (X509* certificate : certificates) {
    facts.push_back(ReadFacts(*certificate));
  }
  std::vector<const CertificateFacts*> chain;
  for (const CertificateFacts& one : facts) {
    chain.push_back(&one);
  }
  return NameConstraints(budget).Check(chain);
}

Violation CheckNameConstraints(const std::vector<X509*>& certificates) {
  VerificationBudget budget;
  return CheckFacts(certificates, &budget);
}

constexpr char kCa[] = "basicConstraints=critical,CA:TRUE";

// A leaf below a CA below a root; the names constrained by the CA.
class NameConstraintsTest : public ::testing::Test {
 protected:
  bssl::UniquePtr<X509> Make(const std::string& subject,
                             const std::string& issuer,
                             const std::vector<std::string>& extensions) {
    return MakeTestCertificate(
        {subject, issuer, key_.get(), key_.get(), extensions});
  }

  // What is wrong when the CA has `constraints` (a nameConstraints value) and
  // the leaf has `names` (a subjectAltName value, empty: none).
  Violation Check(const std::string& constraints, const std::string& names,
                  const std::string& subject = "leaf",
                  uint64_t limit = kMaxVerificationWork) {
    const bssl::UniquePtr<X509> root = Make("root", "root", {kCa});
    const bssl::UniquePtr<X509> ca = Make(
        "ca", "root", {kCa, absl::StrCat("nameConstraints=", constraints)});
    std::vector<std::string> extensions;
    if (!names.empty()) {
      extensions.push_back(absl::StrCat("subjectAltName=", names));
    }
    const bssl::UniquePtr<X509> leaf = Make(subject, "ca", extensions);
    VerificationBudget budget(limit);
    Violation violation =
        CheckFacts({leaf.get(), ca.get(), root.get()}, &budget);
    spent_ = budget.spent();
    EXPECT_LE(spent_, limit);
    EXPECT_EQ(violation.failure == VerifyFailure::kTooLarge,
              budget.is_used_up());
    return violation;
  }

  const bssl::UniquePtr<EVP_PKEY> key_ = MakeTestKey();
  uint64_t spent_ = 0;  // units of work, by the last Check
};

struct Case {
  std::string constraints;
  std::string names;
  std::string expected;  // in the message; empty: no violation
};

TEST_F(NameConstraintsTest, DnsNames) {
  const std::string no = "DNS name is not permitted";
  const std::string out = "DNS name is excluded";
  const std::string bad = "cannot be judged";
  const Case cases[] = {
      {"permitted;DNS:a.example", "DNS:a.example", ""},
      {"permitted;DNS:a.example", "DNS:A.Example", ""},
      {"permitted;DNS:A.EXAMPLE", "DNS:b.a.example", ""},
      {"permitted;DNS:a.example", "DNS:ba.example", no},
      {"permitted;DNS:a.example", "DNS:example", no},
      {"permitted;DNS:a.example", "DNS:a.example.net", no},
      {"permitted;DNS:a.example", "DNS:a.example,DNS:b.example", no},
      {"permitted;DNS:a.example,permitted;DNS:b.example",
       "DNS:a.example,DNS:b.example", ""},
      {"DER:3006a00430028200", "DNS:a.example", ""},
      {"DER:3006a10430028200", "DNS:a.example", out},
      {"excluded;DNS:a.example", "DNS:a.example", out},
      {"excluded;DNS:a.example", "DNS:b.A.example", out},
      {"excluded;DNS:a.example", "DNS:ba.example", ""},
      {"permitted;DNS:example,excluded;DNS:a.example", "DNS:b.example", ""},
      {"permitted;DNS:example,excluded;DNS:a.example", "DNS:a.example", out},
      // What a wildcard may stand for.
      {"permitted;DNS:a.example", "DNS:*.a.example", ""},
      {"permitted;DNS:a.example", "DNS:*.b.a.example", ""},
      {"permitted;DNS:a.example", "DNS:*.example", no},
      {"permitted;DNS:b.a.example", "DNS:*.a.example", no},
      {"excluded;DNS:a.example", "DNS:*.a.example", out},
      {"excluded;DNS:a.example", "DNS:*.example", out},
      {"excluded;DNS:A.example", "DNS:*.Example", out},
      {"excluded;DNS:b.a.example", "DNS:*.example", ""},
      {"excluded;DNS:a.example", "DNS:*.b.example", ""},
      // Broken names matter only below a constraint of their form.
      {"permitted;DNS:a.example", "DNS:a b.a.example", bad},
      {"permitted;DNS:a.example", "DNS:.a.example", bad},
      {"permitted;DNS:a.example", "DNS:a.example.", bad},
      {"excluded;DNS:a.example", "DNS:b*.example", bad},
      {"excluded;DNS:a.example", "DNS:*", bad},
      {"permitted;IP:192.0.2.0/255.255.255.0", "DNS:a b.example", ""},
      // Other forms go free.
      {"permitted;DNS:a.example", "IP:192.0.2.1", ""},
      {"permitted;DNS:a.example", "", ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(absl::StrCat(c.constraints, " | ", c.names));
    const Violation violation = Check(c.constraints, c.names);
    EXPECT_EQ(violation.found(), !c.expected.empty()) << violation.detail;
    EXPECT_THAT(violation.detail, HasSubstr(c.expected));
  }
}

TEST_F(NameConstraintsTest, IpAddresses) {
  const std::string no = "IP address is not permitted";
  const std::string out = "IP address is excluded";
  const std::string v4 = "IP:192.0.2.0/255.255.255.0";
  const std::string v6 = "IP:2001:db8::/ffff:ffff::";
  const Case cases[] = {
      {"permitted;" + v4, "IP:192.0.2.255", ""},
      {"permitted;" + v4, "IP:192.0.3.0", no},
      {"permitted;" + v4, "IP:192.0.2.1,IP:192.0.3.1", no},
      {"permitted;" + v4, "IP:2001:db8::1", no},
      {"permitted;" + v4, "IP:::ffff:192.0.2.1", no},
      {"permitted;" + v4 + ",permitted;" + v6, "IP:2001:db8::1", ""},
      {"permitted;" + v6, "IP:2001:db8:ffff::1", ""},
      {"permitted;" + v6, "IP:2001:db9::1", no},
      {"excluded;" + v4, "IP:192.0.2.1", out},
      {"excluded;" + v4, "IP:192.0.3.1", ""},
      {"excluded;" + v4, "IP:2001:db8::1", ""},
      {"excluded;" + v6, "IP:2001:db8::1", out},
      {"permitted;IP:0.0.0.0/0.0.0.0", "IP:198.51.100.1", ""},
      {"excluded;IP:0.0.0.0/0.0.0.0", "IP:198.51.100.1", out},
      {"permitted;IP:192.0.2.64/255.255.255.192", "IP:192.0.2.127", ""},
      {"permitted;IP:192.0.2.64/255.255.255.192", "IP:192.0.2.128", no},
      {"permitted;IP:192.0.2.1/255.255.255.255", "IP:192.0.2.1", ""},
      {"permitted;" + v4, "DNS:a.example", ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(absl::StrCat(c.constraints, " | ", c.names));
    const Violation violation = Check(c.constraints, c.names);
    EXPECT_EQ(violation.found(), !c.expected.empty()) << violation.detail;
    EXPECT_THAT(violation.detail, HasSubstr(c.expected));
  }
}

TEST_F(NameConstraintsTest, DirectoryNames) {
  // [0] or [1] { SEQUENCE { [4] { SEQUENCE { SET { SEQUENCE { CN, "leaf" } } }
  // } } }; the last bytes are the text.
  const std::string name = "3013a411300f310d300b06035504030c04";
  const std::string leaf = "6c656166";
  const std::string upper = "4c454146";
  const std::string other = "6c656165";
  const std::string permitted = "DER:3017a015";
  const std::string excluded = "DER:3017a115";
  EXPECT_FALSE(Check(permitted + name + leaf, "DNS:a.example").found());
  EXPECT_FALSE(Check(permitted + name + upper, "DNS:a.example").found());
  EXPECT_THAT(Check(permitted + name + other, "DNS:a.example").detail,
              HasSubstr("directory name is not permitted"));
  EXPECT_THAT(Check(excluded + name + upper, "DNS:a.example").detail,
              HasSubstr("directory name is excluded"));
  EXPECT_FALSE(Check(excluded + name + other, "DNS:a.example").found());
  // An empty subject is no name.
  EXPECT_FALSE(Check(permitted + name + other, "DNS:a.example", "").found());
  // The empty name holds for every subject.
  EXPECT_FALSE(Check("DER:3008a0063004a4023000", "DNS:a.example").found());
  EXPECT_TRUE(Check("DER:3008a1063004a4023000", "DNS:a.example").found());
}

TEST_F(NameConstraintsTest, FormsThatAreNotComparedAreRefusedWhereTheyMeet) {
  const Case cases[] = {
      {"permitted;email:a.example", "email:b@a.example", "mail address"},
      {"excluded;email:a.example", "email:b@b.example", "mail address"},
      {"permitted;email:a.example", "DNS:a.example", ""},
      {"permitted;URI:a.example", "URI:https://a.example/", "URI"},
      {"permitted;URI:a.example", "DNS:a.example", ""},
      {"permitted;RID:1.2.3", "RID:1.2.3", "registeredID"},
      {"permitted;otherName:1.2.3;UTF8:a", "otherName:1.2.3;UTF8:a",
       "otherName"},
      {"permitted;otherName:1.2.3;UTF8:a", "DNS:a.example", ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(absl::StrCat(c.constraints, " | ", c.names));
    const Violation violation = Check(c.constraints, c.names);
    EXPECT_EQ(violation.found(), !c.expected.empty()) << violation.detail;
    EXPECT_THAT(violation.detail, HasSubstr(c.expected));
  }
}

TEST_F(NameConstraintsTest, ConstraintsThatCannotBeUnderstoodAreRefused) {
  const struct {
    const char* name;
    std::string constraints;
  } cases[] = {
      {"empty", "DER:3000"},
      {"empty permitted", "DER:3002a000"},
      {"empty excluded", "DER:3002a100"},
      {"an empty subtree", "DER:3004a0023000"},
      {"minimum",
       "DER:300aa00830068201618001"
       "00"},
      {"maximum",
       "DER:300aa00830068201618101"
       "00"},
      {"excluded before permitted",
       "DER:300ea105300382016"
       "1a1053003820161"},
      {"a third field",
       "DER:3009a00530038201"
       "61a200"},
      {"length in two bytes", "DER:308107a0053003820161"},
      {"no sequence", "DER:0500"},
      {"a tag beyond the nine forms", "DER:3007a0053003890161"},
      {"a universal tag", "DER:3007a0053003160161"},
      {"a constructed DNS name", "DER:3007a0053003a20161"},
      {"a dot in front", "permitted;DNS:.a.example"},
      {"a wildcard", "permitted;DNS:*.a.example"},
      {"a final dot", "excluded;DNS:a.example."},
      {"an address without mask", "DER:300aa00830068704c0000201"},
      {"a mask with a gap", "permitted;IP:192.0.2.0/255.0.255.0"},
      {"a mask with a gap in a byte", "permitted;IP:192.0.2.0/255.255.253.0"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Violation violation = Check(c.constraints, "DNS:a");
    EXPECT_EQ(violation.failure, VerifyFailure::kNameConstraint);
    EXPECT_EQ(violation.depth, 1u);
    EXPECT_THAT(violation.detail, HasSubstr("cannot be understood"));
  }
  // The form that the broken ones are made of.
  EXPECT_FALSE(Check("DER:3007a0053003820161", "DNS:a").found());
}

TEST_F(NameConstraintsTest, BrokenAlternativeNamesAreRefused) {
  for (const char* names : {"DER:3000", "DER:0500", "DER:308103820161",
                            "DER:3003890161", "DER:30038201610500"}) {
    const Violation violation = Check("permitted;DNS:a", names);
    EXPECT_EQ(violation.failure, VerifyFailure::kNameConstraint) << names;
    EXPECT_EQ(violation.depth, 0u);
    EXPECT_THAT(violation.detail, HasSubstr("its names cannot be read"));
  }
}

TEST_F(NameConstraintsTest, HoldForAllBelowButSelfIssuedOnesBetween) {
  const std::string constraint = "nameConstraints=permitted;DNS:a.example";
  const bssl::UniquePtr<X509> root = Make("root", "root", {kCa, constraint});
  const bssl::UniquePtr<X509> ca =
      Make("ca", "root", {kCa, "subjectAltName=DNS:ca.b.example"});
  const bssl::UniquePtr<X509> self_issued =
      Make("root", "root", {kCa, "subjectAltName=DNS:ca.b.example"});
  const bssl::UniquePtr<X509> leaf =
      Make("leaf", "ca", {"subjectAltName=DNS:a.example"});
  const bssl::UniquePtr<X509> self_issued_leaf =
      Make("root", "root", {"subjectAltName=DNS:b.example"});
  const std::vector<X509*> through_ca = {leaf.get(), ca.get(), root.get()};
  EXPECT_EQ(CheckNameConstraints(through_ca).depth, 1u);
  EXPECT_TRUE(CheckNameConstraints(through_ca).found());
  const std::vector<X509*> through_self_issued = {leaf.get(), self_issued.get(),
                                                  root.get()};
  EXPECT_FALSE(CheckNameConstraints(through_self_issued).found());
  const std::vector<X509*> to_self_issued = {self_issued_leaf.get(),
                                             root.get()};
  EXPECT_TRUE(CheckNameConstraints(to_self_issued).found());
}

TEST_F(NameConstraintsTest, InALeafAreRefusedUnlessItIsTheAnchor) {
  const bssl::UniquePtr<X509> root = Make("root", "root", {kCa});
  const bssl::UniquePtr<X509> leaf =
      Make("leaf", "root", {"nameConstraints=permitted;DNS:a.example"});
  const std::vector<X509*> chain = {leaf.get(), root.get()};
  const Violation violation = CheckNameConstraints(chain);
  EXPECT_EQ(violation.failure, VerifyFailure::kNameConstraint);
  EXPECT_EQ(violation.depth, 0u);
  const std::vector<X509*> pinned = {leaf.get()};
  EXPECT_FALSE(CheckNameConstraints(pinned).found());
}

TEST_F(NameConstraintsTest, TwiceAreRefused) {
  const std::string constraint = "nameConstraints=permitted;DNS:a.example";
  const bssl::UniquePtr<X509> root =
      Make("root", "root", {kCa, constraint, constraint});
  const bssl::UniquePtr<X509> leaf = Make("leaf", "root", {});
  const std::vector<X509*> chain = {leaf.get(), root.get()};
  EXPECT_EQ(CheckNameConstraints(chain).depth, 1u);
  EXPECT_TRUE(CheckNameConstraints(chain).found());
}

// `count` times `subtree`, a constraint in DER, permitted.
std::string ManySubtrees(const std::string& subtree, size_t count) {
  std::string bases;
  for (size_t i = 0; i < count; ++i) {
    absl::StrAppend(&bases, subtree);
  }
  const size_t size = bases.size() / 2;
  return absl::StrFormat("DER:3082%04xa082%04x%s", size + 4, size, bases);
}

TEST_F(NameConstraintsTest, WhatItTakesIsNamesTimesConstraints) {
  std::string names = "DNS:b";
  for (int i = 1; i < 100; ++i) {
    absl::StrAppend(&names, ",DNS:b");
  }
  // [2] "a", none of which permits the first name: 100 comparisons, no more.
  const std::string bases = ManySubtrees("3003820161", 99);
  EXPECT_TRUE(Check(bases, "DNS:b").found());
  const uint64_t once = spent_;
  EXPECT_GE(once, 99 * (kNameWork + kMatchWork));
  // [2] "a" excluded: every name against every constraint.
  std::string excluded = bases;
  excluded.replace(excluded.find("a082"), 4, "a182");
  EXPECT_FALSE(Check(excluded, names).found());
  const uint64_t many = spent_;
  EXPECT_GE(many, 100 * 99 * kMatchWork);
  EXPECT_LE(many, 100 * 99 * (kMatchWork + 1) + 300 * kNameWork);
  // Exactly as much does, and one unit less does not.
  EXPECT_FALSE(Check(excluded, names, "leaf", many).found());
  const Violation violation = Check(excluded, names, "leaf", many - 1);
  EXPECT_EQ(violation.failure, VerifyFailure::kTooLarge);
  EXPECT_THAT(violation.detail, HasSubstr("units of work"));
}

TEST_F(NameConstraintsTest, LongerNamesTakeMore) {
  const std::string label(60, 'a');
  const std::string longer = absl::StrCat(label, ".", label, ".", label);
  EXPECT_FALSE(Check("permitted;DNS:a.b.c", "DNS:a.b.c").found());
  const uint64_t small = spent_;
  EXPECT_FALSE(Check("permitted;DNS:" + longer, "DNS:" + longer).found());
  EXPECT_EQ(spent_ - small, CompareWork(longer.size()) - CompareWork(5));
  EXPECT_GT(spent_, small);
}

TEST_F(NameConstraintsTest, TwoCertificatesAreComparedOnce) {
  const bssl::UniquePtr<X509> root = Make("root", "root", {kCa});
  const bssl::UniquePtr<X509> ca =
      Make("ca", "root", {kCa, "nameConstraints=permitted;DNS:a.example"});
  const bssl::UniquePtr<X509> leaf =
      Make("leaf", "ca", {"subjectAltName=DNS:b.a.example"});
  const CertificateFacts facts[] = {ReadFacts(*leaf), ReadFacts(*ca),
                                    ReadFacts(*root)};
  VerificationBudget budget;
  NameConstraints constraints(&budget);
  EXPECT_FALSE(constraints.Check({&facts[0], &facts[1], &facts[2]}).found());
  const uint64_t once = budget.spent();
  EXPECT_GT(once, 0u);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(constraints.Check({&facts[0], &facts[1], &facts[2]}).found());
    EXPECT_FALSE(constraints.CheckLast({&facts[0], &facts[1]}).found());
  }
  EXPECT_EQ(budget.spent(), once);
}

TEST_F(NameConstraintsTest, ChainsWithoutAnyAreNotLookedAt) {
  const bssl::UniquePtr<X509> leaf = TestCertificate("leaf_good");
  const bssl::UniquePtr<X509> ca = TestCertificate("intermediate_ec");
  const std::vector<X509*> chain = {leaf.get(), ca.get()};
  EXPECT_FALSE(CheckNameConstraints(chain).found());
  EXPECT_FALSE(CheckNameConstraints({}).found());
}

}  // namespace
}  // namespace ovoc::auth
