// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/tunnel_sockets.h"

#include <cstddef>
#include <optional>

#include "netif/ip_address.h"

namespace ovoc::tunnel {
namespace {

SocketRule RuleFor(const TunnelConfig& config, const ServerHost& server,
                   const std::vector<netif::IpAddress>& known) {
  SocketRule rule;
  rule.server = server.name;
  if (!server.address.has_value()) {
    rule.hosts_addresses = known;
    rule.name_servers = config.attempt.dns.servers;
  } else if (known.empty()) {
    rule.server_addresses = {*server.address};
  } else {
    rule.server_addresses = known;
  }
  rule.overlay = config.attempt.session.overlay.range;
  return rule;
}

}  // namespace

SocketRule SocketRuleOf(const TunnelConfig& config) {
  const Attempt::Options& attempt = config.attempt;
  return RuleFor(config, {attempt.server, attempt.address}, attempt.known);
}

std::vector<SocketRule> SocketRulesOf(const TunnelConfig& config) {
  std::vector<SocketRule> rules;
  const std::vector<ServerHost>& servers = config.settings.servers;
  rules.reserve(servers.size());
  for (size_t i = 0; i < servers.size(); ++i) {
    rules.push_back(RuleFor(config, servers[i],
                            i < config.known.size()
                                ? config.known[i]
                                : std::vector<netif::IpAddress>()));
  }
  return rules;
}

}  // namespace ovoc::tunnel
