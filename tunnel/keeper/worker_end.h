// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_END_H_
#define OVOC_TUNNEL_KEEPER_WORKER_END_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "tunnel/command_line/exit_code.h"

namespace ovoc::tunnel {

// kUnknownEnd is used if a worker has ended and another part of the process has
// taken its wait status (ECHILD). No wait status has this value.
inline constexpr int kUnknownEnd = -1;

// EndedWith returns whether a wait status (waitpid(2)) means an exit with
// `code`.
bool EndedWith(int wait_status, ExitCode code);

// EndedByForeignFilter returns whether the worker was killed by a system-call
// filter that was in force before the client started. Our own filter ends a
// worker with kViolationExitCode.
bool EndedByForeignFilter(int wait_status);

// CodeOfUnableWorker is the exit code of a worker that could not do something
// before it was confined. It is kSandbox if another worker would fail in the
// same way, and kInternal if the cause may pass: the machine is short of memory
// or descriptors, or the step was interrupted.
ExitCode CodeOfUnableWorker(const absl::Status& why);

// DescribeWorkerEnd says how a worker ended, for the log and the status. If its
// system-call filter stopped it, `violation` is the number of the call as the
// worker has reported it.
std::string DescribeWorkerEnd(int wait_status, std::optional<int> violation);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_WORKER_END_H_
