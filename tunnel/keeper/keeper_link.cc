// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/keeper_link.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <variant>

#include "tunnel/exit_code.h"

namespace ovoc::tunnel {
namespace {

// Without its keeper a worker has nothing to say and nobody to say it to.
[[noreturn]] void EndOrphan() { _exit(static_cast<int>(ExitCode::kInternal)); }

}  // namespace

absl::StatusOr<std::unique_ptr<KeeperLink>> KeeperLink::Create(
    EventLoop* loop, Channel channel, std::function<void()> on_stop,
    std::function<void(const Tuning&)> on_tune) {
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
      EndOrphan();
    }
    Note(*message);
  }
  loop_->SetEvents(channel_.fd(), EPOLLIN);
  Deliver();
}

void KeeperLink::Note(const KeeperMessage& message) {
  if (const auto* const tune = std::get_if<Tune>(&message)) {
    tuning_seen_ = tune->tuning;
  } else if (std::holds_alternative<Stop>(message)) {
    stop_seen_ = true;
  } else {
    EndOrphan();
  }
}

void KeeperLink::Deliver() {
  if (tuning_seen_.has_value()) {
    on_tune_(*std::exchange(tuning_seen_, std::nullopt));
  }
  if (std::exchange(stop_seen_, false)) {
    on_stop_();
  }
}

void KeeperLink::Tell(const WorkerMessage& message) {
  if (!channel_.Send(message, Channel::Wait::kYes).ok()) {
    EndOrphan();
  }
}

template <typename Answer>
Answer KeeperLink::Ask(const WorkerMessage& question) {
  Tell(question);
  while (true) {
    absl::StatusOr<KeeperMessage> message =
        channel_.ReceiveFromKeeper(Channel::Wait::kYes);
    if (!message.ok()) {
      EndOrphan();
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

void KeeperLink::Log(LogLevel level, absl::string_view text) {
  Tell(LogRecord{level, std::string(text)});
}

void KeeperLink::OnProgress(const Progress& progress) { Tell(progress); }

void KeeperLink::LookAround(TunnelConfig* config) {
  Surroundings found = Ask<Surroundings>(AskSurroundings{});
  config->vrf = std::move(found.vrf);
  config->attempt.dns.servers = std::move(found.name_servers);
}

auth::Secret KeeperLink::Authorization() {
  return Ask<struct Authorization>(AskAuthorization{}).value;
}

absl::StatusOr<netif::UniqueFd> KeeperLink::Make(const SocketRequest& request) {
  SocketMade made = Ask<SocketMade>(AskSocket{request});
  if (!made.result.ok()) {
    return made.result;
  }
  if (!made.socket.valid()) {
    return absl::ResourceExhaustedError("no descriptor left for a socket");
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

absl::Status KeeperLink::Configure(absl::string_view /*name*/,
                                   const netif::Overlay& overlay,
                                   int /*mtu_bytes*/) {
  return Ask<AddressSet>(
             SetAddress{{overlay.address().value(), overlay.hosts().length()}})
      .result;
}

absl::Status KeeperLink::ClearAddress(absl::string_view /*name*/) {
  return absl::OkStatus();
}

}  // namespace ovoc::tunnel
