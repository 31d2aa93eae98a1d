// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CONNECT_RESPONSE_H_
#define OVOC_AUTH_CONNECT_RESPONSE_H_

#include "absl/status/status.h"
#include "auth/response_head.h"

namespace ovoc::auth {

enum class ConnectVerdict {
  kOpen,          // 2xx: what follows the head is the server's
  kUnauthorized,  // 407 or 401: the proxy wants a login, or another one
  kForbidden,     // 403: the proxy does not let us go there
  kNoServer,      // 500, 502, 503 or 504: the proxy did not reach the server
  kRefused,       // any other final status, redirections included
  kInvalid,       // an interim status (1xx)
};

struct ConnectResult {
  ConnectVerdict verdict = ConnectVerdict::kInvalid;
  // status: OK only for kOpen. Otherwise the message begins with the status,
  // like "HTTP 403 Forbidden" (the reason phrase is shown by Printable).
  absl::Status status;
  // is_web_page: the answer says that it has a web page (Content-Type
  // text/html). Proxies send one with a refusal. With kOpen, where no content
  // can be, and with kRefused it is a sign that a web server has answered.
  bool is_web_page = false;
};

// CheckConnectResponse: what the answer to a CONNECT request means (RFC 9110
// 9.3.6). HTTP/1.0 is as good as 1.1: tinyproxy answers so. No field decides
// the verdict. 1xx is refused: nothing asks for one, and what a hop has said
// before its answer must not shift where the tunnel begins.
ConnectResult CheckConnectResponse(const ResponseHead& head);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CONNECT_RESPONSE_H_
