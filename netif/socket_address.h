// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_NETIF_SOCKET_ADDRESS_H_
#define OVOC_NETIF_SOCKET_ADDRESS_H_

#include <sys/socket.h>

#include <cstdint>

#include "netif/ip_address.h"

namespace ovoc::netif {

// SocketAddress is an IP address and a port in the form that system calls take.
class SocketAddress {
 public:
  SocketAddress(const IpAddress& address, uint16_t port);

  int family() const { return storage_.ss_family; }  // AF_INET or AF_INET6
  const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&storage_);
  }
  socklen_t size() const { return size_; }

 private:
  sockaddr_storage storage_ = {};
  socklen_t size_;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_SOCKET_ADDRESS_H_
