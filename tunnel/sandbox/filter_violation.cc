// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/filter_violation.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

// A signal handler has no other way to its caller's wish.
ViolationReport violation_report = nullptr;

extern "C" void OnSigsys(int /*signal*/, siginfo_t* info, void* /*context*/) {
  violation_report(info->si_syscall);
  _exit(kViolationExitCode);
}

}  // namespace

absl::Status ReportViolations(ViolationReport report) {
  violation_report = report;
  struct sigaction action = {};
  action.sa_sigaction = OnSigsys;
  action.sa_flags = SA_SIGINFO;
  if (sigaction(SIGSYS, &action, nullptr) != 0) {
    return absl::ErrnoToStatus(errno, "sigaction");
  }
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGSYS);
  return sigprocmask(SIG_UNBLOCK, &set, nullptr) == 0
             ? absl::OkStatus()
             : absl::ErrnoToStatus(errno, "sigprocmask");
}

std::string SystemCallName(int system_call) {
  char* const name =
      seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, system_call);
  if (name == nullptr) {
    return absl::StrCat(system_call);
  }
  std::string text(name);
  free(name);
  return text;
}

}  // namespace ovoc::tunnel
