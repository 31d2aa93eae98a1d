// SPDX-License-Identifier: Apache-2.0
#include "auth/verify_failure.h"

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

constexpr VerifyFailure kAll[] = {
    VerifyFailure::kNone,           VerifyFailure::kExpired,
    VerifyFailure::kNotYetValid,    VerifyFailure::kUnknownIssuer,
    VerifyFailure::kSelfSigned,     VerifyFailure::kNameMismatch,
    VerifyFailure::kWeakKey,        VerifyFailure::kWeakSignature,
    VerifyFailure::kBadSignature,   VerifyFailure::kMalformed,
    VerifyFailure::kPurpose,        VerifyFailure::kPathLength,
    VerifyFailure::kNameConstraint, VerifyFailure::kCriticalExtension,
    VerifyFailure::kPolicy,         VerifyFailure::kTooLarge,
    VerifyFailure::kOther,
};

TEST(VerifyFailureTest, EveryFailureHasAWordOfItsOwn) {
  std::set<absl::string_view> names;
  for (VerifyFailure failure : kAll) {
    EXPECT_TRUE(names.insert(Name(failure)).second) << Name(failure);
  }
  EXPECT_EQ(names.size(), std::size(kAll));
}

TEST(VerifyFailureTest, TheWordsNeedNoQuotesInALog) {
  for (VerifyFailure failure : kAll) {
    const absl::string_view name = Name(failure);
    EXPECT_FALSE(name.empty());
    for (char c : name) {
      EXPECT_TRUE(absl::ascii_islower(static_cast<unsigned char>(c)) ||
                  c == '_')
          << name;
    }
  }
}

TEST(VerifyFailureTest, TheWordsThatPeopleSearchForStayAsTheyAre) {
  EXPECT_EQ(Name(VerifyFailure::kExpired), "expired");
  EXPECT_EQ(Name(VerifyFailure::kUnknownIssuer), "unknown_issuer");
  EXPECT_EQ(Name(VerifyFailure::kSelfSigned), "self_signed");
  EXPECT_EQ(Name(VerifyFailure::kNameMismatch), "name_mismatch");
  EXPECT_EQ(Name(VerifyFailure::kCriticalExtension), "critical_extension");
  EXPECT_EQ(Name(VerifyFailure::kPolicy), "policy");
}

TEST(ViolationTest, IsNoneUntilAFailureIsSet) {
  Violation violation;
  EXPECT_FALSE(violation.found());
  EXPECT_EQ(violation.depth, 0u);
  EXPECT_EQ(violation.detail, "");
  violation.failure = VerifyFailure::kExpired;
  EXPECT_TRUE(violation.found());
}

}  // namespace
}  // namespace ovoc::auth
