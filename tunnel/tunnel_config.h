// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TUNNEL_CONFIG_H_
#define OVOC_TUNNEL_TUNNEL_CONFIG_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "auth/basic_credentials.h"
#include "tunnel/attempt.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/insecure_settings.h"
#include "tunnel/settings/security_policy.h"
#include "tunnel/settings/settings.h"
#include "tunnel/transport/direct_socket_maker.h"
#include "tunnel/transport/signing_key.h"
#include "tunnel/transport/socket_rule.h"
#include "tunnel/transport/tls_client.h"

namespace ovoc::tunnel {

// TunnelConfig is all that a settings file and the files it names make: what an
// attempt to connect is made with, and what the device is set up with.
struct TunnelConfig {
  FileRoot files = FileRoot::Own();  // where it was loaded from
  Policy policy = Policy::kCompat;
  Settings settings;                      // without the password
  std::vector<std::string> warnings;      // of the files, for the log
  std::vector<InsecureSetting> insecure;  // to be announced loudly
  std::unique_ptr<auth::BasicCredentials> credentials;
  std::unique_ptr<SigningKey> signing_key;  // TLSPrivateKey; null: none
  std::unique_ptr<TlsClient> tls;           // null with WSTunSecured=0
  Attempt::Options attempt;  // views the members above; no sockets yet
  SocketOptions sockets;     // what those are made with
  std::string vrf;           // in use; empty for none
  // SHA-256 of each file that a TLS setting names, by the setting; of the
  // system's bundle when TLSTrustedRoots is not given.
  std::map<std::string, std::string> file_digests;
};

// Which sockets `config` allows, with the name servers that it has by now.
SocketRule SocketRuleOf(const TunnelConfig& config);

// Loads the settings file at `path` and everything it names: password, trusted
// roots, client certificate, name servers, VRF. The error has a line for each
// thing that is wrong, which names the file, the setting, what is wrong and
// what to do. What `policy` does not allow is such an error too. What the
// settings name is looked at when the settings file itself is good.
absl::StatusOr<std::unique_ptr<TunnelConfig>> LoadTunnelConfig(
    const std::string& path, Policy policy,
    const FileRoot& files = FileRoot::Own());

// `loaded` with the addresses of `running`: a worker that is not started anew
// has been told of those, and asks for sockets to them until it asks again.
std::unique_ptr<TunnelConfig> KeepAddresses(
    const TunnelConfig& running, std::unique_ptr<TunnelConfig> loaded);

// Looks again at what changes beside the settings, before each attempt: the
// name servers of /etc/resolv.conf, what /etc/hosts has for the server's name,
// the numbers of zones, and whether the default VRF exists by now.
void RefreshSurroundings(TunnelConfig* config);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TUNNEL_CONFIG_H_
