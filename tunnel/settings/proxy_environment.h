// SPDX-License-Identifier: Apache-2.0
//
// A proxy as the environment names it, for WSTunProxy = environment.

#ifndef OVOC_TUNNEL_SETTINGS_PROXY_ENVIRONMENT_H_
#define OVOC_TUNNEL_SETTINGS_PROXY_ENVIRONMENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "tunnel/settings/server_list.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// ProxyEnvironment has what a process found in its environment. Both are empty
// if they are not set.
struct ProxyEnvironment {
  auth::Secret proxy = auth::Secret::FromString("");  // may hold a password
  std::string no_proxy = {};
};

// UseProxyEnvironment sets the proxy of `settings`, and `no_proxy`, as curl
// reads these variables, if WSTunProxy is environment. Otherwise it does
// nothing. The error is SettingProblem's, and has no byte of the value.
[[nodiscard]] absl::Status UseProxyEnvironment(
    const ProxyEnvironment& environment, Settings* settings);

// IsExempt returns whether `no_proxy` names the host, as curl reads it:
// hosts between commas or blanks; a name stands for all below it too, with or
// without a dot in front; an address may have a prefix length; "*" alone stands
// for all.
bool IsExempt(absl::string_view no_proxy, const ServerHost& host);

// IsDirect returns whether a server is reached without a proxy: there is none,
// or the environment exempts the server.
bool IsDirect(const Settings& settings, const ServerHost& server);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_PROXY_ENVIRONMENT_H_
