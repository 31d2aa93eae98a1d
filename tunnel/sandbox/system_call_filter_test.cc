// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/system_call_filter.h"

#include <errno.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <set>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/allowed_calls.h"
#include "tunnel/sandbox/capabilities.h"
#include "tunnel/sandbox/testing/in_process.h"
#include "tunnel/sandbox/testing/refused_call.h"
#include "tunnel/sandbox/testing/violating_process.h"

namespace ovoc::tunnel {
namespace {

constexpr int kHighestCall = 470;  // Linux 6.17 ends below it

// uretprobe and uprobe of x86-64, which newer kernels let pass every filter
// (kernel/seccomp.c, seccomp_uprobe_exception). Both are for a trampoline that
// the kernel has made itself.
bool IsProbe(int number) { return number == 335 || number == 336; }

Violation InFilter(Confined who, absl::FunctionRef<void()> action) {
  return InViolatingProcess(
      [who] {
        return ForbidNewPrivileges().ok() &&
               ReportViolations(WriteViolation).ok() &&
               LoadSystemCallFilter(who).ok();
      },
      action);
}

class SystemCallFilterTest : public testing::Test {
 protected:
  void SetUp() override {
    if (kSanitized) {
      GTEST_SKIP() << "sanitizers make system calls of their own";
    }
  }
};

// New calls of later kernels are among the numbers.
TEST_F(SystemCallFilterTest, StopsEachCallThatIsNotOnTheList) {
  for (const Confined who : {Confined::kWorker, Confined::kKeeper}) {
    std::set<int> allowed;
    for (const AllowedCall& call : AllowedCalls(who, 1)) {
      allowed.insert(call.number);
    }
    for (int number = 0; number <= kHighestCall; ++number) {
      if (allowed.contains(number) || IsProbe(number)) {
        continue;
      }
      const Violation outcome =
          InFilter(who, [number] { syscall(number, 0, 0, 0, 0, 0, 0); });
      EXPECT_TRUE(outcome.stopped()) << number << " " << outcome.wait_status;
      EXPECT_EQ(outcome.system_call, number);
    }
  }
}

TEST_F(SystemCallFilterTest, AProbeThatPassesDoesNothingOrEndsTheProcess) {
  for (const int number : {335, 336}) {
    const Violation outcome = InFilter(Confined::kWorker, [number] {
      if (syscall(number, 0, 0, 0, 0, 0, 0) != -1) {
        _exit(1);
      }
    });
    EXPECT_TRUE(outcome.stopped() || outcome.killed_by(SIGILL) ||
                outcome.none())
        << number << " " << outcome.wait_status;
  }
}

enum class Is { kAllowed, kStopped };

struct Row {
  const char* name;
  Confined who;
  long (*attempt)();
  Is is;
};

constexpr int kNone = -1;         // no descriptor
constexpr long kHigh = 1L << 32;  // of the half of a register above an int
constexpr int kFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;

long Map(int protection, int flags) {
  return syscall(SYS_mmap, 0, 4096, protection, MAP_PRIVATE | flags, kNone, 0);
}
long SetOption(int level, int option) {
  return syscall(SYS_setsockopt, kNone, level, option, 0, 0);
}
long Signal(long process, int signal) {
  return syscall(SYS_tgkill, process, gettid(), signal);
}

const Row kRows[] = {
    {"memory", Confined::kWorker,
     [] { return Map(PROT_READ | PROT_WRITE, MAP_ANONYMOUS); }, Is::kAllowed},
    {"memory to run", Confined::kWorker,
     [] { return Map(PROT_READ | PROT_EXEC, MAP_ANONYMOUS); }, Is::kStopped},
    {"a file in memory", Confined::kWorker, [] { return Map(PROT_READ, 0); },
     Is::kStopped},
    {"to send without an address", Confined::kWorker,
     [] { return syscall(SYS_sendto, kNone, 0, 0, 0, 0, 0); }, Is::kAllowed},
    {"to send to an address", Confined::kWorker,
     [] { return syscall(SYS_sendto, kNone, 0, 0, 0, 1, 16); }, Is::kStopped},
    {"to send to a high address", Confined::kWorker,
     [] { return syscall(SYS_sendto, kNone, 0, 0, 0, kHigh, 16); },
     Is::kStopped},
    {"the channel", Confined::kWorker,
     [] { return syscall(SYS_recvmsg, 3, 0, 0); }, Is::kAllowed},
    {"the channel, with what the kernel ignores", Confined::kWorker,
     [] { return syscall(SYS_recvmsg, kHigh | 3, 0, 0); }, Is::kAllowed},
    {"another channel", Confined::kWorker,
     [] { return syscall(SYS_recvmsg, 4, 0, 0); }, Is::kStopped},
    {"the error of a socket", Confined::kWorker,
     [] { return syscall(SYS_getsockopt, kNone, SOL_SOCKET, SO_ERROR, 0, 0); },
     Is::kAllowed},
    {"the credentials of a peer", Confined::kWorker,
     [] {
       return syscall(SYS_getsockopt, kNone, SOL_SOCKET, SO_PEERCRED, 0, 0);
     },
     Is::kStopped},
    {"the room of a socket", Confined::kWorker,
     [] { return SetOption(IPPROTO_TCP, TCP_NOTSENT_LOWAT); }, Is::kAllowed},
    {"the device of a socket", Confined::kWorker,
     [] { return SetOption(SOL_SOCKET, SO_BINDTODEVICE); }, Is::kStopped},
    {"a signal to itself", Confined::kWorker,
     [] { return Signal(getpid(), 0); }, Is::kAllowed},
    {"a signal to another", Confined::kWorker, [] { return Signal(1, 0); },
     Is::kStopped},
    {"TCP", Confined::kAlone,
     [] { return syscall(SYS_socket, AF_INET6, SOCK_STREAM | kFlags, 0); },
     Is::kAllowed},
    {"TCP that blocks", Confined::kAlone,
     [] { return syscall(SYS_socket, AF_INET6, SOCK_STREAM, 0); },
     Is::kStopped},
    {"raw packets", Confined::kAlone,
     [] { return syscall(SYS_socket, AF_INET, SOCK_RAW | kFlags, 0); },
     Is::kStopped},
    {"a protocol by its number", Confined::kAlone,
     [] {
       return syscall(SYS_socket, AF_INET, SOCK_STREAM | kFlags, IPPROTO_SCTP);
     },
     Is::kStopped},
    {"the log's socket", Confined::kKeeper,
     [] { return syscall(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0); },
     Is::kAllowed},
    {"a local stream", Confined::kKeeper,
     [] { return syscall(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); },
     Is::kStopped},
    {"a TUN device", Confined::kKeeper,
     [] { return syscall(SYS_ioctl, kNone, TUNSETIFF, 0); }, Is::kAllowed},
    {"a terminal", Confined::kKeeper,
     [] { return syscall(SYS_ioctl, kNone, TIOCSTI, 0); }, Is::kStopped},
    {"to kill", Confined::kKeeper,
     [] { return syscall(SYS_kill, 0x3fffffff, SIGKILL); }, Is::kAllowed},
    {"another signal", Confined::kKeeper,
     [] { return syscall(SYS_kill, 0x3fffffff, SIGTERM); }, Is::kStopped},
};

// time(3), clock_gettime(3) and gettimeofday(3) are these calls if the kernel
// gives the process no vDSO (vdso=0, some sandboxes and emulators).
TEST_F(SystemCallFilterTest, TheClocksCanBeReadWithoutAVdso) {
  for (const Confined who :
       {Confined::kWorker, Confined::kAlone, Confined::kKeeper}) {
    const Violation outcome = InFilter(who, [] {
      struct timespec time = {};
      struct timeval day = {};
      bool read = syscall(SYS_clock_gettime, CLOCK_REALTIME, &time) == 0 &&
                  syscall(SYS_gettimeofday, &day, nullptr) == 0;
#ifdef SYS_time
      read = read && syscall(SYS_time, nullptr) > 0;
#endif
      if (!read) {
        _exit(1);
      }
    });
    EXPECT_TRUE(outcome.none()) << outcome.system_call;
  }
}

TEST_F(SystemCallFilterTest, LooksAtTheArguments) {
  for (const Row& row : kRows) {
    const Violation outcome = InFilter(row.who, [&row] { row.attempt(); });
    EXPECT_EQ(outcome.none(), row.is == Is::kAllowed)
        << row.name << " " << outcome.wait_status;
    EXPECT_EQ(outcome.stopped(), row.is == Is::kStopped)
        << row.name << " " << outcome.wait_status;
  }
}

#ifdef __x86_64__
// getpid(2) by the numbers of 32-bit programs.
long CallBy32BitNumber() {
  long result = 20;
  asm volatile("int $0x80"
               : "+a"(result)
               :
               : "memory", "r8", "r9", "r10", "r11");
  return result;
}

TEST_F(SystemCallFilterTest, KillsAProcessThatUsesOtherNumbers) {
  if (!HoldsInProcess([] { return CallBy32BitNumber() == getpid(); })) {
    GTEST_SKIP() << "this kernel runs no 32-bit programs";
  }
  const Violation outcome =
      InFilter(Confined::kWorker, [] { CallBy32BitNumber(); });
  EXPECT_TRUE(outcome.killed_by(SIGSYS)) << outcome.wait_status;
}
#endif

TEST_F(SystemCallFilterTest, SaysWhenTheKernelTakesNoFilter) {
  EXPECT_TRUE(HoldsInProcess([] {
    const bool refused =
        ForbidNewPrivileges().ok() && RefuseCall(SCMP_SYS(seccomp), EPERM);
    const absl::Status loaded = LoadSystemCallFilter(Confined::kWorker);
    return refused && absl::IsUnavailable(loaded) &&
           absl::StrContains(loaded.message(),
                             "system-call filter: seccomp_load");
  }));
}

}  // namespace
}  // namespace ovoc::tunnel
