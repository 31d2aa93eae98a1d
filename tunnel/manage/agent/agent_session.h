// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_AGENT_SESSION_H_
#define OVOC_TUNNEL_MANAGE_AGENT_AGENT_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/manage/protocol/access_rule.h"
#include "tunnel/manage/protocol/answer_object.h"
#include "tunnel/manage/protocol/request_lines.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {

// What a session may leave unread; more ends it. A status file has some 20 KiB.
inline constexpr size_t kMaxUnreadBytes = size_t{1024} * 1024;

// AgentSession is one program that is connected to the agent. It takes one
// request after the other.
class AgentSession {
 public:
  struct Identity {
    uint64_t number = 0;  // of the session
    std::string who;
    Access access = Access::kNone;
  };
  // A line that came, which may have a password in it.
  using OnLine = std::function<void(AgentSession* session, std::string* line)>;

  // `loop` must outlive the session.
  static absl::StatusOr<std::unique_ptr<AgentSession>> Start(
      EventLoop* loop, netif::UniqueFd socket, Identity identity,
      OnLine on_line);
  ~AgentSession();
  AgentSession(const AgentSession&) = delete;
  AgentSession& operator=(const AgentSession&) = delete;

  const Identity& identity() const { return identity_; }
  void Send(const AnswerObject& answer);

  // While a request takes its time, no other one is taken.
  void SetBusy(bool busy);
  bool busy() const { return busy_; }

  // Whether the other end is gone, or has been told that it has to go. The
  // session is to be destroyed then, but not from within OnLine.
  bool ended() const { return ended_; }

  // When to call OnTime; InfiniteFuture if there is no need to.
  absl::Time NextTime() const { return next_time_; }
  // Takes the lines that may be taken by now.
  void OnTime(absl::Time now);

 private:
  AgentSession(EventLoop* loop, netif::UniqueFd socket, Identity identity,
               OnLine on_line);

  void OnEvents(uint32_t events);
  void Read();
  void TakeLines(absl::Time now);
  void Flush();
  void Settle();

  EventLoop* const loop_;
  const netif::UniqueFd socket_;
  const Identity identity_;
  const OnLine on_line_;
  RequestLines lines_;
  std::string unread_;  // by the other end
  absl::Time next_time_ = absl::InfiniteFuture();
  bool busy_ = false;
  bool no_more_ = false;  // the other end sends nothing more
  bool ended_ = false;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_AGENT_SESSION_H_
