// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_SERVER_LISTENER_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_SERVER_LISTENER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "netif/ip_address.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::conformance {

// ListenAddress is where the server listens; port 0 lets the system choose.
struct ListenAddress {
  netif::IpAddress address;
  uint16_t port = 0;

  std::string ToString() const;  // 192.0.2.10:443 or [2001:db8::1]:443
};

// ParseListenAddress reads the form ToString writes; InvalidArgument else.
[[nodiscard]] absl::StatusOr<ListenAddress> ParseListenAddress(
    absl::string_view text);

// OpenListener makes a listening, non-blocking TCP socket.
[[nodiscard]] absl::StatusOr<netif::UniqueFd> OpenListener(
    const ListenAddress& address);

// LocalAddress is the address a socket is bound to.
[[nodiscard]] absl::StatusOr<ListenAddress> LocalAddress(int fd);

// Accepted is a connection that came in.
struct Accepted {
  netif::UniqueFd socket;  // non-blocking, TCP_NODELAY; invalid: none waits
  ListenAddress remote;
};

// Accept takes the next connection. An error when the process has no
// descriptor left for it.
[[nodiscard]] absl::StatusOr<Accepted> Accept(int listener);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_SERVER_LISTENER_H_
