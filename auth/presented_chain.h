// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_PRESENTED_CHAIN_H_
#define OVOC_AUTH_PRESENTED_CHAIN_H_

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// Limits on what a server presents. Together with VerificationBudget they stop
// a peer from keeping a small device busy before it has proven anything. They
// also bound memory, because parsing takes several times the size. The largest
// honest presentation that we know of is the mesh of 36 cross-signed
// authorities of Netflix/bettertls.
inline constexpr size_t kMaxPresentedCertificates = 40;
inline constexpr size_t kMaxCertificateBytes = size_t{64} * 1024;
inline constexpr size_t kMaxPresentedBytes = size_t{100} * 1024;

// ParsePresentedChain: parses `der` (leaf first; the views are used only during
// the call) into `chain`. The results are: no violation; kTooLarge if a limit
// above is exceeded (then nothing is parsed), or if the budget, from which
// ParseWork is taken, is used up; kMalformed if there is no certificate, or if
// one is not a certificate in DER (see der_certificate.h). With a violation
// `chain` is empty. It does not check whether the certificates belong together.
Violation ParsePresentedChain(absl::Span<const absl::Span<const uint8_t>> der,
                              VerificationBudget* budget,
                              std::vector<bssl::UniquePtr<X509>>* chain);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_PRESENTED_CHAIN_H_
