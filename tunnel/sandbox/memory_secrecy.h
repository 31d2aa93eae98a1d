// SPDX-License-Identifier: Apache-2.0
//
// Keeps what is in memory, keys above all, in memory.

#ifndef OVOC_TUNNEL_SANDBOX_MEMORY_SECRECY_H_
#define OVOC_TUNNEL_SANDBOX_MEMORY_SECRECY_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// HideMemory makes the process not dumpable: no core file, and no process of
// the same user reads its memory or attaches a debugger (prctl(2),
// PR_SET_DUMPABLE). A change of user or capabilities undoes nothing of it.
absl::Status HideMemory();

// LockedMemory is how much of it stays out of swap (mlockall(2)).
enum class LockedMemory {
  kAll,      // now and later; needs RLIMIT_MEMLOCK of kMaxLockedBytes
  kPresent,  // what is mapped by now, keys that were read among it
  kNone,     // RLIMIT_MEMLOCK is too low even for that
};

// "all", "present", "none"
absl::string_view Word(LockedMemory locked);

// LockMemory locks what the limits allow, on fault: pages that are never
// touched cost nothing. A limit that a later allocation could meet is never
// set. Children do not inherit it. The error is a bug of ours.
absl::StatusOr<LockedMemory> LockMemory();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_MEMORY_SECRECY_H_
