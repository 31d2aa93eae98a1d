// SPDX-License-Identifier: Apache-2.0
//
// A server's certificates and a device's roots out of a fuzzer's input.

#ifndef OVOC_FUZZ_SCRIPT_CHAIN_SCRIPT_H_
#define OVOC_FUZZ_SCRIPT_CHAIN_SCRIPT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/certificate_verifier.h"
#include "auth/verification_budget.h"
#include "fuzz/oracle/naive_certificate.h"
#include "fuzz/script/byte_source.h"

namespace ovoc::fuzz {

// ChainScript is what the verifier is asked about. Random bytes never verify,
// so an input picks known certificates and changes them.
struct ChainScript {
  std::string roots_pem;
  std::vector<NaiveCertificate> roots;
  std::vector<std::vector<uint8_t>> chain;  // leaf first
  bool leaf_is_pinned = false;
  std::string name;
  auth::NameCheck name_check = auth::NameCheck::kRequired;
  absl::Time now;
  absl::Time release_date;
};

// ReadChainScript: one byte for the name (one of a list, or a block of text),
// one for name check (bit 0), clock (bits 1, 2), release date (bit 3) and
// whether the leaf, as changed, is a root too (bit 4); the number of roots and
// their indices, the number of certificates and theirs; then changes of four
// bytes (kind and certificate, place, value) up to the end.
ChainScript ReadChainScript(ByteSource* source);

// Verify gives what the verifier says of `chain` with the rest of the script.
auth::CertificateVerifier::Verdict Verify(
    const ChainScript& script, auth::NameCheck name_check,
    absl::Span<const std::vector<uint8_t>> chain,
    uint64_t max_work = auth::kMaxVerificationWork);

// KeepsBudget says whether `verdict`, for the whole script, took no more work
// than its limit, reports the budget as used up exactly if it was, stays the
// same with exactly the work that it took, and becomes a refusal for that
// reason with one unit less.
bool KeepsBudget(const ChainScript& script,
                 const auth::CertificateVerifier::Verdict& verdict);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_CHAIN_SCRIPT_H_
