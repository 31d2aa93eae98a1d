// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_RESOURCE_LIMITS_H_
#define OVOC_TUNNEL_SANDBOX_RESOURCE_LIMITS_H_

#include <cstdint>

#include "absl/status/status.h"

namespace ovoc::tunnel {

// Limits for setrlimit(2). A child never has more than its parent.
inline constexpr uint64_t kMaxLockedBytes = 64 << 20;  // RLIMIT_MEMLOCK
inline constexpr uint64_t kMaxDataBytes = 32 << 20;    // RLIMIT_DATA, worker
inline constexpr uint64_t kMaxDescriptors = 64;        // RLIMIT_NOFILE, worker

// LimitKeeper forbids core files. If it may, it makes room to lock all memory.
absl::Status LimitKeeper();

// LimitWorker allows kMaxDataBytes of memory to write to and kMaxDescriptors.
// It forbids core files, children and message queues.
absl::Status LimitWorker();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_RESOURCE_LIMITS_H_
