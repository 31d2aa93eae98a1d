// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/filter_violation.h"

#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/testing/violating_process.h"

namespace ovoc::tunnel {
namespace {

// A filter that stops mkdirat(2) as the client's stops what it does not allow.
bool TrapMakingFolders() {
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  const bool trapped =
      filter != nullptr &&
      seccomp_rule_add(filter, SCMP_ACT_TRAP, SCMP_SYS(mkdirat), 0) == 0 &&
      seccomp_load(filter) == 0;
  seccomp_release(filter);
  return trapped;
}

bool SetSigsys(int how) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGSYS);
  return sigprocmask(how, &set, nullptr) == 0;
}

class FilterViolationTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = absl::StrCat(testing::TempDir(), "/filter_violation_", getpid());
  }
  void TearDown() override {
    EXPECT_NE(access(folder_.c_str(), F_OK), 0) << "the call was carried out";
  }
  // What becomes of a process that makes a folder although it must not. The
  // last that it does before is `prepare`.
  Violation MakeFolder(absl::FunctionRef<bool()> prepare) const {
    return InViolatingProcess(prepare, [this] {
      syscall(SYS_mkdirat, AT_FDCWD, folder_.c_str(), 0700);
    });
  }

  std::string folder_;
};

TEST_F(FilterViolationTest, TheCallIsReportedAndTheProcessEnds) {
  const Violation outcome = MakeFolder([] {
    return ReportViolations(WriteViolation).ok() && TrapMakingFolders();
  });
  EXPECT_TRUE(outcome.stopped()) << outcome.wait_status;
  EXPECT_EQ(outcome.system_call, SYS_mkdirat);
  EXPECT_EQ(WEXITSTATUS(outcome.wait_status), 128 + SIGSYS);  // as shells say
}

TEST_F(FilterViolationTest, ASignalThatWasBlockedBeforeIsHandledAllTheSame) {
  const Violation outcome = MakeFolder([] {
    return SetSigsys(SIG_BLOCK) && ReportViolations(WriteViolation).ok() &&
           TrapMakingFolders();
  });
  EXPECT_TRUE(outcome.stopped()) << outcome.wait_status;
  EXPECT_EQ(outcome.system_call, SYS_mkdirat);
}

TEST_F(FilterViolationTest, TheKernelKillsAProcessThatBlocksTheSignal) {
  const Violation outcome = MakeFolder([] {
    return ReportViolations(WriteViolation).ok() && TrapMakingFolders() &&
           SetSigsys(SIG_BLOCK);
  });
  EXPECT_TRUE(outcome.killed_by(SIGSYS)) << outcome.wait_status;
}

TEST_F(FilterViolationTest, TheKernelKillsAProcessThatIgnoresTheSignal) {
  for (const auto handler : {SIG_IGN, SIG_DFL}) {
    const Violation outcome = MakeFolder([handler] {
      return ReportViolations(WriteViolation).ok() && TrapMakingFolders() &&
             signal(SIGSYS, handler) != SIG_ERR;
    });
    EXPECT_TRUE(outcome.killed_by(SIGSYS)) << outcome.wait_status;
  }
}

TEST(SystemCallNameTest, IsTheKernelsNameOrTheNumber) {
  struct Case {
    int number;
    const char* name;
  };
  constexpr Case kCases[] = {
      {SYS_read, "read"},     {SYS_openat, "openat"},
      {SYS_bpf, "bpf"},       {SYS_io_uring_setup, "io_uring_setup"},
      {SYS_clone3, "clone3"}, {100000, "100000"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(SystemCallName(c.number), c.name);
  }
}

}  // namespace
}  // namespace ovoc::tunnel
