// SPDX-License-Identifier: Apache-2.0
#include "tunnel/attempt/attempt_options.h"

namespace ovoc::tunnel {

Hop ServerHop(const AttemptOptions& options) {
  return {SocketPurpose::kServer, options.server, options.address,
          options.known, options.port};
}

Hop FirstHop(const AttemptOptions& options) {
  return options.proxy.has_value() ? options.proxy->hop : ServerHop(options);
}

std::vector<netif::Ipv4Address> OffOverlay(const AttemptOptions& options) {
  std::vector<netif::IpAddress> hosts = options.dns.servers;
  hosts.insert(hosts.end(), options.other_servers.begin(),
               options.other_servers.end());
  if (options.address.has_value()) {
    hosts.push_back(*options.address);
  }
  if (options.proxy.has_value() && options.proxy->hop.address.has_value()) {
    hosts.push_back(*options.proxy->hop.address);
  }
  std::vector<netif::Ipv4Address> off;
  for (const netif::IpAddress& host : hosts) {
    if (host.is_v4()) {
      off.push_back(host.v4());
    }
  }
  return off;
}

}  // namespace ovoc::tunnel
