// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_DECISIONS_SOCKET_MAKER_H_
#define OVOC_TUNNEL_TRANSPORT_DECISIONS_SOCKET_MAKER_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "netif/ip_address.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::tunnel {

// SocketPurpose is what a socket is for. It decides protocol and port.
enum class SocketPurpose : uint8_t {
  kServer,  // TCP to OVOC
  kDnsUdp,  // UDP to a name server
  kDnsTcp,  // TCP to a name server
  kProxy,   // TCP to a proxy
};

// SocketRequest asks for one socket.
struct SocketRequest {
  SocketPurpose purpose = SocketPurpose::kServer;
  netif::IpAddress address;  // of the other end

  friend bool operator==(const SocketRequest&, const SocketRequest&) = default;
};

// SocketMaker makes the sockets of the client. Those who need a socket cannot
// make it themselves, because a worker may not make that system call.
class SocketMaker {
 public:
  virtual ~SocketMaker() = default;

  // Returns a non-blocking socket that is closed on exec, has its options set,
  // is bound to the VRF, and is connected (UDP) or connecting (TCP: SO_ERROR
  // has the result once it can be written to). The error says why there is
  // none.
  virtual absl::StatusOr<netif::UniqueFd> Make(
      const SocketRequest& request) = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_DECISIONS_SOCKET_MAKER_H_
