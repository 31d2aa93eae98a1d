// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/tunnel_sockets.h"

#include <cstddef>
#include <optional>

#include "netif/ip_address.h"
#include "tunnel/attempt/attempt_options.h"
#include "tunnel/settings/proxy_environment.h"
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

// Whether an attempt may connect to the server itself.
bool MayGoDirectly(const std::optional<AttemptProxy>& proxy) {
  return !proxy.has_value() ||
         proxy->fallback == AttemptProxy::Fallback::kDirect;
}

}  // namespace

std::vector<SocketRule> AttemptSocketRules(const TunnelConfig& config) {
  std::vector<SocketRule> rules;
  if (config.attempt.proxy.has_value()) {
    rules.push_back(RuleFor(config, config.attempt.proxy->hop));
  }
  if (MayGoDirectly(config.attempt.proxy)) {
    rules.push_back(RuleFor(config, ServerHop(config.attempt)));
  }
  return rules;
}

std::vector<SocketRule> SocketRulesOf(const TunnelConfig& config) {
  std::vector<SocketRule> rules;
  if (config.proxy.has_value()) {
    rules.push_back(RuleFor(config, config.proxy->hop));
  }
  const std::vector<ServerHost>& servers = config.settings.servers;
  for (size_t i = 0; i < servers.size(); ++i) {
    if (MayGoDirectly(config.proxy) ||
        IsExempt(config.settings.no_proxy, servers[i])) {
      rules.push_back(RuleFor(
          config, {SocketPurpose::kServer, servers[i].name, servers[i].address,
                   i < config.known.size() ? config.known[i]
                                           : std::vector<netif::IpAddress>()}));
    }
  }
  return rules;
}

}  // namespace ovoc::tunnel
