// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "auth/certificate_verifier.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/testing/certificate_verifier_test_support.h"
#include "auth/trust_store.h"
#include "auth/verification_time.h"
#include "auth/verify_failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct ClockCase {
  std::string name;
  Names chain;
  absl::Time now;
  VerifyFailure expected;
  absl::Time expected_at;
  ClockState expected_clock;
};

TEST(CertificateVerifierTest, AClockBeforeTheReleaseIsNotBelieved) {
  const ClockState before = ClockState::kBeforeRelease;
  const ClockState trusted = ClockState::kTrusted;
  const VerifyFailure none = VerifyFailure::kNone;
  const VerifyFailure expired = VerifyFailure::kExpired;
  const absl::Duration second = absl::Seconds(1);
  const Names until_2030 = {"leaf_until_2030", "intermediate_ec"};
  const ClockCase cases[] = {
      {"1970", until_2030, Year(1970), none, Release(), before},
      {"1970 and some", GoodChain(), Year(1970) + absl::Hours(1), none,
       Release(), before},
      {"1900", GoodChain(), Year(1900), none, Release(), before},
      {"2025, when the chain was valid", GoodChain(), Year(2025), none,
       Release(), before},
      {"just before", GoodChain(), Release() - second, none, Release(), before},
      {"the release date", GoodChain(), Release(), none, Release(), trusted},
      {"after", GoodChain(), Now(), none, Now(), trusted},
      {"1970, expired before the release",
       {"leaf_expired", "intermediate_ec"},
       Year(1970),
       expired,
       Release(),
       before},
      {"1970, a leaf from after the release",
       {"leaf_from_2040", "intermediate_ec"},
       Year(1970),
       none,
       Year(2040),
       before},
      {"1970, an issuer from after the release",
       {"leaf_under_from_2040", "intermediate_from_2040"},
       Year(1970),
       none,
       Year(2040),
       before},
      {"1970, a leaf that its issuer has outlived",
       {"leaf_until_2030_under_from_2040", "intermediate_from_2040"},
       Year(1970),
       expired,
       Year(2040),
       before},
      {"1970, a younger certificate that the chain does not use",
       {"leaf_until_2030", "intermediate_ec", "intermediate_from_2040",
        "leaf_from_2040"},
       Year(1970),
       none,
       Release(),
       before},
      {"a right clock, a leaf from the future",
       {"leaf_from_2040", "intermediate_ec"},
       Now(),
       VerifyFailure::kNotYetValid,
       Now(),
       trusted},
      {"last second", until_2030, Year(2030), none, Year(2030), trusted},
      {"after the last second", until_2030, Year(2030) + second, expired,
       Year(2030) + second, trusted},
      {"far future", GoodChain(), Year(9000), expired, Year(9000), trusted},
  };
  for (const ClockCase& c : cases) {
    SCOPED_TRACE(c.name);
    const Verdict verdict = Verify({"root_ec"}, c.chain, kHost, c.now);
    EXPECT_EQ(Name(verdict.failure), Name(c.expected)) << verdict.status;
    EXPECT_EQ(verdict.validated_at, c.expected_at);
    EXPECT_EQ(verdict.clock, c.expected_clock);
  }
}

TEST(CertificateVerifierTest, ARefusalForTheTimeSaysThatTheClockIsWrong) {
  const Verdict verdict = Verify(
      {"root_ec"}, {"leaf_expired", "intermediate_ec"}, kHost, Year(1970));
  EXPECT_THAT(std::string(verdict.status.message()),
              AllOf(HasSubstr("checked at 2026-11-23T00:00:00Z"),
                    HasSubstr("the clock is before the release date")));
}

TEST(CertificateVerifierTest, AWeakChainDoesNotChooseTheTime) {
  const Verdict verdict = Verify(
      {"root_rsa"}, {"leaf_sha1", "intermediate_rsa"}, kHost, Year(1970));
  EXPECT_EQ(verdict.failure, VerifyFailure::kWeakSignature);
  EXPECT_EQ(verdict.validated_at, Release());
  EXPECT_EQ(verdict.clock, ClockState::kBeforeRelease);
}

TEST(CertificateVerifierTest, TheReleaseDateNeedsToBeADate) {
  absl::StatusOr<TrustStore> store = TrustStore::FromPem(TestPem("root_ec"));
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(CertificateVerifier::Create(
                *std::move(store), {.release_date = absl::InfiniteFuture()})
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace ovoc::auth
