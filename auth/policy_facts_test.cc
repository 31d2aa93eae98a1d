// SPDX-License-Identifier: Apache-2.0
#include "auth/policy_facts.h"

#include <openssl/bytestring.h>

#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/string_view.h"
#include "auth/testing/costly_certificate.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using std::string;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Reader = bool (*)(CBS value, PolicyFacts* facts);

constexpr absl::string_view kFirst = "\x2a\x03";   // 1.2.3
constexpr absl::string_view kSecond = "\x2a\x04";  // 1.2.4
constexpr absl::string_view kAny("\x55\x1d\x20\x00", 4);
constexpr absl::string_view kCps = "\x2b\x06\x01\x05\x05\x07\x02\x01";
constexpr absl::string_view kUserNotice = "\x2b\x06\x01\x05\x05\x07\x02\x02";

string Sequence(const string& value) { return Tlv(0x30, value); }

string Identifier(absl::string_view value) { return Tlv(0x06, value); }

// PolicyInformation with `qualifiers`, in DER.
string Policy(absl::string_view policy, const string& qualifiers = "") {
  return Sequence(Identifier(policy) + qualifiers);
}

// One PolicyQualifierInfo whose value is an empty UTF8String.
string Qualifier(absl::string_view kind) {
  return Sequence(Sequence(Identifier(kind) + Tlv(0x0c, "")));
}

string Mapping(absl::string_view issuer, absl::string_view subject) {
  return Sequence(Identifier(issuer) + Identifier(subject));
}

// Read keeps the bytes for the views.
class PolicyFactsTest : public ::testing::Test {
 protected:
  bool Read(Reader reader, const string& der) {
    der_ = der;
    facts_ = PolicyFacts();
    CBS cbs;
    CBS_init(&cbs, reinterpret_cast<const uint8_t*>(der_.data()), der_.size());
    return reader(cbs, &facts_);
  }

  string der_;
  PolicyFacts facts_;
};

TEST_F(PolicyFactsTest, PoliciesAreListedAndAnyPolicyIsApart) {
  ASSERT_TRUE(Read(ReadCertificatePolicies,
                   Sequence(Policy(kSecond) + Policy(kAny) + Policy(kFirst))));
  EXPECT_TRUE(facts_.has_policies);
  EXPECT_TRUE(facts_.has_any_policy);
  EXPECT_THAT(facts_.policies, ElementsAre(kSecond, kFirst));
  ASSERT_TRUE(Read(ReadCertificatePolicies, Sequence(Policy(kFirst))));
  EXPECT_FALSE(facts_.has_any_policy);
}

TEST_F(PolicyFactsTest, QualifiersAreCpsAndUserNotice) {
  for (const absl::string_view known : {kCps, kUserNotice}) {
    ASSERT_TRUE(Read(ReadCertificatePolicies,
                     Sequence(Policy(kFirst, Qualifier(known)))));
    EXPECT_FALSE(facts_.has_unknown_qualifier);
  }
  ASSERT_TRUE(Read(ReadCertificatePolicies,
                   Sequence(Policy(kFirst, Qualifier(kCps)) +
                            Policy(kAny, Qualifier(kSecond)))));
  EXPECT_TRUE(facts_.has_unknown_qualifier);
}

TEST_F(PolicyFactsTest, PoliciesThatAreNotInOrder) {
  for (const string& bad :
       {string(), Sequence(""), Tlv(0x31, Policy(kFirst)),
        Sequence(Policy(kFirst)) + "a", Sequence(Identifier(kFirst)),
        Sequence(Sequence("")), Sequence(Policy(kFirst, Sequence(""))),
        Sequence(Policy(kFirst, Tlv(0x05, ""))),
        Sequence(Policy(kFirst, Sequence(Sequence(Identifier(kCps))))),
        Sequence(Policy(kFirst, Qualifier(kCps) + Qualifier(kCps)))}) {
    EXPECT_FALSE(Read(ReadCertificatePolicies, bad));
  }
}

TEST_F(PolicyFactsTest, Mappings) {
  ASSERT_TRUE(Read(ReadPolicyMappings, Sequence(Mapping(kFirst, kSecond))));
  ASSERT_EQ(facts_.mappings.size(), 1u);
  EXPECT_EQ(facts_.mappings[0].issuer_policy, kFirst);
  EXPECT_EQ(facts_.mappings[0].subject_policy, kSecond);
  for (const string& bad :
       {string(), Sequence(""), Sequence(Policy(kFirst)),
        Sequence(Sequence(Identifier(kFirst) + Identifier(kSecond) + "a")),
        // RFC 5280 6.1.4 (a).
        Sequence(Mapping(kAny, kFirst)), Sequence(Mapping(kFirst, kAny))}) {
    EXPECT_FALSE(Read(ReadPolicyMappings, bad));
  }
}

TEST_F(PolicyFactsTest, Constraints) {
  ASSERT_TRUE(Read(ReadPolicyConstraints, Sequence(Tlv(0x80, "\x03"))));
  EXPECT_EQ(facts_.require_explicit_policy, 3u);
  EXPECT_FALSE(facts_.inhibit_policy_mapping.has_value());
  ASSERT_TRUE(Read(ReadPolicyConstraints,
                   Sequence(Tlv(0x80, string(1, '\0')) + Tlv(0x81, "\x02"))));
  EXPECT_EQ(facts_.require_explicit_policy, 0u);
  EXPECT_EQ(facts_.inhibit_policy_mapping, 2u);
  // RFC 5280 4.2.1.11: an empty one MUST NOT be issued.
  for (const string& bad :
       {string(), Sequence(""), Sequence(Tlv(0x80, "")),
        Sequence(Tlv(0x80, "\xff")), Sequence(Tlv(0x82, "\x01")),
        Sequence(Tlv(0x81, "\x01") + Tlv(0x80, "\x01")),
        Sequence(Tlv(0x80, "\x01")) + "a"}) {
    EXPECT_FALSE(Read(ReadPolicyConstraints, bad));
  }
  EXPECT_THAT(facts_.policies, IsEmpty());
}

TEST_F(PolicyFactsTest, InhibitAnyPolicyIsANumberOfAnySize) {
  ASSERT_TRUE(Read(ReadInhibitAnyPolicy, Tlv(0x02, "\x07")));
  EXPECT_EQ(facts_.inhibit_any_policy, 7u);
  ASSERT_TRUE(Read(ReadInhibitAnyPolicy, Tlv(0x02, string(40, '\x7f'))));
  EXPECT_EQ(facts_.inhibit_any_policy, std::numeric_limits<uint64_t>::max());
  for (const string& bad : {string(), Tlv(0x02, ""), Tlv(0x02, "\x80"),
                            Tlv(0x03, "\x01"), Tlv(0x02, "\x01") + "a"}) {
    EXPECT_FALSE(Read(ReadInhibitAnyPolicy, bad));
  }
}

}  // namespace
}  // namespace ovoc::auth
