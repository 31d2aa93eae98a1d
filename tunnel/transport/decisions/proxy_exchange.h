// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_DECISIONS_PROXY_EXCHANGE_H_
#define OVOC_TUNNEL_TRANSPORT_DECISIONS_PROXY_EXCHANGE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/login_echo.h"
#include "auth/response_head.h"
#include "auth/secret.h"

namespace ovoc::tunnel {

// kProxyTimeout: from the TCP connection to the end of the answer's head, with
// the TLS handshake if the proxy wants one. A proxy looks up the server and
// connects to it meanwhile. Stops one that never answers.
inline constexpr absl::Duration kProxyTimeout = absl::Seconds(20);
// kPageWait: how long a 2xx that says it is a web page is watched for one.
inline constexpr absl::Duration kPageWait = absl::Seconds(1);

// ProxyFailure is why a proxy gives no tunnel.
enum class ProxyFailure {
  kUnauthorized,  // 407 or 401
  kForbidden,     // 403
  kNoServer,      // 500, 502, 503, 504
  kRefused,       // another status
  kWebPage,       // HTML where an answer to CONNECT should be
  kBrokenAnswer,  // the answer breaks a rule of HTTP
  kEarlyBytes,    // bytes behind a 2xx, where nobody may speak before us
  kClosed,        // the proxy ended the connection
  kTimeout,       // no whole answer in kProxyTimeout
  kConnection,    // the connection to the proxy was lost
  // With TLS to the proxy, before anything was asked:
  kCertificate,  // the proxy's certificate does not verify
  kTls,          // there was no handshake for another reason
};

// ProxyExchange judges what a proxy sends after a CONNECT request (RFC 9110
// 9.3.6). Bytes and time go in; a tunnel or the reason why there is none comes
// out. The result is final once it is kOpen or kFailed. The server behind the
// tunnel waits for our first byte, with TLS and without, so what comes before
// that is the proxy's and no tunnel is open. The outcome does not depend on how
// the bytes are cut, but that those behind a 2xx must be here with it.
class ProxyExchange {
 public:
  enum class Result {
    kNeedMore,  // the answer has not ended, or may still be a web page
    kOpen,      // the bytes to come are the server's
    kFailed,    // see failure() and detail()
  };

  // The request is sent at `now`. A copy of `authorization`, the value of
  // Proxy-Authorization (null: none), is kept until the result is final: an
  // answer that repeats it is not shown.
  ProxyExchange(const auth::Secret* authorization, absl::Time now);

  // Takes all bytes that came.
  Result OnBytes(absl::Span<const uint8_t> bytes, absl::Time now);
  // The stream ended; OK if in order, else the reason. Always kFailed.
  Result OnStreamEnd(const absl::Status& why);
  // kFailed when the time is up, or kOpen when no web page has come.
  Result OnTime(absl::Time now);
  absl::Time deadline() const { return deadline_; }

  // What became of it, for kFailed. The detail is for people: one line of
  // printable ASCII without the login.
  ProxyFailure failure() const { return failure_; }
  const absl::Status& detail() const { return detail_; }

 private:
  enum class State {
    kHead,      // the head has not ended
    kDoubtful,  // a 2xx that says it is a web page has come
    kOver,      // result_ is final
  };

  Result Judge(absl::Span<const uint8_t> rest, absl::Time now);
  Result FailByAnswer(ProxyFailure failure, absl::Status detail);
  Result Finish(Result result, ProxyFailure failure, absl::Status detail);

  State state_ = State::kHead;
  Result result_ = Result::kNeedMore;
  absl::Time deadline_;
  auth::ResponseHeadParser head_;
  auth::LoginEcho echo_;
  bool has_begun_ = false;  // a byte of the answer has come
  ProxyFailure failure_ = ProxyFailure::kConnection;
  absl::Status detail_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_DECISIONS_PROXY_EXCHANGE_H_
