// SPDX-License-Identifier: Apache-2.0
#include "auth/testing/certificate_verifier_test_support.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "auth/certificate_verifier.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/trust_store.h"
#include "auth/verification_time.h"
#include "auth/verify_failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {

using ::testing::StartsWith;

absl::Time Year(int year) {
  return absl::FromCivil(absl::CivilYear(year), absl::UTCTimeZone());
}

absl::Time Release() {
  return absl::FromCivil(absl::CivilDay(2026, 11, 23), absl::UTCTimeZone());
}

absl::Time Now() { return Year(2027); }

Names GoodChain() { return {"leaf_good", "intermediate_ec"}; }

CertificateVerifier MakeVerifier(const Names& roots) {
  std::string pem;
  for (const std::string& root : roots) {
    pem += TestPem(root);
  }
  absl::StatusOr<TrustStore> store = TrustStore::FromPem(pem);
  EXPECT_TRUE(store.ok()) << store.status();
  absl::StatusOr<CertificateVerifier> verifier = CertificateVerifier::Create(
      *std::move(store), {.release_date = Release()});
  EXPECT_TRUE(verifier.ok()) << verifier.status();
  return *std::move(verifier);
}

Verdict Verify(const Names& roots, const Names& chain, const std::string& name,
               absl::Time now, NameCheck name_check) {
  TestChain presented(chain);
  return MakeVerifier(roots).Verify({.chain = presented.spans(),
                                     .name = name,
                                     .name_check = name_check,
                                     .now = now});
}

void ExpectVerdicts(const std::vector<ChainCase>& cases) {
  for (const ChainCase& c : cases) {
    SCOPED_TRACE(c.name);
    const Verdict verdict = Verify(c.roots, c.chain, c.host);
    EXPECT_EQ(Name(verdict.failure), Name(c.expected));
    EXPECT_EQ(verdict.ok(), c.expected == VerifyFailure::kNone)
        << verdict.status;
    EXPECT_EQ(verdict.clock, ClockState::kTrusted);
    EXPECT_EQ(verdict.validated_at, Now());
    if (!verdict.ok()) {
      EXPECT_EQ(verdict.status.code(), absl::StatusCode::kUnauthenticated);
      EXPECT_THAT(std::string(verdict.status.message()), StartsWith(c.message));
      EXPECT_EQ(verdict.identity, "");
    }
  }
}

}  // namespace ovoc::auth
