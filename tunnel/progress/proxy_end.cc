// SPDX-License-Identifier: Apache-2.0
#include "tunnel/progress/proxy_end.h"

#include "absl/strings/str_cat.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

EndCause CauseOfRefusal(ProxyFailure failure, ProxyLogin login) {
  switch (failure) {
    case ProxyFailure::kUnauthorized:
      return login == ProxyLogin::kSent ? EndCause::kProxyLoginWrong
                                        : EndCause::kProxyWantsLogin;
    case ProxyFailure::kForbidden:
      return EndCause::kProxyForbids;
    case ProxyFailure::kNoServer:
      return EndCause::kProxyNoServer;
    case ProxyFailure::kRefused:
      return EndCause::kProxyRefuses;
    case ProxyFailure::kWebPage:
      return EndCause::kProxyWebPage;
    case ProxyFailure::kBrokenAnswer:
      return EndCause::kProxyNotHttp;
    case ProxyFailure::kEarlyBytes:
      return EndCause::kProxyEarlyBytes;
    case ProxyFailure::kClosed:
    case ProxyFailure::kConnection:
      return EndCause::kProxyClosed;
    case ProxyFailure::kTimeout:
      return EndCause::kProxySilent;
    case ProxyFailure::kCertificate:
      return EndCause::kProxyCertificate;
    case ProxyFailure::kTls:
      return EndCause::kProxyTls;
  }
  return EndCause::kUnknown;
}

absl::Status WithProxy(absl::string_view endpoint, const absl::Status& detail,
                       EndCause cause) {
  return WithCause(
      absl::Status(detail.code(),
                   absl::StrCat("proxy ", endpoint, ": ", detail.message())),
      cause);
}

}  // namespace

End RefusalEnd(absl::string_view endpoint, ProxyFailure failure,
               ProxyLogin login, const absl::Status& detail) {
  return {failure == ProxyFailure::kUnauthorized ? EndReason::kProxyLogin
                                                 : EndReason::kProxy,
          WithProxy(endpoint, detail, CauseOfRefusal(failure, login))};
}

End UnreachedEnd(absl::string_view endpoint, const End& end) {
  return {EndReason::kProxy, WithProxy(endpoint, end.detail,
                                       end.reason == EndReason::kResolution
                                           ? EndCause::kProxyNotFound
                                           : EndCause::kProxyUnreached)};
}

}  // namespace ovoc::tunnel
