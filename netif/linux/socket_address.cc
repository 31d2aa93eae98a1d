// SPDX-License-Identifier: Apache-2.0
#include "netif/linux/socket_address.h"

#include <net/if.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ovoc::netif {

namespace {

// RFC 4007 11.2: a zone may be given as a decimal number.
uint32_t ZoneNumber(absl::string_view zone) {
  uint32_t number = 0;
  return absl::SimpleAtoi(zone, &number) ? number : 0;
}

}  // namespace

IpAddress ResolveZone(const IpAddress& address) {
  const absl::string_view zone = address.zone();
  if (zone.empty()) {
    return address;
  }
  // As the C library, a name comes first: an interface may be called "7".
  const unsigned int index = if_nametoindex(std::string(zone).c_str());
  return address.WithZone(absl::StrCat(index != 0 ? index : ZoneNumber(zone)))
      .value_or(address);
}

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
  v6.sin6_scope_id = ZoneNumber(address.zone());
  std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
  std::memcpy(&storage_, &v6, sizeof(v6));
  size_ = sizeof(v6);
}

}  // namespace ovoc::netif
