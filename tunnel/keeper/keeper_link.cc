// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/keeper_link.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <variant>

#include "tunnel/command_line/exit_code.h"
#include "tunnel/report/content/log_line.h"

namespace ovoc::tunnel {
namespace {

// Every line of the log fits into a message.
static_assert(kMaxLogRecordBytes == kMaxLogLineBytes);

// A worker cannot poll: what it has is the time limits of its end (socket(7)).
absl::Status LimitWaits(int fd, absl::Duration patience) {
  const timeval limit = absl::ToTimeval(patience);
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    if (setsockopt(fd, SOL_SOCKET, option, &limit, sizeof(limit)) != 0) {
      return absl::ErrnoToStatus(errno, "setsockopt");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<KeeperLink>> KeeperLink::Create(
    EventLoop* loop, Channel channel, OnStop on_stop,
    std::function<void(const Tuning&)> on_tune, absl::Duration patience) {
  const absl::Status limited = LimitWaits(channel.fd(), patience);
  if (!limited.ok()) {
    return limited;
  }
  auto link = std::unique_ptr<KeeperLink>(new KeeperLink(
      loop, std::move(channel), std::move(on_stop), std::move(on_tune)));
  const absl::Status watched =
      loop->Watch(link->channel_.fd(), EPOLLIN,
                  [raw = link.get()](uint32_t) { raw->OnEvents(); });
  if (!watched.ok()) {
    return watched;
  }
  return link;
}

void KeeperLink::OnEvents() {
  if (!stop_seen_ && !tuning_seen_.has_value()) {
    const absl::StatusOr<KeeperMessage> message =
        channel_.ReceiveFromKeeper(Channel::Wait::kNo);
    if (absl::IsNotFound(message.status())) {
      return;
    }
    if (!message.ok()) {
      End("the keeper is gone or sent an unexpected message");
    }
    Note(*message);
  }
  loop_->SetEvents(channel_.fd(), EPOLLIN);
  Deliver();
}

void KeeperLink::Note(const KeeperMessage& message) {
  if (const auto* const tune = std::get_if<Tune>(&message)) {
    tuning_seen_ = tune->tuning;
  } else if (const auto* const stop = std::get_if<Stop>(&message)) {
    stop_seen_ = stop->why;
  } else {
    End("the keeper sent an unexpected message");
  }
}

void KeeperLink::Deliver() {
  if (tuning_seen_.has_value()) {
    on_tune_(*std::exchange(tuning_seen_, std::nullopt));
  }
  if (stop_seen_.has_value()) {
    on_stop_(*std::exchange(stop_seen_, std::nullopt));
  }
}

// Without its keeper a worker has nothing to do.
void KeeperLink::End(absl::string_view why) {
  channel_.Send(WorkerMessage(LastWord{std::string(why)}), Channel::Wait::kNo)
      .IgnoreError();
  _exit(static_cast<int>(ExitCode::kInternal));
}

// False when there is no room: the keeper is behind.
bool KeeperLink::Tell(const WorkerMessage& message) {
  const absl::Status told = channel_.Send(message, Channel::Wait::kNo);
  if (absl::IsUnavailable(told)) {
    End("the keeper is gone");
  }
  return told.ok();
}

template <typename Answer>
Answer KeeperLink::Ask(const WorkerMessage& question) {
  if (!channel_.Send(question, Channel::Wait::kYes).ok()) {
    End("the keeper accepts no request");
  }
  while (true) {
    absl::StatusOr<KeeperMessage> message =
        channel_.ReceiveFromKeeper(Channel::Wait::kYes);
    if (!message.ok()) {
      End(absl::IsNotFound(message.status())
              ? "the keeper did not answer in time"
              : "the keeper is gone or sent an unexpected answer");
    }
    if (Answer* const answer = std::get_if<Answer>(&*message)) {
      return std::move(*answer);
    }
    Note(*message);
    // Not from within the call that asks: the channel can be written to, so
    // the event loop comes back at once.
    loop_->SetEvents(channel_.fd(), EPOLLIN | EPOLLOUT);
  }
}

void KeeperLink::Ready(const SandboxReport& sandbox) {
  Tell(WorkerReady{sandbox});
}

void KeeperLink::SayWhy(absl::string_view detail) {
  Tell(LastWord{std::string(detail)});
}

bool KeeperLink::Log(LogLevel level, absl::string_view text) {
  return Tell(LogRecord{level, std::string(text)});
}

// The next one, some seconds later, says the same and more.
void KeeperLink::OnProgress(const Progress& progress) {
  TellServer();
  Tell(progress);
}

// It is told once only, so it must not be lost.
void KeeperLink::OnSecured(const ServerIdentity& server) {
  untold_server_ = server;
  TellServer();
}

void KeeperLink::TellServer() {
  if (untold_server_.has_value() && Tell(*untold_server_)) {
    untold_server_.reset();
  }
}

void KeeperLink::LookAround(TunnelConfig* config) {
  Surroundings found = Ask<Surroundings>(AskSurroundings{config->server});
  config->sockets.vrf = std::move(found.vrf);
  config->attempt.dns.servers = std::move(found.name_servers);
  config->attempt.known = std::move(found.known);
  if (config->attempt.proxy.has_value()) {
    config->attempt.proxy->hop.known =
        Ask<Surroundings>(AskSurroundings{kProxyPlace}).known;
  }
}

auth::Secret KeeperLink::Authorization(LoginOf whose) {
  return Ask<struct Authorization>(AskAuthorization{whose}).value;
}

absl::StatusOr<netif::UniqueFd> KeeperLink::Make(const SocketRequest& request) {
  SocketMade made = Ask<SocketMade>(AskSocket{request});
  if (!made.result.ok()) {
    return made.result;
  }
  if (!made.socket.valid()) {
    return absl::ResourceExhaustedError("no descriptor is left for a socket");
  }
  return std::move(made.socket);
}

absl::StatusOr<std::string> KeeperLink::Sign(const SignatureRequest& request) {
  SignatureMade made = Ask<SignatureMade>(AskSignature{request});
  if (!made.result.ok()) {
    return made.result;
  }
  return std::move(made.signature);
}

absl::Status KeeperLink::SetAddress(const netif::Overlay& overlay) {
  return Ask<AddressSet>(tunnel::SetAddress{overlay.hosts()}).result;
}

}  // namespace ovoc::tunnel
