// SPDX-License-Identifier: Apache-2.0
#include "tunnel/system/event_loop.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include <array>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

constexpr int kEventsPerBatch = 64;

uint64_t Tag(int fd, uint32_t generation) {
  return (uint64_t{generation} << 32) | static_cast<uint32_t>(fd);
}

// The epoll timeout that ends at `deadline` or just after it, -1 for never.
int TimeoutMs(absl::Time deadline) {
  if (deadline == absl::InfiniteFuture()) {
    return -1;
  }
  const absl::Duration left = deadline - MonotonicNow();
  if (left <= absl::ZeroDuration()) {
    return 0;
  }
  const int64_t ms =
      absl::ToInt64Milliseconds(absl::Ceil(left, absl::Milliseconds(1)));
  constexpr int64_t kLongest = std::numeric_limits<int>::max();
  return static_cast<int>(ms < kLongest ? ms : kLongest);
}

}  // namespace

absl::Time MonotonicNow() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return absl::TimeFromTimespec(now);
}

absl::StatusOr<std::unique_ptr<EventLoop>> EventLoop::Create() {
  netif::UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.valid()) {
    return absl::ErrnoToStatus(errno, "epoll_create1");
  }
  return std::unique_ptr<EventLoop>(new EventLoop(std::move(epoll)));
}

absl::Status EventLoop::Watch(int fd, uint32_t events, Handler handler) {
  auto watched = std::make_unique<Watched>(
      Watched{next_generation_++, events, std::move(handler)});
  epoll_event event = {};
  event.events = events;
  event.data.u64 = Tag(fd, watched->generation);
  if (!watched_.try_emplace(fd, std::move(watched)).second) {
    return absl::AlreadyExistsError(absl::StrCat("descriptor ", fd));
  }
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    const int error = errno;
    watched_.erase(fd);
    return absl::ErrnoToStatus(error, "epoll_ctl");
  }
  return absl::OkStatus();
}

void EventLoop::SetEvents(int fd, uint32_t events) {
  const auto it = watched_.find(fd);
  if (it == watched_.end() || it->second->events == events) {
    return;
  }
  it->second->events = events;
  epoll_event event = {};
  event.events = events;
  event.data.u64 = Tag(fd, it->second->generation);
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

void EventLoop::Unwatch(int fd) {
  const auto it = watched_.find(fd);
  if (it == watched_.end()) {
    return;
  }
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  retired_.push_back(std::move(it->second));
  watched_.erase(it);
}

absl::Status EventLoop::RunOnce(absl::Time deadline) {
  std::array<epoll_event, kEventsPerBatch> batch;
  const int count = epoll_wait(epoll_.get(), batch.data(), kEventsPerBatch,
                               TimeoutMs(deadline));
  if (count < 0) {
    return errno == EINTR ? absl::OkStatus()
                          : absl::ErrnoToStatus(errno, "epoll_wait");
  }
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = batch[static_cast<size_t>(i)];
    Dispatch(event.data.u64, event.events);
  }
  retired_.clear();
  return absl::OkStatus();
}

void EventLoop::Dispatch(uint64_t tag, uint32_t events) {
  const auto it = watched_.find(static_cast<int>(tag & 0xffffffff));
  if (it == watched_.end() || it->second->generation != tag >> 32) {
    return;  // Unwatched by an earlier handler of this batch.
  }
  // The handler may unwatch itself: `retired_` then keeps it alive.
  Watched* const watched = it->second.get();
  watched->handler(events);
}

}  // namespace ovoc::tunnel
