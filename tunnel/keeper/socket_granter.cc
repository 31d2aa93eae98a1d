// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/socket_granter.h"

#include <utility>

#include "tunnel/direct_socket_maker.h"
#include "tunnel/socket_rule.h"

namespace ovoc::tunnel {

absl::StatusOr<SocketMade> SocketGranter::Grant(const SocketRequest& request,
                                                const TunnelConfig& config,
                                                absl::Time now) {
  const absl::Status allowed =
      CheckSocketRequest(request, SocketRuleOf(config));
  if (!allowed.ok()) {
    return allowed;
  }
  if (!budget_.Take(now)) {
    if (!std::exchange(exhausted_, true)) {
      logger_->Log(LogLevel::kWarning,
                   LogLine("sockets_refused")
                       .Add("detail", "the worker asks for too many sockets"));
    }
    return SocketMade{
        absl::ResourceExhaustedError("too many sockets in a short time"), {}};
  }
  exhausted_ = false;
  absl::StatusOr<netif::UniqueFd> socket =
      DirectSocketMaker(&config.sockets).Make(request);
  if (!socket.ok()) {
    return SocketMade{socket.status(), {}};
  }
  return SocketMade{absl::OkStatus(), *std::move(socket)};
}

}  // namespace ovoc::tunnel
