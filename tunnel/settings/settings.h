// SPDX-License-Identifier: Apache-2.0
//
// The client's settings: the ini parameters of the device manual and ours.

#ifndef OVOC_TUNNEL_SETTINGS_SETTINGS_H_
#define OVOC_TUNNEL_SETTINGS_SETTINGS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/secret.h"
#include "netif/ip_address.h"
#include "tunnel/settings/ini_file.h"
#include "tunnel/settings/proxy_url.h"
#include "tunnel/settings/server_list.h"
#include "tunnel/settings/setting_values.h"

namespace ovoc::tunnel {

// Limits of values. Both ends are allowed.
inline constexpr int kMinMtu = 576;   // RFC 791 3.1: what every host must take
inline constexpr int kMaxMtu = 1500;  // both programs' TUN devices
inline constexpr int kMinKeepAlive = 1;    // seconds
inline constexpr int kMaxKeepAlive = 17;   // seconds; the server's patience is
                                           // 60 s, some proxies' less
inline constexpr int kMinDeadAfter = 5;    // seconds
inline constexpr int kMaxDeadAfter = 600;  // seconds
inline constexpr int kMinReconnectSpread = 1;    // seconds
inline constexpr int kMaxReconnectSpread = 300;  // seconds

// Settings that ParseSettings (parse_settings.h) has made are valid, each alone
// and all together. The defaults alone are not valid, because a server and a
// password are required. Settings can only be moved, and wipe the password. The
// comment of each member gives its name in the ini file.
struct Settings {
  // In the order in which they are tried; 1 to kMaxServers.
  std::vector<ServerHost> servers;  // WSTunServer
  // To the first one after the next loss.
  bool server_revert = false;       // WSTunServerRevert
  uint16_t server_port = 0;         // WSTunServerPort; 0: see ServerPort()
  std::string server_path = "tun";  // WSTunServerPath, without leading slash
  std::string username = "VPN";     // WSTunUsername
  // The password. If password_file is given, it is empty until that is read.
  auth::Secret password = auth::Secret::FromString("");  // WSTunPassword
  std::string password_file;                             // WSTunPasswordFile

  bool secured = true;      // WSTunSecured; false: plain HTTP
  bool verify_peer = true;  // WSTunVerifyPeer: the certificate's chain
  // RFC 9525 6.6 MUST NOT: the check is not off by default
  bool verify_host_name = true;  // WSTunVerifyHostName
  std::string trusted_roots;     // TLSTrustedRoots; empty: the system's bundle
  std::string certificate;       // TLSCertificate; empty: none
  std::string private_key;       // TLSPrivateKey; given with certificate only

  // How the servers are reached; nullopt: directly.
  std::optional<ProxyUrl> proxy;  // WSTunProxy
  // WSTunProxy = environment; UseProxyEnvironment sets `proxy` then, and this.
  bool proxy_from_environment = false;
  std::string no_proxy;
  std::string proxy_roots;  // WSTunProxyRoots; empty: the system's bundle
  // Directly as well, while the proxy cannot be reached.
  bool proxy_fallback = false;  // WSTunProxyFallback

  // The name servers. If neither is given, those of /etc/resolv.conf are used.
  std::optional<netif::IpAddress> dns_primary;    // DNSPriServerIP
  std::optional<netif::IpAddress> dns_secondary;  // DNSSecServerIP

  std::string vrf = "main-vrf";     // WSTunVrf; IsExplicit() makes it a must
  std::string interface = "ovoc0";  // WSTunInterface
  int mtu = kMaxMtu;                // WSTunMtu, bytes
  netif::Ipv4Prefix overlay = *ParseOverlay("169.254.0.0/18");  // WSTunOverlay
  bool peer_to_peer = false;                            // WSTunPeerToPeer
  absl::Duration keep_alive = absl::Seconds(17);        // WSTunKeepAlive
  absl::Duration dead_after = absl::Seconds(60);        // WSTunDeadAfter
  absl::Duration reconnect_spread = absl::Seconds(10);  // WSTunReconnectSpread

  // Where the settings came from: the file, and the line of each name that is
  // set there. Names are spelt as above, also where the file has an alias.
  std::string file;
  std::map<std::string, int, std::less<>> lines;
  IniPassedOver passed_over;  // what the file has for other programs
  // Names, with their lines, that begin like a setting of ours but are none.
  std::vector<std::pair<std::string, int>> unknown;

  bool IsExplicit(absl::string_view name) const;  // whether the file sets it
  int LineOf(absl::string_view name) const;       // 0 if the file does not
};

// ServerPort returns server_port. If that is 0, it returns 443, or 80 without
// WSTunSecured.
uint16_t ServerPort(const Settings& settings);

// SettingProblem is the message of setting_error.h for a value that turned out
// wrong when it was used (a file that cannot be read, a VRF that does not
// exist).
absl::Status SettingProblem(const Settings& settings, absl::string_view name,
                            absl::string_view problem,
                            absl::string_view remedy);

// SettingRule is a row of the table of settings: the name as it is spelt here,
// its default and what is allowed, for people (`allowed` can follow "use"). The
// alias is another name of the same setting; it is empty when there is none.
//
// Exported ini files have both names of the name servers, in [SYSTEM Params]:
// - DNSPriServerIP and DNSSecServerIP: MP-11x and MP-124 of version 6.60, and
//   Mediant 1000 of 7.00 (GitHub, Atreidae/AsBuiltReport.AudioCodes.Mediant,
//   Tests/Res/M1000.ini and MP124.ini).
// - DefaultPrimaryDnsServerIp and DefaultSecondaryDnsServerIp: Mediant VE of
//   2020 (GitHub, tlothering/AudioCodes_SBC_on_Azure, its two ini files). The
//   manual has them as "Configuring Default DNS Servers" (Mediant Software SBC
//   User's Manual 7.4).
// No other name is known for a setting of ours. On devices the certificates and
// the name servers of an interface stand in tables (TLSContexts,
// InterfaceTable), which are passed over.
struct SettingRule {
  absl::string_view name;
  absl::string_view default_text;
  absl::string_view allowed;
  // Stores the value; false when it is not allowed.
  bool (*set)(absl::string_view value, Settings* settings);
  absl::string_view alias = "";
};

// FindSettingRule finds a rule by its name or its alias, whatever their case.
// It returns null for other names.
const SettingRule* FindSettingRule(absl::string_view name);

// SettingNames returns the names in the order of the table. An alias follows
// its name.
std::vector<absl::string_view> SettingNames();

// DescribeSettings returns the table for --help: one line for each setting,
// with what is allowed, its default and its alias.
std::string DescribeSettings();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_SETTINGS_H_
