// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/status_cause.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {
namespace {

bool IsPage(const auth::ResponseHead& head) {
  for (const absl::string_view type : head.Values("Content-Type")) {
    if (absl::StartsWithIgnoreCase(type, "text/html") ||
        absl::StartsWithIgnoreCase(type, "application/xhtml+xml")) {
      return true;
    }
  }
  return false;
}

}  // namespace

EndCause CauseOfStatus(const auth::ResponseHead& head) {
  switch (head.status_code) {
    case 300:
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return EndCause::kRedirect;
    case 400:
      return EndCause::kBadRequest;
    case 403:
      return EndCause::kForbidden;
    case 404:
      return EndCause::kNotFound;
    case 407:
      return EndCause::kProxyLogin;
    case 429:
    case 503:
      return EndCause::kBusy;
    case 502:
    case 504:
      return EndCause::kBadGateway;
    case 511:  // RFC 6585 6: Network Authentication Required
      return EndCause::kLoginPage;
    default:
      break;
  }
  const bool is_success = head.status_code >= 200 && head.status_code < 300;
  return is_success && IsPage(head) ? EndCause::kLoginPage : EndCause::kUnknown;
}

}  // namespace ovoc::tunnel
