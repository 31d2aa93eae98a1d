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
// slash behind; the ports are 80 and 443 when not given (RFC 6455 3), an IPv6
// address stands in brackets. InvalidArgument says what is wrong without the
// text itself, which may hold a password. That the host is a DNS name or an
// address is left to auth::UpgradeRequest.
[[nodiscard]] absl::StatusOr<ServerUrl> ParseServerUrl(absl::string_view text);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_WEBSOCKET_SERVER_URL_H_
