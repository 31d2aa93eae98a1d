// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/identity.h"

#include <grp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/capabilities.h"
#include "tunnel/sandbox/testing/in_process.h"

namespace ovoc::tunnel {
namespace {

constexpr uid_t kId = kDefaultWorkerId;

bool AllAre(uid_t id) {
  uid_t real = 0;
  uid_t effective = 0;
  uid_t saved = 0;
  gid_t real_group = 0;
  gid_t effective_group = 0;
  gid_t saved_group = 0;
  return getresuid(&real, &effective, &saved) == 0 &&
         getresgid(&real_group, &effective_group, &saved_group) == 0 &&
         real == id && effective == id && saved == id && real_group == id &&
         effective_group == id && saved_group == id;
}

class IdentityTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0 ||
        !HoldsInProcess([] { return ReserveWorkerId(kId).ok(); })) {
      GTEST_SKIP() << "needs root, and a user " << kId;
    }
  }
};

TEST_F(IdentityTest, AChildBecomesTheWorkerWithoutACapabilityAndForGood) {
  EXPECT_TRUE(HoldsInProcess([] {
    return ReserveWorkerId(kId).ok() && geteuid() == 0 &&
           getgroups(0, nullptr) == 0 &&
           KeepCapabilities(KeptCapabilities::kNone).ok() && HoldsInProcess([] {
             return BecomeWorker(kId).ok() && AllAre(kId) &&
                    setresuid(0, 0, 0) != 0 && setresgid(0, 0, 0) != 0;
           });
  }));
}

TEST_F(IdentityTest, TheKeeperEndsAWorkerWithoutACapability) {
  EXPECT_TRUE(HoldsInProcess([] {
    if (!ReserveWorkerId(kId).ok() ||
        !KeepCapabilities(KeptCapabilities::kNone).ok()) {
      return false;
    }
    const pid_t worker = fork();
    if (worker == 0) {
      BecomeWorker(kId).IgnoreError();
      pause();
    }
    int status = 0;
    return kill(worker, SIGKILL) == 0 &&
           waitpid(worker, &status, 0) == worker && WIFSIGNALED(status);
  }));
}

TEST_F(IdentityTest, WithoutThePrivilegeTheErrorNamesIt) {
  EXPECT_TRUE(HoldsInProcess([] {
    const bool dropped = KeepCapabilities(KeptCapabilities::kNone).ok();
    const absl::Status refused = ReserveWorkerId(kId);
    return dropped && absl::IsPermissionDenied(refused) &&
           absl::StrContains(refused.message(), "CAP_SETUID") &&
           absl::StrContains(refused.message(), "--worker_uid");
  }));
}

TEST(OwnIdentityTest, OnesOwnUserNeedsNoPrivilege) {
  EXPECT_TRUE(HoldsInProcess([] {
    return KeepCapabilities(KeptCapabilities::kNone).ok() &&
           ReserveWorkerId(geteuid()).ok();
  }));
}

}  // namespace
}  // namespace ovoc::tunnel
