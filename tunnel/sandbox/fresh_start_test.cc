// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/fresh_start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/testing/in_process.h"

namespace ovoc::tunnel {
namespace {

bool Start() { return FreshStart({"NOTIFY_SOCKET", "TZ"}).ok(); }

bool Has(int number, sighandler_t handler) {
  struct sigaction action = {};
  sigaction(number, nullptr, &action);
  return action.sa_handler == handler;
}

TEST(FreshStartTest, SignalsThatWereIgnoredAreAtTheirDefault) {
  for (const int number : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1,
                           SIGSYS, SIGALRM, SIGTSTP, SIGRTMIN, SIGRTMAX}) {
    EXPECT_TRUE(HoldsInProcess([number] {
      return signal(number, SIG_IGN) != SIG_ERR && Start() &&
             Has(number, SIG_DFL);
    })) << number;
  }
}

TEST(FreshStartTest, WhatAWriteMayRaiseIsIgnored) {
  for (const int number : {SIGPIPE, SIGXFSZ, SIGTTOU}) {
    EXPECT_TRUE(HoldsInProcess([number] {
      return signal(number, SIG_DFL) != SIG_ERR && Start() &&
             Has(number, SIG_IGN);
    })) << number;
  }
}

TEST(FreshStartTest, AChildIsBuriedByItsParentAgain) {
  EXPECT_TRUE(HoldsInProcess([] {
    signal(SIGCHLD, SIG_IGN);
    if (!Start()) {
      return false;
    }
    const pid_t child = fork();
    if (child == 0) {
      _exit(7);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7;
  }));
}

TEST(FreshStartTest, NoSignalIsBlocked) {
  EXPECT_TRUE(HoldsInProcess([] {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, nullptr);
    sigset_t now;
    if (!Start() || sigprocmask(SIG_SETMASK, nullptr, &now) != 0) {
      return false;
    }
    for (int number = 1; number < 64; ++number) {
      if (sigismember(&now, number) == 1) {
        return false;
      }
    }
    return true;
  }));
}

TEST(FreshStartTest, NoTimerRuns) {
  EXPECT_TRUE(HoldsInProcess([] {
    alarm(1000);
    const itimerval soon = {{0, 0}, {1000, 0}};
    setitimer(ITIMER_VIRTUAL, &soon, nullptr);
    setitimer(ITIMER_PROF, &soon, nullptr);
    itimerval virtual_left;
    itimerval profile_left;
    return Start() && alarm(0) == 0 &&
           getitimer(ITIMER_VIRTUAL, &virtual_left) == 0 &&
           virtual_left.it_value.tv_sec == 0 &&
           getitimer(ITIMER_PROF, &profile_left) == 0 &&
           profile_left.it_value.tv_sec == 0;
  }));
}

// Which of 0 to 2 is closed is a bit each.
TEST(FreshStartTest, StandardDescriptorsAreOpenWhateverWasClosed) {
  for (int closed = 1; closed < 8; ++closed) {
    EXPECT_TRUE(HoldsInProcess([closed] {
      struct stat before[3];
      for (int fd = 0; fd <= 2; ++fd) {
        if ((closed >> fd & 1) != 0) {
          close(fd);
        } else {
          fstat(fd, &before[fd]);
        }
      }
      if (!Start()) {
        return false;
      }
      struct stat null;
      stat("/dev/null", &null);
      for (int fd = 0; fd <= 2; ++fd) {
        struct stat now;
        const bool was_closed = (closed >> fd & 1) != 0;
        if (fstat(fd, &now) != 0 ||
            (was_closed ? now.st_rdev != null.st_rdev
                        : now.st_ino != before[fd].st_ino)) {
          return false;
        }
      }
      return open("/dev/null", O_RDONLY) == 3;
    })) << closed;
  }
}

TEST(FreshStartTest, EveryOtherDescriptorIsClosed) {
  EXPECT_TRUE(HoldsInProcess([] {
    const int low = dup(0);
    const int high = fcntl(0, F_DUPFD, 900);
    return low > 2 && high >= 900 && Start() && fcntl(low, F_GETFD) < 0 &&
           fcntl(high, F_GETFD) < 0;
  }));
}

TEST(FreshStartTest, NobodyElseMayReadANewFile) {
  EXPECT_TRUE(HoldsInProcess([] {
    umask(0);
    return Start() && umask(0) == 077;
  }));
}

TEST(FreshStartTest, SoftLimitsAreRaised) {
  for (const __rlimit_resource resource :
       {RLIMIT_FSIZE, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_MEMLOCK,
        RLIMIT_NPROC}) {
    EXPECT_TRUE(HoldsInProcess([resource] {
      rlimit limit = {};
      getrlimit(resource, &limit);
      const rlim_t hard = limit.rlim_max;
      limit.rlim_cur = hard == RLIM_INFINITY ? 1 << 30 : hard / 2;
      return setrlimit(resource, &limit) == 0 && Start() &&
             getrlimit(resource, &limit) == 0 && limit.rlim_cur == hard;
    })) << resource;
  }
}

TEST(FreshStartTest, ALimitOfFileSizeKillsNobody) {
  EXPECT_TRUE(HoldsInProcess([] {
    const rlimit none = {0, 0};
    std::string path = testing::TempDir() + "/fresh_start_XXXXXX";
    if (setrlimit(RLIMIT_FSIZE, &none) != 0 || !Start()) {
      return false;
    }
    const int fd = mkstemp(path.data());
    unlink(path.c_str());
    return fd >= 0 && write(fd, "x", 1) < 0 && errno == EFBIG;
  }));
}

TEST(FreshStartTest, TheNumberOfDescriptorsIsNeitherTinyNorHuge) {
  EXPECT_TRUE(HoldsInProcess([] {
    rlimit limit = {};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 16;
    return limit.rlim_max >= kSoftDescriptors &&
           setrlimit(RLIMIT_NOFILE, &limit) == 0 && Start() &&
           getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
           limit.rlim_cur == kSoftDescriptors;
  }));
  EXPECT_TRUE(HoldsInProcess([] {
    rlimit limit = {};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 && Start() &&
           getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
           limit.rlim_cur == kSoftDescriptors;
  }));
}

TEST(FreshStartTest, AHardLimitThatIsTooLowIsNamed) {
  const struct {
    __rlimit_resource resource;
    rlim_t hard;
    absl::string_view message;
  } cases[] = {
      {RLIMIT_NOFILE, 8,
       "RLIMIT_NOFILE is 8, but at least 32 are needed; raise LimitNOFILE= or "
       "`ulimit -Hn`"},
      {RLIMIT_DATA, 4'000'000,
       "RLIMIT_DATA is 4000000 bytes, but at least 4194304 bytes are needed; "
       "raise LimitDATA= or `ulimit -Hd` (in KiB)"},
      {RLIMIT_AS, 25'000'000,
       "RLIMIT_AS is 25000000 bytes, but at least 25165824 bytes are needed; "
       "raise LimitAS= or `ulimit -Hv` (in KiB)"},
  };
  for (const auto& c : cases) {
    if (kSanitized && c.resource != RLIMIT_NOFILE) {
      continue;  // Its allocator has no room left for the message.
    }
    EXPECT_TRUE(HoldsInProcess([&c] {
      const rlimit few = {c.hard, c.hard};
      return setrlimit(c.resource, &few) == 0 &&
             FreshStart({}).message() == c.message;
    })) << c.message;
  }
}

TEST(FreshStartTest, OnlyTheNamedVariablesStay) {
  EXPECT_TRUE(HoldsInProcess([] {
    setenv("NOTIFY_SOCKET", "/run/x", 1);
    setenv("LD_PRELOAD", "/tmp/x.so", 1);
    setenv("PATH", "/tmp", 1);
    unsetenv("TZ");
    return Start() && getenv("NOTIFY_SOCKET") == std::string("/run/x") &&
           getenv("TZ") == nullptr && getenv("LD_PRELOAD") == nullptr &&
           getenv("PATH") == nullptr && environ[1] == nullptr;
  }));
}

TEST(FreshStartTest, ATimeZoneStaysUnlessItIsAPath) {
  const struct {
    const char* value;
    bool stays;
  } kRows[] = {
      {"UTC", true},          {"Europe/Berlin", true},
      {"<-03>3", true},       {"CET-1CEST,M3.5.0,M10.5.0/3", true},
      {":/tmp/fifo", false},  {":Europe/Berlin", false},
      {"/tmp/fifo", false},   {"../../../tmp/fifo", false},
      {"Europe/../x", false},
  };
  for (const auto& row : kRows) {
    EXPECT_TRUE(HoldsInProcess([&row] {
      setenv("TZ", row.value, 1);
      const absl::string_view kept[] = {"TZ"};
      return FreshStart(kept).ok() && (getenv("TZ") != nullptr) == row.stays;
    })) << row.value;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
