// SPDX-License-Identifier: Apache-2.0
//
// The servers of WSTunServer, as they stand in the settings.

#ifndef OVOC_TUNNEL_SETTINGS_SERVER_LIST_H_
#define OVOC_TUNNEL_SETTINGS_SERVER_LIST_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "netif/ip_address.h"

namespace ovoc::tunnel {

// An OVOC, its standby and one at another place.
inline constexpr size_t kMaxServers = 3;

// ServerHost is one server: its name as it was written, and its address if it
// is one. Otherwise it is a name that has to be resolved.
struct ServerHost {
  std::string name;
  std::optional<netif::IpAddress> address = std::nullopt;
};

// ParseServerList takes 1 to kMaxServers hosts, separated by commas. There may
// be spaces and tabs around each. It is an IPv4 or IPv6 unicast address or a
// host name, and is there once. The order is that of the text. nullopt: it is
// no such list.
std::optional<std::vector<ServerHost>> ParseServerList(absl::string_view text);

// The hosts of such a text without what is around them, whatever they are.
std::vector<absl::string_view> SplitServerList(absl::string_view text);

// Whether two hosts of the list are the same: names without regard to case, or
// one address. Only valid hosts are compared.
bool HasServerTwice(const std::vector<absl::string_view>& hosts);

// ServerNames is the hosts in their order, as they were written.
std::vector<std::string> ServerNames(const std::vector<ServerHost>& servers);

// ServerListText is the same, separated by commas, for people.
std::string ServerListText(const std::vector<ServerHost>& servers);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_SERVER_LIST_H_
