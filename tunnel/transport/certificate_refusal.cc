// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/certificate_refusal.h"

#include "openssl/ssl.h"

namespace ovoc::tunnel {

using auth::VerifyFailure;

uint8_t AlertFor(VerifyFailure failure) {
  switch (failure) {
    case VerifyFailure::kExpired:
    case VerifyFailure::kNotYetValid:
      return SSL_AD_CERTIFICATE_EXPIRED;
    case VerifyFailure::kUnknownIssuer:
    case VerifyFailure::kSelfSigned:
      return SSL_AD_UNKNOWN_CA;
    case VerifyFailure::kNone:
    case VerifyFailure::kNameMismatch:
    case VerifyFailure::kWeakKey:
    case VerifyFailure::kWeakSignature:
    case VerifyFailure::kBadSignature:
    case VerifyFailure::kMalformed:
    case VerifyFailure::kPurpose:
    case VerifyFailure::kPathLength:
    case VerifyFailure::kNameConstraint:
    case VerifyFailure::kCriticalExtension:
    case VerifyFailure::kPolicy:
    case VerifyFailure::kTooLarge:
    case VerifyFailure::kOther:
      break;
  }
  return SSL_AD_BAD_CERTIFICATE;
}

EndCause CauseOfRefusal(const auth::CertificateVerifier::Verdict& verdict) {
  switch (verdict.failure) {
    case VerifyFailure::kUnknownIssuer:
      return verdict.depth == 0 ? EndCause::kNoIntermediate
                                : EndCause::kUnknownRoot;
    case VerifyFailure::kSelfSigned:
      return EndCause::kSelfSigned;
    case VerifyFailure::kExpired:
      return EndCause::kExpired;
    case VerifyFailure::kNotYetValid:
      return EndCause::kNotYetValid;
    case VerifyFailure::kNameMismatch:
      return verdict.leaf.names.empty() && verdict.leaf.names_left_out == 0
                 ? EndCause::kNoAlternativeName
                 : EndCause::kWrongName;
    default:
      return EndCause::kUnknown;
  }
}

}  // namespace ovoc::tunnel
