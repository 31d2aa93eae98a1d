// SPDX-License-Identifier: Apache-2.0
//
// Which sockets the settings allow.

#ifndef OVOC_TUNNEL_CONFIG_TUNNEL_SOCKETS_H_
#define OVOC_TUNNEL_CONFIG_TUNNEL_SOCKETS_H_

#include <vector>

#include "tunnel/config/tunnel_config.h"
#include "tunnel/transport/decisions/socket_rule.h"

namespace ovoc::tunnel {

// AttemptSocketRules says which sockets `config` allows for an attempt to its
// current server, with its current name servers: a rule for the server, or for
// the proxy, or for both if the settings allow to go directly while the proxy
// cannot be reached. No rule has name servers if its server is an address.
std::vector<SocketRule> AttemptSocketRules(const TunnelConfig& config);

// SocketRulesOf has the same for all servers of the settings. A worker chooses
// among them, so its keeper allows what one of these does.
std::vector<SocketRule> SocketRulesOf(const TunnelConfig& config);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CONFIG_TUNNEL_SOCKETS_H_
