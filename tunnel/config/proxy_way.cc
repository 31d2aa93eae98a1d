// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/proxy_way.h"

#include "tunnel/settings/proxy_url.h"
#include "tunnel/transport/decisions/socket_maker.h"

namespace ovoc::tunnel {

std::optional<AttemptProxy> ProxyOf(const Settings& settings,
                                    const auth::BasicCredentials* login,
                                    TlsClient* tls) {
  if (!settings.proxy.has_value()) {
    return std::nullopt;
  }
  const ProxyUrl& url = *settings.proxy;
  AttemptProxy proxy;
  proxy.hop = {SocketPurpose::kProxy, url.host, url.address, {}, url.port};
  proxy.endpoint = url.Endpoint();
  proxy.tls = tls;
  proxy.fallback = settings.proxy_fallback ? AttemptProxy::Fallback::kDirect
                                           : AttemptProxy::Fallback::kNone;
  if (login != nullptr) {
    proxy.authorization = [login] { return login->AuthorizationValue(); };
  }
  return proxy;
}

}  // namespace ovoc::tunnel
