// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_SOCKET_RULE_H_
#define OVOC_TUNNEL_TRANSPORT_SOCKET_RULE_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netif/ip_address.h"
#include "netif/unique_fd.h"
#include "tunnel/transport/socket_maker.h"

namespace ovoc::tunnel {

// SocketRule is which sockets the settings let a client have.
struct SocketRule {
  std::string server;  // WSTunServer
  // The server's address where the settings have it: no other may be used
  // then. Empty: `server` is a name that is looked up.
  std::vector<netif::IpAddress> server_addresses;
  // Those of /etc/hosts for `server`: no other may be used.
  std::vector<netif::IpAddress> hosts_addresses;
  std::vector<netif::IpAddress> name_servers;
  netif::Ipv4Prefix overlay =  // WSTunOverlay
      *netif::Ipv4Prefix::Parse("169.254.0.0/16");
};

// CheckSocketRequest is OK for a name server of the rule, for one of its server
// addresses, and, where `server` is a name, for what can be a server's address
// out there: IPv4 or IPv6 unicast, not of WSTunOverlay and not IPv4 written as
// IPv6 (RFC 4291 2.5.5). From DNS it is also not link-local IPv4 (RFC 3927 2.9:
// never in DNS; the cloud's services for its own hosts are there), has no zone,
// and is loopback for localhost alone (RFC 6761 6.3); in /etc/hosts the
// administrator may have any of these. Else PermissionDenied with the address
// and the reason. It does not keep a client from an address of its own LAN.
[[nodiscard]] absl::Status CheckSocketRequest(const SocketRequest& request,
                                              const SocketRule& rule);

// RuledSocketMaker passes on what the rule allows. A lying DNS server makes
// honest clients ask for anything: they find out here, before their keeper.
class RuledSocketMaker : public SocketMaker {
 public:
  // `rule` is called for each request. `maker` outlives this one.
  RuledSocketMaker(std::function<SocketRule()> rule, SocketMaker* maker)
      : rule_(std::move(rule)), maker_(maker) {}

  absl::StatusOr<netif::UniqueFd> Make(const SocketRequest& request) override {
    const absl::Status allowed = CheckSocketRequest(request, rule_());
    return allowed.ok() ? maker_->Make(request) : allowed;
  }

 private:
  const std::function<SocketRule()> rule_;
  SocketMaker* const maker_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_SOCKET_RULE_H_
