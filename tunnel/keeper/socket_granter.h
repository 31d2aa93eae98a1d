// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_SOCKET_GRANTER_H_
#define OVOC_TUNNEL_KEEPER_SOCKET_GRANTER_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tunnel/keeper/message.h"
#include "tunnel/keeper/message_budget.h"
#include "tunnel/report/log.h"
#include "tunnel/tunnel_config.h"

namespace ovoc::tunnel {

// SocketGranter makes the sockets that a worker asks for, which may be in an
// attacker's hands: those of SocketRule, and not so many that it could search
// networks or use up ports. Nothing is ever read from one.
class SocketGranter {
 public:
  // An honest worker's attempt takes 3 to 6 sockets; some 50, and more than
  // 10 s, with mute name servers and with as many addresses as it tries. Soon
  // it waits half a minute between attempts.
  static constexpr MessageBudget::Options kBudget = {.burst = 128,
                                                     .per_second = 2};

  explicit SocketGranter(Logger* logger) : logger_(logger) {}

  // Its result says why there is no socket: what the system said, or
  // ResourceExhausted for one too many. A line `sockets_refused` says how many
  // these were, once a minute at most. The error is PermissionDenied, for what
  // no honest worker asks for.
  absl::StatusOr<SocketMade> Grant(const SocketRequest& request,
                                   const TunnelConfig& config, absl::Time now);

 private:
  void SayRefused(absl::Time now);

  // All of it whatever becomes of one worker.
  Logger* const logger_;
  MessageBudget budget_{kBudget};
  uint64_t refused_ = 0;  // that the log does not say yet
  absl::Time say_at_ = absl::InfinitePast();
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_SOCKET_GRANTER_H_
