// SPDX-License-Identifier: Apache-2.0
#include "tunnel/attempt/proxy_request.h"

#include <utility>

#include "absl/status/statusor.h"
#include "auth/connect_request.h"
#include "auth/secret.h"
#include "tunnel/transport/tls_client.h"
#include "tunnel/transport/transport.h"

namespace ovoc::tunnel {
namespace {

// To the proxy. A zone is not in its certificate.
absl::StatusOr<std::unique_ptr<Transport>> MakeTransport(
    const AttemptProxy& proxy, netif::UniqueFd socket) {
  if (proxy.tls == nullptr) {
    return std::make_unique<PlainTransport>(std::move(socket));
  }
  return proxy.tls->Connect(std::move(socket),
                            proxy.hop.name.substr(0, proxy.hop.name.find('%')));
}

absl::StatusOr<auth::Secret> MakeLogin(const AttemptProxy& proxy) {
  return proxy.authorization ? proxy.authorization()
                             : auth::Secret::FromString("");
}

}  // namespace

ProxyRequest MakeProxyRequest(const AttemptOptions& options, EventLoop* loop,
                              netif::UniqueFd socket,
                              ProxyTunnel::Observer* observer, absl::Time now) {
  const AttemptProxy& proxy = *options.proxy;
  ProxyRequest made;
  const absl::StatusOr<auth::Secret> login = MakeLogin(proxy);
  if (!login.ok()) {
    made.failure = {EndReason::kProxyLogin, login.status()};
    return made;
  }
  made.login = login->empty() ? ProxyLogin::kNone : ProxyLogin::kSent;
  const auth::Secret* const sent = login->empty() ? nullptr : &*login;
  absl::StatusOr<auth::Secret> request = auth::BuildConnectRequest(
      {options.session.host, options.port, options.session.user_agent}, sent);
  absl::StatusOr<std::unique_ptr<Transport>> transport =
      MakeTransport(proxy, std::move(socket));
  if (!request.ok() || !transport.ok()) {
    made.failure.detail = request.ok() ? transport.status() : request.status();
    return made;
  }
  made.tunnel = std::make_unique<ProxyTunnel>(
      loop, *std::move(transport), *std::move(request), sent, observer, now);
  return made;
}

}  // namespace ovoc::tunnel
