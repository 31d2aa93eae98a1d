// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_LISTENER_H_
#define OVOC_TUNNEL_KEEPER_WORKER_LISTENER_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tunnel/keeper/channel.h"
#include "tunnel/keeper/decisions/message_budget.h"
#include "tunnel/keeper/messages/message.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {

// WorkerListener receives one worker's messages for its keeper. It says when
// there is something to receive, and takes as many messages as a MessageBudget
// allows. The others wait in the channel.
class WorkerListener {
 public:
  enum class State {
    kListening,  // `on_message` is called when there is something to hear
    kPausing,    // the budget is used up; goes on at NextTime
    kDeaf,       // the channel is closed, or Stop was called
  };

  // Begins to listen. `loop` and `channel` must outlive it.
  WorkerListener(EventLoop* loop, Channel* channel,
                 std::function<void()> on_message);
  WorkerListener(const WorkerListener&) = delete;
  WorkerListener& operator=(const WorkerListener&) = delete;
  ~WorkerListener() { Stop(); }

  // Returns the next message, in any state. NotFound if there is none or the
  // budget is used up. Unavailable if the channel is closed. InvalidArgument if
  // the datagram is not a valid message of a worker.
  absl::StatusOr<WorkerMessage> Take(absl::Time now);

  // Fills the budget again, so that the last messages of a worker that has
  // ended can be received. A channel holds fewer than that.
  void RefillBudget() { budget_ = MessageBudget(MessageBudget::Options()); }

  void Stop();  // for good

  // Call this at NextTime or later. It ends a pause that is over.
  void OnTime(absl::Time now);
  absl::Time NextTime() const;

  State state() const { return state_; }

 private:
  void Listen();
  void StopWatching(State next);

  EventLoop* const loop_;
  Channel* const channel_;
  const std::function<void()> on_message_;
  MessageBudget budget_{MessageBudget::Options()};
  State state_ = State::kListening;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_WORKER_LISTENER_H_
