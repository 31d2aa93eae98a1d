// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/decisions/fork_failure.h"

#include <errno.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {

absl::Status ForkFailure(int error, uint64_t most_processes) {
  if (error == ENOMEM) {
    return absl::ResourceExhaustedError(
        "fork: the system or the control group has no memory left for the "
        "worker; raise MemoryMax= or free memory");
  }
  if (error != EAGAIN) {
    return absl::ErrnoToStatus(error, "fork");
  }
  if (most_processes < kLeastProcesses) {
    return absl::FailedPreconditionError(absl::StrCat(
        "fork: RLIMIT_NPROC is ", most_processes, ", but at least ",
        kLeastProcesses, " are needed; raise LimitNPROC= or `ulimit -Hu`"));
  }
  if (most_processes != kAnyProcesses) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "fork: no more processes can be started (RLIMIT_NPROC is ",
        most_processes,
        " for all processes of this user); raise LimitNPROC= or `ulimit -Hu`, "
        "or the control group's TasksMax="));
  }
  return absl::ResourceExhaustedError(
      "fork: no more processes can be started; raise the control group's "
      "TasksMax=, or end some");
}

}  // namespace ovoc::tunnel
