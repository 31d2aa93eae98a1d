// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/empty_root.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <seccomp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/capabilities.h"
#include "tunnel/sandbox/testing/in_process.h"
#include "tunnel/sandbox/testing/refused_call.h"

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

// The folders of EnterEmptyRoot that are there.
size_t CountFolders() {
  glob_t found = {};
  for (const char* const pattern :
       {"/run/ovoc-tunnel.*", "/tmp/ovoc-tunnel.*", "/dev/shm/ovoc-tunnel.*"}) {
    glob(pattern, found.gl_pathc == 0 ? 0 : GLOB_APPEND, nullptr, &found);
  }
  const size_t count = found.gl_pathc;
  globfree(&found);
  return count;
}

TEST(EmptyRootTest, SaysWhereItNeedsAFolder) {
  EXPECT_TRUE(HoldsInProcess([] {
    const bool read_only = ForbidNewPrivileges().ok() &&
                           RefuseCall(SCMP_SYS(mkdir), EROFS) &&
                           RefuseCall(SCMP_SYS(mkdirat), EROFS);
    return read_only &&
           EnterEmptyRoot() ==
               absl::UnavailableError(
                   "cannot make an empty folder in /run, /tmp or /dev/shm for "
                   "chroot; make one of them writable");
  }));
}

TEST(EmptyRootTest, LeavesNoFolderBehindWhenItCannotEnterIt) {
  const size_t before = CountFolders();
  EXPECT_TRUE(HoldsInProcess([] {
    const bool refused =
        ForbidNewPrivileges().ok() && RefuseCall(SCMP_SYS(chroot), EIO);
    return refused && EnterEmptyRoot().message() ==
                          "cannot chroot into an empty folder: Input/output "
                          "error";
  }));
  // Those of programs that run meanwhile are gone in an instant.
  bool gone = false;
  for (int tries = 0; tries < 200 && !gone; ++tries) {
    gone = CountFolders() <= before;
    usleep(10000);
  }
  EXPECT_TRUE(gone);
}

}  // namespace
}  // namespace ovoc::tunnel
