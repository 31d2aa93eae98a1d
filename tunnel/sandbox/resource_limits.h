// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_RESOURCE_LIMITS_H_
#define OVOC_TUNNEL_SANDBOX_RESOURCE_LIMITS_H_

#include <cstdint>

#include "absl/status/status.h"

namespace ovoc::tunnel {

// What setrlimit(2) leaves a process; a child has no more than its parent.
inline constexpr uint64_t kMaxLockedBytes = 64 << 20;  // RLIMIT_MEMLOCK
inline constexpr uint64_t kMaxDataBytes = 32 << 20;    // RLIMIT_DATA, worker
inline constexpr uint64_t kMaxDescriptors = 64;        // RLIMIT_NOFILE, worker

// LimitKeeper: no core files; where it may, room to lock all memory.
absl::Status LimitKeeper();

// LimitWorker: kMaxDataBytes of memory it writes to, kMaxDescriptors, and no
// core file, child or message queue at all.
absl::Status LimitWorker();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_RESOURCE_LIMITS_H_
