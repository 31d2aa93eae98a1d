// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/socket_peer.h"

#include <errno.h>
#include <sys/socket.h>

#include "absl/status/status.h"

namespace ovoc::tunnel {

absl::StatusOr<SocketPeer> PeerOfSocket(int socket) {
  ucred credentials = {};
  socklen_t size = sizeof(credentials);
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return absl::ErrnoToStatus(errno, "SO_PEERCRED");
  }
  SocketPeer peer = {.user = credentials.uid,
                     .groups = {credentials.gid},
                     .process = credentials.pid};
  // Asked without room for them, the kernel says how much they need.
  size = 0;
  const int asked =
      getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, nullptr, &size);
  if (asked != 0 && errno != ERANGE) {
    return absl::ErrnoToStatus(errno, "SO_PEERGROUPS");
  }
  std::vector<gid_t> groups(size / sizeof(gid_t));
  if (asked != 0 && getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(),
                               &size) != 0) {
    return absl::ErrnoToStatus(errno, "SO_PEERGROUPS");
  }
  peer.groups.insert(peer.groups.end(), groups.begin(), groups.end());
  return peer;
}

}  // namespace ovoc::tunnel
