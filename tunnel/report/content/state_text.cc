// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/content/state_text.h"

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {

std::string StateText(const Status& status, absl::string_view reason_text,
                      absl::string_view stop_text) {
  const std::string at =
      status.server_address.empty() ? status.server : status.server_address;
  if (!stop_text.empty() && status.state != TunnelState::kStopped) {
    return absl::StrCat("closing the tunnel: ", stop_text);
  }
  switch (status.state) {
    case TunnelState::kResolving:
      return absl::StrCat("looking up the address of ", status.server);
    case TunnelState::kConnecting:
      return absl::StrCat("connecting to ", at);
    case TunnelState::kHandshaking:
      return absl::StrCat("connected to ", at, ", negotiating TLS");
    case TunnelState::kLoggingIn:
      return absl::StrCat("logging in to ", at);
    case TunnelState::kUp:
      return absl::StrCat("the tunnel is up, with the overlay address ",
                          status.overlay_address);
    case TunnelState::kWaiting:
      return absl::StrCat("the tunnel is down: ", reason_text,
                          "; waiting for the next attempt");
    case TunnelState::kStopped:
      break;
  }
  return stop_text.empty() ? "starting" : absl::StrCat("stopped: ", stop_text);
}

std::string StopText(absl::string_view reason) {
  if (reason == "interface_lost") {
    return "the interface is gone";
  }
  if (reason == "sandbox") {
    return "the worker cannot be confined";
  }
  if (reason == "worker_stuck") {
    return "the worker cannot be ended";
  }
  return absl::StrCat("received ", reason);  // a signal
}

}  // namespace ovoc::tunnel
