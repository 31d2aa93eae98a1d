// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_EMPTY_ROOT_H_
#define OVOC_TUNNEL_SANDBOX_EMPTY_ROOT_H_

#include "absl/status/status.h"

namespace ovoc::tunnel {

// EnterEmptyRoot makes a folder that exists no more this process's root: no
// absolute path names anything, and nothing can be made in it. The working
// folder stays at the machine's root, so this process, the keeper, still
// reaches files by paths without a leading slash (see FileRoot).
// PermissionDenied without CAP_SYS_CHROOT; Unavailable when no folder can be
// made in /run, /tmp or /dev/shm.
absl::Status EnterEmptyRoot();

// LeaveFiles moves the working folder into the empty root as well: a process
// without CAP_SYS_CHROOT then reaches no file by any path. Called by the
// worker, whose root is the keeper's.
absl::Status LeaveFiles();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_EMPTY_ROOT_H_
