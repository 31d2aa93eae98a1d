// SPDX-License-Identifier: Apache-2.0
//
// The few messages of rtnetlink (rtnetlink(7)) that set up an interface:
// bytes in, bytes out, no socket. All numbers but addresses are in the
// machine's own byte order, as the kernel's are.

#ifndef OVOC_NETIF_RTNETLINK_MESSAGE_H_
#define OVOC_NETIF_RTNETLINK_MESSAGE_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "netif/ip_address.h"

namespace ovoc::netif {

// LinkRequest turns a device on, sets its MTU, and makes the kernel keep a
// second address of a prefix when the first is deleted (promote_secondaries).
std::vector<uint8_t> LinkRequest(uint32_t sequence, int interface_index,
                                 int mtu_bytes);

enum class AddressChange { kAdd, kDelete };

// AddressRequest adds or deletes an address with its prefix.
std::vector<uint8_t> AddressRequest(uint32_t sequence, AddressChange change,
                                    int interface_index,
                                    const Ipv4Prefix& address);

// AddressDumpRequest asks for the IPv4 addresses of all devices.
std::vector<uint8_t> AddressDumpRequest(uint32_t sequence);

enum class ReplyResult {
  kMore,   // the answer goes on in the next datagram
  kDone,   // acknowledged, or the dump is complete
  kError,  // *error_number says why; EBADMSG for a malformed datagram, EINTR
           // for a dump during which something changed: ask again
};

// ReadReply reads one datagram of the answer to request `sequence`; messages
// of other requests are passed over. The IPv4 addresses of interface_index are
// appended to *addresses, which must not be null. *error_number is an errno,
// set only on kError.
ReplyResult ReadReply(absl::Span<const uint8_t> datagram, uint32_t sequence,
                      int interface_index, std::vector<Ipv4Prefix>* addresses,
                      int* error_number);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_RTNETLINK_MESSAGE_H_
