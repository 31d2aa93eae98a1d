// SPDX-License-Identifier: Apache-2.0
//
// The requests of rtnetlink(7) that set up an interface and ask for its state.
// Bytes come out; there is no socket. All numbers except addresses are in the
// machine's own byte order, like the kernel's.

#ifndef OVOC_NETIF_LINUX_RTNETLINK_REQUEST_H_
#define OVOC_NETIF_LINUX_RTNETLINK_REQUEST_H_

#include <cstdint>
#include <vector>

#include "netif/ip_address.h"
#include "netif/linux/rtnetlink_message.h"

namespace ovoc::netif {

// LinkRequest turns a device on, sets its MTU, and makes the kernel keep a
// second address of a prefix when the first is deleted (promote_secondaries)
// and use the device's routes even while it has no carrier
// (ignore_routes_with_linkdown).
std::vector<uint8_t> LinkRequest(uint32_t sequence, int interface_index,
                                 int mtu_bytes);

enum class Change { kAdd, kDelete };

// AddressRequest adds or deletes an address with its prefix.
std::vector<uint8_t> AddressRequest(uint32_t sequence, Change change,
                                    int interface_index,
                                    const Ipv4Prefix& address);

// RouteRequest adds or deletes a route of the main table that leads straight
// into the device. A new one goes before those with the same destination and
// metric, like "prepend" of ip-route(8).
std::vector<uint8_t> RouteRequest(uint32_t sequence, Change change,
                                  int interface_index,
                                  const InterfaceRoute& route);

// AddressDumpRequest and RouteDumpRequest ask for all IPv4 addresses and
// routes.
std::vector<uint8_t> AddressDumpRequest(uint32_t sequence);
std::vector<uint8_t> RouteDumpRequest(uint32_t sequence);

// LinkDumpRequest and PathFilterDumpRequest ask for all devices, and for their
// settings net.ipv4.conf.*, rp_filter among them.
std::vector<uint8_t> LinkDumpRequest(uint32_t sequence);
std::vector<uint8_t> PathFilterDumpRequest(uint32_t sequence);

// LinkStateRequest asks for the state of one device.
std::vector<uint8_t> LinkStateRequest(uint32_t sequence, int interface_index);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_RTNETLINK_REQUEST_H_
