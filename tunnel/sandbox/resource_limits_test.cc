// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/resource_limits.h"

#include <sys/resource.h>
#include <unistd.h>

#include "gtest/gtest.h"
#include "tunnel/sandbox/testing/in_process.h"

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

}  // namespace
}  // namespace ovoc::tunnel
