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

// Limits on what a server presents. They stop the attack of a peer that keeps a
// small device busy before it has proven anything, together with
// VerificationBudget; and parsing takes several times their size in memory. The
// largest honest presentation we know of is the mesh
// of 36 cross-signed authorities of Netflix/bettertls.
inline constexpr size_t kMaxPresentedCertificates = 40;
inline constexpr size_t kMaxCertificateBytes = 64 * 1024;
inline constexpr size_t kMaxPresentedBytes = 100 * 1024;

// ParsePresentedChain: `der` (leaf first, views that need to live for this call
// only) as certificates in `chain`. Results: no violation; kTooLarge when a
// limit above is passed (nothing is parsed then) or the budget, which ParseWork
// is taken from, is used up; kMalformed when there is no
// certificate, or one is none in DER (see der_certificate.h). With a
// violation `chain` is empty. It does not ask whether they belong together.
Violation ParsePresentedChain(absl::Span<const absl::Span<const uint8_t>> der,
                              VerificationBudget* budget,
                              std::vector<bssl::UniquePtr<X509>>* chain);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_PRESENTED_CHAIN_H_
