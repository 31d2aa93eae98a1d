// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_LOGIN_H_
#define OVOC_TUNNEL_SESSION_LOGIN_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/login_echo.h"
#include "auth/response_head.h"
#include "auth/secret.h"
#include "auth/upgrade_response.h"
#include "auth/websocket_key.h"
#include "netif/ip_address.h"
#include "netif/overlay_assignment.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/session/session_end.h"

namespace ovoc::tunnel {

// LoginRequest is the content of the upgrade request. The views are used only
// during the call.
struct LoginRequest {
  absl::string_view host;   // as in the Host header
  uint16_t shown_port = 0;  // 0: the scheme's own, not shown
  absl::string_view path;   // no leading slash
  absl::string_view user_agent;
  const auth::Secret* authorization = nullptr;  // "Basic ..."; null: none
};

// The bytes of the upgrade request (protocol.md 2), with the credentials. It
// fails if host, path or user agent has characters that a request must not
// have.
absl::StatusOr<auth::Secret> BuildLoginRequest(const LoginRequest& request,
                                               const auth::WebSocketKey& key);

// Login judges the answer to an upgrade request (protocol.md 2). Bytes go in,
// and the overlay address or the end comes out. The result is final once it is
// kAccepted or kFailed. If the answer repeats our login, end() has none of the
// server's text.
class Login {
 public:
  enum class Result {
    kNeedMore,  // all was consumed, the answer has not ended
    kAccepted,  // see overlay(); the bytes behind the head are left alone
    kFailed,    // see end()
  };

  // Waits for the answer until auth::kUpgradeTimeout after `now`. A copy of
  // `authorization` (null: none) is kept until the result is final.
  Login(const auth::WebSocketKey& key, const netif::OverlayRule& rule,
        const auth::Secret* authorization, absl::Time now);

  // Takes bytes of the answer, in any pieces, off the front of `*bytes`.
  Result OnBytes(absl::Span<const uint8_t>* bytes);

  // The stream ended; OK if in order, else the reason. Always kFailed.
  Result OnStreamEnd(const absl::Status& why);

  // kFailed when the time is up, else kNeedMore.
  Result OnTime(absl::Time now);
  absl::Time deadline() const { return deadline_; }

  // Our address, with the prefix narrowed to what the rule lets the device
  // reach.
  const netif::Ipv4Prefix& overlay() const { return overlay_; }
  // The server's answer; empty unless kAccepted.
  const auth::ResponseHead& answer() const { return head_.head(); }
  const End& end() const { return end_; }

 private:
  Result Judge();
  // Of bytes that are no response head.
  EndCause CauseOfNoHead() const;
  Result TakeOverlay(const auth::OverlayText& text);
  Result FailUnauthorized(absl::Status detail);
  Result FailByAnswer(EndReason reason, absl::Status detail);
  Result Fail(EndReason reason, absl::Status detail);

  const auth::WebSocketKey key_;
  const netif::OverlayRule rule_;
  const absl::Time deadline_;
  auth::ResponseHeadParser head_;
  auth::LoginEcho echo_;
  std::string beginning_;  // of the answer; kBeginningBytes at most
  netif::Ipv4Prefix overlay_;
  End end_ = {EndReason::kHandshake, absl::OkStatus()};
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_LOGIN_H_
