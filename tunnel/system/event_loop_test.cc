// SPDX-License-Identifier: Apache-2.0
#include "tunnel/system/event_loop.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <utility>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::Duration kSoon = absl::Milliseconds(5);
// Longer than any wait of a test that works.
constexpr absl::Duration kLong = absl::Seconds(20);

// A pair of connected stream sockets.
class Pair {
 public:
  Pair() {
    std::array<int, 2> fds = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                         fds.data()),
              0);
    ours.Reset(fds[0]);
    theirs.Reset(fds[1]);
  }

  void MakeReadable() const { EXPECT_EQ(write(theirs.get(), "x", 1), 1); }
  void Drain() const {
    char byte;
    while (read(ours.get(), &byte, 1) == 1) {
    }
  }

  netif::UniqueFd ours;
  netif::UniqueFd theirs;
};

class EventLoopTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
  }

  // One batch of what is there already.
  void RunReady() { ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok()); }

  // Watches `pair` and counts into `*calls`.
  void Count(const Pair& pair, int* calls) {
    ASSERT_TRUE(
        loop_->Watch(pair.ours.get(), EPOLLIN, [calls](uint32_t) { ++*calls; })
            .ok());
  }

  std::unique_ptr<EventLoop> loop_;
};

TEST_F(EventLoopTest, CallsTheHandlerWithTheEventsThatAreSet) {
  Pair pair;
  uint32_t seen = 0;
  ASSERT_TRUE(loop_
                  ->Watch(pair.ours.get(), EPOLLIN | EPOLLOUT,
                          [&seen](uint32_t events) { seen = events; })
                  .ok());
  RunReady();
  EXPECT_EQ(seen, uint32_t{EPOLLOUT});
  pair.MakeReadable();
  RunReady();
  EXPECT_EQ(seen, uint32_t{EPOLLIN | EPOLLOUT});
}

TEST_F(EventLoopTest, CallsAgainAsLongAsBytesAreLeft) {
  Pair pair;
  int calls = 0;
  Count(pair, &calls);
  RunReady();
  EXPECT_EQ(calls, 0);
  pair.MakeReadable();
  RunReady();
  RunReady();
  EXPECT_EQ(calls, 2) << "level-triggered";
  pair.Drain();
  RunReady();
  EXPECT_EQ(calls, 2);
}

TEST_F(EventLoopTest, RefusesASecondHandlerOfADescriptor) {
  Pair pair;
  int first = 0;
  int second = 0;
  Count(pair, &first);
  EXPECT_TRUE(absl::IsAlreadyExists(loop_->Watch(
      pair.ours.get(), EPOLLIN, [&second](uint32_t) { ++second; })));
  pair.MakeReadable();
  RunReady();
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 0);
}

