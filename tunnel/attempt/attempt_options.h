// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_ATTEMPT_ATTEMPT_OPTIONS_H_
#define OVOC_TUNNEL_ATTEMPT_ATTEMPT_OPTIONS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "auth/secret.h"
#include "netif/ip_address.h"
#include "tunnel/session/session.h"
#include "tunnel/transport/decisions/address_order.h"
#include "tunnel/transport/decisions/socket_maker.h"
#include "tunnel/transport/dns_client.h"
#include "tunnel/transport/tls_client.h"

namespace ovoc::tunnel {

// Hop is where an attempt makes a TCP connection to: the server, or the proxy
// that leads there.
struct Hop {
  SocketPurpose purpose = SocketPurpose::kServer;  // or kProxy
  std::string name;                                // host name or IP address
  std::optional<netif::IpAddress> address = {};    // set when `name` is one
  // What is known without a lookup: `address`, its zone resolved, or those of
  // /etc/hosts. Empty: see `address`, else `name` is looked up.
  std::vector<netif::IpAddress> known = {};
  uint16_t port = 443;

  bool is_proxy() const { return purpose == SocketPurpose::kProxy; }
  bool is_looked_up() const { return !address.has_value() && known.empty(); }
};

// AttemptProxy is a proxy, and how it is used.
struct AttemptProxy {
  enum class Fallback {
    kNone,    // no way but through the proxy
    kDirect,  // if it cannot be reached, the server is tried directly
  };

  Hop hop;               // with kProxy
  std::string endpoint;  // HOST:PORT, for people
  // For https://: makes and verifies the connection to it. Null: http://.
  TlsClient* tls = nullptr;
  Fallback fallback = Fallback::kNone;
  // Makes the value of the Proxy-Authorization field when the request is about
  // to go out; empty: there is none.
  std::function<absl::StatusOr<auth::Secret>()> authorization = {};
};

// AttemptOptions is what an attempt is told.
struct AttemptOptions {
  std::string server;                       // host name or IP address
  std::optional<netif::IpAddress> address;  // set when `server` is one
  // The other servers of the settings that are addresses; see OffOverlay.
  std::vector<netif::IpAddress> other_servers = {};
  // As in Hop, of the server.
  std::vector<netif::IpAddress> known;
  uint16_t port = 443;
  std::optional<AttemptProxy> proxy = std::nullopt;  // nullopt: directly
  TlsClient* tls = nullptr;                          // null: plain HTTP
  DnsClient::Options dns;
  SocketMaker* sockets = nullptr;  // never null in use
  // Which address to try first; null: as if there had been no attempt before.
  const AddressOrder* order = nullptr;
  // Makes the value of the Authorization field when the request is about to
  // go out; empty: there is none.
  std::function<absl::StatusOr<auth::Secret>()> authorization;
  Session::Options session;  // without authorization
};

// The server as a hop.
Hop ServerHop(const AttemptOptions& options);

// Where an attempt begins: the proxy if there is one, else the server.
Hop FirstHop(const AttemptOptions& options);

// OffOverlay is the IPv4 hosts that attempts need to make a tunnel: name
// servers, the proxy, and all servers whose addresses are in the settings,
// because the next attempt may be to another one. They stay outside of the
// tunnel, whatever overlay the server names.
std::vector<netif::Ipv4Address> OffOverlay(const AttemptOptions& options);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_ATTEMPT_ATTEMPT_OPTIONS_H_
