// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_FORK_FAILURE_H_
#define OVOC_TUNNEL_KEEPER_FORK_FAILURE_H_

#include <cstdint>
#include <limits>

#include "absl/status/status.h"

namespace ovoc::tunnel {

// kLeastProcesses: the client is a keeper and a worker. Where RLIMIT_NPROC is
// lower and holds, no worker will ever start.
inline constexpr uint64_t kLeastProcesses = 2;

// kAnyProcesses: RLIM_INFINITY, no limit.
inline constexpr uint64_t kAnyProcesses = std::numeric_limits<uint64_t>::max();

// ForkFailure: why fork(2) failed with `error`. `most_processes` is
// RLIMIT_NPROC, kAnyProcesses where there is none. FailedPrecondition when the
// limit is below kLeastProcesses: trying again is of no use. ResourceExhausted
// when a limit or the memory is used up, by others too: it may pass. The
// message names the limit, its value and what to do.
absl::Status ForkFailure(int error, uint64_t most_processes);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_FORK_FAILURE_H_
