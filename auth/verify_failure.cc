// SPDX-License-Identifier: Apache-2.0
#include "auth/verify_failure.h"

#include "absl/strings/string_view.h"

namespace ovoc::auth {

absl::string_view Name(VerifyFailure failure) {
  switch (failure) {
    case VerifyFailure::kNone:
      return "none";
    case VerifyFailure::kExpired:
      return "expired";
    case VerifyFailure::kNotYetValid:
      return "not_yet_valid";
    case VerifyFailure::kUnknownIssuer:
      return "unknown_issuer";
    case VerifyFailure::kSelfSigned:
      return "self_signed";
    case VerifyFailure::kNameMismatch:
      return "name_mismatch";
    case VerifyFailure::kWeakKey:
      return "weak_key";
    case VerifyFailure::kWeakSignature:
      return "weak_signature";
    case VerifyFailure::kBadSignature:
      return "bad_signature";
    case VerifyFailure::kMalformed:
      return "malformed";
    case VerifyFailure::kPurpose:
      return "purpose";
    case VerifyFailure::kPathLength:
      return "path_length";
    case VerifyFailure::kNameConstraint:
      return "name_constraint";
    case VerifyFailure::kCriticalExtension:
      return "critical_extension";
    case VerifyFailure::kPolicy:
      return "policy";
    case VerifyFailure::kTooLarge:
      return "too_large";
    case VerifyFailure::kOther:
      return "other";
  }
  return "other";
}

}  // namespace ovoc::auth
