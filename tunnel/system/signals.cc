// SPDX-License-Identifier: Apache-2.0
#include "tunnel/system/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

namespace ovoc::tunnel {

namespace {

sigset_t OurSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (int number : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGCHLD}) {
    sigaddset(&set, number);
  }
  return set;
}

// By default these end a process, which then cannot say why it ended.
absl::Status IgnoreMeaningless() {
  for (const int number : {SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO,
                           SIGPWR, SIGSTKFLT, SIGXCPU}) {
    if (signal(number, SIG_IGN) == SIG_ERR) {
      return absl::ErrnoToStatus(errno, "signal");
    }
  }
  for (int number = SIGRTMIN; number <= SIGRTMAX; ++number) {
    if (signal(number, SIG_IGN) == SIG_ERR) {
      return absl::ErrnoToStatus(errno, "signal");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Signals::Block() {
  const sigset_t set = OurSignals();
  return sigprocmask(SIG_BLOCK, &set, nullptr) == 0
             ? IgnoreMeaningless()
             : absl::ErrnoToStatus(errno, "sigprocmask");
}

absl::StatusOr<std::unique_ptr<Signals>> Signals::Create(EventLoop* loop,
                                                         Handler handler) {
  absl::Status blocked = Block();
  if (!blocked.ok()) {
    return blocked;
  }
  const sigset_t set = OurSignals();
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
