// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_SOCKET_GRANTER_H_
#define OVOC_TUNNEL_KEEPER_SOCKET_GRANTER_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tunnel/config/tunnel_config.h"
#include "tunnel/keeper/decisions/message_budget.h"
#include "tunnel/keeper/messages/message.h"
#include "tunnel/report/log.h"

namespace ovoc::tunnel {

// SocketGranter makes the sockets that a worker asks for. The worker may be
// under an attacker's control, so it gets only the sockets of SocketRulesOf,
// and not enough of them to scan networks or use up ports. The keeper never
// reads from one.
class SocketGranter {
 public:
  // One attempt of an honest worker takes 3 to 6 sockets. If no name server
  // answers and it tries as many addresses as it can, an attempt takes about 50
  // sockets and more than 10 s. After a few such attempts it waits half a
  // minute between them.
  static constexpr MessageBudget::Options kBudget = {.burst = 128,
                                                     .per_second = 2};

  explicit SocketGranter(Logger* logger) : logger_(logger) {}

  // Makes the socket. If there is none, `result` says why: the system's reason,
  // or ResourceExhausted if the worker asked for too many. The log line
  // `sockets_refused` has their number, at most once a minute. The error is
  // PermissionDenied if no honest worker would ask for this socket.
  absl::StatusOr<SocketMade> Grant(const SocketRequest& request,
                                   const TunnelConfig& config, absl::Time now);

 private:
  void SayRefused(absl::Time now);

  // These stay when one worker ends and the next begins.
  Logger* const logger_;
  MessageBudget budget_{kBudget};
  uint64_t refused_ = 0;  // sockets that are not in the log yet
  absl::Time say_at_ = absl::InfinitePast();
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_SOCKET_GRANTER_H_
