// SPDX-License-Identifier: Apache-2.0
//
// A listening socket on the loopback interface, for tests.

#ifndef OVOC_TUNNEL_TESTING_LOOPBACK_LISTENER_H_
#define OVOC_TUNNEL_TESTING_LOOPBACK_LISTENER_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>

#include "absl/base/macros.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::tunnel {

// LoopbackListener listens on a TCP port of 127.0.0.HOST, without blocking.
class LoopbackListener {
 public:
  // Port 0: one that is free.
  explicit LoopbackListener(uint8_t host, uint16_t port = 0)
      : socket_(
            socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl((INADDR_LOOPBACK & ~uint32_t{0xff}) | host);
    address.sin_port = htons(port);
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    const bool listens = bind(fd(), generic, size) == 0 &&
                         listen(fd(), 8) == 0 &&
                         getsockname(fd(), generic, &size) == 0;
    ABSL_HARDENING_ASSERT(listens);
    (void)listens;
    port_ = ntohs(address.sin_port);
  }

  // The next connection; invalid if none is waiting.
  netif::UniqueFd Accept() const {
    return netif::UniqueFd(
        accept4(fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  }

  int fd() const { return socket_.get(); }
  uint16_t port() const { return port_; }

 private:
  netif::UniqueFd socket_;
  uint16_t port_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TESTING_LOOPBACK_LISTENER_H_
