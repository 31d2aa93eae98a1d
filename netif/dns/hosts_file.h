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

// FindInHosts returns the addresses of the lines of a hosts(5) text that have
// `name` among their names, in order and each once, of both families,
// kMaxHostsAddresses at most. A line is an address and names with white space
// between, up to a '#'; a link-local address may have a zone. ASCII letters of
// names compare in either case (RFC 4343 3). As the C library, it skips a line
// that it cannot read. LF or CR LF; a byte-order mark in front is skipped. Time
// is linear in the text. Reads no file.
std::vector<IpAddress> FindInHosts(absl::string_view text,
                                   absl::string_view name);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_HOSTS_FILE_H_
