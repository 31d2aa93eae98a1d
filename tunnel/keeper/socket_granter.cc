// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/socket_granter.h"

#include <cstdint>
#include <utility>

#include "tunnel/config/tunnel_sockets.h"
#include "tunnel/transport/decisions/socket_rule.h"
#include "tunnel/transport/direct_socket_maker.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::Duration kSayStep = absl::Minutes(1);

}  // namespace

absl::StatusOr<SocketMade> SocketGranter::Grant(const SocketRequest& request,
                                                const TunnelConfig& config,
                                                absl::Time now) {
  SayRefused(now);
  const absl::Status allowed =
      CheckSocketRequest(request, SocketRulesOf(config));
  if (!allowed.ok()) {
    return allowed;
  }
  if (!budget_.Take(now)) {
    ++refused_;
    SayRefused(now);
    return SocketMade{
        absl::ResourceExhaustedError("too many sockets in a short time"), {}};
  }
  absl::StatusOr<netif::UniqueFd> socket =
      DirectSocketMaker(&config.sockets).Make(request);
  if (!socket.ok()) {
    return SocketMade{socket.status(), {}};
  }
  return SocketMade{absl::OkStatus(), *std::move(socket)};
}

// As WorkerReports does of lines: a worker that goes on asking gets two sockets
// a second, and would have a line after each.
void SocketGranter::SayRefused(absl::Time now) {
  if (refused_ == 0 || now < say_at_) {
    return;
  }
  say_at_ = now + kSayStep;
  logger_->Log(LogLevel::kWarning,
               LogLine("sockets_refused")
                   .Add("sockets", static_cast<int64_t>(refused_))
                   .Add("detail", "the worker asked for too many sockets"));
  refused_ = 0;
}

}  // namespace ovoc::tunnel
