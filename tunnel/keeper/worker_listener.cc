// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_listener.h"

#include <sys/epoll.h>

#include <utility>

namespace ovoc::tunnel {

WorkerListener::WorkerListener(EventLoop* loop, Channel* channel,
                               std::function<void()> on_message)
    : loop_(loop), channel_(channel), on_message_(std::move(on_message)) {
  Listen();
}

// Without a watch on it a channel cannot be heard: as good as silence.
void WorkerListener::Listen() {
  state_ = State::kListening;
  loop_->Watch(channel_->fd(), EPOLLIN, [this](uint32_t) { on_message_(); })
      .IgnoreError();
}

void WorkerListener::StopWatching(State next) {
  state_ = next;
  loop_->Unwatch(channel_->fd());
}

void WorkerListener::Stop() { StopWatching(State::kDeaf); }

absl::StatusOr<WorkerMessage> WorkerListener::Take(absl::Time now) {
  if (!budget_.Take(now)) {
    // Not at all: a channel that was closed would be reported for ever.
    StopWatching(State::kPausing);
    return absl::NotFoundError("the budget is used up");
  }
  absl::StatusOr<WorkerMessage> message =
      channel_->ReceiveFromWorker(Channel::Wait::kNo);
  if (absl::IsNotFound(message.status())) {
    budget_.PutBack();
  } else if (absl::IsUnavailable(message.status())) {
    Stop();
  }
  return message;
}

void WorkerListener::OnTime(absl::Time now) {
  if (now >= NextTime()) {
    Listen();
  }
}

absl::Time WorkerListener::NextTime() const {
  return state_ == State::kPausing ? budget_.NextTime()
                                   : absl::InfiniteFuture();
}

}  // namespace ovoc::tunnel
