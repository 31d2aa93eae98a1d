// SPDX-License-Identifier: Apache-2.0
#include "netif/socket_address.h"

#include <netinet/in.h>

#include <cstring>

namespace ovoc::netif {

SocketAddress::SocketAddress(const IpAddress& address, uint16_t port) {
  const absl::Span<const uint8_t> bytes = address.bytes();
  if (address.is_v4()) {
    sockaddr_in v4 = {};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, bytes.data(), bytes.size());
    std::memcpy(&storage_, &v4, sizeof(v4));
    size_ = sizeof(v4);
    return;
  }
  sockaddr_in6 v6 = {};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
  std::memcpy(&storage_, &v6, sizeof(v6));
  size_ = sizeof(v6);
}

}  // namespace ovoc::netif
