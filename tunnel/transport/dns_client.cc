// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/dns_client.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "netif/dns/dns_action.h"
#include "netif/dns/lookup_failure.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {

using netif::DnsAction;

namespace {

absl::Status Failed(int error, absl::string_view call) {
  return WithCause(absl::ErrnoToStatus(error, call), error == ECONNREFUSED
                                                         ? EndCause::kPortClosed
                                                         : EndCause::kUnknown);
}

EndCause CauseOfLookup(const absl::Status& why, netif::LookupFailure failure) {
  if (absl::IsNotFound(why)) {
    return EndCause::kNoSuchName;
  }
  switch (failure) {
    case netif::LookupFailure::kPortClosed:
      return EndCause::kNameServerClosed;
    case netif::LookupFailure::kRefused:
      return EndCause::kNameServerRefuses;
    case netif::LookupFailure::kServFail:
      return EndCause::kNameServerFails;
    default:
      return EndCause::kNameServersFailed;
  }
}

netif::DnsSocketError ErrorOf(const absl::Status& why) {
  return CauseOf(why) == EndCause::kPortClosed
             ? netif::DnsSocketError::kPortClosed
             : netif::DnsSocketError::kOther;
}

}  // namespace

DnsClient::DnsClient(EventLoop* loop, const Options& options,
                     SocketMaker* sockets, RandomBytes random,
                     Observer* observer)
    : loop_(loop),
      options_(options),
      maker_(sockets),
      random_(std::move(random)),
      observer_(observer) {}

void DnsClient::Start(absl::string_view name, absl::Time now) {
  netif::ResolverOptions options;
  options.servers = options_.servers;
  options.random = random_;
  options.families = options_.families;
  result_ = netif::ResolverResult();
  absl::StatusOr<std::unique_ptr<netif::Resolver>> resolver =
      netif::Resolver::Create(options, name);
  if (!resolver.ok()) {
    result_.status = options_.servers.empty()
                         ? absl::UnavailableError(
                               "there is no name server; set DNSPriServerIP or "
                               "add one to /etc/resolv.conf")
                         : resolver.status();
    result_.status = WithCause(result_.status, EndCause::kNameServersFailed);
    observer_->OnLookupFailed(result_.status);
    return;
  }
  resolver_ = *std::move(resolver);
  resolver_->Start(now);
  Advance(now);
}

void DnsClient::Stop() {
  resolver_.reset();
  while (!sockets_.empty()) {
    Close(sockets_.begin()->first);
  }
}

void DnsClient::OnTime(absl::Time now) {
  if (resolver_ != nullptr && now >= resolver_->NextTimeout()) {
    resolver_->OnTimer(now);
    Advance(now);
  }
}

absl::Time DnsClient::NextTime() const {
  return resolver_ == nullptr ? absl::InfiniteFuture()
                              : resolver_->NextTimeout();
}

// Does what the resolver asks for, then tells the observer what is new.
void DnsClient::Advance(absl::Time now) {
  for (DnsAction action = resolver_->NextAction();
       action.kind != DnsAction::Kind::kNone;
       action = resolver_->NextAction()) {
    Perform(std::move(action), now);
  }
  Report(now);
}

void DnsClient::Perform(DnsAction action, absl::Time now) {
  const uint32_t id = action.socket_id;
  if (action.kind == DnsAction::Kind::kClose) {
    Close(id);
    return;
  }
  absl::StatusOr<Socket> socket = Open(action);
  const netif::DnsSocketError error = ErrorOf(socket.status());
  if (socket.ok()) {
    const int fd = socket->fd.get();
    const uint32_t events =
        socket->stream ? EPOLLIN | EPOLLOUT : uint32_t{EPOLLIN};
    socket->unwritten = std::move(action.bytes);
    sockets_.emplace(id, *std::move(socket));
    if (loop_
            ->Watch(fd, events,
                    [this, id](uint32_t ready) { OnEvents(id, ready); })
            .ok()) {
      return;
    }
    sockets_.erase(id);
  }
  resolver_->OnSocketError(id, error, now);
}

