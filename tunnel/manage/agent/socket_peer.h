// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_SOCKET_PEER_H_
#define OVOC_TUNNEL_MANAGE_AGENT_SOCKET_PEER_H_

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

namespace ovoc::tunnel {

// SocketPeer is who was at the other end of a UNIX socket when it connected, as
// the kernel has seen it.
struct SocketPeer {
  uint32_t user = 0;
  std::vector<uint32_t> groups;  // its own one and the supplementary ones
  pid_t process = 0;
};

// PeerOfSocket asks the kernel (unix(7), SO_PEERCRED and SO_PEERGROUPS).
absl::StatusOr<SocketPeer> PeerOfSocket(int socket);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_SOCKET_PEER_H_
