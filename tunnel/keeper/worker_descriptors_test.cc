// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_descriptors.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/sandbox.h"
#include "tunnel/sandbox/testing/in_process.h"

namespace ovoc::tunnel {
namespace {

// Whether both are the same file.
bool IsFile(int fd, const char* path) {
  struct stat found = {};
  struct stat wanted = {};
  return fstat(fd, &found) == 0 && stat(path, &wanted) == 0 &&
         found.st_dev == wanted.st_dev && found.st_ino == wanted.st_ino;
}

TEST(WorkerDescriptorsTest, LeavesTheWorkersAndNoOther) {
  EXPECT_TRUE(HoldsInProcess([] {
    const int device = open("/tmp", O_RDONLY | O_DIRECTORY);
    const int channel = open("/", O_RDONLY | O_DIRECTORY);
    if (!ArrangeDescriptors("/dev/null", channel, device).ok()) {
      return false;
    }
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
      if (!IsFile(fd, "/dev/null")) {
        return false;
      }
    }
    return IsFile(kChannelDescriptor, "/") && IsFile(kTunDescriptor, "/tmp") &&
           open("/", O_RDONLY) == kTunDescriptor + 1;
  }));
}

TEST(WorkerDescriptorsTest, NoWorkerCanDoWithoutDevNull) {
  EXPECT_TRUE(HoldsInProcess([] {
    const int channel = open("/", O_RDONLY | O_DIRECTORY);
    const absl::Status status =
        ArrangeDescriptors("missing/null", channel, channel);
    return absl::IsFailedPrecondition(status) && IsFile(channel, "/") &&
           absl::StartsWith(
               status.message(),
               "/dev/null cannot be opened: No such file or directory; ");
  }));
}

TEST(WorkerDescriptorsTest, WhatIsNotOpenIsNoFaultOfTheMachine) {
  EXPECT_TRUE(HoldsInProcess([] {
    return absl::IsUnavailable(ArrangeDescriptors("/dev/null", -1, -1));
  }));
}

}  // namespace
}  // namespace ovoc::tunnel
