// SPDX-License-Identifier: Apache-2.0
#include "tunnel/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

namespace ovoc::tunnel {

absl::StatusOr<std::unique_ptr<Signals>> Signals::Create(EventLoop* loop,
                                                         Handler handler) {
  sigset_t set;
  sigemptyset(&set);
  for (int number : {SIGTERM, SIGINT, SIGHUP}) {
    sigaddset(&set, number);
  }
  if (sigprocmask(SIG_BLOCK, &set, nullptr) != 0) {
    return absl::ErrnoToStatus(errno, "sigprocmask");
  }
  netif::UniqueFd fd(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!fd.valid()) {
    return absl::ErrnoToStatus(errno, "signalfd");
  }
  auto signals = std::unique_ptr<Signals>(
      new Signals(loop, std::move(fd), std::move(handler)));
  const absl::Status status =
      loop->Watch(signals->fd_.get(), EPOLLIN,
                  [raw = signals.get()](uint32_t) { raw->OnReadable(); });
  if (!status.ok()) {
    return status;
  }
  return signals;
}

void Signals::OnReadable() {
  signalfd_siginfo info;
  while (read(fd_.get(), &info, sizeof(info)) ==
         static_cast<ssize_t>(sizeof(info))) {
    handler_(static_cast<int>(info.ssi_signo));
  }
}

}  // namespace ovoc::tunnel
