// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_TESTING_COSTLY_CHAIN_H_
#define OVOC_AUTH_TESTING_COSTLY_CHAIN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::auth {

// For tests and benchmarks: what a hostile server sends to keep a client busy.

// CostlyChain: presented certificates, and the roots that they are verified
// with.
struct CostlyChain {
  std::string roots_pem;
  std::vector<std::vector<uint8_t>> presented;  // DER, leaf first

  std::vector<absl::Span<const uint8_t>> spans() const;
};

// CostlyKind: one way to make verification expensive, near the limits of what
// may be presented. The chain is made anew each time, but names and keys are
// always the same.
struct CostlyKind {
  absl::string_view name;  // one word, for a row of a table
  CostlyChain (*make)();
};

absl::Span<const CostlyKind> CostlyKinds();

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_TESTING_COSTLY_CHAIN_H_
