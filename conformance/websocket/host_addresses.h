// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_WEBSOCKET_HOST_ADDRESSES_H_
#define OVOC_CONFORMANCE_WEBSOCKET_HOST_ADDRESSES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "netif/ip_address.h"

namespace ovoc::conformance {

// HostAddresses is all addresses of a host: the host itself if it is an
// address, otherwise what the machine's resolver says (getaddrinfo(3):
// /etc/hosts, then DNS), which it waits for. It is never empty; kUnavailable
// says why there is none. It is for test programs: the tunnel has its own
// resolver.
[[nodiscard]] absl::StatusOr<std::vector<netif::IpAddress>> HostAddresses(
    const std::string& host);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_WEBSOCKET_HOST_ADDRESSES_H_
