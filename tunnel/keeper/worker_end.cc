// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_end.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "absl/strings/str_cat.h"
#include "tunnel/sandbox/filter_violation.h"

namespace ovoc::tunnel {

bool EndedWith(int wait_status, ExitCode code) {
  return WIFEXITED(wait_status) &&
         WEXITSTATUS(wait_status) == static_cast<int>(code);
}

bool EndedByForeignFilter(int wait_status) {
  return WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGSYS;
}

ExitCode CodeOfUnableWorker(const absl::Status& why) {
  return absl::IsResourceExhausted(why) || absl::IsUnavailable(why)
             ? ExitCode::kInternal
             : ExitCode::kSandbox;
}

std::string DescribeWorkerEnd(int wait_status, std::optional<int> violation) {
  if (wait_status == kUnknownEnd) {
    return "gone; how it ended is unknown";
  }
  if (WIFSIGNALED(wait_status)) {
    return absl::StrCat("signal ", WTERMSIG(wait_status), " (",
                        strsignal(WTERMSIG(wait_status)), ")");
  }
  if (WEXITSTATUS(wait_status) == kViolationExitCode) {
    return absl::StrCat(
        "killed by the system-call filter at ",
        violation.has_value() ? SystemCallName(*violation) : "a call");
  }
  return absl::StrCat("exit code ", WEXITSTATUS(wait_status));
}

}  // namespace ovoc::tunnel
