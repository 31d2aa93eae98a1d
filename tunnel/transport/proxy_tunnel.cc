// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/proxy_tunnel.h"

#include <sys/epoll.h>

#include <array>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {
namespace {

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace

ProxyTunnel::ProxyTunnel(EventLoop* loop, std::unique_ptr<Transport> transport,
                         auth::Secret request,
                         const auth::Secret* authorization, Observer* observer,
                         absl::Time now)
    : loop_(loop),
      transport_(std::move(transport)),
      request_(std::move(request)),
      exchange_(authorization, now),
      observer_(observer) {}

ProxyTunnel::~ProxyTunnel() {
  if (transport_ != nullptr) {
    loop_->Unwatch(transport_->fd());
  }
}

void ProxyTunnel::Start(absl::Time now) {
  const absl::Status watched =
      loop_->Watch(transport_->fd(), EPOLLIN, [this](uint32_t) { OnEvents(); });
  if (!watched.ok()) {
    return Settle(exchange_.OnStreamEnd(watched));
  }
  if (WriteRequest()) {
    ReadAnswer(now);
  }
}

void ProxyTunnel::OnEvents() {
  if (!ended_ && WriteRequest()) {
    ReadAnswer(MonotonicNow());
  }
}

bool ProxyTunnel::WriteRequest() {
  if (request_.empty()) {
    return true;
  }
  const absl::Span<const uint8_t> all =
      Bytes(request_.Reveal(auth::InsecureSecretAccess::Get()));
  const IoResult result =
      transport_->WriteAll([this, all] { return all.subspan(sent_bytes_); },
                           [this](size_t count) { sent_bytes_ += count; });
  switch (result) {
    case IoResult::kDone:
      request_ = auth::Secret::FromString("");
      loop_->SetEvents(transport_->fd(), EPOLLIN);
      return true;
    case IoResult::kWouldBlock:
    case IoResult::kMore:
      loop_->SetEvents(transport_->fd(), EPOLLOUT);
      return false;
    case IoResult::kClosed:
    case IoResult::kFailed:
      break;
  }
  Settle(exchange_.OnStreamEnd(transport_->status()));
  return false;
}

// One read: a head is short, and the loop comes back for the rest.
void ProxyTunnel::ReadAnswer(absl::Time now) {
  std::array<uint8_t, 2048> bytes;
  size_t count = 0;
  switch (transport_->Read(absl::MakeSpan(bytes), &count)) {
    case IoResult::kDone:
      return Settle(
          exchange_.OnBytes(absl::MakeConstSpan(bytes).first(count), now));
    case IoResult::kMore:
    case IoResult::kWouldBlock:
      return;
    case IoResult::kClosed:
      return Settle(exchange_.OnStreamEnd(absl::OkStatus()));
    case IoResult::kFailed:
      return Settle(exchange_.OnStreamEnd(transport_->status()));
  }
}

void ProxyTunnel::OnTime(absl::Time now) {
  if (!ended_) {
    Settle(exchange_.OnTime(now));
  }
}

absl::Time ProxyTunnel::NextTime() const {
  return ended_ ? absl::InfiniteFuture() : exchange_.deadline();
}

void ProxyTunnel::Settle(ProxyExchange::Result result) {
  if (result == ProxyExchange::Result::kNeedMore) {
    return;
  }
  ended_ = true;
  loop_->Unwatch(transport_->fd());
  if (result == ProxyExchange::Result::kOpen) {
    observer_->OnTunnelOpen(std::move(transport_));
    return;
  }
  observer_->OnTunnelFailed(exchange_.failure(), exchange_.detail());
}

}  // namespace ovoc::tunnel
