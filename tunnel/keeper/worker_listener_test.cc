// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_listener.h"

#include <memory>
#include <optional>
#include <variant>

#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::tunnel {
namespace {

using State = WorkerListener::State;

class WorkerListenerTest : public testing::Test {
 protected:
  void Say() {
    ASSERT_TRUE(
        pair_.worker.Send(WorkerMessage(AskSurroundings{}), Channel::Wait::kNo)
            .ok());
  }
  // How often it is called in one turn of the loop.
  int Calls() {
    calls_ = 0;
    EXPECT_TRUE(loop_->RunOnce(MonotonicNow()).ok());
    return calls_;
  }
  void UseUpTheBudget() {
    for (int i = 0; i < MessageBudget::Options().burst; ++i) {
      Say();
      ASSERT_TRUE(listener_->Take(now_).ok()) << i;
    }
    Say();
    ASSERT_TRUE(absl::IsNotFound(listener_->Take(now_).status()));
    ASSERT_EQ(listener_->state(), State::kPausing);
  }

  std::unique_ptr<EventLoop> loop_ = EventLoop::Create().value();
  Channel::Pair pair_ = Channel::MakePair().value();
  absl::Time now_ = absl::UnixEpoch();
  int calls_ = 0;
  std::optional<WorkerListener> listener_{std::in_place, loop_.get(),
                                          &pair_.keeper, [this] { ++calls_; }};
};

TEST_F(WorkerListenerTest, CallsWhileThereIsSomethingToHear) {
  EXPECT_EQ(Calls(), 0);
  Say();
  EXPECT_EQ(Calls(), 1);
  const auto message = listener_->Take(now_);
  ASSERT_TRUE(message.ok()) << message.status();
  EXPECT_TRUE(std::holds_alternative<AskSurroundings>(*message));
  EXPECT_TRUE(absl::IsNotFound(listener_->Take(now_).status()));
  EXPECT_EQ(Calls(), 0);
  EXPECT_EQ(listener_->state(), State::kListening);
  EXPECT_EQ(listener_->NextTime(), absl::InfiniteFuture());
}

TEST_F(WorkerListenerTest, ALookThatFindsNothingCostsNothing) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(absl::IsNotFound(listener_->Take(now_).status()));
  }
  EXPECT_EQ(listener_->state(), State::kListening);
  Say();
  EXPECT_TRUE(listener_->Take(now_).ok());
}

TEST_F(WorkerListenerTest, PausesUntilThereIsABudgetAgain) {
  UseUpTheBudget();
  EXPECT_EQ(Calls(), 0) << "although something waits";
  const absl::Time again =
      now_ + absl::Seconds(1 / MessageBudget::Options().per_second);
  EXPECT_EQ(listener_->NextTime(), again);
  listener_->OnTime(again - absl::Nanoseconds(1));
  EXPECT_EQ(listener_->state(), State::kPausing);
  listener_->OnTime(again);
  EXPECT_EQ(listener_->state(), State::kListening);
  EXPECT_EQ(Calls(), 1);
  EXPECT_TRUE(listener_->Take(again).ok());
}

TEST_F(WorkerListenerTest, DoesNotSpinOnAChannelThatIsClosedInAPause) {
  UseUpTheBudget();
  pair_.worker = Channel(netif::UniqueFd());
  EXPECT_EQ(Calls(), 0);
}

TEST_F(WorkerListenerTest, ARefilledBudgetIsForTheLastWords) {
  UseUpTheBudget();
  listener_->RefillBudget();
  EXPECT_TRUE(listener_->Take(now_).ok()) << "what waited";
  pair_.worker = Channel(netif::UniqueFd());
  EXPECT_TRUE(absl::IsUnavailable(listener_->Take(now_).status()));
}

TEST_F(WorkerListenerTest, IsDeafOnceTheChannelIsOver) {
  Say();
  pair_.worker = Channel(netif::UniqueFd());
  EXPECT_EQ(Calls(), 1);
  EXPECT_TRUE(listener_->Take(now_).ok());
  EXPECT_TRUE(absl::IsUnavailable(listener_->Take(now_).status()));
  EXPECT_EQ(listener_->state(), State::kDeaf);
  EXPECT_EQ(Calls(), 0);
}

TEST_F(WorkerListenerTest, AStopIsForEver) {
  UseUpTheBudget();
  listener_->Stop();
  EXPECT_EQ(listener_->NextTime(), absl::InfiniteFuture());
  listener_->OnTime(now_ + absl::Hours(1));
  EXPECT_EQ(listener_->state(), State::kDeaf);
  EXPECT_EQ(Calls(), 0);
}

TEST_F(WorkerListenerTest, SaysWhatIsNoMessageOfAWorker) {
  ASSERT_TRUE(
      pair_.worker.Send(KeeperMessage(tunnel::Stop{}), Channel::Wait::kNo)
          .ok());
  EXPECT_TRUE(absl::IsInvalidArgument(listener_->Take(now_).status()));
  EXPECT_EQ(listener_->state(), State::kListening);
}

TEST_F(WorkerListenerTest, LeavesNothingInTheLoop) {
  listener_.reset();
  Say();
  EXPECT_EQ(Calls(), 0);
}

}  // namespace
}  // namespace ovoc::tunnel
