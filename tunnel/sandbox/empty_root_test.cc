// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/empty_root.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/capabilities.h"
#include "tunnel/sandbox/testing/in_process.h"

namespace ovoc::tunnel {
namespace {

bool IsThere(const char* path) { return access(path, F_OK) == 0; }

TEST(EmptyRootTest, HoldsNothingAndNothingCanBeMadeInIt) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  EXPECT_TRUE(HoldsInProcess([] {
    return EnterEmptyRoot().ok() && !IsThere("/etc") && !IsThere("/proc") &&
           mkdir("/a", 0700) != 0 && errno == ENOENT &&
           open("/a", O_CREAT | O_RDWR, 0600) < 0 && IsThere("etc/passwd") &&
           LeaveFiles().ok() && !IsThere("etc/passwd") &&
           !IsThere("../etc/passwd") && mkdir("a", 0700) != 0;
  }));
}

TEST(EmptyRootTest, WithoutThePrivilegeTheErrorNamesIt) {
  EXPECT_TRUE(HoldsInProcess([] {
    const bool dropped = KeepCapabilities(KeptCapabilities::kNone).ok();
    const absl::Status refused = EnterEmptyRoot();
    return dropped && !refused.ok() &&
           absl::StrContains(refused.message(), "CAP_SYS_CHROOT");
  }));
}

}  // namespace
}  // namespace ovoc::tunnel
