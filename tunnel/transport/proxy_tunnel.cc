// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/proxy_tunnel.h"

#include <sys/epoll.h>

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tunnel/retry/end_cause.h"

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
  const absl::Status watched = loop_->Watch(
      transport_->fd(), EPOLLIN, [this](uint32_t) { Proceed(MonotonicNow()); });
  if (!watched.ok()) {
    return Settle(exchange_.OnStreamEnd(watched));
  }
  Proceed(now);
}

void ProxyTunnel::Proceed(absl::Time now) {
  if (!ended_ && Handshake() && WriteRequest()) {
    ReadAnswer(now);
  }
}

bool ProxyTunnel::Handshake() {
  if (secured_) {
    return true;
  }
  const IoResult result = transport_->Handshake();
  unread_ = result == IoResult::kMore;
  switch (result) {
    case IoResult::kDone:
      secured_ = true;
      return true;
    case IoResult::kMore:
    case IoResult::kWouldBlock:
      loop_->SetEvents(transport_->fd(),
                       transport_->WantsWrite() ? EPOLLOUT : EPOLLIN);
      return false;
    case IoResult::kClosed:
      Fail(ProxyFailure::kTls,
           absl::UnavailableError(
               "the proxy ended the connection in the TLS handshake"));
      return false;
    case IoResult::kFailed:
      Fail(absl::IsUnauthenticated(transport_->status())
               ? ProxyFailure::kCertificate
               : ProxyFailure::kTls,
           transport_->status());
      return false;
  }
  return false;
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
  FailTransport();
  return false;
}

// A head is short, and the loop comes back for the rest.
void ProxyTunnel::ReadAnswer(absl::Time now) {
  std::array<uint8_t, 2048> bytes;
  size_t count = 0;
  const IoResult result = ReadSome(absl::MakeSpan(bytes), &count);
  if (count > 0) {
    Settle(exchange_.OnBytes(absl::MakeConstSpan(bytes).first(count), now));
  }
  if (ended_) {
    return;
  }
  unread_ = result == IoResult::kMore ||
            (result == IoResult::kDone && transport_->HasInput());
  if (result == IoResult::kClosed) {
    Settle(exchange_.OnStreamEnd(absl::OkStatus()));
  } else if (result == IoResult::kFailed) {
    FailTransport();
  }
}

// With TLS 1.3 the proxy looks at our certificate, which is none, when the
// handshake is over for us.
void ProxyTunnel::FailTransport() {
  const EndCause cause = CauseOf(transport_->status());
  if (cause == EndCause::kCertificateWanted ||
      cause == EndCause::kCertificateRefused) {
    return Fail(ProxyFailure::kTls, transport_->status());
  }
  Settle(exchange_.OnStreamEnd(transport_->status()));
}

// One read, and with TLS those of the records that came with the first: what is
// behind the head has to be seen with it.
IoResult ProxyTunnel::ReadSome(absl::Span<uint8_t> out, size_t* count) {
  IoResult result = IoResult::kDone;
  do {
    size_t read = 0;
    result = transport_->Read(out.subspan(*count), &read);
    *count += read;
  } while (result == IoResult::kDone && *count < out.size() &&
           transport_->HasInput());
  return result;
}

void ProxyTunnel::OnTime(absl::Time now) {
  if (unread_) {
    Proceed(now);
  }
  if (ended_) {
    return;
  }
  if (secured_) {
    Settle(exchange_.OnTime(now));
  } else if (now >= exchange_.deadline()) {
    Fail(ProxyFailure::kTls, absl::DeadlineExceededError(absl::StrCat(
                                 "the TLS handshake took more than ",
                                 absl::FormatDuration(kProxyTimeout))));
  }
}

absl::Time ProxyTunnel::NextTime() const {
  if (ended_) {
    return absl::InfiniteFuture();
  }
  return unread_ ? absl::InfinitePast() : exchange_.deadline();
}

void ProxyTunnel::Settle(ProxyExchange::Result result) {
  switch (result) {
    case ProxyExchange::Result::kNeedMore:
      return;
    case ProxyExchange::Result::kOpen:
      ended_ = true;
      loop_->Unwatch(transport_->fd());
      return observer_->OnTunnelOpen(std::move(transport_));
    case ProxyExchange::Result::kFailed:
      return Fail(exchange_.failure(), exchange_.detail());
  }
}

void ProxyTunnel::Fail(ProxyFailure failure, const absl::Status& detail) {
  ended_ = true;
  loop_->Unwatch(transport_->fd());
  observer_->OnTunnelFailed(failure, detail);
}

}  // namespace ovoc::tunnel
