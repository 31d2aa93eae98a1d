// SPDX-License-Identifier: Apache-2.0
//
// The users of the keeper and the worker.

#ifndef OVOC_TUNNEL_SANDBOX_IDENTITY_H_
#define OVOC_TUNNEL_SANDBOX_IDENTITY_H_

#include "absl/status/status.h"
#include "tunnel/sandbox/worker_id.h"

namespace ovoc::tunnel {

// ReserveWorkerId makes `id` the real user and group of this process, the
// keeper, and drops its supplementary groups. The effective user and group
// stay. Then the keeper needs no capability to end processes of that user
// (kill(2): equal real IDs), nor do its children to become `id` for good
// (setresuid(2): to the real ID). If the process runs as `id` already, nothing
// is done. The error is PermissionDenied without CAP_SETUID and CAP_SETGID, and
// InvalidArgument if the user namespace does not have `id`.
absl::Status ReserveWorkerId(const WorkerId& id);

// BecomeWorker makes `id` the only user and group of this process. This cannot
// be undone.
absl::Status BecomeWorker(const WorkerId& id);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_IDENTITY_H_
