// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/machine_addresses.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "netif/dns/hosts_file.h"
#include "netif/dns/resolv_conf.h"
#include "netif/linux/socket_address.h"
#include "tunnel/settings/files/read_file.h"
#include "tunnel/settings/proxy_environment.h"

namespace ovoc::tunnel {
namespace {

constexpr char kResolvConf[] = "/etc/resolv.conf";
constexpr char kHosts[] = "/etc/hosts";
constexpr size_t kMaxResolvConfBytes = 65536;
// For lists of unwanted names. The keeper reads it as often as a worker may ask
// (message_budget), so that it cannot be much more.
constexpr size_t kMaxHostsBytes = size_t{4} * 1024 * 1024;

absl::StatusOr<FileContents> ReadResolvConf(const FileRoot& files) {
  return ReadSmallFile(kResolvConf, kMaxResolvConfBytes, FilePrivacy::kAny,
                       files);
}

absl::StatusOr<FileContents> ReadHosts(const FileRoot& files) {
  return ReadSmallFile(kHosts, kMaxHostsBytes, FilePrivacy::kAny, files);
}

// Empty for a file that was read, or that is not there, which is in order.
std::string UnreadWarning(absl::string_view path, const absl::Status& read) {
  return read.ok() || absl::IsNotFound(read)
             ? ""
             : absl::StrCat(path, ": file ", read.message(),
                            ", so it counts as empty; ", FileRemedy(read));
}

// Two zones may be the name and the number of one interface.
std::vector<netif::IpAddress> Resolved(
    const std::vector<netif::IpAddress>& zoned) {
  std::vector<netif::IpAddress> resolved;
  for (const netif::IpAddress& address : zoned) {
    const netif::IpAddress numbered = netif::ResolveZone(address);
    if (std::find(resolved.begin(), resolved.end(), numbered) ==
        resolved.end()) {
      resolved.push_back(numbered);
    }
  }
  return resolved;
}

// Whether something is looked up. A proxy looks the servers up itself.
bool HasName(const Settings& settings) {
  if (settings.proxy.has_value() && !settings.proxy->address.has_value()) {
    return true;
  }
  return std::any_of(
      settings.servers.begin(), settings.servers.end(),
      [&settings](const ServerHost& server) {
        return !server.address.has_value() &&
               (settings.proxy_fallback || IsDirect(settings, server));
      });
}

}  // namespace

std::vector<netif::IpAddress> NameServersInUse(const FileRoot& files,
                                               const Settings& settings) {
  std::vector<netif::IpAddress> servers;
  for (const auto& server : {settings.dns_primary, settings.dns_secondary}) {
    if (server.has_value()) {
      servers.push_back(*server);
    }
  }
  if (!servers.empty()) {
    return Resolved(servers);
  }
  const absl::StatusOr<FileContents> text = ReadResolvConf(files);
  if (text.ok()) {
    servers = Resolved(netif::ParseResolvConf(text->Text()));
  }
  if (servers.empty() && HasName(settings)) {
    servers.emplace_back(netif::kDefaultNameServer);
  }
  return servers;
}

std::vector<std::vector<netif::IpAddress>> KnownAddresses(
    const FileRoot& files, const Settings& settings) {
  const absl::StatusOr<FileContents> text =
      HasName(settings) ? ReadHosts(files) : absl::NotFoundError("not needed");
  std::vector<std::vector<netif::IpAddress>> known;
  for (const ServerHost& server : settings.servers) {
    if (server.address.has_value()) {
      known.push_back(Resolved({*server.address}));
    } else if (text.ok()) {
      known.push_back(Resolved(netif::FindInHosts(text->Text(), server.name)));
    } else {
      known.emplace_back();
    }
  }
  return known;
}

std::vector<netif::IpAddress> KnownProxyAddresses(const FileRoot& files,
                                                  const Settings& settings) {
  if (!settings.proxy.has_value()) {
    return {};
  }
  if (settings.proxy->address.has_value()) {
    return Resolved({*settings.proxy->address});
  }
  const absl::StatusOr<FileContents> text = ReadHosts(files);
  return text.ok()
             ? Resolved(netif::FindInHosts(text->Text(), settings.proxy->host))
             : std::vector<netif::IpAddress>();
}

std::vector<std::string> UnreadFiles(const FileRoot& files,
                                     const Settings& settings) {
  std::vector<std::string> warnings;
  if (!HasName(settings)) {
    return warnings;
  }
  warnings.push_back(UnreadWarning(kHosts, ReadHosts(files).status()));
  if (!settings.dns_primary.has_value() &&
      !settings.dns_secondary.has_value()) {
    warnings.push_back(
        UnreadWarning(kResolvConf, ReadResolvConf(files).status()));
  }
  warnings.erase(std::remove(warnings.begin(), warnings.end(), ""),
                 warnings.end());
  return warnings;
}

std::vector<std::string> MissingZones(const Settings& settings) {
  std::vector<
      std::pair<absl::string_view, const std::optional<netif::IpAddress>*>>
      addresses;
  addresses.reserve(settings.servers.size() + 3);
  for (const ServerHost& server : settings.servers) {
    addresses.emplace_back("WSTunServer", &server.address);
  }
  if (settings.proxy.has_value()) {
    addresses.emplace_back("WSTunProxy", &settings.proxy->address);
  }
  addresses.emplace_back("DNSPriServerIP", &settings.dns_primary);
  addresses.emplace_back("DNSSecServerIP", &settings.dns_secondary);
  std::vector<std::string> warnings;
  for (const auto& [name, address] : addresses) {
    if (address->has_value() && netif::ResolveZone(**address).zone() == "0") {
      warnings.emplace_back(
          SettingProblem(settings, name,
                         absl::StrCat("'", (*address)->ToString(),
                                      "' names an interface that does not "
                                      "exist yet"),
                         "check the name after the %")
              .message());
    }
  }
  return warnings;
}

}  // namespace ovoc::tunnel
