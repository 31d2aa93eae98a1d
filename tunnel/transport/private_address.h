// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_PRIVATE_ADDRESS_H_
#define OVOC_TUNNEL_TRANSPORT_PRIVATE_ADDRESS_H_

#include "netif/ip_address.h"

namespace ovoc::tunnel {

// IsPrivateAddress is true for an address that means something in one network
// only: 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 (RFC 1918), 100.64.0.0/10
// (RFC 6598) and fc00::/7 (RFC 4193).
bool IsPrivateAddress(const netif::IpAddress& address);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_PRIVATE_ADDRESS_H_
