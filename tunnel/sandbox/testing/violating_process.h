// SPDX-License-Identifier: Apache-2.0
//
// A process that its system-call filter may stop.

#ifndef OVOC_TUNNEL_SANDBOX_TESTING_VIOLATING_PROCESS_H_
#define OVOC_TUNNEL_SANDBOX_TESTING_VIOLATING_PROCESS_H_

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "absl/functional/function_ref.h"
#include "tunnel/sandbox/filter_violation.h"

namespace ovoc::tunnel {

// What became of it.
struct Violation {
  int wait_status = 0;   // of waitpid(2)
  int system_call = -1;  // the call that was reported; -1: none was

  // It came to its end without a violation.
  bool none() const { return wait_status == 0 && system_call < 0; }
  // It ended as ReportViolations says.
  bool stopped() const {
    return system_call >= 0 && WIFEXITED(wait_status) &&
           WEXITSTATUS(wait_status) == kViolationExitCode;
  }
  // The kernel ended it by `signal`, and it reported nothing.
  bool killed_by(int signal) const {
    return system_call < 0 && WIFSIGNALED(wait_status) &&
           WTERMSIG(wait_status) == signal;
  }
};

// A pipe, to whose end `report` writes, is the only way out of the handler.
inline int violation_pipe_end = -1;

inline void WriteViolation(int system_call) {
  (void)!write(violation_pipe_end, &system_call, sizeof(system_call));
}

// Runs `prepare` and `action` in a process of its own, whose exit code is 0 if
// it comes to the end, and 1 if `prepare` is false. `prepare` hands
// WriteViolation to ReportViolations.
inline Violation InViolatingProcess(absl::FunctionRef<bool()> prepare,
                                    absl::FunctionRef<void()> action) {
  std::array<int, 2> ends = {-1, -1};
  Violation outcome;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return outcome;
  }
  const pid_t child = fork();
  if (child == 0) {
    violation_pipe_end = ends[1];
    if (!prepare()) {
      _exit(1);
    }
    action();
    _exit(0);
  }
  close(ends[1]);
  int system_call = 0;
  if (read(ends[0], &system_call, sizeof(system_call)) ==
      static_cast<ssize_t>(sizeof(system_call))) {
    outcome.system_call = system_call;
  }
  close(ends[0]);
  waitpid(child, &outcome.wait_status, 0);
  return outcome;
}

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_TESTING_VIOLATING_PROCESS_H_
