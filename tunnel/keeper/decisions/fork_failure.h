// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_DECISIONS_FORK_FAILURE_H_
#define OVOC_TUNNEL_KEEPER_DECISIONS_FORK_FAILURE_H_

#include <cstdint>
#include <limits>

#include "absl/status/status.h"

namespace ovoc::tunnel {

// kLeastProcesses is a keeper and a worker. If RLIMIT_NPROC is lower and
// applies to this user, no worker will ever start.
inline constexpr uint64_t kLeastProcesses = 2;

// kAnyProcesses is RLIM_INFINITY: there is no limit.
inline constexpr uint64_t kAnyProcesses = std::numeric_limits<uint64_t>::max();

// ForkFailure says why fork(2) failed with `error`. `most_processes` is
// RLIMIT_NPROC. FailedPrecondition if it is below kLeastProcesses, so that
// trying again does not help. ResourceExhausted if a limit or the memory is
// used up, perhaps by other processes, so that it may help. The message names
// the limit, its value and what to do.
absl::Status ForkFailure(int error, uint64_t most_processes);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_DECISIONS_FORK_FAILURE_H_
