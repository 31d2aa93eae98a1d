// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_HOST_AND_PORT_H_
#define OVOC_CONFORMANCE_RECORDING_HOST_AND_PORT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::conformance {

// HostAndPort is a server as people type it: "ovoc.example.net:443",
// "192.0.2.10:443", "[2001:db8::10]:443".
struct HostAndPort {
  std::string host;  // without brackets
  uint16_t port = 0;
};

// ParseHostAndPort: InvalidArgument if the host or the port (1 to 65535) is
// missing or not valid (auth::PeerName::Parse), or if an IPv6 address has no
// brackets.
[[nodiscard]] absl::StatusOr<HostAndPort> ParseHostAndPort(
    absl::string_view text);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_HOST_AND_PORT_H_
