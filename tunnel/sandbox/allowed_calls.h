// SPDX-License-Identifier: Apache-2.0
//
// The system calls of keeper and worker, each with why. SANDBOXING.md shows
// the same table to people; a test compares the two.

#ifndef OVOC_TUNNEL_SANDBOX_ALLOWED_CALLS_H_
#define OVOC_TUNNEL_SANDBOX_ALLOWED_CALLS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// ArgumentRule is what one argument of a system call must be, compared after
// masking: (argument & mask) == value.
struct ArgumentRule {
  unsigned argument;  // 0..5
  uint64_t mask;
  uint64_t value;
};

inline constexpr uint64_t kWholeArgument = ~uint64_t{0};

// AllowedCall lets one system call pass when all its rules hold. Several of
// one number are alternatives.
struct AllowedCall {
  int number;  // of this architecture; negative: it has no such call
  absl::string_view name;  // as in SANDBOXING.md
  absl::string_view rule;  // the rules in words; empty: any arguments
  std::vector<ArgumentRule> rules = {};
};

// Who is confined.
enum class Confined {
  kWorker,  // reads the network, and makes no socket
  kAlone,   // a worker that has no keeper: makes its sockets itself
  kKeeper,  // its list holds the others': a child inherits its parent's filter
};

// The whole list. `own_process` is getpid() of the confined process.
std::vector<AllowedCall> AllowedCalls(Confined who, int own_process);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_ALLOWED_CALLS_H_
