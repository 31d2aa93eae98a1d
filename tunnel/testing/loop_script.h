// SPDX-License-Identifier: Apache-2.0
//
// What happens beside the object under test while it runs its event loop.

#ifndef OVOC_TUNNEL_TESTING_LOOP_SCRIPT_H_
#define OVOC_TUNNEL_TESTING_LOOP_SCRIPT_H_

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <deque>
#include <functional>
#include <utility>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {

// LoopScript runs from the event loop, as signals do: each step waits for a
// condition, which it looks at every 2 ms, then acts.
class LoopScript {
 public:
  using Condition = std::function<bool()>;
  using Action = std::function<void()>;

  // `give_up` is called when a condition does not come true in time.
  LoopScript(EventLoop* loop, Action give_up)
      : loop_(loop),
        give_up_(std::move(give_up)),
        timer_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
        limit_(MonotonicNow() + kLimit) {
    const itimerspec every_2_ms = {{0, 2000000}, {0, 2000000}};
    timerfd_settime(timer_.get(), 0, &every_2_ms, nullptr);
    loop_->Watch(timer_.get(), EPOLLIN, [this](uint32_t) { OnTick(); })
        .IgnoreError();
  }
  LoopScript(const LoopScript&) = delete;
  LoopScript& operator=(const LoopScript&) = delete;
  ~LoopScript() { loop_->Unwatch(timer_.get()); }

  LoopScript& When(Condition condition, Action action) {
    steps_.push_back({std::move(condition), std::move(action)});
    return *this;
  }
  LoopScript& Then(Action action) {
    return When([] { return true; }, std::move(action));
  }
  bool done() const { return steps_.empty(); }

 private:
  // Longer than any wait of a test that works.
  static constexpr absl::Duration kLimit = absl::Seconds(20);

  struct Step {
    Condition condition;
    Action action;
  };

  void OnTick() {
    uint64_t ticks = 0;
    EXPECT_EQ(read(timer_.get(), &ticks, sizeof(ticks)),
              static_cast<ssize_t>(sizeof(ticks)));
    if (!steps_.empty() && steps_.front().condition()) {
      const Action action = std::move(steps_.front().action);
      steps_.pop_front();
      action();
    } else if (MonotonicNow() > limit_) {
      ADD_FAILURE() << steps_.size() << " steps of the script did not come";
      give_up_();
    }
  }

  EventLoop* const loop_;
  const Action give_up_;
  const netif::UniqueFd timer_;
  const absl::Time limit_;
  std::deque<Step> steps_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TESTING_LOOP_SCRIPT_H_