absl::StatusOr<DnsClient::Socket> DnsClient::Open(const DnsAction& action) {
  Socket result;
  result.stream = action.kind == DnsAction::Kind::kOpenTcp;
  const SocketRequest request = {
      result.stream ? SocketPurpose::kDnsTcp : SocketPurpose::kDnsUdp,
      action.server};
  observer_->OnQuestion(request);
  absl::StatusOr<netif::UniqueFd> fd = maker_->Make(request);
  if (!fd.ok()) {
    return fd.status();
  }
  result.fd = *std::move(fd);
  if (!result.stream &&
      send(result.fd.get(), action.bytes.data(), action.bytes.size(), 0) < 0) {
    return Failed(errno, "send");
  }
  return result;
}

void DnsClient::OnEvents(uint32_t id, uint32_t events) {
  const absl::Time now = MonotonicNow();
  const absl::Status exchanged = Exchange(id, events, now);
  if (!exchanged.ok()) {
    resolver_->OnSocketError(id, ErrorOf(exchanged), now);
  }
  Advance(now);
}

// One read, and for a stream what is left to write. The error says that the
// socket is of no more use.
absl::Status DnsClient::Exchange(uint32_t id, uint32_t events, absl::Time now) {
  Socket& socket = sockets_.at(id);
  if (socket.stream && (events & EPOLLOUT) != 0) {
    const absl::Status written = WriteStream(&socket);
    if (!written.ok()) {
      return written;
    }
  }
  if ((events & ~uint32_t{EPOLLOUT}) == 0) {
    return absl::OkStatus();
  }
  std::array<uint8_t, 4096> buffer;  // above the EDNS size that we announce
  const ssize_t size = recv(socket.fd.get(), buffer.data(), buffer.size(), 0);
  if (size < 0) {
    return errno == EAGAIN || errno == EINTR ? absl::OkStatus()
                                             : Failed(errno, "recv");
  }
  const auto bytes =
      absl::MakeConstSpan(buffer).first(static_cast<size_t>(size));
  if (!socket.stream) {
    resolver_->OnDatagram(id, bytes, now);
  } else if (size > 0) {
    resolver_->OnStream(id, bytes, now);
  } else {
    return absl::UnavailableError("closed by the server");
  }
  return absl::OkStatus();
}

absl::Status DnsClient::WriteStream(Socket* socket) {
  if (!socket->unwritten.empty()) {
    const ssize_t size = send(socket->fd.get(), socket->unwritten.data(),
                              socket->unwritten.size(), MSG_NOSIGNAL);
    if (size < 0) {
      return errno == EAGAIN || errno == EINTR ? absl::OkStatus()
                                               : Failed(errno, "send");
    }
    socket->unwritten.erase(socket->unwritten.begin(),
                            socket->unwritten.begin() + size);
  }
  if (socket->unwritten.empty()) {
    loop_->SetEvents(socket->fd.get(), EPOLLIN);
  }
  return absl::OkStatus();
}

void DnsClient::Close(uint32_t id) {
  const auto it = sockets_.find(id);
  if (it != sockets_.end()) {
    loop_->Unwatch(it->second.fd.get());
    sockets_.erase(it);
  }
}

void DnsClient::Report(absl::Time now) {
  if (!resolver_->ReadyToConnect(now) && !resolver_->Done()) {
    return;
  }
  const size_t reported = result_.addresses.size();
  result_ = resolver_->Result();
  const bool done = resolver_->Done();
  if (done && !result_.status.ok()) {
    result_.status = WithCause(result_.status,
                               CauseOfLookup(result_.status, result_.failure));
    Stop();
    observer_->OnLookupFailed(result_.status);
    return;
  }
  if (result_.addresses.size() == reported && !done) {
    return;
  }
  std::vector<netif::IpAddress> addresses;
  addresses.reserve(result_.addresses.size());
  for (const netif::ResolvedAddress& resolved : result_.addresses) {
    addresses.push_back(resolved.address);
  }
  if (done) {
    Stop();
  }
  observer_->OnAddresses(addresses,
                         done ? MoreAddresses::kNone : MoreAddresses::kMayCome);
}

}  // namespace ovoc::tunnel
