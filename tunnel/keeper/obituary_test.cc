// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/obituary.h"

#include <seccomp.h>
#include <signal.h>

#include "gtest/gtest.h"
#include "tunnel/sandbox/filter_violation.h"

namespace ovoc::tunnel {
namespace {

int Exited(int code) { return code << 8; }  // as wait status

TEST(ObituaryTest, TellsAnExitCodeFromASignal) {
  EXPECT_TRUE(EndedWith(Exited(10), ExitCode::kInterface));
  EXPECT_TRUE(EndedWith(Exited(0), ExitCode::kDone));
  EXPECT_FALSE(EndedWith(Exited(1), ExitCode::kInterface));
  EXPECT_FALSE(EndedWith(10, ExitCode::kInterface)) << "signal 10";
  EXPECT_FALSE(EndedWith(SIGKILL, ExitCode::kDone));
}

TEST(ObituaryTest, SaysWhatAWorkerDiedOf) {
  struct Case {
    int wait_status;
    const char* refusal;
    std::optional<int> violation;
    const char* expected;
  };
  const Case kCases[] = {
      {Exited(0), "", std::nullopt, "exit code 0"},
      {Exited(10), "", std::nullopt, "exit code 10"},
      {SIGSEGV, "", std::nullopt, "signal 11 (Segmentation fault)"},
      {SIGKILL, "", std::nullopt, "signal 9 (Killed)"},
      {SIGKILL, "silent", std::nullopt, "ended by the keeper: silent"},
      {Exited(kViolationExitCode), "", SCMP_SYS(openat),
       "killed by the system-call filter at openat"},
      {Exited(kViolationExitCode), "", 4095,
       "killed by the system-call filter at 4095"},
      {Exited(kViolationExitCode), "", std::nullopt,
       "killed by the system-call filter at a call"},
      // Its word alone is nothing.
      {Exited(1), "", SCMP_SYS(openat), "exit code 1"},
      {SIGSEGV, "", SCMP_SYS(openat), "signal 11 (Segmentation fault)"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Obituary(c.wait_status, c.refusal, c.violation), c.expected);
  }
}

}  // namespace
}  // namespace ovoc::tunnel
