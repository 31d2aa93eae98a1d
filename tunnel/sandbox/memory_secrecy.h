// SPDX-License-Identifier: Apache-2.0
//
// Keeps secrets that are in memory, above all keys, from leaving it.

#ifndef OVOC_TUNNEL_SANDBOX_MEMORY_SECRECY_H_
#define OVOC_TUNNEL_SANDBOX_MEMORY_SECRECY_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// HideMemory makes the process not dumpable (prctl(2), PR_SET_DUMPABLE). There
// is no core file, and processes of the same user cannot read its memory or
// attach a debugger. A change of the user or of capabilities does not undo
// this.
absl::Status HideMemory();

// LockedMemory says how much of the memory stays out of swap (mlockall(2)).
enum class LockedMemory {
  kAll,      // now and later; needs RLIMIT_MEMLOCK of kMaxLockedBytes
  kPresent,  // what is mapped by now, including keys that were read
  kNone,     // RLIMIT_MEMLOCK is too low even for that
};

// "all", "present", "none"
absl::string_view Word(LockedMemory locked);

// LockMemory locks what the limits allow. Pages are locked when they are first
// touched, so untouched pages cost nothing. It never sets a limit that a later
// allocation could reach. Children do not inherit the lock. An error is a bug
// of ours.
absl::StatusOr<LockedMemory> LockMemory();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_MEMORY_SECRECY_H_
