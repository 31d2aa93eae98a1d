// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_FILTER_VIOLATION_H_
#define OVOC_TUNNEL_SANDBOX_FILTER_VIOLATION_H_

#include <string>

#include "absl/status/status.h"

namespace ovoc::tunnel {

// A process that its system-call filter stopped ends with this exit code. It is
// 128 plus the number of SIGSYS, as shells show it.
inline constexpr int kViolationExitCode = 128 + 31;

// It gets the number of the system call that was refused. It is called from a
// signal handler, so it may only do what signal-safety(7) allows.
using ViolationReport = void (*)(int system_call);

// ReportViolations handles SIGSYS, which the kernel sends when the filter
// refuses a system call (SECCOMP_RET_TRAP). The handler calls `report` and ends
// the process with kViolationExitCode. The system call is not carried out. If
// the signal is blocked or has another handler, the kernel kills the process.
absl::Status ReportViolations(ViolationReport report);

// SystemCallName returns the name of the call on this machine, such as
// "openat", or its number if it has no name.
std::string SystemCallName(int system_call);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_FILTER_VIOLATION_H_
