// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_EMPTY_ROOT_H_
#define OVOC_TUNNEL_SANDBOX_EMPTY_ROOT_H_

#include "absl/status/status.h"

namespace ovoc::tunnel {

// EnterEmptyRoot makes a deleted folder the root of this process. No absolute
// path names anything then, and nothing can be created in it. The working
// folder stays at the machine's root, so this process, the keeper, still
// reaches files by paths without a leading slash (see FileRoot). The error is
// PermissionDenied without CAP_SYS_CHROOT, and Unavailable if no folder can be
// made in /run, /tmp or /dev/shm.
absl::Status EnterEmptyRoot();

// LeaveFiles moves the working folder into the empty root as well. Without
// CAP_SYS_CHROOT the process then reaches no file by any path. The worker,
// which has the root of the keeper, calls it.
absl::Status LeaveFiles();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_EMPTY_ROOT_H_
