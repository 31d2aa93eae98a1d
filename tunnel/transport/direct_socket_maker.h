// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_DIRECT_SOCKET_MAKER_H_
#define OVOC_TUNNEL_TRANSPORT_DIRECT_SOCKET_MAKER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "netif/unique_fd.h"
#include "tunnel/transport/socket_maker.h"

namespace ovoc::tunnel {

// SocketOptions are what every socket is made with, and why.
struct SocketOptions {
  uint16_t server_port = 443;
  uint16_t dns_port = 53;  // RFC 1035 4.2
  // How long sent bytes may stay unacknowledged before the kernel gives the
  // connection to OVOC up (TCP_USER_TIMEOUT). A path that was lost silently is
  // noticed within 16 s while the device sends, 20 s while it only receives
  // (see KeepAlive::Options::ask_after), 33 s when idle.
  absl::Duration user_timeout = absl::Seconds(16);
  // A connection that only receives is probed by the kernel after this silence.
  absl::Duration probe_after = absl::Seconds(10);
  // A VRF to bind to; empty for none.
  std::string vrf;
};

// DirectSocketMaker makes sockets in its own process. It asks no one whether
// they may be had: see RuledSocketMaker.
class DirectSocketMaker : public SocketMaker {
 public:
  // `options` outlive the maker and count as they are at each call.
  explicit DirectSocketMaker(const SocketOptions* options)
      : options_(options) {}

  // Unavailable with the system's reason.
  absl::StatusOr<netif::UniqueFd> Make(const SocketRequest& request) override;

 private:
  const SocketOptions* const options_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_DIRECT_SOCKET_MAKER_H_
