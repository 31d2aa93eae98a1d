// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_LISTENER_H_
#define OVOC_TUNNEL_KEEPER_WORKER_LISTENER_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tunnel/event_loop.h"
#include "tunnel/keeper/channel.h"
#include "tunnel/keeper/message.h"
#include "tunnel/keeper/message_budget.h"

namespace ovoc::tunnel {

// WorkerListener is a keeper's ear for one worker: it says when there is
// something to hear, and takes what a MessageBudget allows. What is over waits
// in the channel.
class WorkerListener {
 public:
  enum class State {
    kListening,  // `on_message` is called when there is something to hear
    kPausing,    // the budget is used up; until NextTime
    kDeaf,       // the channel is over, or nobody wants to hear more
  };

  // Listens from now on. `loop` and `channel` outlive it.
  WorkerListener(EventLoop* loop, Channel* channel,
                 std::function<void()> on_message);
  WorkerListener(const WorkerListener&) = delete;
  WorkerListener& operator=(const WorkerListener&) = delete;
  ~WorkerListener() { Stop(); }

  // The next message, in any state. NotFound: there is none, or the budget is
  // used up. Unavailable: the channel is over. InvalidArgument: what came is no
  // message of a worker.
  absl::StatusOr<WorkerMessage> Take(absl::Time now);

  // Gives a whole budget again, for the last words of a worker that has ended:
  // a channel holds less.
  void RefillBudget() { budget_ = MessageBudget(MessageBudget::Options()); }

  void Stop();  // for ever

  // To be called at NextTime or later: a pause is over then.
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
