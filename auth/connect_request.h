// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CONNECT_REQUEST_H_
#define OVOC_AUTH_CONNECT_REQUEST_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"

namespace ovoc::auth {

// ConnectTarget: what a proxy is asked to connect us to.
struct ConnectTarget {
  // host: as in UpgradeRequestOptions::host.
  absl::string_view host;
  // port: always written, also if it is a scheme's default; 0 is refused.
  uint16_t port = 0;
  // user_agent: empty for none.
  absl::string_view user_agent = {};
};

// BuildConnectRequest: the whole head of a CONNECT request (RFC 9110 9.3.6),
// with the empty line. `authorization` is the value of
// BasicCredentials::AuthorizationValue for the proxy; if it is null, there is
// no Proxy-Authorization field. Nothing of OVOC's login is in it. It returns
// InvalidArgument, which names the rule and never shows the text, if the host,
// port or user agent is not allowed.
[[nodiscard]] absl::StatusOr<Secret> BuildConnectRequest(
    const ConnectTarget& target, const Secret* authorization);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CONNECT_REQUEST_H_
