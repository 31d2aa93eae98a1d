// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_SOCKET_PEER_H_
#define OVOC_TUNNEL_MANAGE_AGENT_SOCKET_PEER_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tunnel/manage/protocol/access_rule.h"

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

// PeerAccess is who a peer is, for people, and what it may ask.
struct PeerAccess {
  std::string who = "unknown";
  Access access = Access::kNone;
};

// IdentifyPeer looks the peer up in /etc/passwd, and the names of the groups in
// /etc/group. A peer that the kernel does not know may ask nothing.
PeerAccess IdentifyPeer(int socket, absl::string_view admin_group,
                        absl::string_view view_group);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_SOCKET_PEER_H_
