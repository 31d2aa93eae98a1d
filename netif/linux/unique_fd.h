// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_NETIF_LINUX_UNIQUE_FD_H_
#define OVOC_NETIF_LINUX_UNIQUE_FD_H_

#include <unistd.h>

#include <utility>

namespace ovoc::netif {

// UniqueFd owns a file descriptor and closes it. Move-only; -1 owns nothing.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      Reset(std::exchange(other.fd_, -1));
    }
    return *this;
  }
  ~UniqueFd() { Reset(); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

  // Closes what is owned and takes `fd`.
  void Reset(int fd = -1) {
    if (fd_ >= 0) {
      close(fd_);
    }
    fd_ = fd;
  }

 private:
  int fd_ = -1;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_UNIQUE_FD_H_
