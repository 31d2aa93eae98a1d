// SPDX-License-Identifier: Apache-2.0
//
// The addresses that /etc/hosts has for a name.

#ifndef OVOC_NETIF_DNS_HOSTS_FILE_H_
#define OVOC_NETIF_DNS_HOSTS_FILE_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "netif/ip_address.h"

namespace ovoc::netif {

// As many as one race of connections takes (kMaxRaceAddresses).
inline constexpr size_t kMaxHostsAddresses = 16;

// FindInHosts returns the addresses that a hosts(5) text has for `name`, in
// order, each once, of both families, at most kMaxHostsAddresses. A line is an
// address and names with white space between them, up to a '#'. A link-local
// address may have a zone. ASCII letters of names match in either case (RFC
// 4343 3). Like the C library, it skips a line that it cannot read. Like
// AddressChain, it skips an IPv4-mapped address. Lines end with LF or CR LF,
// and a byte-order mark at the start is skipped. The time is linear in the
// text. It reads no file.
std::vector<IpAddress> FindInHosts(absl::string_view text,
                                   absl::string_view name);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_HOSTS_FILE_H_
