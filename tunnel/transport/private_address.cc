// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/private_address.h"

#include <cstdint>

namespace ovoc::tunnel {

bool IsPrivateAddress(const netif::IpAddress& address) {
  if (!address.is_v4()) {
    return (address.bytes()[0] & 0xfe) == 0xfc;
  }
  const uint32_t value = address.v4().value();
  return value >> 24 == 10 || value >> 20 == 0xac1 || value >> 16 == 0xc0a8 ||
         value >> 22 == 0x64400000 >> 22;
}

}  // namespace ovoc::tunnel
