// SPDX-License-Identifier: Apache-2.0
//
// The system calls that the keeper and the worker may make. SANDBOXING.md has
// the same table for people, and a test compares the two.

#ifndef OVOC_TUNNEL_SANDBOX_ALLOWED_CALLS_H_
#define OVOC_TUNNEL_SANDBOX_ALLOWED_CALLS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// ArgumentRule restricts one argument of a system call: (argument & mask) must
// be equal to value.
struct ArgumentRule {
  unsigned argument;  // 0..5
  uint64_t mask;
  uint64_t value;
};

inline constexpr uint64_t kWholeArgument = ~uint64_t{0};

// AllowedCall allows a system call if all its rules hold. If several have the
// same number, one of them has to.
struct AllowedCall {
  int number;  // of this architecture; negative: it has no such call
  absl::string_view name;  // as in SANDBOXING.md
  absl::string_view rule;  // the rules for people; empty: any arguments
  std::vector<ArgumentRule> rules = {};
};

// Who is confined.
enum class Confined {
  kWorker,  // reads the network, and makes no socket
  kAlone,   // a worker without a keeper, which makes its sockets itself
  kKeeper,  // has the calls of the others too: a child inherits the filter
};

// AllowedCalls returns the whole list. `own_process` is the process ID of the
// confined process.
std::vector<AllowedCall> AllowedCalls(Confined who, int own_process);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_ALLOWED_CALLS_H_
