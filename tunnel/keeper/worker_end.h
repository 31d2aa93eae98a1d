// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_END_H_
#define OVOC_TUNNEL_KEEPER_WORKER_END_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "tunnel/exit_code.h"

namespace ovoc::tunnel {

// kUnknownEnd takes the place of the wait status of a worker that is gone and
// whose status somebody else has taken (ECHILD). It is the status of no end.
inline constexpr int kUnknownEnd = -1;

// EndedWith: whether a wait status (waitpid(2)) is that of an exit with `code`.
bool EndedWith(int wait_status, ExitCode code);

// EndedByForeignFilter: killed by a system-call filter of whoever started the
// client; our own ends a worker with kViolationExitCode.
bool EndedByForeignFilter(int wait_status);

// CodeOfUnableWorker is what a worker ends with that could not take a step
// before it was confined: kSandbox, for no other would do better; kInternal
// when the machine is short of memory or descriptors, or the step was
// interrupted, which may pass.
ExitCode CodeOfUnableWorker(const absl::Status& why);

// DescribeWorkerEnd says how a worker ended, for the log and the status, by its
// wait status and, when its system-call filter stopped it, the number of the
// call by its own account.
std::string DescribeWorkerEnd(int wait_status, std::optional<int> violation);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_WORKER_END_H_
