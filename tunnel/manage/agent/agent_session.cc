// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/agent_session.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>

#include "absl/status/status.h"

namespace ovoc::tunnel {

AgentSession::AgentSession(EventLoop* loop, netif::UniqueFd socket,
                           Identity identity, OnLine on_line)
    : loop_(loop),
      socket_(std::move(socket)),
      identity_(std::move(identity)),
      on_line_(std::move(on_line)),
      lines_(MonotonicNow()) {}

absl::StatusOr<std::unique_ptr<AgentSession>> AgentSession::Start(
    EventLoop* loop, netif::UniqueFd socket, Identity identity,
    OnLine on_line) {
  auto session = std::unique_ptr<AgentSession>(new AgentSession(
      loop, std::move(socket), std::move(identity), std::move(on_line)));
  AgentSession* const raw = session.get();
  const absl::Status watched =
      loop->Watch(raw->socket_.get(), EPOLLIN,
                  [raw](uint32_t events) { raw->OnEvents(events); });
  if (!watched.ok()) {
    return watched;
  }
  return session;
}

AgentSession::~AgentSession() { loop_->Unwatch(socket_.get()); }

void AgentSession::OnEvents(uint32_t events) {
  if ((events & EPOLLIN) != 0 && lines_.WantsMore() && !no_more_) {
    Read();
  }
  if ((events & EPOLLOUT) != 0) {
    Flush();
  }
  TakeLines(MonotonicNow());
  if ((events & (EPOLLHUP | EPOLLERR)) != 0) {
    ended_ = true;  // nobody reads an answer any more
  }
  Settle();
}

void AgentSession::Read() {
  std::array<char, 4096> buffer;
  const ssize_t size = recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (size > 0) {
    lines_.Add({buffer.data(), static_cast<size_t>(size)});
    explicit_bzero(buffer.data(), buffer.size());
  } else if (size == 0) {
    no_more_ = true;
  } else if (errno != EAGAIN && errno != EINTR) {
    ended_ = true;
  }
}

void AgentSession::TakeLines(absl::Time now) {
  next_time_ = absl::InfiniteFuture();
  std::string line;
  while (!busy_ && !ended_) {
    const RequestLines::Result result = lines_.Next(now, &line);
    if (result == RequestLines::Result::kWait) {
      next_time_ = lines_.NextTime();
      break;
    }
    if (result == RequestLines::Result::kTooLong) {
      Send(BadAnswer(0, absl::InvalidArgumentError(
                            "request: the line is too long; send at most "
                            "16384 bytes a line")));
      ended_ = true;
      break;
    }
    if (result == RequestLines::Result::kNeedMore) {
      break;
    }
    on_line_(this, &line);
    WipeText(&line);
  }
}

void AgentSession::Send(const AnswerObject& answer) {
  unread_ += answer.ToLine();
  Flush();
  if (unread_.size() > kMaxUnreadBytes) {
    ended_ = true;
  }
  Settle();
}

void AgentSession::Flush() {
  while (!unread_.empty()) {
    const ssize_t size = send(socket_.get(), unread_.data(), unread_.size(),
                              MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size < 0) {
      ended_ = ended_ || errno != EAGAIN;
      return;
    }
    unread_.erase(0, static_cast<size_t>(size));
  }
}

void AgentSession::SetBusy(bool busy) {
  busy_ = busy;
  if (!busy_) {
    next_time_ = absl::InfinitePast();  // what came meanwhile
  }
  Settle();
}

void AgentSession::OnTime(absl::Time now) {
  if (now >= next_time_) {
    TakeLines(now);
    Settle();
  }
}

// Watches for what can be used now, and ends what has nothing to do.
void AgentSession::Settle() {
  const bool reads = !no_more_ && !busy_ && lines_.WantsMore();
  loop_->SetEvents(socket_.get(),
                   (reads ? uint32_t{EPOLLIN} : 0U) |
                       (unread_.empty() ? 0U : uint32_t{EPOLLOUT}));
  // A whole line that is left is taken later.
  if (no_more_ && !busy_ && unread_.empty() && lines_.WantsMore() &&
      next_time_ == absl::InfiniteFuture()) {
    ended_ = true;
  }
}

}  // namespace ovoc::tunnel
