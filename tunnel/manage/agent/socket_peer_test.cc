// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/socket_peer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::tunnel {
namespace {

TEST(SocketPeerTest, APairIsOurOwn) {
  std::array<int, 2> ends = {-1, -1};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const netif::UniqueFd ours(ends[0]);
  const netif::UniqueFd theirs(ends[1]);
  const absl::StatusOr<SocketPeer> peer = PeerOfSocket(ours.get());
  ASSERT_TRUE(peer.ok()) << peer.status();
  EXPECT_EQ(peer->user, geteuid());
  EXPECT_EQ(peer->process, getpid());
  EXPECT_EQ(peer->groups.front(), getegid());
  std::array<gid_t, 128> own = {};
  const int count = getgroups(own.size(), own.data());
  ASSERT_GE(count, 0);
  for (int i = 0; i < count; ++i) {
    EXPECT_NE(std::find(peer->groups.begin(), peer->groups.end(),
                        own[static_cast<size_t>(i)]),
              peer->groups.end());
  }
  const PeerAccess access = IdentifyPeer(ours.get(), "none such", "nor this");
  EXPECT_EQ(access.access, geteuid() == 0 ? Access::kChange : Access::kNone);
  EXPECT_NE(access.who, "unknown");
}

TEST(SocketPeerTest, WhatIsNoUnixSocketHasNoPeer) {
  EXPECT_FALSE(PeerOfSocket(-1).ok());
  const PeerAccess access = IdentifyPeer(-1, "root", "root");
  EXPECT_EQ(access.access, Access::kNone);
  EXPECT_EQ(access.who, "unknown");
}

}  // namespace
}  // namespace ovoc::tunnel
