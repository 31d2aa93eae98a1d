// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CONFIG_PROXY_WAY_H_
#define OVOC_TUNNEL_CONFIG_PROXY_WAY_H_

#include <optional>

#include "auth/basic_credentials.h"
#include "tunnel/attempt/attempt_options.h"
#include "tunnel/settings/settings.h"
#include "tunnel/transport/tls_client.h"

namespace ovoc::tunnel {

// ProxyOf is the proxy of the settings as an attempt uses it, nullopt if they
// have none. It knows no addresses beyond the settings' yet. `login` is null if
// the proxy asks for none, and `tls` is null for an http:// proxy; otherwise
// they must outlive what is returned.
std::optional<AttemptProxy> ProxyOf(const Settings& settings,
                                    const auth::BasicCredentials* login,
                                    TlsClient* tls);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CONFIG_PROXY_WAY_H_
