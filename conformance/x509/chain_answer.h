// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_X509_CHAIN_ANSWER_H_
#define OVOC_CONFORMANCE_X509_CHAIN_ANSWER_H_

#include <string>

#include "absl/types/span.h"

namespace ovoc::conformance {

// Exit codes of verify_chain.
inline constexpr int kExitAccepted = 0;
inline constexpr int kExitRefused = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitNotSupported = 89;

// ChainAnswer is what verify_chain makes of one question.
struct ChainAnswer {
  int exit_code = kExitUsage;
  // One line without its end: "accepted", "refused: WHY", "not supported:
  // WHAT", or "verify_chain: WHAT" when the question is wrong.
  std::string text;
};

// AnswerChainQuestion reads the arguments of main, including the program's
// name, and the files that they name (of at most auth::kMaxTrustStoreBytes),
// and judges the chain.
ChainAnswer AnswerChainQuestion(absl::Span<const char* const> arguments);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_X509_CHAIN_ANSWER_H_
