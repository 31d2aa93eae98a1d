// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/certificate_refusal.h"

#include "gtest/gtest.h"
#include "openssl/ssl.h"

namespace ovoc::tunnel {
namespace {

using auth::VerifyFailure;

TEST(CertificateRefusalTest, TellsThePeerWhatItCanActUpon) {
  EXPECT_EQ(AlertFor(VerifyFailure::kExpired), SSL_AD_CERTIFICATE_EXPIRED);
  EXPECT_EQ(AlertFor(VerifyFailure::kNotYetValid), SSL_AD_CERTIFICATE_EXPIRED);
  EXPECT_EQ(AlertFor(VerifyFailure::kUnknownIssuer), SSL_AD_UNKNOWN_CA);
  EXPECT_EQ(AlertFor(VerifyFailure::kSelfSigned), SSL_AD_UNKNOWN_CA);
  for (const VerifyFailure other :
       {VerifyFailure::kNameMismatch, VerifyFailure::kWeakKey,
        VerifyFailure::kMalformed, VerifyFailure::kTooLarge}) {
    EXPECT_EQ(AlertFor(other), SSL_AD_BAD_CERTIFICATE);
  }
}

TEST(CertificateRefusalTest, TellsACertificateWithoutNamesFromAWrongOne) {
  auth::CertificateVerifier::Verdict verdict;
  verdict.failure = VerifyFailure::kNameMismatch;
  EXPECT_EQ(CauseOfRefusal(verdict), EndCause::kNoAlternativeName);
  verdict.leaf.names_left_out = 1;  // that could not be kept
  EXPECT_EQ(CauseOfRefusal(verdict), EndCause::kWrongName);
  verdict.leaf.names_left_out = 0;
  verdict.leaf.names = {"other.example"};
  EXPECT_EQ(CauseOfRefusal(verdict), EndCause::kWrongName);
}

TEST(CertificateRefusalTest, TellsAMissingIntermediateFromAnotherAuthority) {
  auth::CertificateVerifier::Verdict verdict;
  verdict.failure = VerifyFailure::kUnknownIssuer;
  verdict.depth = 0;
  EXPECT_EQ(CauseOfRefusal(verdict), EndCause::kNoIntermediate);
  verdict.depth = 1;
  EXPECT_EQ(CauseOfRefusal(verdict), EndCause::kUnknownRoot);
}

TEST(CertificateRefusalTest, OtherFailuresHaveTheirCauseOrNone) {
  auth::CertificateVerifier::Verdict verdict;
  verdict.failure = VerifyFailure::kSelfSigned;
  EXPECT_EQ(CauseOfRefusal(verdict), EndCause::kSelfSigned);
  verdict.failure = VerifyFailure::kExpired;
  EXPECT_EQ(CauseOfRefusal(verdict), EndCause::kExpired);
  verdict.failure = VerifyFailure::kNotYetValid;
  EXPECT_EQ(CauseOfRefusal(verdict), EndCause::kNotYetValid);
  verdict.failure = VerifyFailure::kWeakKey;
  EXPECT_EQ(CauseOfRefusal(verdict), EndCause::kUnknown);
}

}  // namespace
}  // namespace ovoc::tunnel
