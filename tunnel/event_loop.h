// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_EVENT_LOOP_H_
#define OVOC_TUNNEL_EVENT_LOOP_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "netif/unique_fd.h"

namespace ovoc::tunnel {

// MonotonicNow is the one clock of everything that measures durations: an
// instant of CLOCK_MONOTONIC dressed as absl::Time. It is no time of day.
absl::Time MonotonicNow();

// EventLoop waits for file descriptors with epoll(7), level-triggered, in one
// thread. It knows nothing of timers: whoever has a deadline passes it to
// RunOnce and looks at the clock afterwards.
class EventLoop {
 public:
  // Called with the EPOLL* bits that are set. It may watch and unwatch any
  // descriptor, its own included.
  using Handler = std::function<void(uint32_t events)>;

  static absl::StatusOr<std::unique_ptr<EventLoop>> Create();

  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Starts watching `fd` (not owned; unwatch it before it is closed) for
  // `events`, EPOLLIN and EPOLLOUT; errors and hang-ups are always reported.
  // One handler a descriptor: kAlreadyExists otherwise.
  [[nodiscard]] absl::Status Watch(int fd, uint32_t events, Handler handler);

  // Changes what a watched `fd` is watched for. No system call when it is the
  // same.
  void SetEvents(int fd, uint32_t events);

  // Forgets `fd`; no event of it is delivered afterwards, not even one that the
  // kernel had already reported. Nothing happens when it is not watched.
  void Unwatch(int fd);

  // Waits until an event or `deadline` (InfiniteFuture: for ever) and calls the
  // handlers of one batch. A signal ends the wait without an error.
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
  // Unwatched while handlers run; freed after the batch.
  std::vector<std::unique_ptr<Watched>> retired_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_EVENT_LOOP_H_
