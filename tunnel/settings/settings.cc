// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/settings.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tunnel/settings/setting_error.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kUnconfiguredAddress = "0.0.0.0";

constexpr absl::string_view kSwitch = "0 or 1";
constexpr absl::string_view kPemPath = "the path of a PEM file";
constexpr absl::string_view kDnsServer =
    "an IPv4 or IPv6 unicast address, or 0.0.0.0 for none";
constexpr absl::string_view kDeviceName =
    "1 to 15 letters, digits, '_', '-' or '.', but not '.', '..', 'all' or "
    "'default'";
constexpr absl::string_view kPasswordText =
    "1 to 255 bytes without control characters";

// Keep stores a parsed value; false when there is none.
template <typename Parsed, typename Member>
bool Keep(const std::optional<Parsed>& parsed, Member* member) {
  if (!parsed.has_value()) {
    return false;
  }
  *member = static_cast<Member>(*parsed);
  return true;
}

bool KeepText(bool allowed, absl::string_view value, std::string* member) {
  if (allowed) {
    *member = std::string(value);
  }
  return allowed;
}

bool KeepPath(absl::string_view value, std::string* member) {
  return KeepText(IsFilePath(value), value, member);
}

bool KeepSeconds(absl::string_view value, int min, int max,
                 absl::Duration* member) {
  const std::optional<int> seconds = ParseNumber(value, min, max);
  if (seconds.has_value()) {
    *member = absl::Seconds(*seconds);
  }
  return seconds.has_value();
}

bool SetServer(absl::string_view value, Settings* settings) {
  std::optional<std::vector<ServerHost>> servers = ParseServerList(value);
  if (!servers.has_value()) {
    return false;
  }
  settings->servers = *std::move(servers);
  return true;
}

bool SetPassword(absl::string_view value, Settings* settings) {
  if (!IsPassword(value)) {
    return false;
  }
  settings->password = auth::Secret::FromString(value);
  return true;
}

bool SetProxy(absl::string_view value, Settings* settings) {
  settings->proxy.reset();
  settings->proxy_from_environment = value == "environment";
  if (value == "none" || settings->proxy_from_environment) {
    return true;
  }
  settings->proxy = ParseProxyUrl(value).url;
  return settings->proxy.has_value();
}

bool SetDnsServer(absl::string_view value,
                  std::optional<netif::IpAddress>* member) {
  *member = ParseServerAddress(value);
  return member->has_value() || value == kUnconfiguredAddress;
}

using Rule = SettingRule;
using View = absl::string_view;

