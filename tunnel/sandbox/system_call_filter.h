// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_SYSTEM_CALL_FILTER_H_
#define OVOC_TUNNEL_SANDBOX_SYSTEM_CALL_FILTER_H_

#include "absl/status/status.h"
#include "tunnel/sandbox/allowed_calls.h"

namespace ovoc::tunnel {

// LoadSystemCallFilter lets this process, for good, make the calls of
// AllowedCalls(who) only; any other raises SIGSYS (see ReportViolations).
// One of another architecture's table kills the process. no_new_privs must be
// set. Unavailable where the kernel has no seccomp filters.
absl::Status LoadSystemCallFilter(Confined who);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_SYSTEM_CALL_FILTER_H_
