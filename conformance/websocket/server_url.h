// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_WEBSOCKET_SERVER_URL_H_
#define OVOC_CONFORMANCE_WEBSOCKET_SERVER_URL_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::conformance {

enum class Security { kPlain, kTls };

// ServerUrl is where a WebSocket server listens (RFC 6455 3), without path.
struct ServerUrl {
  Security security = Security::kPlain;
  std::string host;         // a DNS name or an IP address, no brackets
  std::string host_header;  // the same as in the Host field: IPv6 in brackets
  uint16_t port = 0;        // 1..65535
  uint16_t shown_port = 0;  // as in the Host field: 0 for the scheme's default
};

// ParseServerUrl reads ws://HOST[:PORT] or wss://HOST[:PORT], with at most a
// slash at the end. The default ports are 80 and 443 (RFC 6455 3). An IPv6
// address must be in brackets. InvalidArgument says what is wrong without the
// text itself, which may have a password. auth::UpgradeRequest checks that the
// host is a DNS name or an address.
[[nodiscard]] absl::StatusOr<ServerUrl> ParseServerUrl(absl::string_view text);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_WEBSOCKET_SERVER_URL_H_
