// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/echo_connection.h"

#include <sys/epoll.h>

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tunnel/transport/decisions/more_addresses.h"

namespace ovoc::conformance {
namespace {

using tunnel::IoResult;

constexpr size_t kInputBytes = 65536;

// Reads in a row before the clock is looked at again.
constexpr int kReadsPerTurn = 64;

// A server that composes a large case reads nothing meanwhile; how long that
// may take is the session's to say, not TCP's.
tunnel::SocketOptions PatientTcp(uint16_t port,
                                 const EchoSession::Limits& limits) {
  tunnel::SocketOptions options;
  options.server_port = port;
  options.user_timeout = limits.whole;
  return options;
}

}  // namespace

EchoConnection::EchoConnection(tunnel::EventLoop* loop, const Target* target,
                               const auth::UpgradeRequest* request,
                               const Options& options,
                               EchoSession::RandomBytes random)
    : loop_(loop),
      target_(target),
      request_(request),
      options_(options),
      random_(std::move(random)),
      socket_options_(PatientTcp(target->port, options.limits)),
      connector_(loop, &sockets_, this),
      input_(kInputBytes) {}

EchoConnection::~EchoConnection() {
  if (transport_ != nullptr) {
    loop_->Unwatch(transport_->fd());
  }
}

absl::StatusOr<EchoEnd> EchoConnection::Run() {
  connector_.Add(target_->addresses, tunnel::MoreAddresses::kNone,
                 tunnel::MonotonicNow());
  while (!over_) {
    const absl::Time wake = more_to_read_ ? absl::InfinitePast() : NextTime();
    if (absl::Status status = loop_->RunOnce(wake); !status.ok()) {
      return status;
    }
    OnTime(tunnel::MonotonicNow());
    if (more_to_read_ && !over_) {
      Turn();
    }
  }
  return session_ == nullptr ? end_ : session_->end();
}

std::string EchoConnection::text() const {
  return session_ == nullptr ? "" : session_->text();
}

void EchoConnection::OnConnectDone(
    absl::StatusOr<tunnel::TcpConnector::Connected> result) {
  if (!result.ok()) {
    NotConnected(result.status());
    return;
  }
  Secure(std::move(result));
}

void EchoConnection::Secure(
    absl::StatusOr<tunnel::TcpConnector::Connected> result) {
  if (target_->tls == nullptr) {
    transport_ =
        std::make_unique<tunnel::PlainTransport>(std::move(result->socket));
  } else {
    absl::StatusOr<std::unique_ptr<tunnel::TlsClientTransport>> tls =
        target_->tls->Connect(std::move(result->socket), target_->name);
    if (!tls.ok()) {
      NotConnected(tls.status());
      return;
    }
    transport_ = *std::move(tls);
  }
  handshake_deadline_ = tunnel::MonotonicNow() + options_.handshake;
  const absl::Status watched =
      loop_->Watch(transport_->fd(), EPOLLIN, [this](uint32_t) { Turn(); });
  if (!watched.ok()) {
    NotConnected(watched);
    return;
  }
  Turn();
}

void EchoConnection::OnTime(absl::Time now) {
  if (over_) {
    return;
  }
  if (session_ != nullptr) {
    session_->OnTime(now);
    Settle();
    return;
  }
  if (transport_ == nullptr) {
    connector_.OnTime(now);
    return;
  }
  if (now >= handshake_deadline_) {
    NotConnected(absl::DeadlineExceededError(
        absl::StrCat("the TLS handshake took more than ",
                     absl::FormatDuration(options_.handshake))));
  }
}

absl::Time EchoConnection::NextTime() const {
  if (session_ != nullptr) {
    return session_->NextTime();
  }
  return transport_ == nullptr ? connector_.NextTime() : handshake_deadline_;
}

void EchoConnection::Turn() {
  const absl::Time now = tunnel::MonotonicNow();
  if (session_ == nullptr) {
    Handshake(now);
    if (session_ == nullptr) {
      return;
    }
  }
  Write(now);
  Read(now);
  Settle();
}

void EchoConnection::Handshake(absl::Time now) {
  switch (transport_->Handshake()) {
    case IoResult::kDone:
      // The request is made only now that the certificate is verified.
      session_ = std::make_unique<EchoSession>(*request_, options_.task,
                                               options_.limits, random_, now);
      return;
    case IoResult::kMore:
      // It can be written to, so the loop comes back at once.
      loop_->SetEvents(transport_->fd(), EPOLLIN | EPOLLOUT);
      return;
    case IoResult::kWouldBlock:
      loop_->SetEvents(transport_->fd(),
                       transport_->WantsWrite() ? EPOLLOUT : EPOLLIN);
      return;
    case IoResult::kClosed:
      NotConnected(absl::UnavailableError(
          "the server ended the connection in the TLS handshake"));
      return;
    case IoResult::kFailed:
      NotConnected(transport_->status());
      return;
  }
}

// Reads on while output is blocked, as far as the session takes it.
void EchoConnection::Read(absl::Time now) {
  more_to_read_ = false;
  for (int i = 0; i < kReadsPerTurn; ++i) {
    if (unread_.empty() && !Fill(now)) {
      return;
    }
    session_->OnBytes(&unread_, now);
    Write(now);
    if (!unread_.empty() && blocked_) {
      return;  // goes on when the socket takes bytes again
    }
  }
  more_to_read_ = true;
}

// False when there is nothing to read for now, or ever.
bool EchoConnection::Fill(absl::Time now) {
  if (stream_ended_) {
    return false;
  }
  size_t count = 0;
  switch (transport_->Read(absl::MakeSpan(input_), &count)) {
    case IoResult::kDone:
      unread_ = absl::MakeConstSpan(input_).first(count);
      return true;
    case IoResult::kMore:
      more_to_read_ = true;
      return false;
    case IoResult::kWouldBlock:
      return false;
    case IoResult::kClosed:
      session_->OnStreamEnd(absl::OkStatus(), now);
      break;
    case IoResult::kFailed:
      session_->OnStreamEnd(transport_->status(), now);
      break;
  }
  stream_ended_ = true;
  return false;
}

void EchoConnection::Write(absl::Time now) {
  const IoResult result = transport_->WriteAll(
      [this] { return session_->output(); },
      [this, now](size_t count) { session_->ConsumeOutput(count, now); });
  blocked_ = result == IoResult::kWouldBlock;
  if (result != IoResult::kDone && !blocked_) {
    session_->OnStreamEnd(
        transport_->status().ok()
            ? absl::UnavailableError("the server stopped reading")
            : transport_->status(),
        now);
    stream_ended_ = true;
  }
}

void EchoConnection::Settle() {
  if (over_) {
    return;
  }
  if (session_->done()) {
    transport_->Shutdown();
    loop_->Unwatch(transport_->fd());
    over_ = true;
    return;
  }
  const bool reads = !stream_ended_ && unread_.empty();
  loop_->SetEvents(transport_->fd(), (reads ? uint32_t{EPOLLIN} : 0) |
                                         (blocked_ ? uint32_t{EPOLLOUT} : 0));
}

void EchoConnection::NotConnected(absl::Status why) {
  end_.reason = EchoEnd::Reason::kNotConnected;
  end_.detail = std::move(why);
  over_ = true;
}

}  // namespace ovoc::conformance
