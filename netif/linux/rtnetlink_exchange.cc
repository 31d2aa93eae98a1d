// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/rtnetlink_exchange.h"

#include <linux/netlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/interface_name.h"
#include "netif/linux/rtnetlink_message.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::netif {
namespace {

// The kernel answers within the call; this only keeps us from hanging.
constexpr timeval kReplyTimeout = {.tv_sec = 5, .tv_usec = 0};
// A dump is void when anything changes meanwhile; that is rare.
constexpr int kDumpAttempts = 10;

// ReceiveReply reads the answer to a request. 0 or an errno.
int ReceiveReply(int fd, int index, InterfaceState* state) {
  std::vector<uint8_t> buffer(kRtnetlinkBytes);
  while (true) {
    sockaddr_nl sender = {};
    socklen_t sender_size = sizeof(sender);
    const ssize_t size =
        recvfrom(fd, buffer.data(), buffer.size(), MSG_TRUNC,
                 reinterpret_cast<sockaddr*>(&sender), &sender_size);
    if (size < 0) {
      if (errno == EINTR) {
        continue;
      }
      return errno == EAGAIN ? ETIMEDOUT : errno;
    }
    if (sender.nl_pid != 0) {
      continue;  // another process's, not the kernel's
    }
    if (static_cast<size_t>(size) > buffer.size()) {
      return EMSGSIZE;
    }
    int error_number = 0;
    const absl::Span<const uint8_t> datagram =
        absl::MakeConstSpan(buffer).first(static_cast<size_t>(size));
    switch (
        ReadReply(datagram, kRtnetlinkSequence, index, state, &error_number)) {
      case ReplyResult::kMore:
        break;
      case ReplyResult::kDone:
        return 0;
      case ReplyResult::kError:
        return error_number;
    }
  }
}

// Transact is one try of Exchange.
int Transact(absl::Span<const uint8_t> request, int index,
             InterfaceState* state) {
  const UniqueFd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!fd.valid() || setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO,
                                &kReplyTimeout, sizeof(kReplyTimeout)) != 0) {
    return errno;
  }
  sockaddr_nl kernel = {};
  kernel.nl_family = AF_NETLINK;
  if (sendto(fd.get(), request.data(), request.size(), 0,
             reinterpret_cast<const sockaddr*>(&kernel), sizeof(kernel)) < 0) {
    return errno;
  }
  return ReceiveReply(fd.get(), index, state);
}

}  // namespace

int Exchange(absl::Span<const uint8_t> request, int interface_index,
             InterfaceState* state) {
  int error_number = 0;
  for (int attempt = 0; attempt < kDumpAttempts; ++attempt) {
    InterfaceState found = *state;
    error_number = Transact(request, interface_index, &found);
    if (error_number != EINTR) {
      *state = std::move(found);
      break;
    }
  }
  return error_number;
}

absl::StatusOr<int> FindInterface(absl::string_view name) {
  if (!IsValidInterfaceName(name)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "an interface cannot have this name; a name has ", kInterfaceNameRule));
  }
  const unsigned int index = if_nametoindex(std::string(name).c_str());
  if (index != 0) {
    return static_cast<int>(index);
  }
  const int error_number = errno;
  if (error_number == ENODEV || error_number == ENXIO) {
    return absl::NotFoundError(absl::StrCat("there is no interface ", name));
  }
  return StepError(error_number, "find the index", name);
}

absl::Status StepError(int error_number, absl::string_view step,
                       absl::string_view name) {
  const absl::string_view remedy =
      error_number == EPERM || error_number == EACCES
          ? "; this needs CAP_NET_ADMIN"
          : "";
  return absl::ErrnoToStatus(
      error_number, absl::StrCat("cannot ", step, " of ", name, remedy));
}

}  // namespace ovoc::netif
