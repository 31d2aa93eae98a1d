// SPDX-License-Identifier: Apache-2.0
#include "tunnel/attempt/attempt.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "netif/dns/resolv_conf.h"
#include "tunnel/attempt/proxy_request.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/transport/private_address.h"

namespace ovoc::tunnel {
namespace {

// How long the addresses of one family wait for those of the other when they
// are not the ones to begin with.
constexpr absl::Duration kOtherFamilyDelay = absl::Seconds(2);

bool IsEachPrivate(const std::vector<netif::IpAddress>& addresses) {
  return !addresses.empty() &&
         std::all_of(addresses.begin(), addresses.end(), IsPrivateAddress);
}

// Without TLS of the server's own; there may be that of a proxy below.
std::unique_ptr<Transport> MakePlain(TransportBase base) {
  if (auto* const socket = std::get_if<netif::UniqueFd>(&base)) {
    return std::make_unique<PlainTransport>(std::move(*socket));
  }
  return std::get<std::unique_ptr<Transport>>(std::move(base));
}

ConnectionRacer::Options RaceOptions(const AddressOrder* order) {
  ConnectionRacer::Options options;
  if (order != nullptr) {
    options.is_doubtful = [order](const netif::IpAddress& address) {
      return order->HasFailed(address);
    };
  }
  return options;
}

}  // namespace

Attempt::Attempt(EventLoop* loop, const Options& options,
                 Session::RandomBytes random, Observer* observer,
                 Session::Sink* sink)
    : loop_(loop),
      options_(options),
      random_(std::move(random)),
      observer_(observer),
      sink_(sink) {}

// RFC 6455 4.1 MUST: connect, send the handshake, read the answer
void Attempt::Start(absl::Time now) { Go(FirstHop(options_), now); }

// With a proxy the server's name is not looked up here: the proxy does that.
void Attempt::Go(Hop hop, absl::Time now) {
  hop_ = std::move(hop);
  observer_->OnHop(hop_, why_direct_);
  lookup_ = std::make_unique<DnsClient>(
      loop_, options_.dns, options_.sockets, random_,
      static_cast<DnsClient::Observer*>(this));
  connector_ = std::make_unique<TcpConnector>(
      loop_, options_.sockets, static_cast<TcpConnector::Observer*>(this),
      RaceOptions(options_.order), hop_.purpose);
  addresses_ = hop_.known;
  if (addresses_.empty() && hop_.address.has_value()) {
    addresses_ = {*hop_.address};
  }
  if (addresses_.empty()) {
    Move(AttemptEvent::kNameGiven);
    observer_->OnResolving();
    lookup_->Start(hop_.name, now);
    return;
  }
  if (!hop_.address.has_value()) {
    observer_->OnResolved(addresses_);
  }
  Race(MoreAddresses::kNone, now);
}

void Attempt::OnAddresses(absl::Span<const netif::IpAddress> addresses,
                          MoreAddresses more) {
  if (state_ != AttemptState::kResolving &&
      state_ != AttemptState::kConnecting) {
    return;  // closed by an earlier handler of the same batch of events
  }
  if (addresses.size() != addresses_.size()) {
    addresses_.assign(addresses.begin(), addresses.end());
    observer_->OnResolved(addresses);
  }
  const absl::Time now = MonotonicNow();
  if (state_ == AttemptState::kResolving && more == MoreAddresses::kMayCome &&
      options_.order != nullptr && options_.order->ShouldWait(addresses_)) {
    race_at_ = std::min(race_at_, now + kOtherFamilyDelay);
    return;
  }
  Race(more, now);
}

void Attempt::Race(MoreAddresses more, absl::Time now) {
  Move(AttemptEvent::kAddressesKnown);
  race_at_ = absl::InfiniteFuture();
  connector_->Add(options_.order == nullptr
                      ? AddressOrder().Arrange(addresses_)
                      : options_.order->Arrange(addresses_),
                  more, now);
}

void Attempt::OnLookupFailed(const absl::Status& why) {
  const std::vector<netif::IpAddress>& servers = options_.dns.servers;
  const bool may_be_default =
      servers.size() == 1 &&
      servers[0] == netif::IpAddress(netif::kDefaultNameServer);
  if (!may_be_default || !absl::IsUnavailable(why)) {
    return Unreached(AttemptEvent::kLookupFailed,
                     {EndReason::kResolution, why});
  }
  Unreached(AttemptEvent::kLookupFailed,
            {EndReason::kResolution,
             WithCause(absl::UnavailableError(absl::StrCat(
                           why.message(), "; ", servers[0].ToString(),
                           " is also asked if neither DNSPriServerIP nor "
                           "/etc/resolv.conf has a usable name server")),
                       CauseOf(why))});
}

// Adds the port, and that DNS may have led into another network.
absl::Status Attempt::WhyUnconnected(const absl::Status& why) const {
  EndCause cause = CauseOf(why);
  const bool is_unreachable = cause == EndCause::kPortClosed ||
                              cause == EndCause::kPortSilent ||
                              cause == EndCause::kNoRoute;
  if (hop_.is_looked_up() && is_unreachable && IsEachPrivate(addresses_)) {
    cause = EndCause::kPrivateAddress;
  }
  return WithCause(
      absl::Status(why.code(), absl::StrCat("no connection to port ", hop_.port,
                                            ": ", why.message())),
      cause);
}

void Attempt::OnConnecting(const netif::IpAddress& address) {
  if (state_ == AttemptState::kConnecting) {
    observer_->OnConnecting(address);
  }
}

void Attempt::OnConnectDone(absl::StatusOr<TcpConnector::Connected> result) {
  if (state_ != AttemptState::kConnecting) {
    return;
  }
  lookup_->Stop();
  // RFC 6455 4.1 MUST: fail when the connection cannot be opened
  if (!result.ok()) {
    return Unreached(AttemptEvent::kConnectFailed,
                     {EndReason::kConnection, WhyUnconnected(result.status())});
  }
  observer_->OnConnected(result->address, result->took);
  if (hop_.is_proxy()) {
    return AskProxy(std::move(result->socket));
  }
  Secure(std::move(result->socket));
}

// A proxy that cannot be reached has not refused anything.
void Attempt::Unreached(AttemptEvent event, const tunnel::End& end) {
  if (!hop_.is_proxy()) {
    return End(event, end);
  }
  const AttemptProxy& proxy = *options_.proxy;
  const tunnel::End unreached = UnreachedEnd(proxy.endpoint, end);
  if (proxy.fallback == AttemptProxy::Fallback::kNone) {
    return End(event, unreached);
  }
  if (Move(AttemptEvent::kProxyUnreached)) {
    why_direct_ = unreached.detail;  // OnTime goes on: this is a call of theirs
  }
}

void Attempt::AskProxy(netif::UniqueFd socket) {
  const absl::Time now = MonotonicNow();
  ProxyRequest request =
      MakeProxyRequest(options_, loop_, std::move(socket),
                       static_cast<ProxyTunnel::Observer*>(this), now);
  if (request.tunnel == nullptr) {
    return End(AttemptEvent::kConnectFailed, request.failure);
  }
  proxy_tunnel_ = std::move(request.tunnel);
  proxy_login_ = request.login;
  Move(AttemptEvent::kProxyConnected);
  proxy_tunnel_->Start(now);
}

void Attempt::OnTunnelOpen(std::unique_ptr<Transport> transport) {
  if (state_ != AttemptState::kAsking) {
    return;  // closed meanwhile
  }
  observer_->OnProxyOpen();
  if (options_.proxy->tls == nullptr) {
    return Secure(transport->TakeBase());
  }
  Secure(std::move(transport));
}

void Attempt::OnTunnelFailed(ProxyFailure failure, const absl::Status& detail) {
  End(AttemptEvent::kConnectFailed,
      RefusalEnd(options_.proxy->endpoint, failure, proxy_login_, detail));
}

// The connection leads to the server.
void Attempt::Secure(TransportBase base) {
  std::unique_ptr<Transport> transport;
  if (options_.tls == nullptr) {
    transport = MakePlain(std::move(base));
  } else {
    absl::StatusOr<std::unique_ptr<TlsClientTransport>> tls =
        options_.tls->Connect(std::move(base), options_.server);
    if (!tls.ok()) {
      End(AttemptEvent::kConnectFailed, {EndReason::kConnection, tls.status()});
      return;
    }
    tls_ = tls->get();
    transport = *std::move(tls);
  }
  connection_ = std::make_unique<Connection>(
      loop_, std::move(transport),
      [this](absl::Time now) { return MakeSession(now); },
      static_cast<Connection::Observer*>(this));
  Move(AttemptEvent::kConnectDone);
  connection_->Start(MonotonicNow());
}

absl::StatusOr<std::unique_ptr<Session>> Attempt::MakeSession(absl::Time now) {
  // RFC 6455 4.1 MUST: the nonce is selected randomly for each connection
  std::array<uint8_t, auth::kWebSocketNonceBytes> nonce;
  random_(absl::MakeSpan(nonce));
  Session::Options options = options_.session;
  options.left_out = OffOverlay(options_);
  absl::StatusOr<auth::Secret> authorization = auth::Secret::FromString("");
  if (options_.authorization) {
    authorization = options_.authorization();
    if (!authorization.ok()) {
      return authorization.status();
    }
    options.authorization = &*authorization;
  }
  return Session::Create(options, auth::WebSocketKey::FromRandom(nonce),
                         random_, sink_, now);
}

void Attempt::OnSecured() { observer_->OnSecured(tls_); }

void Attempt::OnConnectionEnd(const tunnel::End& end) {
  End(AttemptEvent::kConnectionEnded, end);
}

void Attempt::Close(absl::Time now) {
  if (state_ == AttemptState::kConnected) {
    connection_->Close(now);
    return;
  }
  End(AttemptEvent::kCloseAsked, {EndReason::kClosedByUs, absl::OkStatus()});
}

void Attempt::Tune(const KeepAlive::Options& keep_alive) {
  options_.session.keep_alive = keep_alive;
  if (session() != nullptr) {
    session()->Tune(keep_alive);
  }
}

void Attempt::OnTime(absl::Time now) {
  switch (state_) {
    case AttemptState::kResolving:
      Resolve(now);
      return;
    case AttemptState::kConnecting:
      lookup_->OnTime(now);
      connector_->OnTime(now);
      return;
    case AttemptState::kAsking:
      proxy_tunnel_->OnTime(now);
      return;
    case AttemptState::kFallingBack:
      Go(ServerHop(options_), now);
      return;
    case AttemptState::kConnected:
      connection_->OnTime(now);
      return;
    case AttemptState::kNew:
    case AttemptState::kEnded:
      return;
  }
}

// The addresses of one family do not wait for the other's any longer.
void Attempt::Resolve(absl::Time now) {
  lookup_->OnTime(now);
  if (state_ == AttemptState::kResolving && now >= race_at_) {
    Race(MoreAddresses::kMayCome, now);
  }
}

absl::Time Attempt::NextTime() const {
  switch (state_) {
    case AttemptState::kResolving:
      return std::min(lookup_->NextTime(), race_at_);
    case AttemptState::kConnecting:
      return std::min(lookup_->NextTime(), connector_->NextTime());
    case AttemptState::kAsking:
      return proxy_tunnel_->NextTime();
    case AttemptState::kFallingBack:
      return absl::InfinitePast();
    case AttemptState::kConnected:
      return connection_->NextTime();
    case AttemptState::kNew:
    case AttemptState::kEnded:
      break;
  }
  return absl::InfiniteFuture();
}

Session* Attempt::session() const {
  return connection_ == nullptr ? nullptr : connection_->session();
}

// The only place where the state changes.
bool Attempt::Move(AttemptEvent event) {
  const AttemptState next = NextState(state_, event);
  return std::exchange(state_, next) != next;
}

void Attempt::End(AttemptEvent event, const tunnel::End& end) {
  if (Move(event)) {
    observer_->OnEnd(end);
  }
}

}  // namespace ovoc::tunnel
