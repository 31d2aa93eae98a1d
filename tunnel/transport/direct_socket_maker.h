// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_DIRECT_SOCKET_MAKER_H_
#define OVOC_TUNNEL_TRANSPORT_DIRECT_SOCKET_MAKER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/transport/decisions/socket_maker.h"

namespace ovoc::tunnel {

// SocketOptions are the options of every socket, with the reasons.
struct SocketOptions {
  uint16_t server_port = 443;
  uint16_t dns_port = 53;   // RFC 1035 4.2
  uint16_t proxy_port = 0;  // 0: there is no proxy
  // How long sent bytes may stay unacknowledged before the kernel gives up the
  // connection to OVOC or a proxy (TCP_USER_TIMEOUT). A path that was lost
  // silently is noticed within 16 s while the device sends, within 20 s while
  // it only receives (see KeepAlive::Options::ask_after), and within 33 s when
  // idle.
  absl::Duration user_timeout = absl::Seconds(16);
  // The silence after which the kernel probes a connection that only receives.
  absl::Duration probe_after = absl::Seconds(10);
  // A VRF to bind to; empty for none.
  std::string vrf;
};

// DirectSocketMaker makes sockets in its own process. It does not check whether
// they are allowed; RuledSocketMaker does.
class DirectSocketMaker : public SocketMaker {
 public:
  // `options` must outlive the maker, and are read at each call.
  explicit DirectSocketMaker(const SocketOptions* options)
      : options_(options) {}

  // Unavailable with the system's reason.
  absl::StatusOr<netif::UniqueFd> Make(const SocketRequest& request) override;

 private:
  const SocketOptions* const options_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_DIRECT_SOCKET_MAKER_H_
