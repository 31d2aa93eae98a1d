// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/resource_limits.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/resource.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/capabilities.h"
#include "tunnel/sandbox/testing/in_process.h"
#include "tunnel/sandbox/testing/refused_call.h"

namespace ovoc::tunnel {
namespace {

rlim_t Hard(__rlimit_resource resource) {
  rlimit limit = {};
  getrlimit(resource, &limit);
  return limit.rlim_max;
}

TEST(ResourceLimitsTest, AWorkerHasItsLimits) {
  EXPECT_TRUE(HoldsInProcess([] {
    return LimitWorker().ok() && Hard(RLIMIT_CORE) == 0 &&
           Hard(RLIMIT_NPROC) == 0 && Hard(RLIMIT_MSGQUEUE) == 0 &&
           Hard(RLIMIT_NOFILE) == kMaxDescriptors;
  }));
}

TEST(ResourceLimitsTest, ALowerLimitStays) {
  EXPECT_TRUE(HoldsInProcess([] {
    const rlimit few = {20, 20};
    return setrlimit(RLIMIT_NOFILE, &few) == 0 && LimitWorker().ok() &&
           Hard(RLIMIT_NOFILE) == 20;
  }));
}

TEST(ResourceLimitsTest, AKeeperLeavesNoCore) {
  EXPECT_TRUE(HoldsInProcess(
      [] { return LimitKeeper().ok() && Hard(RLIMIT_CORE) == 0; }));
}

TEST(ResourceLimitsTest, AWorkersMemoryHasItsLimitInBothWays) {
  EXPECT_TRUE(HoldsInProcess([] {
    rlimit data = {};
    return LimitWorker().ok() && getrlimit(RLIMIT_DATA, &data) == 0 &&
           data.rlim_cur == kMaxDataBytes && data.rlim_max == kMaxDataBytes;
  }));
}

bool SetLockLimit(rlim_t bytes) {
  const rlimit limit = {bytes, bytes};
  return setrlimit(RLIMIT_MEMLOCK, &limit) == 0;
}

TEST(ResourceLimitsTest, AKeeperMakesRoomToLockItsMemoryIfItMay) {
  if (!HoldsInProcess(
          [] { return SetLockLimit(4096) && SetLockLimit(kMaxLockedBytes); })) {
    GTEST_SKIP() << "no limit can be raised here";
  }
  EXPECT_TRUE(HoldsInProcess([] {
    return SetLockLimit(4096) && LimitKeeper().ok() &&
           Hard(RLIMIT_MEMLOCK) == kMaxLockedBytes;
  }));
  EXPECT_TRUE(HoldsInProcess([] {
    return SetLockLimit(4096) &&
           KeepCapabilities(KeptCapabilities::kNone).ok() &&
           LimitKeeper().ok() && Hard(RLIMIT_MEMLOCK) == 4096;
  })) << "it goes on without";
}

// glibc's setrlimit and getrlimit are both prlimit64(2).
TEST(ResourceLimitsTest, ALimitThatCannotBeSetIsNamed) {
  for (absl::Status (*const limit)() : {LimitKeeper, LimitWorker}) {
    EXPECT_TRUE(HoldsInProcess([limit] {
      if (!ForbidNewPrivileges().ok() ||
          !RefuseCall(SCMP_SYS(prlimit64), EPERM) ||
          !RefuseCall(SCMP_SYS(setrlimit), EPERM)) {
        return false;
      }
      const absl::Status status = limit();
      return absl::IsPermissionDenied(status) &&
             absl::StrContains(status.message(), "setrlimit RLIMIT_CORE");
    }));
  }
}

}  // namespace
}  // namespace ovoc::tunnel
