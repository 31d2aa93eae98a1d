// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_sockets.h"

#include <array>
#include <cstddef>

#include "netif/ip_address.h"

namespace ovoc::fuzz {

bool NaiveServerAddress(absl::Span<const uint8_t> octets) {
  if (octets.size() == 4) {
    const int first = octets[0];
    const bool link_local = first == 169 && octets[1] == 254;
    return first != 0 && first != 127 && first < 224 && !link_local;
  }
  if (octets.size() != 16 || octets[0] == 0xff) {
    return false;
  }
  size_t zeros = 0;
  while (zeros < 16 && octets[zeros] == 0) {
    ++zeros;
  }
  return zeros < 12 &&
         !(zeros == 10 && octets[10] == 0xff && octets[11] == 0xff);
}

bool NaiveSocket(const tunnel::SocketRequest& request) {
  return request.purpose == tunnel::SocketPurpose::kServer &&
         request.address.zone().empty() &&
         NaiveServerAddress(request.address.bytes());
}

bool NaiveOverlayAddress(const netif::Ipv4Prefix& overlay) {
  const std::array<uint8_t, 4> octets = overlay.address().bytes();
  return octets[0] == 169 && octets[1] == 254 && octets[2] < 64 &&
         overlay.length() == 32 &&
         overlay.address().ToString() != "169.254.0.1";
}

}  // namespace ovoc::fuzz
