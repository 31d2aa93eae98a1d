// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_ATTEMPT_PROXY_REQUEST_H_
#define OVOC_TUNNEL_ATTEMPT_PROXY_REQUEST_H_

#include <memory>

#include "absl/time/time.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/attempt/attempt_options.h"
#include "tunnel/progress/proxy_end.h"
#include "tunnel/session/session_end.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/proxy_tunnel.h"

namespace ovoc::tunnel {

// ProxyRequest is a tunnel that a proxy is about to be asked for, or why it
// cannot be asked.
struct ProxyRequest {
  std::unique_ptr<ProxyTunnel> tunnel;   // null: see `failure`
  ProxyLogin login = ProxyLogin::kNone;  // whether the request holds one
  End failure = {EndReason::kProxy, {}};
};

// MakeProxyRequest makes the request for a tunnel to the server of `options`,
// which have a proxy. `socket` is connected to the proxy; with
// AttemptProxy::tls the connection over it is TLS. A login that cannot be had
// is kProxyLogin, all else that fails is kProxy.
ProxyRequest MakeProxyRequest(const AttemptOptions& options, EventLoop* loop,
                              netif::UniqueFd socket,
                              ProxyTunnel::Observer* observer, absl::Time now);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_ATTEMPT_PROXY_REQUEST_H_
