// SPDX-License-Identifier: Apache-2.0
//
// Under which user the keeper and the worker run.

#ifndef OVOC_TUNNEL_SANDBOX_IDENTITY_H_
#define OVOC_TUNNEL_SANDBOX_IDENTITY_H_

#include "absl/status/status.h"
#include "tunnel/sandbox/worker_id.h"

namespace ovoc::tunnel {

// ReserveWorkerId makes `id` the real user and group of this process, the
// keeper, whose effective ones stay, and leaves it no supplementary group. It
// can then, without any capability and however often, end processes of that
// user (kill(2): equal real IDs) and have children that become `id` for good
// (setresuid(2): to the real ID). Nothing is done when the process runs as `id`
// already. PermissionDenied without CAP_SETUID and CAP_SETGID; InvalidArgument
// when the user namespace does not know `id`.
absl::Status ReserveWorkerId(const WorkerId& id);

// BecomeWorker makes `id` the only user and group of this process. There is no
// way back.
absl::Status BecomeWorker(const WorkerId& id);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_IDENTITY_H_
