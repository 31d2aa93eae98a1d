// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_DECISIONS_SOCKET_RULE_H_
#define OVOC_TUNNEL_TRANSPORT_DECISIONS_SOCKET_RULE_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netif/ip_address.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/transport/decisions/socket_maker.h"

namespace ovoc::tunnel {

// SocketRule is which sockets the settings allow a client to have: to name
// servers, and to `server`, which is OVOC, or the proxy that leads to it.
struct SocketRule {
  SocketPurpose purpose = SocketPurpose::kServer;  // or kProxy
  std::string server;                              // its name
  // The server's address if the settings have one; then no other may be used.
  // If empty, `server` is a name that is looked up.
  std::vector<netif::IpAddress> server_addresses;
  // The addresses that /etc/hosts has for `server`; then no others may be used.
  std::vector<netif::IpAddress> hosts_addresses;
  std::vector<netif::IpAddress> name_servers;
  netif::Ipv4Prefix overlay =  // WSTunOverlay
      *netif::Ipv4Prefix::Parse("169.254.0.0/16");
};

// CheckSocketRequest is OK for a name server of the rule, and, for the purpose
// of the rule, for one of its server addresses, or, if `server` is a name, for
// an address that a server can have:
// IPv4 or IPv6 unicast, not in WSTunOverlay, and not IPv4 written as IPv6 (RFC
// 4291 2.5.5). An address from DNS must also not be link-local IPv4 (RFC 3927
// 2.9: these are never in DNS, and clouds have services for their hosts there),
// must not have a zone, and may be loopback only for localhost (RFC 6761 6.3).
// In /etc/hosts the administrator may have any of these. Otherwise it is
// PermissionDenied with the address and the reason. It does not keep a client
// from an address of its own LAN.
[[nodiscard]] absl::Status CheckSocketRequest(const SocketRequest& request,
                                              const SocketRule& rule);

// It does the same for several servers, or for a proxy and a server: a request
// is OK if one of the rules allows it, of which there is at least one. The
// reason is that of the first rule for the same purpose, else of the first.
[[nodiscard]] absl::Status CheckSocketRequest(
    const SocketRequest& request, const std::vector<SocketRule>& rules);

// RuledSocketMaker passes on the requests that the rules allow. A DNS server
// that lies can make an honest client ask for anything. The client finds out
// here, before its keeper does.
class RuledSocketMaker : public SocketMaker {
 public:
  // `rules` is called for each request. `maker` outlives this one.
  RuledSocketMaker(std::function<std::vector<SocketRule>()> rules,
                   SocketMaker* maker)
      : rules_(std::move(rules)), maker_(maker) {}

  absl::StatusOr<netif::UniqueFd> Make(const SocketRequest& request) override {
    const absl::Status allowed = CheckSocketRequest(request, rules_());
    return allowed.ok() ? maker_->Make(request) : allowed;
  }

 private:
  const std::function<std::vector<SocketRule>()> rules_;
  SocketMaker* const maker_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_DECISIONS_SOCKET_RULE_H_
