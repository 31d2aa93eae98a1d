// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/memory_secrecy.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "tunnel/sandbox/resource_limits.h"

namespace ovoc::tunnel {

absl::Status HideMemory() {
  return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0
             ? absl::OkStatus()
             : absl::ErrnoToStatus(errno, "PR_SET_DUMPABLE");
}

absl::string_view Word(LockedMemory locked) {
  switch (locked) {
    case LockedMemory::kAll:
      return "all";
    case LockedMemory::kPresent:
      return "present";
    case LockedMemory::kNone:
      return "none";
  }
  return "unknown";
}

absl::StatusOr<LockedMemory> LockMemory() {
  rlimit limit = {};
  const bool has_room = getrlimit(RLIMIT_MEMLOCK, &limit) == 0 &&
                        limit.rlim_cur >= kMaxLockedBytes;
  const int future = has_room ? MCL_FUTURE : 0;
  if (mlockall(MCL_CURRENT | MCL_ONFAULT | future) == 0) {
    return has_room ? LockedMemory::kAll : LockedMemory::kPresent;
  }
  if (errno == ENOMEM || errno == EPERM || errno == EAGAIN) {
    return LockedMemory::kNone;
  }
  return absl::ErrnoToStatus(errno, "mlockall");
}

}  // namespace ovoc::tunnel
