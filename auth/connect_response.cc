// SPDX-License-Identifier: Apache-2.0
#include "auth/connect_response.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ovoc::auth {
namespace {

ConnectVerdict VerdictOf(int status_code) {
  if (status_code < 200) {
    return ConnectVerdict::kInvalid;
  }
  if (status_code < 300) {
    return ConnectVerdict::kOpen;
  }
  switch (status_code) {
    case 401:  // tinyproxy, for a wrong login
    case 407:
      return ConnectVerdict::kUnauthorized;
    case 403:
      return ConnectVerdict::kForbidden;
    case 500:  // tinyproxy, and Squid if the name has no address
    case 502:
    case 503:
    case 504:
      return ConnectVerdict::kNoServer;
    default:
      return ConnectVerdict::kRefused;
  }
}

// The media type alone: parameters follow a semicolon (RFC 9110 8.3.1).
bool IsHtml(absl::string_view content_type) {
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(content_type.substr(
                                    0, content_type.find(';'))),
                                "text/html");
}

}  // namespace

ConnectResult CheckConnectResponse(const ResponseHead& head) {
  ConnectResult result;
  result.verdict = VerdictOf(head.status_code);
  const std::vector<absl::string_view> types = head.Values("Content-Type");
  result.is_web_page = std::any_of(types.begin(), types.end(), IsHtml);
  // RFC 9110 9.3.6 MUST: lengths in a 2xx answer to CONNECT are ignored
  // RFC 9112 6.3 MUST: lengths in an answer to CONNECT are ignored
  if (result.verdict == ConnectVerdict::kOpen) {
    return result;
  }
  std::string text = absl::StrCat("HTTP ", head.status_code);
  if (!head.reason.empty()) {
    absl::StrAppend(&text, " ", Printable(head.reason));
  }
  if (result.verdict == ConnectVerdict::kInvalid) {
    absl::StrAppend(&text,
                    ", an interim answer, to a CONNECT request that asks for "
                    "none (RFC 9110 9.3.6, 15.2)");
  }
  result.status = absl::FailedPreconditionError(text);
  return result;
}

}  // namespace ovoc::auth
