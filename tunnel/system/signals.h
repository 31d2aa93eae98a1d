// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SYSTEM_SIGNALS_H_
#define OVOC_TUNNEL_SYSTEM_SIGNALS_H_

#include <functional>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {

// Signals delivers SIGTERM, SIGINT, SIGQUIT, SIGHUP and SIGCHLD as calls from
// the event loop (signalfd(2)). They stay blocked for the rest of the process.
// Signals that have no meaning for the program and would end it are ignored:
// SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT,
// SIGXCPU and the real-time signals.
class Signals {
 public:
  using Handler = std::function<void(int signal)>;

  // Blocks the five, so that one that comes before Create waits for it, and
  // ignores the others.
  static absl::Status Block();

  static absl::StatusOr<std::unique_ptr<Signals>> Create(EventLoop* loop,
                                                         Handler handler);

  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals() { loop_->Unwatch(fd_.get()); }

 private:
  Signals(EventLoop* loop, netif::UniqueFd fd, Handler handler)
      : loop_(loop), fd_(std::move(fd)), handler_(std::move(handler)) {}

  void OnReadable();

  EventLoop* const loop_;
  const netif::UniqueFd fd_;
  const Handler handler_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SYSTEM_SIGNALS_H_
