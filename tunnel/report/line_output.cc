// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/line_output.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

// What takes any byte takes so many: a terminal says that it has room when it
// can take this (WAKEUP_CHARS of Linux's tty driver), a pipe when it can take
// 4096 (PIPE_BUF).
constexpr size_t kAskedBytes = 256;

}  // namespace

LineOutput::LineOutput(int fd) : fd_(fd) {
  struct stat info = {};
  if (fstat(fd, &info) != 0) {
    return;
  }
  if (S_ISSOCK(info.st_mode)) {
    way_ = Way::kSend;
  } else if ((S_ISFIFO(info.st_mode) || S_ISCHR(info.st_mode)) && !Reopen()) {
    room_.Reset(epoll_create1(EPOLL_CLOEXEC));
    epoll_event event = {};
    event.events = EPOLLOUT;
    // What epoll refuses (EPERM: /dev/null) always has room.
    if (epoll_ctl(room_.get(), EPOLL_CTL_ADD, fd, &event) == 0) {
      way_ = Way::kAsk;
    }
  }
}

// Puts a description of our own in the place of the one that is shared.
bool LineOutput::Reopen() {
  const netif::UniqueFd own(
      open(absl::StrCat("/proc/self/fd/", fd_).c_str(),
           O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  return own.valid() && dup2(own.get(), fd_) == fd_;
}

bool LineOutput::HasRoom() const {
  epoll_event event;
  return epoll_wait(room_.get(), &event, 1, 0) > 0;
}

size_t LineOutput::Put(absl::string_view bytes) {
  if (way_ != Way::kAsk) {
    return PutOnce(bytes);
  }
  size_t put = 0;
  while (put < bytes.size() && HasRoom()) {
    const size_t taken = PutOnce(bytes.substr(put, kAskedBytes));
    if (taken == 0) {
      break;
    }
    put += taken;
  }
  return put;
}

size_t LineOutput::PutOnce(absl::string_view bytes) {
  ssize_t taken = 0;
  do {
    taken = way_ == Way::kSend ? send(fd_, bytes.data(), bytes.size(),
                                      MSG_DONTWAIT | MSG_NOSIGNAL)
                               : write(fd_, bytes.data(), bytes.size());
  } while (taken < 0 && errno == EINTR);
  return taken < 0 ? 0 : static_cast<size_t>(taken);
}

bool LineOutput::Write(absl::string_view line) {
  if (!rest_.empty()) {
    rest_.erase(0, Put(rest_));
    if (!rest_.empty()) {
      return false;
    }
  }
  const size_t taken = Put(line);
  if (taken == 0) {
    return false;
  }
  rest_ = std::string(line.substr(taken));
  return true;
}

}  // namespace ovoc::tunnel
