// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_UPGRADE_RESPONSE_H_
#define OVOC_AUTH_UPGRADE_RESPONSE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "auth/response_head.h"
#include "auth/websocket_key.h"

namespace ovoc::auth {

enum class UpgradeVerdict {
  kAccepted,       // a 101 that keeps every rule; overlay is set
  kUnauthorized,   // 401: the credentials are wrong
  kNoFreeAddress,  // 409: the server's address pool is used up
  kRefused,        // any other final status, redirections included
  kInvalid,        // a 101 that breaks a rule, or another interim (1xx) status
};

// OverlayText is what the server says of our address in the tunnel, by
// Printable: fit for a message, and nobody has judged it.
struct OverlayText {
  std::string address;  // X-Audc-OverlayIP
  std::string prefix;   // X-Audc-OverlayPrefix
};

struct UpgradeResult {
  UpgradeVerdict verdict = UpgradeVerdict::kInvalid;
  // status: OK only for kAccepted. For kUnauthorized, kNoFreeAddress and
  // kRefused the message is like "HTTP 404 Not Found" (the reason phrase is
  // shown by Printable). A redirection (3xx) has the place as well: ",
  // redirected to "https://portal.example/login" (not followed)". For kInvalid
  // it names the rule, its RFC section and what was found.
  absl::Status status;
  OverlayText overlay;  // of kAccepted
};

// CheckHandshake: whether the answer is a 101 that keeps every rule of RFC 6455
// 4.1 for a request that offered the one subprotocol `offered` (empty: none).
// A 101 must be HTTP/1.1 with
//   Upgrade                   once, the word websocket (ASCII case ignored)
//   Connection                a list with the token Upgrade, on one line or on
//                             several (RFC 9110 5.3)
//   Sec-WebSocket-Accept      once, equal to key.ExpectedAccept()
//   Sec-WebSocket-Protocol    absent, or once and the one offered
//   Sec-WebSocket-Extensions, Content-Length, Transfer-Encoding   absent
// Any other field is ignored. OK, or InvalidArgument: the rule, its RFC section
// and what was found; any other status than 101 is one.
[[nodiscard]] absl::Status CheckHandshake(const ResponseHead& head,
                                          const WebSocketKey& key,
                                          absl::string_view offered);

// CheckUpgradeResponse: what the answer to our upgrade request means (RFC 6455
// 4.1 and the OVOC tunnel's two address fields). A 101 must pass CheckHandshake
// with kSubprotocol and have, besides,
//   X-Audc-OverlayIP, X-Audc-OverlayPrefix   once each, with any value
// For other statuses no field but Location is looked at, which is shown and
// never followed, and the version may be 1.0 as well.
// An interim status before the 101 is kInvalid:
// our request has no body and no Expect, so nothing asks for one, and after a
// 100 the hop that sent it may not be the one that switches protocols.
UpgradeResult CheckUpgradeResponse(const ResponseHead& head,
                                   const WebSocketKey& key);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_UPGRADE_RESPONSE_H_
