// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_FILTER_VIOLATION_H_
#define OVOC_TUNNEL_SANDBOX_FILTER_VIOLATION_H_

#include <string>

#include "absl/status/status.h"

namespace ovoc::tunnel {

// kViolationExitCode ends a process that its system-call filter stopped; 128
// and the number of SIGSYS, as shells show it.
inline constexpr int kViolationExitCode = 128 + 31;

// Told the number of the system call that was refused. Called from a signal
// handler: only what signal-safety(7) allows.
using ViolationReport = void (*)(int system_call);

// ReportViolations makes SIGSYS, the kernel's answer to a system call outside
// the filter (SECCOMP_RET_TRAP), call `report` and end the process with
// kViolationExitCode. The call itself was not carried out. When the signal is
// blocked or its handling changed, the kernel kills the process instead.
absl::Status ReportViolations(ViolationReport report);

// The call's name on this machine, for example "openat"; its number when it
// has none.
std::string SystemCallName(int system_call);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_FILTER_VIOLATION_H_
