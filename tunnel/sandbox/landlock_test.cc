// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/landlock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
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

// From now on a ruleset of `bytes` of attributes cannot be made.
bool RefuseRulesets(size_t bytes, int error) {
  const scmp_arg_cmp size = {1, SCMP_CMP_EQ, bytes, 0};
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  const bool refused =
      filter != nullptr &&
      seccomp_rule_add(filter, SCMP_ACT_ERRNO(static_cast<uint32_t>(error)),
                       SCMP_SYS(landlock_create_ruleset), 1, size) == 0 &&
      seccomp_load(filter) == 0;
  seccomp_release(filter);
  return refused;
}

// A kernel that refuses what its ABI should have still has an earlier one. The
// attributes have 8 bytes up to ABI 3, 16 up to 5 and 24 from 6 on.
TEST(LandlockRefusedTest, AnEarlierAbiIsInForceThen) {
  if (HoldsInProcess([] { return Restrict() < 6; })) {
    GTEST_SKIP() << "this kernel's Landlock is older than ABI 6";
  }
  struct Case {
    std::array<size_t, 2> refused;
    int abi;
  };
  constexpr Case kCases[] = {{{24, 24}, 5}, {{24, 16}, 3}};
  for (const Case& c : kCases) {
    for (const int error : {EINVAL, E2BIG}) {
      EXPECT_TRUE(HoldsInProcess([&c, error] {
        return ForbidNewPrivileges().ok() &&
               RefuseRulesets(c.refused[0], error) &&
               RefuseRulesets(c.refused[1], error) && Restrict() == c.abi &&
               open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES;
      })) << c.abi
          << " " << error;
    }
  }
  EXPECT_TRUE(HoldsInProcess([] {
    return ForbidNewPrivileges().ok() && RefuseRulesets(24, EINVAL) &&
           RefuseRulesets(16, EINVAL) && RefuseRulesets(8, EINVAL) &&
           Restrict() == 0 && open("/etc/passwd", O_RDONLY) >= 0;
  })) << "none is left";
}

TEST(LandlockRefusedTest, APortThatCannotBeNamedIsAnError) {
  if (HoldsInProcess([] { return Restrict() < 4; })) {
    GTEST_SKIP() << "this kernel's Landlock is older than ABI 4";
  }
  EXPECT_TRUE(HoldsInProcess([] {
    return ForbidNewPrivileges().ok() &&
           RefuseCall(SCMP_SYS(landlock_add_rule), EINVAL) &&
           !RestrictByLandlock({443}).ok() && RestrictByLandlock({}).ok();
  }));
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
