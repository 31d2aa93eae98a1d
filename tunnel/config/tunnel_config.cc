// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/tunnel_config.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "netif/linux/vrf.h"
#include "netif/overlay.h"
#include "tunnel/command_line/version.h"
#include "tunnel/config/logins.h"
#include "tunnel/config/machine_addresses.h"
#include "tunnel/config/proxy_way.h"
#include "tunnel/config/tls_files.h"
#include "tunnel/settings/files/file_digests.h"
#include "tunnel/settings/files/settings_file.h"
#include "tunnel/settings/named_errors.h"

namespace ovoc::tunnel {
namespace {

absl::StatusOr<std::string> VrfInUse(const Settings& settings) {
  const absl::StatusOr<bool> exists = netif::VrfExists(settings.vrf);
  if (exists.ok() && *exists) {
    return settings.vrf;
  }
  if (settings.IsExplicit("WSTunVrf")) {
    return SettingProblem(settings, "WSTunVrf",
                          absl::StrCat("'", settings.vrf, "' does not exist"),
                          "use the name of a VRF device of this machine");
  }
  return std::string();
}

// The server as it is called in the Host field, SNI and its certificate. A zone
// has a meaning on this machine only, and is sent to no other (RFC 9844 6); a
// URI has none since RFC 9844 3 took RFC 6874 back. No host name has a '%'.
std::string NameForOthers(const ServerHost& server) {
  return server.name.substr(0, server.name.find('%'));
}

// RFC 6455 4.1 MUST: a Host field with host and port is sent
// RFC 3986 3.2.2: an IPv6 address stands in brackets.
std::string HostHeader(const ServerHost& server) {
  const bool v6 = server.address.has_value() && !server.address->is_v4();
  const std::string name = NameForOthers(server);
  return v6 ? absl::StrCat("[", name, "]") : name;
}

Session::Options SessionOptions(const Settings& settings) {
  Session::Options options;
  options.shown_port = settings.server_port;
  options.path = settings.server_path;
  options.user_agent = absl::StrCat("ovoc-tunnel/", kVersion);
  options.overlay.range = settings.overlay;
  options.overlay.ovoc_address = netif::kOvocAddress;
  options.overlay.reach = settings.peer_to_peer
                              ? netif::OverlayReach::kHosts
                              : netif::OverlayReach::kOvocOnly;
  options.mtu_bytes = static_cast<size_t>(settings.mtu);
  options.keep_alive.ping_after = settings.keep_alive;
  options.keep_alive.dead_after = settings.dead_after;
  return options;
}

// What the settings name beside the settings file, as far as it is good.
void LoadNamed(TunnelConfig* config, NamedErrors* errors) {
  const Settings& settings = config->settings;
  errors->Take(CheckPolicy(config->policy, settings));
  config->insecure = InsecureSettings(settings);  // looks at passwords too
  config->credentials = TakeServerLogin(&config->settings, errors);
  config->proxy_credentials = TakeProxyLogin(&config->settings, errors);
  if (settings.secured) {
    config->tls = LoadServerTls(config->files, settings, config->policy,
                                &config->warnings, errors);
  }
  config->proxy_tls =
      LoadProxyTls(config->files, settings, config->policy, errors);
  if (config->tls != nullptr) {
    config->signing_key = config->tls->TakeKey();
    config->tls->UseSigner(config->signing_key.get());
  }
  errors->Take("WSTunVrf", VrfInUse(settings).status());
}

void MakeAttempt(TunnelConfig* config) {
  const Settings& settings = config->settings;
  Attempt::Options& attempt = config->attempt;
  attempt.port = ServerPort(settings);
  config->sockets.server_port = attempt.port;
  attempt.tls = config->tls.get();
  config->proxy = ProxyOf(settings, config->proxy_credentials.get(),
                          config->proxy_tls.get());
  config->sockets.proxy_port = settings.proxy ? settings.proxy->port : 0;
  attempt.authorization = [credentials = config->credentials.get()] {
    return credentials->AuthorizationValue();
  };
  attempt.session = SessionOptions(settings);
  RefreshSurroundings(config);  // selects the first server
}

// Empty before anybody has looked around.
std::vector<netif::IpAddress> KnownOf(const TunnelConfig& config,
                                      size_t place) {
  return place < config.known.size() ? config.known[place]
                                     : std::vector<netif::IpAddress>();
}

}  // namespace

void SelectServer(size_t place, TunnelConfig* config) {
  const std::vector<ServerHost>& servers = config->settings.servers;
  Attempt::Options& attempt = config->attempt;
  config->server = place;
  attempt.server = NameForOthers(servers[place]);
  attempt.address = servers[place].address;
  attempt.known = KnownOf(*config, place);
  attempt.session.host = HostHeader(servers[place]);
  attempt.proxy =
      IsDirect(config->settings, servers[place]) ? std::nullopt : config->proxy;
  attempt.other_servers.clear();
  if (config->proxy.has_value() && config->proxy->hop.address.has_value()) {
    attempt.other_servers.push_back(*config->proxy->hop.address);
  }
  for (size_t i = 0; i < servers.size(); ++i) {
    if (i != place && servers[i].address.has_value()) {
      attempt.other_servers.push_back(*servers[i].address);
    }
  }
}

std::unique_ptr<TunnelConfig> KeepAddresses(
    const TunnelConfig& running, std::unique_ptr<TunnelConfig> loaded) {
  loaded->attempt.dns.servers = running.attempt.dns.servers;
  loaded->known = running.known;
  if (loaded->proxy.has_value() && running.proxy.has_value()) {
    loaded->proxy->hop.known = running.proxy->hop.known;
  }
  SelectServer(running.server, loaded.get());
  return loaded;
}

void RefreshSurroundings(TunnelConfig* config) {
  // A VRF that was named and is gone meanwhile makes the attempt fail.
  config->sockets.vrf =
      VrfInUse(config->settings).value_or(config->settings.vrf);
  config->attempt.dns.servers =
      NameServersInUse(config->files, config->settings);
  config->known = KnownAddresses(config->files, config->settings);
  if (config->proxy.has_value()) {
    config->proxy->hop.known =
        KnownProxyAddresses(config->files, config->settings);
  }
  SelectServer(config->server, config);
}

absl::StatusOr<std::unique_ptr<TunnelConfig>> LoadTunnelConfig(
    const std::string& path, Policy policy, const FileRoot& files,
    const ProxyEnvironment& environment) {
  absl::Status of_password_file;
  absl::StatusOr<LoadedSettings> loaded = LoadSettings(
      path,
      policy == Policy::kCertified ? IniDialect::kStrict : IniDialect::kDevice,
      files, &of_password_file,
      [policy](const Settings& parsed) { return CheckPolicy(policy, parsed); });
  if (!loaded.ok()) {
    return loaded.status();
  }
  auto config = std::make_unique<TunnelConfig>();
  config->files = files;
  config->policy = policy;
  config->settings = std::move(loaded->settings);
  config->warnings = std::move(loaded->warnings);
  const absl::Status of_environment =
      UseProxyEnvironment(environment, &config->settings);
  for (std::string& warning : MissingZones(config->settings)) {
    config->warnings.push_back(std::move(warning));
  }
  for (std::string& warning : UnreadFiles(files, config->settings)) {
    config->warnings.push_back(std::move(warning));
  }
  config->file_digests = DigestFiles(files, config->settings, kSystemRoots);
  NamedErrors errors(config->settings);
  errors.Take("WSTunPasswordFile", of_password_file);
  errors.Take("WSTunProxy", of_environment);
  LoadNamed(config.get(), &errors);
  if (absl::Status status = errors.ToStatus(); !status.ok()) {
    return status;
  }
  MakeAttempt(config.get());
  return config;
}

}  // namespace ovoc::tunnel