constexpr Rule kRules[] = {
    {"WSTunServer", "required",
     "one to three IPv4 or IPv6 unicast addresses or host names, separated by "
     "commas",
     SetServer},
    {"WSTunServerRevert", "0", kSwitch,
     [](View v, Settings* s) {
       return Keep(ParseSwitch(v), &s->server_revert);
     }},
    {"WSTunServerPort", "0",
     "0 to 65535 (0 means 443, or 80 without WSTunSecured)",
     [](View v, Settings* s) {
       return Keep(ParseNumber(v, 0, 65535), &s->server_port);
     }},
    {"WSTunServerPath", "tun",
     "at most 255 characters of a URL path and query (RFC 3986), with at most "
     "one leading '/'",
     [](View v, Settings* s) {
       return Keep(ParseRequestPath(v), &s->server_path);
     }},
    {"WSTunUsername", "VPN", "1 to 255 bytes without ':' or control characters",
     [](View v, Settings* s) {
       return KeepText(IsUserName(v), v, &s->username);
     }},
    {"WSTunPassword", "required, here or in WSTunPasswordFile", kPasswordText,
     SetPassword},
    {"WSTunPasswordFile", "none",
     "the path of a file that only its owner can read",
     [](View v, Settings* s) { return KeepPath(v, &s->password_file); }},
    {"WSTunSecured", "1", kSwitch,
     [](View v, Settings* s) { return Keep(ParseSwitch(v), &s->secured); }},
    {"WSTunVerifyPeer", "1", kSwitch,
     [](View v, Settings* s) { return Keep(ParseSwitch(v), &s->verify_peer); }},
    {"WSTunVerifyHostName", "1", kSwitch,
     [](View v, Settings* s) {
       return Keep(ParseSwitch(v), &s->verify_host_name);
     }},
    {"TLSTrustedRoots", "the system's bundle", kPemPath,
     [](View v, Settings* s) { return KeepPath(v, &s->trusted_roots); }},
    {"TLSCertificate", "none", kPemPath,
     [](View v, Settings* s) { return KeepPath(v, &s->certificate); }},
    {"TLSPrivateKey", "none", kPemPath,
     [](View v, Settings* s) { return KeepPath(v, &s->private_key); }},
    {"WSTunProxy", "none",
     "none, environment (HTTPS_PROXY and NO_PROXY), or the URL of an HTTP "
     "proxy, as in http://proxy.example:3128 or "
     "https://user:password@proxy.example:8443",
     SetProxy},
    {"WSTunProxyRoots", "the system's bundle", kPemPath,
     [](View v, Settings* s) { return KeepPath(v, &s->proxy_roots); }},
    {"WSTunProxyFallback", "0", kSwitch,
     [](View v, Settings* s) {
       return Keep(ParseSwitch(v), &s->proxy_fallback);
     }},
    {"DNSPriServerIP", "from /etc/resolv.conf", kDnsServer,
     [](View v, Settings* s) { return SetDnsServer(v, &s->dns_primary); },
     "DefaultPrimaryDnsServerIp"},
    {"DNSSecServerIP", "from /etc/resolv.conf", kDnsServer,
     [](View v, Settings* s) { return SetDnsServer(v, &s->dns_secondary); },
     "DefaultSecondaryDnsServerIp"},
    {"WSTunVrf", "main-vrf if it exists", kDeviceName,
     [](View v, Settings* s) { return KeepText(IsDeviceName(v), v, &s->vrf); }},
    {"WSTunInterface", "ovoc0", kDeviceName,
     [](View v, Settings* s) {
       return KeepText(IsDeviceName(v), v, &s->interface);
     }},
    {"WSTunMtu", "1500", "576 to 1500",
     [](View v, Settings* s) {
       return Keep(ParseNumber(v, kMinMtu, kMaxMtu), &s->mtu);
     }},
    {"WSTunOverlay", "169.254.0.0/18",
     "a prefix of length 16 to 30 that contains 169.254.0.1, such as "
     "169.254.0.0/18",
     [](View v, Settings* s) { return Keep(ParseOverlay(v), &s->overlay); }},
    {"WSTunPeerToPeer", "0", kSwitch,
     [](View v, Settings* s) {
       return Keep(ParseSwitch(v), &s->peer_to_peer);
     }},
    {"WSTunKeepAlive", "17", "a whole number from 1 to 17 (seconds)",
     [](View v, Settings* s) {
       return KeepSeconds(v, kMinKeepAlive, kMaxKeepAlive, &s->keep_alive);
     }},
    {"WSTunDeadAfter", "60", "a whole number from 5 to 600 (seconds)",
     [](View v, Settings* s) {
       return KeepSeconds(v, kMinDeadAfter, kMaxDeadAfter, &s->dead_after);
     }},
    {"WSTunReconnectSpread", "10", "a whole number from 1 to 300 (seconds)",
     [](View v, Settings* s) {
       return KeepSeconds(v, kMinReconnectSpread, kMaxReconnectSpread,
                          &s->reconnect_spread);
     }},
};

}  // namespace

bool Settings::IsExplicit(absl::string_view name) const {
  return lines.find(name) != lines.end();
}

int Settings::LineOf(absl::string_view name) const {
  const auto line = lines.find(name);
  return line == lines.end() ? 0 : line->second;
}

uint16_t ServerPort(const Settings& settings) {
  if (settings.server_port != 0) {
    return settings.server_port;
  }
  return settings.secured ? 443 : 80;
}

absl::Status SettingProblem(const Settings& settings, absl::string_view name,
                            absl::string_view problem,
                            absl::string_view remedy) {
  return SettingStatus({.file = settings.file,
                        .line = settings.LineOf(name),
                        .name = name,
                        .problem = problem,
                        .remedy = remedy,
                        .meant = ""});
}

const SettingRule* FindSettingRule(absl::string_view name) {
  const Rule* rule = std::find_if(
      std::begin(kRules), std::end(kRules), [name](const Rule& candidate) {
        return absl::EqualsIgnoreCase(candidate.name, name) ||
               (!name.empty() && absl::EqualsIgnoreCase(candidate.alias, name));
      });
  return rule == std::end(kRules) ? nullptr : rule;
}

std::vector<absl::string_view> SettingNames() {
  std::vector<absl::string_view> names;
  for (const Rule& rule : kRules) {
    names.push_back(rule.name);
    if (!rule.alias.empty()) {
      names.push_back(rule.alias);
    }
  }
  return names;
}

std::string DescribeSettings() {
  std::string text;
  for (const Rule& rule : kRules) {
    absl::StrAppendFormat(&text, "  %-20s %s [%s]%s%s\n", rule.name,
                          rule.allowed, rule.default_text,
                          rule.alias.empty() ? "" : ", also ", rule.alias);
  }
  return text;
}

}  // namespace ovoc::tunnel
