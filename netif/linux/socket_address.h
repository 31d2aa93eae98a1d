// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_NETIF_LINUX_SOCKET_ADDRESS_H_
#define OVOC_NETIF_LINUX_SOCKET_ADDRESS_H_

#include <sys/socket.h>

#include <cstdint>

#include "netif/ip_address.h"

namespace ovoc::netif {

// ResolveZone replaces the interface's name in the zone by its number, with
// if_nametoindex(3). If there is no such interface, the number is "0", which no
// interface has. A number stays one ("07" becomes "7"), and an address without
// a zone does not change. A worker cannot use this, because it may not make the
// system call.
IpAddress ResolveZone(const IpAddress& address);

// SocketAddress is an IP address and a port in the form that system calls take.
// A zone becomes the scope id when it is a number (see ResolveZone).
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

#endif  // OVOC_NETIF_LINUX_SOCKET_ADDRESS_H_
