// SPDX-License-Identifier: Apache-2.0

#include "tunnel/progress/progress.h"

namespace ovoc::tunnel {

absl::string_view TunnelStateName(TunnelState state) {
  switch (state) {
    case TunnelState::kResolving:
      return "resolving";
    case TunnelState::kConnecting:
      return "connecting";
    case TunnelState::kHandshaking:
      return "handshaking";
    case TunnelState::kLoggingIn:
      return "logging_in";
    case TunnelState::kUp:
      return "up";
    case TunnelState::kWaiting:
      return "waiting";
    case TunnelState::kStopped:
      return "stopped";
  }
  return "unknown";
}

}  // namespace ovoc::tunnel
