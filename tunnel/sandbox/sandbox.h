// SPDX-License-Identifier: Apache-2.0
//
// Makes the keeper and the worker give up what they do not need, in the right
// order. SANDBOXING.md has the table of what is left.

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

// SandboxReport says what the kernel provided.
struct SandboxReport {
  int landlock_abi = 0;  // 0: the kernel has no Landlock
  LockedMemory locked = LockedMemory::kNone;
};

// ConfineKeeper gives the keeper an empty root, reserves the worker's user,
// keeps only CAP_NET_ADMIN, and loads the keeper's system-call filter. Call it
// before any file is read. Afterwards the working folder is the machine's root
// (FileRoot::WorkingFolder). The error names the call that failed and what it
// needs.
absl::StatusOr<SandboxReport> ConfineKeeper(const WorkerId& worker,
                                            ViolationReport report);

// The worker's end of the channel to its keeper. The worker can receive
// descriptors through this one only.
inline constexpr int kChannelDescriptor = 3;

struct WorkerConfinement {
  WorkerId id;   // as given to ConfineKeeper
  pid_t keeper;  // the worker ends with it
  ViolationReport report;
};

// ConfineWorker is called in a child of a confined keeper, before it reads a
// byte from the network. It leaves the worker no file, no capability and no way
// to make or connect a socket. It sets the worker's user, its limits and its
// system-call filter. The worker ends with its parent.
absl::StatusOr<SandboxReport> ConfineWorker(const WorkerConfinement& options);

struct LoneConfinement {
  WorkerId id;                      // taken if it may be
  std::vector<uint16_t> tcp_ports;  // that it may connect to
  ViolationReport report;
};

// TakeFileRightsOfKeeper leaves this process only the rights to files that a
// confined keeper has. It drops root's groups, and the capabilities that open
// files against their mode. `client --check` calls it before it reads what a
// run would read. A process that has fewer rights than a keeper keeps those.
absl::Status TakeFileRightsOfKeeper(const WorkerId& worker);

// ConfineAlone makes this process a worker without a keeper, for `client
// --check`. It does everything that ConfineWorker does and that the process may
// do, except that the process makes its sockets itself.
absl::StatusOr<SandboxReport> ConfineAlone(const LoneConfinement& options);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_SANDBOX_H_
