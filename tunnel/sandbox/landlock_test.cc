// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/landlock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gtest/gtest.h"
#include "netif/unique_fd.h"
#include "tunnel/sandbox/capabilities.h"
#include "tunnel/sandbox/testing/in_process.h"
#include "tunnel/sandbox/testing/refused_call.h"

namespace ovoc::tunnel {
namespace {

// The ABI after restriction to port 443, -1 when it failed.
int Restrict() {
  return ForbidNewPrivileges().ok() ? RestrictByLandlock({443}).value_or(-1)
                                    : -1;
}

// What a blocking connect to a port of this machine ends with.
int ConnectError(uint16_t port) {
  const netif::UniqueFd fd(socket(AF_INET, SOCK_STREAM, 0));
  const sockaddr_in there = {
      AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}, {}};
  return connect(fd.get(), reinterpret_cast<const sockaddr*>(&there),
                 sizeof(there)) == 0
             ? 0
             : errno;
}

class LandlockTest : public testing::Test {
 protected:
  void NeedAbi(int abi) {
    if (HoldsInProcess([abi] { return Restrict() < abi; })) {
      GTEST_SKIP() << "this kernel's Landlock is older than ABI " << abi;
    }
  }
};

TEST_F(LandlockTest, RefusesEveryFile) {
  NeedAbi(1);
  EXPECT_TRUE(HoldsInProcess([] {
    return open("/etc/passwd", O_RDONLY) >= 0 && Restrict() > 0 &&
           open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES &&
           open("/tmp", O_TMPFILE | O_RDWR, 0600) < 0;
  }));
}

TEST_F(LandlockTest, AllowsTheNamedTcpPortsOnly) {
  NeedAbi(4);
  EXPECT_TRUE(HoldsInProcess([] {
    return Restrict() > 0 && ConnectError(443) != EACCES &&
           ConnectError(444) == EACCES && ConnectError(53) == EACCES;
  }));
}

TEST_F(LandlockTest, RefusesToBind) {
  NeedAbi(4);
  EXPECT_TRUE(HoldsInProcess([] {
    const netif::UniqueFd fd(socket(AF_INET, SOCK_STREAM, 0));
    const sockaddr_in any = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {}};
    return Restrict() > 0 &&
           bind(fd.get(), reinterpret_cast<const sockaddr*>(&any),
                sizeof(any)) != 0 &&
           errno == EACCES;
  }));
}

TEST_F(LandlockTest, RefusesToSignalOthers) {
  NeedAbi(6);
  EXPECT_TRUE(HoldsInProcess([] {
    return kill(getppid(), 0) == 0 && Restrict() > 0 &&
           kill(getppid(), 0) != 0 && errno == EPERM;
  }));
}

// A container runtime that does not know the calls, an old kernel, one whose
// Landlock is switched off.
TEST(LandlockRefusedTest, IsNotAvailableThen) {
  for (const int error : {EPERM, ENOSYS, EOPNOTSUPP}) {
    for (const int call : {SCMP_SYS(landlock_create_ruleset),
                           SCMP_SYS(landlock_restrict_self)}) {
      EXPECT_TRUE(HoldsInProcess([call, error] {
        return ForbidNewPrivileges().ok() && RefuseCall(call, error) &&
               RestrictByLandlock({443}).value_or(-1) == 0;
      })) << error
          << " " << call;
    }
  }
}

TEST(LandlockRefusedTest, AnotherErrorIsOne) {
  EXPECT_TRUE(HoldsInProcess([] {
    return ForbidNewPrivileges().ok() &&
           RefuseCall(SCMP_SYS(landlock_create_ruleset), EIO) &&
           !RestrictByLandlock({443}).ok();
  }));
}

TEST(LandlockRefusedTest, NeedsNoNewPrivileges) {
  EXPECT_FALSE(RestrictByLandlock({443}).ok())
      << "its EPERM must not pass for a runtime's";
}

}  // namespace
}  // namespace ovoc::tunnel
