// SPDX-License-Identifier: Apache-2.0
#include "tunnel/tcp_connector.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <utility>

#include "netif/socket_address.h"
#include "netif/vrf.h"

namespace ovoc::tunnel {
namespace {

absl::Status SetOption(int fd, int level, int name, int value,
                       const char* what) {
  return setsockopt(fd, level, name, &value, sizeof(value)) == 0
             ? absl::OkStatus()
             : absl::ErrnoToStatus(errno, what);
}

absl::Status SetOptions(int fd, const TcpOptions& options) {
  const int timeout_ms =
      static_cast<int>(absl::ToInt64Milliseconds(options.user_timeout));
  const int idle_s =
      static_cast<int>(absl::ToInt64Seconds(options.probe_after));
  absl::Status status;
  status.Update(SetOption(fd, IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY"));
  status.Update(SetOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, timeout_ms,
                          "TCP_USER_TIMEOUT"));
  status.Update(SetOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1, "SO_KEEPALIVE"));
  status.Update(
      SetOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, idle_s, "TCP_KEEPIDLE"));
  status.Update(SetOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, 4, "TCP_KEEPINTVL"));
  if (!options.vrf.empty()) {
    status.Update(netif::BindToVrf(fd, options.vrf));
  }
  return status;
}

absl::Status ErrnoText(int error) {
  return absl::UnavailableError(
      absl::ErrnoToStatus(error, "connect").message());
}

}  // namespace

TcpConnector::TcpConnector(EventLoop* loop, uint16_t port,
                           const TcpOptions& options, Observer* observer)
    : loop_(loop),
      port_(port),
      options_(options),
      observer_(observer),
      racer_(ConnectionRacer::Options()) {}

TcpConnector::~TcpConnector() {
  for (const auto& [id, pending] : pending_) {
    loop_->Unwatch(pending.socket.get());
  }
}

void TcpConnector::Add(absl::Span<const netif::IpAddress> addresses, More more,
                       absl::Time now) {
  racer_.Add(addresses);
  more_ = more;
  Advance(now);
}

void TcpConnector::OnTime(absl::Time now) {
  if (done_) {
    return;
  }
  for (size_t id : racer_.Expire(now)) {
    Drop(id);
  }
  Advance(now);
}

absl::Time TcpConnector::NextTime() const {
  return done_ ? absl::InfiniteFuture() : racer_.NextTime();
}

void TcpConnector::Advance(absl::Time now) {
  while (!done_) {
    const auto attempt = racer_.Next(now);
    if (!attempt) {
      break;
    }
    Begin(*attempt);
  }
  FinishIfExhausted();
}

void TcpConnector::Begin(const ConnectionRacer::Attempt& attempt) {
  observer_->OnConnecting(attempt.address);
  absl::StatusOr<netif::UniqueFd> socket = Open(attempt.address);
  if (!socket.ok()) {
    racer_.OnFailed(attempt.id, socket.status());
    return;
  }
  const absl::Status watched =
      loop_->Watch(socket->get(), EPOLLOUT,
                   [this, id = attempt.id](uint32_t) { OnWritable(id); });
  if (!watched.ok()) {
    racer_.OnFailed(attempt.id, watched);
    return;
  }
  pending_.emplace(
      attempt.id, Pending{*std::move(socket), attempt.address, MonotonicNow()});
}

absl::StatusOr<netif::UniqueFd> TcpConnector::Open(
    const netif::IpAddress& address) {
  const netif::SocketAddress target(address, port_);
  netif::UniqueFd fd(
      socket(target.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) {
    return ErrnoText(errno);
  }
  absl::Status status = SetOptions(fd.get(), options_);
  if (!status.ok()) {
    return status;
  }
  if (connect(fd.get(), target.get(), target.size()) != 0 &&
      errno != EINPROGRESS) {
    return ErrnoText(errno);
  }
  return fd;
}

void TcpConnector::OnWritable(size_t id) {
  const auto it = pending_.find(id);
  if (it == pending_.end()) {
    return;
  }
  int error = 0;
  socklen_t size = sizeof(error);
  getsockopt(it->second.socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    Drop(id);
    racer_.OnFailed(id, ErrnoText(error));
    Advance(MonotonicNow());
    return;
  }
  Connected connected = {std::move(it->second.socket), it->second.address,
                         MonotonicNow() - it->second.begun};
  loop_->Unwatch(connected.socket.get());
  pending_.erase(it);
  // RFC 6455 4.1 MUST: no more than one connection is CONNECTING (the others
  // are dropped before they have sent a byte)
  while (!pending_.empty()) {
    Drop(pending_.begin()->first);
  }
  done_ = true;
  observer_->OnConnectDone(std::move(connected));
}

void TcpConnector::Drop(size_t id) {
  const auto it = pending_.find(id);
  if (it != pending_.end()) {
    loop_->Unwatch(it->second.socket.get());
    pending_.erase(it);
  }
}

void TcpConnector::FinishIfExhausted() {
  if (!done_ && more_ == More::kNone && racer_.Exhausted()) {
    done_ = true;
    observer_->OnConnectDone(racer_.status());
  }
}

}  // namespace ovoc::tunnel
