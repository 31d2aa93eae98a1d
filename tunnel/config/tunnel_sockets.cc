// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/tunnel_sockets.h"

#include <cstddef>

#include "netif/ip_address.h"
#include "tunnel/attempt/attempt_options.h"
#include "tunnel/transport/decisions/socket_maker.h"

namespace ovoc::tunnel {
namespace {

SocketRule RuleFor(const TunnelConfig& config, const Hop& hop) {
  SocketRule rule;
  rule.purpose = hop.purpose;
  rule.server = hop.name;
  if (!hop.address.has_value()) {
    rule.hosts_addresses = hop.known;
    rule.name_servers = config.attempt.dns.servers;
  } else if (hop.known.empty()) {
    rule.server_addresses = {*hop.address};
  } else {
    rule.server_addresses = hop.known;
  }
  rule.overlay = config.attempt.session.overlay.range;
  return rule;
}

// That of the proxy, if there is one.
std::vector<SocketRule> ProxyRules(const TunnelConfig& config) {
  return config.attempt.proxy.has_value()
             ? std::vector<SocketRule>{RuleFor(config,
                                               config.attempt.proxy->hop)}
             : std::vector<SocketRule>();
}

bool MayGoDirectly(const TunnelConfig& config) {
  return !config.attempt.proxy.has_value() ||
         config.attempt.proxy->fallback == AttemptProxy::Fallback::kDirect;
}

}  // namespace

std::vector<SocketRule> AttemptSocketRules(const TunnelConfig& config) {
  std::vector<SocketRule> rules = ProxyRules(config);
  if (MayGoDirectly(config)) {
    rules.push_back(RuleFor(config, ServerHop(config.attempt)));
  }
  return rules;
}

std::vector<SocketRule> SocketRulesOf(const TunnelConfig& config) {
  std::vector<SocketRule> rules = ProxyRules(config);
  if (!MayGoDirectly(config)) {
    return rules;
  }
  const std::vector<ServerHost>& servers = config.settings.servers;
  for (size_t i = 0; i < servers.size(); ++i) {
    rules.push_back(RuleFor(
        config, {SocketPurpose::kServer, servers[i].name, servers[i].address,
                 i < config.known.size() ? config.known[i]
                                         : std::vector<netif::IpAddress>()}));
  }
  return rules;
}

}  // namespace ovoc::tunnel
