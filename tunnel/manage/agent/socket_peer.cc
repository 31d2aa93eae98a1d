// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/socket_peer.h"

#include <errno.h>
#include <sys/socket.h>

#include "absl/status/status.h"
#include "tunnel/settings/files/read_file.h"

namespace ovoc::tunnel {
namespace {

// A small file of the system; what cannot be read is as good as empty.
std::string TextOf(const char* path) {
  constexpr size_t kMaxBytes = 1 << 20;  // some thousand users
  const absl::StatusOr<FileContents> file =
      ReadSmallFile(path, kMaxBytes, FilePrivacy::kAny);
  return file.ok() ? std::string(file->Text()) : "";
}

}  // namespace

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

PeerAccess IdentifyPeer(int socket, absl::string_view admin_group,
                        absl::string_view view_group) {
  const absl::StatusOr<SocketPeer> peer = PeerOfSocket(socket);
  if (!peer.ok()) {
    return {};
  }
  const std::string groups = TextOf("/etc/group");
  return {UserName(TextOf("/etc/passwd"), peer->user),
          AccessOf(peer->user, peer->groups,
                   {.admin = GroupNumber(groups, admin_group),
                    .view = GroupNumber(groups, view_group)})};
}

}  // namespace ovoc::tunnel
