// SPDX-License-Identifier: Apache-2.0
//
// What keeper and worker give up, in the right order. SANDBOXING.md is the
// table of what is left.

#ifndef OVOC_TUNNEL_SANDBOX_SANDBOX_H_
#define OVOC_TUNNEL_SANDBOX_SANDBOX_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tunnel/sandbox/filter_violation.h"
#include "tunnel/sandbox/memory_secrecy.h"
#include "tunnel/sandbox/worker_id.h"

namespace ovoc::tunnel {

// SandboxReport is what the kernel gave.
struct SandboxReport {
  int landlock_abi = 0;  // 0: the kernel has no Landlock
  LockedMemory locked = LockedMemory::kNone;
};

// ConfineKeeper: empty root, the worker's user reserved, CAP_NET_ADMIN alone,
// its own system-call filter. Before any file is read; the working folder is
// the machine's root afterwards (FileRoot::WorkingFolder). The error names the
// call that failed and what it needs.
absl::StatusOr<SandboxReport> ConfineKeeper(const WorkerId& worker,
                                            ViolationReport report);

// A worker's end of the channel to its keeper; it can receive descriptors by no
// other.
inline constexpr int kChannelDescriptor = 3;

struct WorkerConfinement {
  WorkerId id;   // as given to ConfineKeeper
  pid_t keeper;  // the worker ends with it
  ViolationReport report;
};

// ConfineWorker is for a child of a confined keeper, before it reads a byte
// from the network: no file, no capability, no way to make or connect a socket,
// the worker's user, its limits, its system-call filter; it ends with its
// parent.
absl::StatusOr<SandboxReport> ConfineWorker(const WorkerConfinement& options);

struct LoneConfinement {
  WorkerId id;                      // taken if it may be
  std::vector<uint16_t> tcp_ports;  // that it may connect to
  ViolationReport report;
};

// TakeFileRightsOfKeeper leaves this process the rights to files that a
// confined keeper has: no groups of root's, no capability that opens what modes
// do not allow. For `client --check`, before it reads what a run would read.
// Where this process has less than a keeper, it stays so.
absl::Status TakeFileRightsOfKeeper(const WorkerId& worker);

// ConfineAlone makes this process, which has no keeper, a worker: of what
// ConfineWorker does, all that the process may, but that it makes its sockets
// itself. For `client --check`.
absl::StatusOr<SandboxReport> ConfineAlone(const LoneConfinement& options);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_SANDBOX_H_
