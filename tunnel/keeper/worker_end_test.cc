// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_end.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/filter_violation.h"

namespace ovoc::tunnel {
namespace {

// As the kernel puts them together (wait(2), W_EXITCODE).
int Exited(int code) { return code << 8; }
int Signalled(int signal) { return signal; }

TEST(WorkerEndTest, AnExitCodeIsToldFromASignal) {
  EXPECT_TRUE(EndedWith(Exited(10), ExitCode::kInterface));
  EXPECT_FALSE(EndedWith(Exited(1), ExitCode::kInterface));
  EXPECT_FALSE(EndedWith(Signalled(10), ExitCode::kInterface));
  EXPECT_FALSE(EndedWith(Signalled(SIGKILL), ExitCode::kDone));
}

TEST(WorkerEndTest, AnUnknownEndIsNoOther) {
  for (const ExitCode code :
       {ExitCode::kDone, ExitCode::kInterface, ExitCode::kSandbox}) {
    EXPECT_FALSE(EndedWith(kUnknownEnd, code));
  }
}

TEST(WorkerEndTest, WhatMayPassIsTriedAgain) {
  for (const int error : {EMFILE, ENFILE, ENOMEM, ENOSPC, EINTR, EAGAIN}) {
    EXPECT_EQ(CodeOfUnableWorker(absl::ErrnoToStatus(error, "open")),
              ExitCode::kInternal)
        << error;
  }
  for (const int error : {ENOENT, EPERM, EACCES, ENOSYS, ENXIO, EINVAL}) {
    EXPECT_EQ(CodeOfUnableWorker(absl::ErrnoToStatus(error, "open")),
              ExitCode::kSandbox)
        << error;
  }
  EXPECT_EQ(CodeOfUnableWorker(absl::FailedPreconditionError("/dev/null")),
            ExitCode::kSandbox);
}

TEST(WorkerEndTest, EachEndHasItsWords) {
  EXPECT_EQ(DescribeWorkerEnd(kUnknownEnd, SYS_openat),
            "gone; how it ended is unknown");
  EXPECT_EQ(DescribeWorkerEnd(Exited(1), std::nullopt), "exit code 1");
  EXPECT_EQ(DescribeWorkerEnd(Signalled(SIGSEGV), std::nullopt),
            "signal 11 (Segmentation fault)");
  EXPECT_EQ(DescribeWorkerEnd(Exited(kViolationExitCode), SYS_openat),
            "killed by the system-call filter at openat");
  EXPECT_EQ(DescribeWorkerEnd(Exited(kViolationExitCode), std::nullopt),
            "killed by the system-call filter at a call");
}

}  // namespace
}  // namespace ovoc::tunnel
