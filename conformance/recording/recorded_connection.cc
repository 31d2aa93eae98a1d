// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recorded_connection.h"

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tunnel/transport/decisions/more_addresses.h"

namespace ovoc::conformance {

using tunnel::IoResult;

RecordedConnection::RecordedConnection(
    std::unique_ptr<tunnel::Transport> device, tunnel::EventLoop* loop,
    const Upstream* upstream, MakeFile make_file, absl::Time now)
    : loop_(loop),
      upstream_(upstream),
      make_file_(std::move(make_file)),
      deadline_(now + kBeginTimeout),
      now_(now),
      device_(std::move(device)) {}

RecordedConnection::~RecordedConnection() {
  for (const int fd : watched_) {
    loop_->Unwatch(fd);
  }
}

void RecordedConnection::Start() {
  Watch(device_->fd(), Side::kClient);
  if (!done_ && ShakeHands(device_.get(), "device")) {
    Connect();
  }
}

void RecordedConnection::Watch(int fd, Side side) {
  const absl::Status status = loop_->Watch(
      fd, EPOLLIN, [this, side](uint32_t events) { OnEvents(side, events); });
  if (!status.ok()) {
    return Fail(status);
  }
  watched_.push_back(fd);
}

void RecordedConnection::OnEvents(Side side, uint32_t events) {
  now_ = tunnel::MonotonicNow();
  if (done_) {
    return;
  }
  if (relay_ != nullptr) {
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
      relay_->OnHangUp(side);
    }
    return Pump();
  }
  if (side == Side::kServer) {
    if (ShakeHands(ovoc_.get(), "OVOC")) {
      BeginRelay();
    }
    return;
  }
  if (connector_ != nullptr) {
    // The device is early; its bytes wait in the socket.
    loop_->SetEvents(device_->fd(), 0);
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
      Fail(absl::UnavailableError("device: it left before OVOC was reached"));
    }
    return;
  }
  if (ShakeHands(device_.get(), "device")) {
    Connect();
  }
}

bool RecordedConnection::ShakeHands(tunnel::Transport* transport,
                                    const char* who) {
  switch (transport->Handshake()) {
    case IoResult::kDone:
      loop_->SetEvents(transport->fd(), EPOLLIN);
      return true;
    case IoResult::kMore:
      // It can be written to, so the loop comes back at once.
      loop_->SetEvents(transport->fd(), EPOLLIN | EPOLLOUT);
      return false;
    case IoResult::kWouldBlock:
      loop_->SetEvents(transport->fd(),
                       transport->WantsWrite() ? EPOLLOUT : EPOLLIN);
      return false;
    case IoResult::kClosed:
      Fail(absl::UnavailableError(absl::StrCat(
          who, ": it closed the connection during the TLS handshake")));
      return false;
    case IoResult::kFailed:
      Fail(absl::UnavailableError(
          absl::StrCat(who, ": ", transport->status().message())));
      return false;
  }
  return false;
}

void RecordedConnection::Connect() {
  socket_options_.server_port = upstream_->port;
  tunnel::TcpConnector::Observer* const observer = this;
  connector_ =
      std::make_unique<tunnel::TcpConnector>(loop_, &sockets_, observer);
  connector_->Add(upstream_->addresses, tunnel::MoreAddresses::kNone, now_);
}

void RecordedConnection::OnConnectDone(
    absl::StatusOr<tunnel::TcpConnector::Connected> result) {
  if (!result.ok()) {
    return Fail(absl::UnavailableError(
        absl::StrCat("OVOC: ", result.status().message())));
  }
  connected_ = std::move(result->socket);
}

void RecordedConnection::OnTime(absl::Time now) {
  now_ = now;
  if (done_) {
    return;
  }
  if (relay_ != nullptr) {
    if (more_) {
      Pump();
    }
    return;
  }
  if (now >= deadline_) {
    return Fail(absl::DeadlineExceededError(
        absl::StrCat("one of the two sides was not up within ",
                     absl::FormatDuration(kBeginTimeout))));
  }
  if (connector_ != nullptr && !connected_.has_value() && ovoc_ == nullptr) {
    connector_->OnTime(now);
  }
  if (!connected_.has_value() || done_) {
    return;
  }
  netif::UniqueFd socket = *std::exchange(connected_, std::nullopt);
  if (upstream_->tls == nullptr) {
    ovoc_ = std::make_unique<tunnel::PlainTransport>(std::move(socket));
  } else {
    absl::StatusOr<std::unique_ptr<tunnel::TlsClientTransport>> tls =
        upstream_->tls->Connect(std::move(socket), upstream_->name);
    if (!tls.ok()) {
      return Fail(tls.status());
    }
    ovoc_ = *std::move(tls);
  }
  Watch(ovoc_->fd(), Side::kServer);
  if (!done_ && ShakeHands(ovoc_.get(), "OVOC")) {
    BeginRelay();
  }
}

absl::Time RecordedConnection::NextTime() const {
  if (relay_ != nullptr || done_) {
    return more_ && !done_ ? now_ : absl::InfiniteFuture();
  }
  if (connected_.has_value()) {
    return now_;
  }
  return connector_ == nullptr || ovoc_ != nullptr
             ? deadline_
             : std::min(deadline_, connector_->NextTime());
}

void RecordedConnection::BeginRelay() {
  absl::StatusOr<RecordingFile> file = make_file_();
  if (!file.ok()) {
    return Fail(file.status());
  }
  file_ = *std::move(file);
  begun_ = now_;
  Relay::Observer* const observer = this;
  relay_ =
      std::make_unique<Relay>(std::move(device_), std::move(ovoc_), observer);
  Pump();
}

void RecordedConnection::Pump() {
  more_ = relay_->Serve() == Relay::Turn::kMore;
  if (relay_->done()) {
    done_ = true;
  }
  for (const Side side : {Side::kClient, Side::kServer}) {
    const uint32_t in = relay_->WantsRead(side) ? EPOLLIN : 0;
    const uint32_t out = relay_->WantsWrite(side) ? EPOLLOUT : 0;
    loop_->SetEvents(relay_->fd(side), in | out);
  }
}

void RecordedConnection::OnBytes(Side side, absl::Span<const uint8_t> bytes) {
  Append(recorder_.OnBytes(side, bytes, tunnel::MonotonicNow() - begun_));
}

void RecordedConnection::OnEnd(Side side, EventKind kind) {
  Append(recorder_.OnEnd(side, kind, tunnel::MonotonicNow() - begun_));
}

void RecordedConnection::Append(const std::string& text) {
  if (absl::Status status = file_->Append(text); !status.ok()) {
    Fail(std::move(status));
  }
}

void RecordedConnection::Fail(absl::Status status) {
  if (status_.ok()) {
    status_ = std::move(status);
  }
  done_ = true;
}

}  // namespace ovoc::conformance
