// SPDX-License-Identifier: Apache-2.0
#include "tunnel/testing/tls_front.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "absl/types/span.h"
#include "tunnel/transport/tls_transport.h"

namespace ovoc::tunnel {
namespace {

netif::UniqueFd ConnectTo(uint16_t port) {
  netif::UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) != 0) {
    fd = netif::UniqueFd();
  }
  return fd;
}

}  // namespace

TlsFront::TlsFront(EventLoop* loop, SSL_CTX* context, uint16_t to_port)
    : loop_(loop), context_(context), to_port_(to_port), listener_(1) {
  loop_->Watch(listener_.fd(), EPOLLIN, [this](uint32_t) { OnConnection(); })
      .IgnoreError();
}

TlsFront::~TlsFront() {
  Drop();
  loop_->Unwatch(listener_.fd());
}

void TlsFront::OnConnection() {
  netif::UniqueFd next = listener_.Accept();
  if (!next.valid()) {
    return;
  }
  Drop();
  bssl::UniquePtr<SSL> ssl(SSL_new(context_));
  SSL_set_accept_state(ssl.get());
  client_ = std::make_unique<TlsTransport>(std::move(next), std::move(ssl));
  loop_->Watch(client_->fd(), EPOLLIN, [this](uint32_t) { OnClient(); })
      .IgnoreError();
}

void TlsFront::OnClient() {
  if (!server_.valid()) {
    const IoResult result = client_->Handshake();
    if (result == IoResult::kWouldBlock || result == IoResult::kMore) {
      return;
    }
    server_ =
        result == IoResult::kDone ? ConnectTo(to_port_) : netif::UniqueFd();
    if (!server_.valid()) {
      return Drop();
    }
    ++handshakes_;
    loop_->Watch(server_.get(), EPOLLIN, [this](uint32_t) { OnServer(); })
        .IgnoreError();
  }
  ReadClient();
}

void TlsFront::ReadClient() {
  std::array<uint8_t, 16384> bytes;
  size_t count = 0;
  IoResult result = client_->Read(absl::MakeSpan(bytes), &count);
  while (result == IoResult::kDone) {
    to_server_.append(bytes.begin(), bytes.begin() + count);
    result = client_->Read(absl::MakeSpan(bytes), &count);
  }
  if (!PassOn() || result == IoResult::kClosed || result == IoResult::kFailed) {
    Drop();
  }
}

// False when the server is gone.
bool TlsFront::PassOn() {
  if (!answer_.empty()) {
    const size_t end = to_server_.find("\r\n\r\n");
    if (end == std::string::npos) {
      return true;
    }
    to_server_.erase(0, end + 4);
    to_client_ += std::exchange(answer_, "");
    FlushClient();
  }
  const std::string bytes = std::exchange(to_server_, "");
  return send(server_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) >= 0;
}

void TlsFront::OnServer() {
  std::array<char, 16384> bytes;
  const ssize_t count =
      recv(server_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (count <= 0) {
    client_->Shutdown();
    return Drop();
  }
  to_client_.append(bytes.data(), static_cast<size_t>(count));
  FlushClient();
}

void TlsFront::FlushClient() {
  const auto pending = [this] {
    return absl::MakeConstSpan(
        reinterpret_cast<const uint8_t*>(to_client_.data()), to_client_.size());
  };
  (void)client_->WriteAll(pending,
                          [this](size_t taken) { to_client_.erase(0, taken); });
}

void TlsFront::Drop() {
  if (client_ != nullptr) {
    loop_->Unwatch(client_->fd());
    client_.reset();
  }
  if (server_.valid()) {
    loop_->Unwatch(server_.get());
    server_ = netif::UniqueFd();
  }
  to_server_.clear();
  to_client_.clear();
}

}  // namespace ovoc::tunnel
