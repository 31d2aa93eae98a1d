// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_VERIFY_FAILURE_H_
#define OVOC_AUTH_VERIFY_FAILURE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace ovoc::auth {

// VerifyFailure: why a certificate chain is refused, the closed list.
enum class VerifyFailure {
  kNone,            // not refused
  kExpired,         // notAfter lies before the time of verification
  kNotYetValid,     // notBefore lies after it
  kUnknownIssuer,   // the chain ends below every trust anchor
  kSelfSigned,      // a self-signed leaf that is no trust anchor itself
  kNameMismatch,    // the name asked for is not among the leaf's SANs
  kWeakKey,         // key type, curve or size
  kWeakSignature,   // signature algorithm
  kBadSignature,    // a signature that does not verify
  kMalformed,       // no DER certificate, not X.509 v3, a broken extension
  kPurpose,         // not for a TLS server, a CA as leaf, no CA as issuer
  kPathLength,      // pathLenConstraint, or more certificates than we follow
  kNameConstraint,  // outside a CA's name constraints, or of a kind unsupported
  kCriticalExtension,  // a critical extension that is not understood
  kPolicy,             // a policy is required, and none holds for the chain
  kTooLarge,           // more or larger certificates than we read
  kOther,              // none of these; the message says what
};

// Name: one lower-case word for logs, as "expired" or "unknown_issuer".
absl::string_view Name(VerifyFailure failure);

// Violation: the rule that one certificate of a chain breaks.
struct Violation {
  VerifyFailure failure = VerifyFailure::kNone;
  size_t depth = 0;    // 0 is the leaf, counted along the built chain
  std::string detail;  // the rule and what was found, without the certificate

  bool found() const { return failure != VerifyFailure::kNone; }
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_VERIFY_FAILURE_H_
