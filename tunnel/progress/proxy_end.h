// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_PROGRESS_PROXY_END_H_
#define OVOC_TUNNEL_PROGRESS_PROXY_END_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tunnel/session/session_end.h"
#include "tunnel/transport/decisions/proxy_exchange.h"

namespace ovoc::tunnel {

// ProxyLogin is whether a login was sent to the proxy.
enum class ProxyLogin { kNone, kSent };

// RefusalEnd is the end of an attempt whose proxy, `endpoint` (HOST:PORT), gave
// no tunnel: kProxyLogin for 407, else kProxy. Its detail is that of the
// exchange, with the proxy in front and with the cause.
End RefusalEnd(absl::string_view endpoint, ProxyFailure failure,
               ProxyLogin login, const absl::Status& detail);

// UnreachedEnd is the end of an attempt whose proxy could not be reached:
// kProxy, with the cause kProxyNotFound for an end with kResolution, else
// kProxyUnreached.
End UnreachedEnd(absl::string_view endpoint, const End& end);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_PROGRESS_PROXY_END_H_
