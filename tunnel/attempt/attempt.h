// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_ATTEMPT_ATTEMPT_H_
#define OVOC_TUNNEL_ATTEMPT_ATTEMPT_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/secret.h"
#include "netif/ip_address.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/attempt/attempt_options.h"
#include "tunnel/attempt/connection.h"
#include "tunnel/progress/attempt_state.h"
#include "tunnel/progress/proxy_end.h"
#include "tunnel/session/keep_alive.h"
#include "tunnel/session/session.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/decisions/address_order.h"
#include "tunnel/transport/decisions/more_addresses.h"
#include "tunnel/transport/decisions/proxy_exchange.h"
#include "tunnel/transport/decisions/socket_maker.h"
#include "tunnel/transport/dns_client.h"
#include "tunnel/transport/proxy_tunnel.h"
#include "tunnel/transport/tcp_connector.h"
#include "tunnel/transport/tls_client.h"
#include "tunnel/transport/transport.h"

namespace ovoc::tunnel {

// Attempt is one connection to OVOC from the server's name to its end: it
// resolves, connects, secures and logs in, each step by the class that knows
// how, and tells an observer. With a proxy it resolves the proxy's name only,
// connects to it, and has it make a tunnel to the server; all that follows is
// the same, end to end. Packets do not pass through it: those that come
// go from the session to the caller's sink, those to send from the caller to
// the session.
class Attempt : private DnsClient::Observer,
                private TcpConnector::Observer,
                private ProxyTunnel::Observer,
                private Connection::Observer {
 public:
  using Options = AttemptOptions;

  // Observer must not delete the attempt from within a call.
  class Observer {
   public:
    virtual ~Observer() = default;
    // Where the next connection goes: before the first step, and once more when
    // the server is tried because `why` kept the proxy from being reached.
    virtual void OnHop(const Hop&, const absl::Status& /*why*/) {}
    virtual void OnResolving() = 0;
    virtual void OnQuestion(const SocketRequest&) {}  // DnsClient::Observer's
    virtual void OnResolved(absl::Span<const netif::IpAddress> addresses) = 0;
    virtual void OnConnecting(const netif::IpAddress& address) = 0;
    virtual void OnConnected(const netif::IpAddress& address,
                             absl::Duration took) = 0;
    // The proxy has made a tunnel to the server.
    virtual void OnProxyOpen() {}
    // The certificate is verified, the request with the credentials goes out
    // next. Null with plain HTTP, when this follows OnConnected or OnProxyOpen.
    virtual void OnSecured(const TlsClientTransport* tls) = 0;
    // Once; nothing is called afterwards.
    virtual void OnEnd(const End& end) = 0;
  };

  Attempt(EventLoop* loop, const Options& options, Session::RandomBytes random,
          Observer* observer, Session::Sink* sink);
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  ~Attempt() override = default;

  void Start(absl::Time now);

  void Close(absl::Time now);

  // Goes on with other times of the keep-alive.
  void Tune(const KeepAlive::Options& keep_alive);

  void OnTime(absl::Time now);
  absl::Time NextTime() const;

  // Null before there is a connection; its session then takes packets.
  Connection* connection() const { return connection_.get(); }
  // Null before the upgrade request was made.
  Session* session() const;
  // The server's or the proxy's, as far as they are known.
  absl::Span<const netif::IpAddress> addresses() const { return addresses_; }

 private:
  // DnsClient::Observer.
  void OnAddresses(absl::Span<const netif::IpAddress> addresses,
                   MoreAddresses more) override;
  void OnLookupFailed(const absl::Status& why) override;
  void OnQuestion(const SocketRequest& request) override {
    observer_->OnQuestion(request);
  }
  // TcpConnector::Observer.
  void OnConnecting(const netif::IpAddress& address) override;
  void OnConnectDone(absl::StatusOr<TcpConnector::Connected> result) override;
  // ProxyTunnel::Observer.
  void OnTunnelOpen(std::unique_ptr<Transport> transport) override;
  void OnTunnelFailed(ProxyFailure failure,
                      const absl::Status& detail) override;
  // Connection::Observer.
  void OnSecured() override;
  void OnConnectionEnd(const tunnel::End& end) override;

  void Go(Hop hop, absl::Time now);
  void Race(MoreAddresses more, absl::Time now);
  void AskProxy(netif::UniqueFd socket);
  void Secure(TransportBase base);
  void Unreached(AttemptEvent event, const tunnel::End& end);
  absl::StatusOr<std::unique_ptr<Session>> MakeSession(absl::Time now);
  absl::Status WhyUnconnected(const absl::Status& why) const;
  void Resolve(absl::Time now);
  // Moves on by `event`. False: it means nothing in this state.
  bool Move(AttemptEvent event);
  void End(AttemptEvent event, const tunnel::End& end);

  EventLoop* const loop_;
  Options options_;
  const Session::RandomBytes random_;
  Observer* const observer_;
  Session::Sink* const sink_;
  Hop hop_;
  absl::Status why_direct_;  // why the proxy was not reached
  std::unique_ptr<DnsClient> lookup_;
  std::unique_ptr<TcpConnector> connector_;
  std::unique_ptr<ProxyTunnel> proxy_tunnel_;
  ProxyLogin proxy_login_ = ProxyLogin::kNone;
  std::unique_ptr<Connection> connection_;
  const TlsClientTransport* tls_ = nullptr;  // owned by connection_
  std::vector<netif::IpAddress> addresses_;  // as resolved so far
  // Until when they wait for those of the other family.
  absl::Time race_at_ = absl::InfiniteFuture();
  AttemptState state_ = AttemptState::kNew;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_ATTEMPT_ATTEMPT_H_
