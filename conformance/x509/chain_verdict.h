// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_X509_CHAIN_VERDICT_H_
#define OVOC_CONFORMANCE_X509_CHAIN_VERDICT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/certificate_verifier.h"

namespace ovoc::conformance {

// ChainQuestion: may this chain stand for this name at this time?
struct ChainQuestion {
  absl::string_view roots_pem;  // trusted
  absl::string_view chain_pem;  // presented, leaf first
  absl::string_view name;
  auth::NameCheck name_check = auth::NameCheck::kRequired;
  absl::Time time;
};

// ChainVerdict: our verifier's answer. The `reason` of a refusal is one line of
// printable text, "WORD: certificate DEPTH (SUBJECT): what is wrong" with the
// word of auth::Name. It is empty if the chain is accepted.
struct ChainVerdict {
  bool accepted = false;
  std::string reason;
};

// JudgeChain: asks auth::CertificateVerifier as the client does, except that
// the release date is in the infinite past, so that `time` is used as it is.
// InvalidArgument if `roots_pem` or `chain_pem` is not PEM with a certificate
// block. The contents of the blocks are judged: a root that cannot be read is a
// refusal.
absl::StatusOr<ChainVerdict> JudgeChain(const ChainQuestion& question);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_X509_CHAIN_VERDICT_H_
