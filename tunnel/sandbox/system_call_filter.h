// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_SYSTEM_CALL_FILTER_H_
#define OVOC_TUNNEL_SANDBOX_SYSTEM_CALL_FILTER_H_

#include "absl/status/status.h"
#include "tunnel/sandbox/allowed_calls.h"

namespace ovoc::tunnel {

// LoadSystemCallFilter allows this process only the calls of AllowedCalls(who),
// for good. Any other call raises SIGSYS (see ReportViolations). A call by the
// numbers of another architecture kills the process. no_new_privs must be set.
// The error is Unavailable if the kernel has no seccomp filters.
absl::Status LoadSystemCallFilter(Confined who);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_SYSTEM_CALL_FILTER_H_
