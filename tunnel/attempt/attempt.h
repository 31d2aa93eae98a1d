// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_ATTEMPT_ATTEMPT_H_
#define OVOC_TUNNEL_ATTEMPT_ATTEMPT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/secret.h"
#include "netif/ip_address.h"
#include "tunnel/attempt/connection.h"
#include "tunnel/progress/attempt_state.h"
#include "tunnel/session/keep_alive.h"
#include "tunnel/session/session.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/decisions/address_order.h"
#include "tunnel/transport/decisions/more_addresses.h"
#include "tunnel/transport/decisions/socket_maker.h"
#include "tunnel/transport/dns_client.h"
#include "tunnel/transport/tcp_connector.h"
#include "tunnel/transport/tls_client.h"

namespace ovoc::tunnel {

// Attempt is one connection to OVOC from the server's name to its end: it
// resolves, connects, secures and logs in, each step by the class that knows
// how, and tells an observer. Packets do not pass through it: those that come
// go from the session to the caller's sink, those to send from the caller to
// the session.
class Attempt : private DnsClient::Observer,
                private TcpConnector::Observer,
                private Connection::Observer {
 public:
  struct Options {
    std::string server;                       // host name or IP address
    std::optional<netif::IpAddress> address;  // set when `server` is one
    // The other servers of the settings that are addresses; see OffOverlay.
    std::vector<netif::IpAddress> other_servers = {};
    // What is known without a lookup: `address`, its zone resolved, or those of
    // /etc/hosts. Empty: see `address`, else `server` is looked up.
    std::vector<netif::IpAddress> known;
    uint16_t port = 443;
    TlsClient* tls = nullptr;  // null: plain HTTP
    DnsClient::Options dns;
    SocketMaker* sockets = nullptr;  // never null in use
    // Which address to try first; null: as if there had been no attempt before.
    const AddressOrder* order = nullptr;
    // Makes the value of the Authorization field when the request is about to
    // go out; empty: there is none.
    std::function<absl::StatusOr<auth::Secret>()> authorization;
    Session::Options session;  // without authorization
  };

  // Observer must not delete the attempt from within a call.
  class Observer {
   public:
    virtual ~Observer() = default;
    virtual void OnResolving() = 0;
    virtual void OnQuestion(const SocketRequest&) {}  // DnsClient::Observer's
    virtual void OnResolved(absl::Span<const netif::IpAddress> addresses) = 0;
    virtual void OnConnecting(const netif::IpAddress& address) = 0;
    virtual void OnConnected(const netif::IpAddress& address,
                             absl::Duration took) = 0;
    // The certificate is verified, the request with the credentials goes out
    // next. Null with plain HTTP, when this follows OnConnected at once.
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
  // The server's, as far as they are known.
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
  // Connection::Observer.
  void OnSecured() override;
  void OnConnectionEnd(const tunnel::End& end) override;

  void Race(MoreAddresses more, absl::Time now);
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
  DnsClient lookup_;
  TcpConnector connector_;
  std::unique_ptr<Connection> connection_;
  const TlsClientTransport* tls_ = nullptr;  // owned by connection_
  std::vector<netif::IpAddress> addresses_;  // as resolved so far
  // Until when they wait for those of the other family.
  absl::Time race_at_ = absl::InfiniteFuture();
  AttemptState state_ = AttemptState::kNew;
};

// OffOverlay is the IPv4 hosts that attempts need to make a tunnel: name
// servers, and all servers whose addresses are in the settings, because the
// next attempt may be to another one. They stay outside of the tunnel, whatever
// overlay the server names.
std::vector<netif::Ipv4Address> OffOverlay(const Attempt::Options& options);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_ATTEMPT_ATTEMPT_H_
