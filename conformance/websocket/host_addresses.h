// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_WEBSOCKET_HOST_ADDRESSES_H_
#define OVOC_CONFORMANCE_WEBSOCKET_HOST_ADDRESSES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "netif/ip_address.h"

namespace ovoc::conformance {

// HostAddresses is all addresses of a host: itself when it is one, else what
// the machine's resolver (getaddrinfo(3): /etc/hosts, then DNS) says, which it
// waits for. Never empty; kUnavailable says why not. For programs of tests: the
// tunnel has a resolver of its own.
[[nodiscard]] absl::StatusOr<std::vector<netif::IpAddress>> HostAddresses(
    const std::string& host);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_WEBSOCKET_HOST_ADDRESSES_H_
