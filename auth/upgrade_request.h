// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_UPGRADE_REQUEST_H_
#define OVOC_AUTH_UPGRADE_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "auth/basic_credentials.h"
#include "auth/secret.h"
#include "auth/websocket_key.h"

namespace ovoc::auth {

// kSubprotocol: the tunnel's subprotocol. It is the only one we offer, and the
// only one that an answer may select.
inline constexpr absl::string_view kSubprotocol = "ovoc.audiocodes.com";

inline constexpr size_t kMaxPathBytes = 1024;  // ours, under proxies' 8 KiB
inline constexpr size_t kMaxSubprotocolBytes = 64;  // ours

struct UpgradeRequestOptions {
  // host: as it is written in the Host field: a DNS name, an IPv4 address, or
  // an IPv6 address in brackets. No port, no user.
  absl::string_view host;
  // port: written after the host; 0 if it is the scheme's default.
  uint16_t port = 0;
  // path: with or without its leading slash; a query may follow.
  absl::string_view path = "tun";
  // user_agent: empty for none.
  absl::string_view user_agent;
  // subprotocol: the one offered; empty for none.
  absl::string_view subprotocol = kSubprotocol;
};

// UpgradeRequest: the checked part of the opening handshake (RFC 6455 4.1) that
// is the same for each connection. An object that exists is valid.
class UpgradeRequest {
 public:
  // Create: returns InvalidArgument, which names the rule, if the host, path,
  // user agent or subprotocol has a byte that its grammar forbids, or is too
  // long. The message gives the position of a bad byte but never the text,
  // which may be a URL with a password.
  [[nodiscard]] static absl::StatusOr<UpgradeRequest> Create(
      const UpgradeRequestOptions& options);

 private:
  friend Secret BuildUpgradeRequest(const UpgradeRequest& request,
                                    const WebSocketKey& key,
                                    const Secret* authorization);

  UpgradeRequest(std::string before_key, std::string after_key);

  std::string before_key_;  // from GET up to the key's value
  std::string after_key_;   // from the end of the key's line
};

// BuildUpgradeRequest: the whole head, with the empty line. `authorization` is
// the value of BasicCredentials::AuthorizationValue; if it is null, there is no
// Authorization field. The head is a Secret because it contains that value.
Secret BuildUpgradeRequest(const UpgradeRequest& request,
                           const WebSocketKey& key,
                           const Secret* authorization);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_UPGRADE_REQUEST_H_
