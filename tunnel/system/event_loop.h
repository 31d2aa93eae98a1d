// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SYSTEM_EVENT_LOOP_H_
#define OVOC_TUNNEL_SYSTEM_EVENT_LOOP_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::tunnel {

// MonotonicNow is the clock with which all durations are measured:
// CLOCK_MONOTONIC as an absl::Time. It is not the time of day.
absl::Time MonotonicNow();

// EventLoop waits for file descriptors with epoll(7), level-triggered, in one
// thread. It has no timers. A caller that has a deadline passes it to RunOnce
// and looks at the clock afterwards.
class EventLoop {
 public:
  // Called with the EPOLL* bits that are set. The handler may watch and unwatch
  // any descriptor, including its own.
  using Handler = std::function<void(uint32_t events)>;

  static absl::StatusOr<std::unique_ptr<EventLoop>> Create();

  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Starts to watch `fd` for `events`, which are EPOLLIN and EPOLLOUT. Errors
  // and hang-ups are always reported. The caller keeps owning `fd`, and must
  // unwatch it before closing it. A descriptor can have one handler; the error
  // is AlreadyExists if it has one.
  [[nodiscard]] absl::Status Watch(int fd, uint32_t events, Handler handler);

  // Changes the events for which a watched `fd` is watched. If they are the
  // same, it makes no system call.
  void SetEvents(int fd, uint32_t events);

  // Stops watching `fd`. None of its events is delivered afterwards, not even
  // one that the kernel has already reported. If `fd` is not watched, nothing
  // happens.
  void Unwatch(int fd);

  // Waits for an event, at most until `deadline` (InfiniteFuture: for ever),
  // and calls the handlers of one batch of events. A signal ends the wait
  // without an error.
  [[nodiscard]] absl::Status RunOnce(absl::Time deadline);

 private:
  struct Watched {
    uint32_t generation;
    uint32_t events;
    Handler handler;
  };

  explicit EventLoop(netif::UniqueFd epoll) : epoll_(std::move(epoll)) {}

  void Dispatch(uint64_t tag, uint32_t events);

  netif::UniqueFd epoll_;
  uint32_t next_generation_ = 0;
  absl::flat_hash_map<int, std::unique_ptr<Watched>> watched_;
  // Descriptors that were unwatched while handlers ran. They are freed after
  // the batch.
  std::vector<std::unique_ptr<Watched>> retired_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SYSTEM_EVENT_LOOP_H_
