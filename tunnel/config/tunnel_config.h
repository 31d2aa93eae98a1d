// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CONFIG_TUNNEL_CONFIG_H_
#define OVOC_TUNNEL_CONFIG_TUNNEL_CONFIG_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "auth/basic_credentials.h"
#include "tunnel/attempt/attempt.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/insecure_settings.h"
#include "tunnel/settings/proxy_environment.h"
#include "tunnel/settings/security_policy.h"
#include "tunnel/settings/settings.h"
#include "tunnel/transport/direct_socket_maker.h"
#include "tunnel/transport/signing_key.h"
#include "tunnel/transport/tls_client.h"

namespace ovoc::tunnel {

// TunnelConfig is made from a settings file and the files that it names. It has
// everything that an attempt to connect and the TUN device need.
struct TunnelConfig {
  FileRoot files = FileRoot::Own();  // where it was loaded from
  Policy policy = Policy::kCompat;
  Settings settings;                      // without passwords
  std::vector<std::string> warnings;      // of the files, for the log
  std::vector<InsecureSetting> insecure;  // for warnings
  std::unique_ptr<auth::BasicCredentials> credentials;
  std::unique_ptr<auth::BasicCredentials> proxy_credentials;  // null: no login
  std::unique_ptr<SigningKey> signing_key;  // TLSPrivateKey; null: none
  std::unique_ptr<TlsClient> tls;           // null with WSTunSecured=0
  std::unique_ptr<TlsClient> proxy_tls;     // null without an https:// proxy
  // The place in settings.servers of the one that `attempt` is to.
  size_t server = 0;
  // The proxy of the settings; `attempt` has it if its server is not direct.
  std::optional<AttemptProxy> proxy;
  // For each of settings.servers, see KnownAddresses.
  std::vector<std::vector<netif::IpAddress>> known;
  Attempt::Options attempt;  // views the members above; no sockets yet
  SocketOptions sockets;     // what those are made with; has the VRF in use
  // The SHA-256 of each file that a TLS setting names, by the name of the
  // setting. The system's bundle stands for roots that are not set.
  std::map<std::string, std::string> file_digests;
};

// SelectServer makes `config->attempt` one to the server at `place` of the
// settings, which has so many.
void SelectServer(size_t place, TunnelConfig* config);

// LoadTunnelConfig loads the settings file at `path` and everything that it
// names: the password, the trusted roots, the client certificate, the name
// servers and the VRF. The error has one line for each thing that is wrong, in
// the form of DescribeSettingError. That includes what `policy` does not allow.
// What the settings name is only looked at if the settings file itself is good.
// `environment` is for WSTunProxy = environment.
absl::StatusOr<std::unique_ptr<TunnelConfig>> LoadTunnelConfig(
    const std::string& path, Policy policy,
    const FileRoot& files = FileRoot::Own(),
    const ProxyEnvironment& environment = {});

// KeepAddresses returns `loaded` with the addresses of `running`. A worker that
// keeps running knows those, and asks for sockets to them until it asks for
// addresses again.
std::unique_ptr<TunnelConfig> KeepAddresses(
    const TunnelConfig& running, std::unique_ptr<TunnelConfig> loaded);

// RefreshSurroundings reads again what can change without the settings. It is
// called before each attempt. These are the name servers of /etc/resolv.conf,
// the addresses that /etc/hosts has for the names of servers and proxy, the
// numbers of zones, and whether the default VRF exists.
void RefreshSurroundings(TunnelConfig* config);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CONFIG_TUNNEL_CONFIG_H_
