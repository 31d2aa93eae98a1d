// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/link_watch.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "netif/linux/rtnetlink_exchange.h"
#include "netif/linux/rtnetlink_message.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::netif {
namespace {

// Of one call. A machine whose routes change all the time must not keep us from
// all else; the descriptor stays readable.
constexpr int kDatagramsPerCall = 64;

}  // namespace

absl::StatusOr<LinkWatch> LinkWatch::Open() {
  UniqueFd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
                     NETLINK_ROUTE));
  sockaddr_nl groups = {};
  groups.nl_family = AF_NETLINK;
  groups.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE;
  if (!fd.valid() || bind(fd.get(), reinterpret_cast<const sockaddr*>(&groups),
                          sizeof(groups)) != 0) {
    return absl::ErrnoToStatus(errno, "cannot watch the network's interfaces");
  }
  return LinkWatch(std::move(fd));
}

bool LinkWatch::TakeNews(int interface_index) {
  bool concerned = false;
  std::vector<uint8_t> buffer(kRtnetlinkBytes);
  for (int i = 0; i < kDatagramsPerCall; ++i) {
    sockaddr_nl sender = {};
    socklen_t sender_size = sizeof(sender);
    const ssize_t size = recvfrom(
        fd_.get(), buffer.data(), buffer.size(), MSG_TRUNC | MSG_DONTWAIT,
        reinterpret_cast<sockaddr*>(&sender), &sender_size);
    if (size < 0) {
      // ENOBUFS: some news was lost.
      return concerned || (errno != EAGAIN && errno != EINTR);
    }
    if (sender.nl_pid != 0) {
      continue;
    }
    const size_t bytes = static_cast<size_t>(size);
    concerned = concerned || bytes > buffer.size() ||
                ConcernsInterface(absl::MakeConstSpan(buffer).first(bytes),
                                  interface_index);
  }
  return concerned;
}

}  // namespace ovoc::netif
