// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "tunnel/sandbox/sandbox.h"

namespace ovoc::tunnel {
namespace {

constexpr int kFirstClosed = kTunDescriptor + 1;
constexpr int kFirstSpare = 16;  // above all that a worker keeps

void CloseFrom(int first) {
  if (close_range(static_cast<unsigned>(first), ~0u, 0) == 0) {
    return;
  }
  // Before Linux 5.9; or refused with EPERM, as older container runtimes do
  // with what they do not know.
  for (int fd = first; fd < sysconf(_SC_OPEN_MAX); ++fd) {
    close(fd);
  }
}

// Some errors are of a moment in which the whole machine is short of something.
absl::Status NullError(int error_number) {
  const std::string text =
      absl::StrCat("/dev/null cannot be opened: ", strerror(error_number));
  if (error_number == ENFILE || error_number == EMFILE ||
      error_number == ENOMEM || error_number == EINTR) {
    return absl::UnavailableError(text);
  }
  return absl::FailedPreconditionError(absl::StrCat(
      text, "; the client needs it, so run: mknod -m 666 /dev/null c 1 3"));
}

absl::Status Failure() {
  return absl::UnavailableError(absl::StrCat(
      "the worker's descriptors cannot be set up: ", strerror(errno)));
}

}  // namespace

absl::Status ArrangeDescriptors(const std::string& null_path, int channel_fd,
                                int tun_fd) {
  const int opened = open(null_path.c_str(), O_RDWR | O_NOCTTY);
  if (opened < 0) {
    return NullError(errno);
  }
  const int null = fcntl(opened, F_DUPFD, kFirstSpare);
  const int channel = fcntl(channel_fd, F_DUPFD, kFirstSpare);
  const int tun = fcntl(tun_fd, F_DUPFD, kFirstSpare);
  if (null < 0 || channel < 0 || tun < 0) {
    return Failure();
  }
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (dup2(null, fd) < 0) {
      return Failure();
    }
  }
  if (dup2(channel, kChannelDescriptor) < 0 || dup2(tun, kTunDescriptor) < 0) {
    return Failure();
  }
  CloseFrom(kFirstClosed);
  return absl::OkStatus();
}

}  // namespace ovoc::tunnel