TEST_F(EventLoopTest, RefusesWhatCannotBePolled) {
  const auto ignore = [](uint32_t) {};
  EXPECT_FALSE(loop_->Watch(-1, EPOLLIN, ignore).ok());
  netif::UniqueFd file(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  ASSERT_TRUE(file.valid());
  EXPECT_FALSE(loop_->Watch(file.get(), EPOLLIN, ignore).ok());
  // Nothing is left of it: the number can be used by another descriptor.
  Pair pair;
  ASSERT_GE(dup2(pair.ours.get(), file.get()), 0);
  EXPECT_TRUE(loop_->Watch(file.get(), EPOLLIN, ignore).ok());
  loop_->Unwatch(file.get());
}

TEST_F(EventLoopTest, WatchesForOtherEventsAfterSetEvents) {
  Pair pair;
  int calls = 0;
  Count(pair, &calls);
  pair.MakeReadable();
  loop_->SetEvents(pair.ours.get(), 0);
  RunReady();
  EXPECT_EQ(calls, 0);
  loop_->SetEvents(pair.ours.get(), EPOLLOUT);
  loop_->SetEvents(pair.ours.get(), EPOLLOUT);
  RunReady();
  EXPECT_EQ(calls, 1);
  loop_->SetEvents(pair.ours.get(), EPOLLIN);
  RunReady();
  EXPECT_EQ(calls, 2);
}

TEST_F(EventLoopTest, ReportsAHangUpThatWasNotAskedFor) {
  Pair pair;
  uint32_t seen = 0;
  ASSERT_TRUE(loop_
                  ->Watch(pair.ours.get(), 0,
                          [&seen](uint32_t events) { seen = events; })
                  .ok());
  pair.theirs.Reset();
  RunReady();
  EXPECT_NE(seen & EPOLLHUP, 0u);
}

TEST_F(EventLoopTest, IgnoresDescriptorsThatAreNotWatched) {
  Pair pair;
  loop_->SetEvents(pair.ours.get(), EPOLLIN);
  loop_->Unwatch(pair.ours.get());
  loop_->Unwatch(-1);
  pair.MakeReadable();
  RunReady();
}

TEST_F(EventLoopTest, DeliversNothingAfterUnwatch) {
  Pair pair;
  int calls = 0;
  Count(pair, &calls);
  pair.MakeReadable();
  loop_->Unwatch(pair.ours.get());
  RunReady();
  EXPECT_EQ(calls, 0);
  Count(pair, &calls);
  RunReady();
  EXPECT_EQ(calls, 1);
}

TEST_F(EventLoopTest, AHandlerMayUnwatchItselfAndGoOn) {
  Pair pair;
  auto alive = std::make_shared<int>(0);
  const std::weak_ptr<int> watched_alive = alive;
  const int fd = pair.ours.get();
  ASSERT_TRUE(loop_
                  ->Watch(fd, EPOLLIN,
                          [this, fd, alive = std::move(alive)](uint32_t) {
                            loop_->Unwatch(fd);
                            ++*alive;  // what it captured is still there
                          })
                  .ok());
  pair.MakeReadable();
  RunReady();
  EXPECT_TRUE(watched_alive.expired()) << "freed after the batch";
  RunReady();
}

TEST_F(EventLoopTest, DropsTheEventsOfABatchThatAHandlerHasUnwatched) {
  Pair pairs[2];
  int calls = 0;
  for (const Pair& pair : pairs) {
    ASSERT_TRUE(loop_
                    ->Watch(pair.ours.get(), EPOLLIN,
                            [this, &pairs, &calls](uint32_t) {
                              ++calls;  // whoever comes first ends the other
                              loop_->Unwatch(pairs[0].ours.get());
                              loop_->Unwatch(pairs[1].ours.get());
                            })
                    .ok());
    pair.MakeReadable();
  }
  RunReady();
  EXPECT_EQ(calls, 1);
}

TEST_F(EventLoopTest, GivesAStaleEventNotToTheNextOwnerOfItsDescriptor) {
  Pair pairs[2];
  Pair silent;
  int stale = 0;
  for (int i = 0; i < 2; ++i) {
    const int other = pairs[1 - i].ours.get();
    ASSERT_TRUE(loop_
                    ->Watch(pairs[i].ours.get(), EPOLLIN,
                            [this, other, &silent, &stale](uint32_t) {
                              // The other number now stands for a silent
                              // socket.
                              loop_->Unwatch(other);
                              ASSERT_GE(dup2(silent.ours.get(), other), 0);
                              ASSERT_TRUE(
                                  loop_
                                      ->Watch(other, EPOLLIN,
                                              [&stale](uint32_t) { ++stale; })
                                      .ok());
                            })
                    .ok());
    pairs[i].MakeReadable();
  }
  RunReady();
  EXPECT_EQ(stale, 0);
}

TEST_F(EventLoopTest, AHandlerMayWatchManyMore) {
  Pair first;
  std::array<Pair, 40> more;
  int calls = 0;
  ASSERT_TRUE(loop_
                  ->Watch(first.ours.get(), EPOLLIN,
                          [this, &first, &more, &calls](uint32_t) {
                            for (const Pair& pair : more) {
                              Count(pair, &calls);
                              pair.MakeReadable();
                            }
                            first.Drain();
                          })
                  .ok());
  first.MakeReadable();
  RunReady();
  EXPECT_EQ(calls, 0) << "not in the batch that was fetched before";
  RunReady();
  EXPECT_EQ(calls, 40);
}

TEST_F(EventLoopTest, ReturnsAtTheDeadline) {
  const absl::Time deadline = MonotonicNow() + kSoon;
  ASSERT_TRUE(loop_->RunOnce(deadline).ok());
  EXPECT_GE(MonotonicNow(), deadline);
}

TEST_F(EventLoopTest, ReturnsAtAnEventBeforeTheDeadline) {
  Pair pair;
  int calls = 0;
  Count(pair, &calls);
  pair.MakeReadable();
  const absl::Time begin = MonotonicNow();
  ASSERT_TRUE(loop_->RunOnce(absl::InfiniteFuture()).ok());
  ASSERT_TRUE(loop_->RunOnce(begin + absl::Hours(24 * 365)).ok());
  EXPECT_EQ(calls, 2);
  EXPECT_LT(MonotonicNow() - begin, kLong);
}

TEST_F(EventLoopTest, ADeadlineInThePastStillDeliversWhatIsThere) {
  Pair pair;
  int calls = 0;
  Count(pair, &calls);
  pair.MakeReadable();
  ASSERT_TRUE(loop_->RunOnce(MonotonicNow() - absl::Hours(1)).ok());
  EXPECT_EQ(calls, 1);
}

TEST_F(EventLoopTest, ASignalEndsTheWaitWithoutAnError) {
  struct sigaction action = {};
  action.sa_handler = [](int) {};
  struct sigaction old = {};
  ASSERT_EQ(sigaction(SIGALRM, &action, &old), 0);
  // Again and again, should one come before the wait.
  itimerval timer = {{0, 5000}, {0, 5000}};
  ASSERT_EQ(setitimer(ITIMER_REAL, &timer, nullptr), 0);
  const absl::Time begin = MonotonicNow();
  EXPECT_TRUE(loop_->RunOnce(begin + kLong).ok());
  EXPECT_LT(MonotonicNow() - begin, kLong);
  timer = {};
  setitimer(ITIMER_REAL, &timer, nullptr);
  sigaction(SIGALRM, &old, nullptr);
}

TEST(MonotonicNowTest, NeverGoesBack) {
  absl::Time last = MonotonicNow();
  for (int i = 0; i < 1000; ++i) {
    const absl::Time now = MonotonicNow();
    EXPECT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
