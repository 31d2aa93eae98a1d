// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/settings_change.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "auth/secret.h"
#include "netif/ip_address.h"
#include "tunnel/settings/server_list.h"

namespace ovoc::tunnel {
namespace {

using Config = TunnelConfig;

// Equal members of the settings.
template <auto Member>
bool Same(const Config& a, const Config& b) {
  return a.settings.*Member == b.settings.*Member;
}

// The order counts.
bool SameServers(const Config& a, const Config& b) {
  return ServerListText(a.settings.servers) ==
         ServerListText(b.settings.servers);
}

// The same path with the same contents. Only TLS reads the files, so that
// without WSTunSecured on both sides there is nothing to compare.
template <auto Member>
bool SameFile(const Config& a, const Config& b, const std::string& name) {
  const auto digest = [&name](const Config& config) {
    const auto found = config.file_digests.find(name);
    return found == config.file_digests.end() ? std::string() : found->second;
  };
  return Same<Member>(a, b) &&
         (!Same<&Settings::secured>(a, b) || digest(a) == digest(b));
}

// The password, wherever it stands. The value holds the user name too, which
// has a row of its own.
bool SameSecret(const Config& a, const Config& b) {
  if (a.credentials == nullptr || b.credentials == nullptr) {
    return a.credentials == b.credentials;
  }
  return a.settings.username != b.settings.username ||
         a.credentials->AuthorizationValue() ==
             b.credentials->AuthorizationValue();
}

// One that has changed is a change of the setting that gives it now.
bool SamePassword(const Config& a, const Config& b) {
  return !b.settings.password_file.empty() || SameSecret(a, b);
}

bool SamePasswordFile(const Config& a, const Config& b) {
  return Same<&Settings::password_file>(a, b) &&
         (b.settings.password_file.empty() || SameSecret(a, b));
}

bool SameVrf(const Config& a, const Config& b) {
  return Same<&Settings::vrf>(a, b) &&
         a.settings.IsExplicit("WSTunVrf") == b.settings.IsExplicit("WSTunVrf");
}

// With its login, whose password is among the credentials.
bool SameProxy(const Config& a, const Config& b) {
  const auto& old_url = a.settings.proxy;
  const auto& new_url = b.settings.proxy;
  if (!old_url.has_value() || !new_url.has_value()) {
    return old_url.has_value() == new_url.has_value();
  }
  const auto& old_login = a.proxy_credentials;
  const auto& new_login = b.proxy_credentials;
  const bool same_login =
      old_login == nullptr || new_login == nullptr
          ? old_login == new_login
          : old_login->AuthorizationValue() == new_login->AuthorizationValue();
  return old_url->secured == new_url->secured &&
         old_url->Endpoint() == new_url->Endpoint() && same_login &&
         Same<&Settings::no_proxy>(a, b);
}

constexpr absl::string_view kElsewhere = "the tunnel goes elsewhere";
constexpr absl::string_view kOtherWay = "the tunnel goes another way";
constexpr absl::string_view kLogin = "it is part of the login";
constexpr absl::string_view kNextLogin =
    "the next login asks the keeper for it";
constexpr absl::string_view kProof =
    "the tunnel that is up has not been proved by it";
constexpr absl::string_view kNextLookup =
    "the next lookup asks the keeper for it";
constexpr absl::string_view kDevice = "the device or its address changes";
constexpr absl::string_view kTimer = "it is a time that the worker keeps";

constexpr SettingTakeover kRows[] = {
    {"WSTunServer", Takeover::kNewWorker, kElsewhere, SameServers},
    {"WSTunServerRevert", Takeover::kNewWorker, kElsewhere,
     Same<&Settings::server_revert>},
    {"WSTunServerPort", Takeover::kNewWorker, kElsewhere,
     Same<&Settings::server_port>},
    {"WSTunServerPath", Takeover::kNewWorker, kLogin,
     Same<&Settings::server_path>},
    {"WSTunUsername", Takeover::kNextLogin, kNextLogin,
     Same<&Settings::username>},
    {"WSTunPassword", Takeover::kNextLogin, kNextLogin, SamePassword},
    {"WSTunPasswordFile", Takeover::kNextLogin, kNextLogin, SamePasswordFile},
    {"WSTunSecured", Takeover::kNewWorker, kProof, Same<&Settings::secured>},
    {"WSTunVerifyPeer", Takeover::kNewWorker, kProof,
     Same<&Settings::verify_peer>},
    {"WSTunVerifyHostName", Takeover::kNewWorker, kProof,
     Same<&Settings::verify_host_name>},
    {"TLSTrustedRoots", Takeover::kNewWorker, kProof,
     [](const Config& a, const Config& b) {
       return SameFile<&Settings::trusted_roots>(a, b, "TLSTrustedRoots");
     }},
    {"TLSCertificate", Takeover::kNewWorker, kProof,
     [](const Config& a, const Config& b) {
       return SameFile<&Settings::certificate>(a, b, "TLSCertificate");
     }},
    {"TLSPrivateKey", Takeover::kNewWorker, kProof,
     [](const Config& a, const Config& b) {
       return SameFile<&Settings::private_key>(a, b, "TLSPrivateKey");
     }},
    {"WSTunProxy", Takeover::kNewWorker, kOtherWay, SameProxy},
    {"WSTunProxyRoots", Takeover::kNewWorker, kProof,
     [](const Config& a, const Config& b) {
       return SameFile<&Settings::proxy_roots>(a, b, "WSTunProxyRoots");
     }},
    {"WSTunProxyFallback", Takeover::kNewWorker, kOtherWay,
     Same<&Settings::proxy_fallback>},
    {"DNSPriServerIP", Takeover::kNextLookup, kNextLookup,
     Same<&Settings::dns_primary>},
    {"DNSSecServerIP", Takeover::kNextLookup, kNextLookup,
     Same<&Settings::dns_secondary>},
    {"WSTunVrf", Takeover::kNewWorker, kElsewhere, SameVrf},
    {"WSTunInterface", Takeover::kNewWorker, kDevice,
     Same<&Settings::interface>},
    {"WSTunMtu", Takeover::kNewWorker, kDevice, Same<&Settings::mtu>},
    {"WSTunOverlay", Takeover::kNewWorker, kDevice, Same<&Settings::overlay>},
    {"WSTunPeerToPeer", Takeover::kNewWorker, kDevice,
     Same<&Settings::peer_to_peer>},
    {"WSTunKeepAlive", Takeover::kTellWorker, kTimer,
     Same<&Settings::keep_alive>},
    {"WSTunDeadAfter", Takeover::kTellWorker, kTimer,
     Same<&Settings::dead_after>},
    {"WSTunReconnectSpread", Takeover::kTellWorker, kTimer,
     Same<&Settings::reconnect_spread>},
};

// The routes into the tunnel and the rules for its packets leave name servers
// out, and they are made for each tunnel.
bool HasNameServerInOverlay(const Config& config) {
  std::vector<netif::IpAddress> servers = config.attempt.dns.servers;
  for (const auto& server :
       {config.settings.dns_primary, config.settings.dns_secondary}) {
    if (server.has_value()) {
      servers.push_back(*server);
    }
  }
  return std::any_of(servers.begin(), servers.end(),
                     [&config](const netif::IpAddress& server) {
                       return server.is_v4() &&
                              config.settings.overlay.Contains(server.v4());
                     });
}

Takeover TakeoverOf(const SettingTakeover& row, const Config& before,
                    const Config& after) {
  return row.takeover == Takeover::kNextLookup &&
                 (HasNameServerInOverlay(before) ||
                  HasNameServerInOverlay(after))
             ? Takeover::kNewWorker
             : row.takeover;
}

}  // namespace

absl::Span<const SettingTakeover> SettingTakeovers() { return kRows; }

SettingsChange CompareSettings(const TunnelConfig& before,
                               const TunnelConfig& after) {
  SettingsChange change;
  for (const SettingTakeover& row : kRows) {
    if (!row.same(before, after)) {
      change.names.push_back(row.name);
      change.takeover =
          std::max(change.takeover, TakeoverOf(row, before, after));
      if (row.takeover == Takeover::kNextLookup) {
        change.at_next_lookup.push_back(row.name);
      } else if (row.takeover == Takeover::kNextLogin) {
        change.at_next_login.push_back(row.name);
      }
    }
  }
  return change;
}

}  // namespace ovoc::tunnel
