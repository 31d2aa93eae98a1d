// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_SOCKET_MAKER_H_
#define OVOC_TUNNEL_TRANSPORT_SOCKET_MAKER_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "netif/ip_address.h"
#include "netif/unique_fd.h"

namespace ovoc::tunnel {

// SocketPurpose is what a socket is for. It decides protocol and port.
enum class SocketPurpose : uint8_t {
  kServer,  // TCP to OVOC
  kDnsUdp,  // UDP to a name server
  kDnsTcp,  // TCP to a name server
};

// SocketRequest asks for one socket.
struct SocketRequest {
  SocketPurpose purpose = SocketPurpose::kServer;
  netif::IpAddress address;  // of the other end

  friend bool operator==(const SocketRequest&, const SocketRequest&) = default;
};

// SocketMaker makes the sockets of the client: those who need one cannot make
// it themselves, since a worker has no system call for that.
class SocketMaker {
 public:
  virtual ~SocketMaker() = default;

  // A non-blocking socket, closed on exec, with its options set and bound to
  // the VRF, that is connected (UDP) or is about to be (TCP: SO_ERROR tells
  // once it can be written to). The error says why there is none.
  virtual absl::StatusOr<netif::UniqueFd> Make(
      const SocketRequest& request) = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_SOCKET_MAKER_H_
