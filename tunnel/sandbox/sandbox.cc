// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/sandbox.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "tunnel/sandbox/capabilities.h"
#include "tunnel/sandbox/empty_root.h"
#include "tunnel/sandbox/identity.h"
#include "tunnel/sandbox/landlock.h"
#include "tunnel/sandbox/memory_secrecy.h"
#include "tunnel/sandbox/resource_limits.h"
#include "tunnel/sandbox/system_call_filter.h"

namespace ovoc::tunnel {
namespace {

// Runs the steps in order, each only when all before it succeeded.
absl::Status InOrder(std::initializer_list<absl::Status (*)()> steps) {
  for (absl::Status (*step)() : steps) {
    const absl::Status status = step();
    if (!status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status Lock(SandboxReport* report) {
  const absl::StatusOr<LockedMemory> locked = LockMemory();
  report->locked = locked.value_or(LockedMemory::kNone);
  return locked.status();
}

// The C library reads /etc/localtime at its first gmtime(3), which BoringSSL
// calls: now, while it can.
absl::Status ReadTimeZone() {
  tzset();
  return absl::OkStatus();
}

// A keeper that is gone, even before this call, takes its worker with it.
absl::Status EndWith(pid_t keeper) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
    return absl::ErrnoToStatus(errno, "PR_SET_PDEATHSIG");
  }
  return getppid() == keeper ? absl::OkStatus()
                             : absl::AbortedError("the keeper is gone");
}

absl::Status KeepNothing() { return KeepCapabilities(KeptCapabilities::kNone); }

absl::Status KeepNetAdmin() {
  return KeepCapabilities(KeptCapabilities::kNetAdmin);
}

// Landlock and the filter: the last steps, which forbid all others.
absl::Status CloseOff(Confined who, absl::Span<const uint16_t> tcp_ports,
                      ViolationReport violation, SandboxReport* report) {
  const absl::StatusOr<int> abi = RestrictByLandlock(tcp_ports);
  if (!abi.ok()) {
    return abi.status();
  }
  report->landlock_abi = *abi;
  const absl::Status reporting = ReportViolations(violation);
  return reporting.ok() ? LoadSystemCallFilter(who) : reporting;
}

}  // namespace

absl::StatusOr<SandboxReport> ConfineKeeper(const WorkerId& worker,
                                            ViolationReport report) {
  absl::Status status = InOrder({ReadTimeZone, LimitKeeper, EnterEmptyRoot});
  SandboxReport result;
  if (status.ok()) {
    status = Lock(&result);
  }
  if (status.ok()) {
    status = ReserveWorkerId(worker);
  }
  if (status.ok()) {
    status = InOrder({KeepNetAdmin, ForbidNewPrivileges, HideMemory});
  }
  if (status.ok()) {
    status = ReportViolations(report);
  }
  if (status.ok()) {
    status = LoadSystemCallFilter(Confined::kKeeper);
  }
  if (!status.ok()) {
    return status;
  }
  return result;
}

absl::StatusOr<SandboxReport> ConfineWorker(const WorkerConfinement& options) {
  SandboxReport result;
  absl::Status status = Lock(&result);
  if (status.ok()) {
    status = InOrder({LeaveFiles, LimitWorker});
  }
  if (status.ok()) {
    status = BecomeWorker(options.id);
  }
  if (status.ok()) {  // a change of user has undone the last two
    status = InOrder({KeepNothing, HideMemory});
  }
  if (status.ok()) {
    status = EndWith(options.keeper);
  }
  if (status.ok()) {
    status = CloseOff(Confined::kWorker, {}, options.report, &result);
  }
  if (!status.ok()) {
    return status;
  }
  return result;
}

absl::Status TakeFileRightsOfKeeper(const WorkerId& worker) {
  ReserveWorkerId(worker).IgnoreError();
  return ForgoFileAccess();
}

absl::StatusOr<SandboxReport> ConfineAlone(const LoneConfinement& options) {
  SandboxReport result;
  absl::Status status = InOrder({ReadTimeZone, LimitKeeper});
  if (status.ok()) {
    status = Lock(&result);
  }
  // Without the privilege for them, Landlock and the filter do the same.
  EnterEmptyRoot().IgnoreError();
  LeaveFiles().IgnoreError();
  if (status.ok()) {
    status = LimitWorker();
  }
  if (status.ok() && ReserveWorkerId(options.id).ok()) {
    status = BecomeWorker(options.id);
  }
  if (status.ok()) {
    status = InOrder({KeepNothing, ForbidNewPrivileges, HideMemory});
  }
  if (status.ok()) {
    status =
        CloseOff(Confined::kAlone, options.tcp_ports, options.report, &result);
  }
  if (!status.ok()) {
    return status;
  }
  return result;
}

}  // namespace ovoc::tunnel
