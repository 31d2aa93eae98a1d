// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_SESSION_OPTIONS_H_
#define OVOC_TUNNEL_SESSION_SESSION_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "auth/secret.h"
#include "netif/ip_address.h"
#include "netif/overlay_assignment.h"
#include "tunnel/session/keep_alive.h"

namespace ovoc::tunnel {

// SessionOptions is what a session is made with; see Session.
struct SessionOptions {
  std::string host;          // as in the Host header
  uint16_t shown_port = 0;   // 0: the scheme's own, not shown
  std::string path = "tun";  // no leading slash
  // Value of the Authorization field; null: none. Outlives Create only.
  const auth::Secret* authorization = nullptr;
  std::string user_agent;
  netif::OverlayRule overlay;  // its reach decides on peer-to-peer
  // Addresses that stay outside of the tunnel, see netif::Overlay.
  std::vector<netif::Ipv4Address> left_out;
  size_t mtu_bytes = 1500;
  // The limit for one message or frame from the server; longer ones are skipped
  // and counted.
  size_t max_message_bytes = 65535;
  KeepAlive::Options keep_alive;
  // How long our Close may take to get out behind what the network was given
  // before it, and the peer's to come back. A line of 64 kbit/s takes 2 s for
  // SendWindow::kStartBytes.
  absl::Duration close_timeout = absl::Seconds(4);
  // The most bytes that are queued for the stream, in addition to what goes
  // ahead (see FrameQueue): the packets of a burst (netif/burst.h) and most of
  // another one, so that one can be written while the other is made.
  size_t output_bytes = 114688;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_SESSION_OPTIONS_H_
