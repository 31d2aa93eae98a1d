// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/tcp_connector.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <utility>

#include "tunnel/transport/connect_failure.h"

namespace ovoc::tunnel {

TcpConnector::TcpConnector(EventLoop* loop, SocketMaker* sockets,
                           Observer* observer,
                           const ConnectionRacer::Options& race,
                           SocketPurpose purpose)
    : loop_(loop),
      sockets_(sockets),
      purpose_(purpose),
      observer_(observer),
      racer_(race) {}

TcpConnector::~TcpConnector() {
  for (const auto& [id, pending] : pending_) {
    loop_->Unwatch(pending.socket.get());
  }
}

void TcpConnector::Add(absl::Span<const netif::IpAddress> addresses,
                       MoreAddresses more, absl::Time now) {
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
  absl::StatusOr<netif::UniqueFd> socket =
      sockets_->Make({purpose_, attempt.address});
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
    racer_.OnFailed(id, ConnectFailure(error));
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
  if (!done_ && more_ == MoreAddresses::kNone && racer_.Exhausted()) {
    done_ = true;
    observer_->OnConnectDone(racer_.status());
  }
}

}  // namespace ovoc::tunnel
