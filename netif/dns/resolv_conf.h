// SPDX-License-Identifier: Apache-2.0
//
// The name servers of a resolv.conf text.

#ifndef OVOC_NETIF_DNS_RESOLV_CONF_H_
#define OVOC_NETIF_DNS_RESOLV_CONF_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "netif/ip_address.h"

namespace ovoc::netif {

// kDefaultNameServer is asked if the file is missing or names no server:
// resolv.conf(5), "the default is to use the name server on the local machine".
inline constexpr Ipv4Address kDefaultNameServer =
    Ipv4Address::FromHostOrder(0x7F000001);  // 127.0.0.1

// ParseResolvConf returns the addresses of the first "nameserver" lines, in
// order, each once, at most kMaxDnsServers; a link-local one with its zone
// (fe80::1%eth0). Like the C library, it skips what it does not know. It
// ignores search lists and options (timeout, attempts, rotate and others): the
// resolver has its own times. Lines end with LF or CR LF, and a byte-order mark
// at the start is skipped. It reads no file.
std::vector<IpAddress> ParseResolvConf(absl::string_view text);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_RESOLV_CONF_H_
