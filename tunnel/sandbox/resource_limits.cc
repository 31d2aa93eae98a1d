// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/resource_limits.h"

#include <errno.h>
#include <sys/resource.h>

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

struct Limit {
  __rlimit_resource resource;
  const char* name;
  uint64_t value;
};

absl::Status Lower(const Limit& limit) {
  rlimit now = {};
  if (getrlimit(limit.resource, &now) == 0 && now.rlim_max <= limit.value) {
    return absl::OkStatus();  // lower already, by the service manager
  }
  const rlimit wanted = {limit.value, limit.value};
  return setrlimit(limit.resource, &wanted) == 0
             ? absl::OkStatus()
             : absl::ErrnoToStatus(errno,
                                   absl::StrCat("setrlimit ", limit.name));
}

}  // namespace

absl::Status LimitKeeper() {
  const rlimit locked = {kMaxLockedBytes, kMaxLockedBytes};
  // Without CAP_SYS_RESOURCE the limit stays; LockMemory tells.
  setrlimit(RLIMIT_MEMLOCK, &locked);
  return Lower({RLIMIT_CORE, "RLIMIT_CORE", 0});
}

absl::Status LimitWorker() {
  constexpr Limit kLimits[] = {
      {RLIMIT_CORE, "RLIMIT_CORE", 0},
      {RLIMIT_NPROC, "RLIMIT_NPROC", 0},
      {RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE", 0},
      {RLIMIT_NOFILE, "RLIMIT_NOFILE", kMaxDescriptors},
      {RLIMIT_DATA, "RLIMIT_DATA", kMaxDataBytes},
  };
  for (const Limit& limit : kLimits) {
    const absl::Status lowered = Lower(limit);
    if (!lowered.ok()) {
      return lowered;
    }
  }
  return absl::OkStatus();
}

}  // namespace ovoc::tunnel
