// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/decisions/fork_failure.h"

#include <errno.h>

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string Message(int error, uint64_t most_processes) {
  return std::string(ForkFailure(error, most_processes).message());
}

TEST(ForkFailureTest, ALimitThatIsTooLowForAnyWorkerStaysSo) {
  for (const uint64_t most : {0u, 1u}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(ForkFailure(EAGAIN, most)));
  }
  EXPECT_EQ(Message(EAGAIN, 0),
            "fork: RLIMIT_NPROC is 0, but at least 2 are needed; raise "
            "LimitNPROC= or `ulimit -Hu`");
}

TEST(ForkFailureTest, ALimitThatIsReachedMayPass) {
  for (const uint64_t most : {kLeastProcesses, kAnyProcesses}) {
    EXPECT_TRUE(absl::IsResourceExhausted(ForkFailure(EAGAIN, most)));
  }
  EXPECT_THAT(Message(EAGAIN, 7),
              AllOf(HasSubstr("RLIMIT_NPROC is 7"), HasSubstr("TasksMax=")));
  EXPECT_THAT(Message(EAGAIN, kAnyProcesses),
              AllOf(Not(HasSubstr("RLIMIT")), HasSubstr("TasksMax=")));
}

TEST(ForkFailureTest, MemoryMayComeBackToo) {
  EXPECT_TRUE(absl::IsResourceExhausted(ForkFailure(ENOMEM, 0)));
  EXPECT_THAT(Message(ENOMEM, 0), HasSubstr("memory"));
}

TEST(ForkFailureTest, AnythingElseIsToldAsItIs) {
  EXPECT_EQ(ForkFailure(ENOSYS, 0), absl::ErrnoToStatus(ENOSYS, "fork"));
}

TEST(ForkFailureTest, EachMessageSaysWhatToDo) {
  EXPECT_EQ(Message(ENOMEM, kAnyProcesses),
            "fork: the system or the control group has no memory left for the "
            "worker; raise MemoryMax= or free memory");
  EXPECT_EQ(Message(EAGAIN, 64),
            "fork: no more processes can be started (RLIMIT_NPROC is 64 for "
            "all processes of this user); raise LimitNPROC= or `ulimit -Hu`, "
            "or the control group's TasksMax=");
  EXPECT_EQ(Message(EAGAIN, kAnyProcesses),
            "fork: no more processes can be started; raise the control "
            "group's TasksMax=, or end some");
}

}  // namespace
}  // namespace ovoc::tunnel
