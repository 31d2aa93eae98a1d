// SPDX-License-Identifier: Apache-2.0
//
// To whom a client whose server has a name may have a socket, and which address
// of its own its keeper sets.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_SOCKETS_H_
#define OVOC_FUZZ_ORACLE_NAIVE_SOCKETS_H_

#include <cstdint>

#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "tunnel/transport/decisions/socket_maker.h"

namespace ovoc::fuzz {

// NaiveServerAddress is true for an address, 4 or 16 octets, that a server can
// have. It is taken from IANA's registries of special-purpose addresses, by the
// first octets alone: not this host or network, loopback, multicast, reserved,
// link-local IPv4 (which includes the overlay of 169.254.0.0/18), nor IPv4
// embedded in ::/96 or ::ffff:0:0/96.
bool NaiveServerAddress(absl::Span<const uint8_t> octets);

// A socket that a client without name servers and without /etc/hosts may have:
// to such a server, by an address without a zone.
bool NaiveSocket(const tunnel::SocketRequest& request);

// An address that is inside the default WSTunOverlay.
bool NaiveOverlayAddress(const netif::Ipv4Prefix& overlay);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_SOCKETS_H_
