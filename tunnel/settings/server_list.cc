// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/server_list.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tunnel/settings/setting_values.h"

namespace ovoc::tunnel {
namespace {

// An address has many spellings.
bool IsSame(absl::string_view a, absl::string_view b) {
  const std::optional<netif::IpAddress> address = ParseServerAddress(a);
  return absl::EqualsIgnoreCase(a, b) ||
         (address.has_value() && address == ParseServerAddress(b));
}

}  // namespace

std::vector<absl::string_view> SplitServerList(absl::string_view text) {
  std::vector<absl::string_view> hosts = absl::StrSplit(text, ',');
  for (absl::string_view& host : hosts) {
    host = absl::StripAsciiWhitespace(host);
  }
  return hosts;
}

bool HasServerTwice(const std::vector<absl::string_view>& hosts) {
  for (size_t i = 0; i < hosts.size(); ++i) {
    for (size_t j = i + 1; j < hosts.size(); ++j) {
      if (IsSame(hosts[i], hosts[j])) {
        return true;
      }
    }
  }
  return false;
}

std::optional<std::vector<ServerHost>> ParseServerList(absl::string_view text) {
  const std::vector<absl::string_view> hosts = SplitServerList(text);
  if (hosts.size() > kMaxServers || HasServerTwice(hosts)) {
    return std::nullopt;
  }
  std::vector<ServerHost> servers;
  for (const absl::string_view host : hosts) {
    const std::optional<netif::IpAddress> address = ParseServerAddress(host);
    if (!address.has_value() && !IsHostName(host)) {
      return std::nullopt;
    }
    servers.push_back({std::string(host), address});
  }
  return servers;
}

std::vector<std::string> ServerNames(const std::vector<ServerHost>& servers) {
  std::vector<std::string> names;
  names.reserve(servers.size());
  for (const ServerHost& server : servers) {
    names.push_back(server.name);
  }
  return names;
}

std::string ServerListText(const std::vector<ServerHost>& servers) {
  return absl::StrJoin(ServerNames(servers), ",");
}

}  // namespace ovoc::tunnel
