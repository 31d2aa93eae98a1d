// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/capabilities.h"
#include "tunnel/sandbox/testing/in_process.h"
#include "tunnel/sandbox/testing/refused_call.h"

namespace ovoc::tunnel {
namespace {

constexpr WorkerId kId = kDefaultWorkerId;

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
      GTEST_SKIP() << "needs root, and a user " << kId.user;
    }
  }
};

TEST_F(IdentityTest, AChildBecomesTheWorkerWithoutACapabilityAndForGood) {
  EXPECT_TRUE(HoldsInProcess([] {
    return ReserveWorkerId(kId).ok() && geteuid() == 0 &&
           getgroups(0, nullptr) == 0 &&
           KeepCapabilities(KeptCapabilities::kNone).ok() && HoldsInProcess([] {
             return BecomeWorker(kId).ok() && AllAre(kId.user) &&
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

TEST_F(IdentityTest, UserAndGroupMayDiffer) {
  static constexpr WorkerId kOther = {998, 997};
  EXPECT_TRUE(HoldsInProcess([] {
    return ReserveWorkerId(kOther).ok() && HoldsInProcess([] {
             return BecomeWorker(kOther).ok() && getuid() == 998 &&
                    geteuid() == 998 && getgid() == 997 && getegid() == 997;
           });
  }));
}

// Writes a map of the child's user namespace (user_namespaces(7)).
bool WriteMap(const char* name, pid_t child) {
  const std::string path = absl::StrCat("/proc/", child, "/", name);
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  constexpr absl::string_view kMap = "0 0 65536\n";
  const bool written =
      write(fd, kMap.data(), kMap.size()) == static_cast<ssize_t>(kMap.size());
  close(fd);
  return written;
}

// As in a container: 169254, the default of earlier versions, is not there.
TEST_F(IdentityTest, TheDefaultExistsInAUserNamespaceOf65536Ids) {
  std::array<int, 2> unshared = {};
  std::array<int, 2> mapped = {};
  ASSERT_EQ(pipe2(unshared.data(), O_CLOEXEC), 0);
  ASSERT_EQ(pipe2(mapped.data(), O_CLOEXEC), 0);
  const pid_t child = fork();
  if (child == 0) {
    char byte = 'x';
    if (unshare(CLONE_NEWUSER) != 0 || write(unshared[1], &byte, 1) != 1 ||
        read(mapped[0], &byte, 1) != 1) {
      _exit(2);
    }
    const bool refused = !ReserveWorkerId({169254, 169254}).ok();
    const bool reserved = ReserveWorkerId(kDefaultWorkerId).ok();
    _exit(refused && reserved && BecomeWorker(kDefaultWorkerId).ok() &&
                  AllAre(kDefaultWorkerId.user)
              ? 0
              : 1);
  }
  close(unshared[1]);
  char byte = 0;
  const bool has_namespace = read(unshared[0], &byte, 1) == 1;
  const bool has_maps =
      has_namespace && WriteMap("uid_map", child) && WriteMap("gid_map", child);
  (void)!write(mapped[1], "x", 1);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  if (!has_maps) {
    GTEST_SKIP() << "no user namespace can be had here";
  }
  EXPECT_EQ(status, 0);
}

// What is said when the kernel refuses each of the calls.
TEST_F(IdentityTest, ErrorsNameTheCallTheUserAndWhatToDo) {
  struct Case {
    int call;
    int error;
    absl::string_view message;
  };
  const Case kCases[] = {
      {SCMP_SYS(setresgid), EPERM,
       "setresgid for the worker's user 65526: Operation not permitted (this "
       "needs CAP_SETUID and CAP_SETGID); start the client as root, or give "
       "--worker_uid the user that the client runs as"},
      {SCMP_SYS(setresuid), EINVAL,
       "setresuid for the worker's user 65526: Invalid argument (this user "
       "namespace does not have it); choose another user with --worker_uid"},
      {SCMP_SYS(setresuid), EAGAIN,
       "setresuid for the worker's user 65526: Resource temporarily "
       "unavailable"},
  };
  for (const Case& c : kCases) {
    for (absl::Status (*const act)(const WorkerId&) :
         {ReserveWorkerId, BecomeWorker}) {
      EXPECT_TRUE(HoldsInProcess([&c, act] {
        return ForbidNewPrivileges().ok() && RefuseCall(c.call, c.error) &&
               act(kId).message() == c.message;
      })) << c.message;
    }
  }
}

TEST_F(IdentityTest, GroupsThatCannotBeDroppedAreAnErrorIfThereAreAny) {
  for (const size_t groups : {size_t{0}, size_t{1}}) {
    EXPECT_TRUE(HoldsInProcess([groups] {
      const gid_t group = 7;
      if (setgroups(groups, &group) != 0 || !ForbidNewPrivileges().ok() ||
          !RefuseCall(SCMP_SYS(setgroups), EPERM)) {
        return false;
      }
      const absl::Status reserved = ReserveWorkerId(kId);
      return groups == 0 ? reserved.ok()
                         : absl::StrContains(reserved.message(), "setgroups");
    })) << groups;
  }
}

TEST(OwnIdentityTest, OnesOwnUserNeedsNoPrivilege) {
  EXPECT_TRUE(HoldsInProcess([] {
    return KeepCapabilities(KeptCapabilities::kNone).ok() &&
           ReserveWorkerId({geteuid(), getegid()}).ok();
  }));
}

}  // namespace
}  // namespace ovoc::tunnel
