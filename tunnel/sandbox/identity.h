// SPDX-License-Identifier: Apache-2.0
//
// Under which user the keeper and the worker run.

#ifndef OVOC_TUNNEL_SANDBOX_IDENTITY_H_
#define OVOC_TUNNEL_SANDBOX_IDENTITY_H_

#include <sys/types.h>

#include "absl/status/status.h"

namespace ovoc::tunnel {

// kDefaultWorkerId is the worker's user and group unless told otherwise: a
// number that neither Debian (Policy 9.2.2) nor systemd (its UIDS-GIDS)
// gives to anybody. No entry in /etc/passwd is needed.
inline constexpr uid_t kDefaultWorkerId = 169254;

// ReserveWorkerId makes `id` the real user and group of this process, the
// keeper, whose effective ones stay, and leaves it no supplementary group. It
// can then, without any capability and however often, end processes of that
// user (kill(2): equal real IDs) and have children that become `id` for good
// (setresuid(2): to the real ID). Nothing is done when the process runs as `id`
// already. PermissionDenied without CAP_SETUID and CAP_SETGID; InvalidArgument
// when the user namespace does not know `id`.
absl::Status ReserveWorkerId(uid_t id);

// BecomeWorker makes `id` the only user and group of this process. There is no
// way back.
absl::Status BecomeWorker(uid_t id);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_IDENTITY_H_
