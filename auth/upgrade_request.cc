// SPDX-License-Identifier: Apache-2.0
#include "auth/upgrade_request.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "auth/http_token.h"
#include "auth/request_text.h"

namespace ovoc::auth {
namespace {

bool IsAlnum(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c));
}

bool IsHexDigit(char c) {
  return absl::ascii_isxdigit(static_cast<unsigned char>(c));
}

// IsPathChar: pchar of RFC 3986 3.3 with '/' and '?'; a '%' is looked at by
// CheckPath.
bool IsPathChar(char c) {
  return IsAlnum(c) || absl::StrContains("-._~!$&'()*+,;=:@/?%", c);
}

absl::Status CheckPath(absl::string_view path) {
  // RFC 6455 3 MUST NOT: a fragment identifier in the resource name
  // RFC 6455 3 MUST: a "#" in the resource name is escaped as %23
  // RFC 6455 11.1.1 MUST: other parts beyond ASCII are percent-encoded (by who
  // writes the path; it is refused otherwise)
  if (absl::Status status = CheckRequestText("path", path, kMaxPathBytes,
                                             IsPathChar, "RFC 3986 3.3");
      !status.ok()) {
    return status;
  }
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '%' && (path.size() - i < 3 || !IsHexDigit(path[i + 1]) ||
                           !IsHexDigit(path[i + 2]))) {
      return absl::InvalidArgumentError(
          absl::StrCat("path: the '%' at position ", i + 1,
                       " must be followed by two hex digits (RFC 3986 2.1)"));
    }
  }
  return absl::OkStatus();
}

// TextBeforeKey: from GET up to the value of Sec-WebSocket-Key.
std::string TextBeforeKey(const UpgradeRequestOptions& options) {
  // RFC 9112 3.2.1 MUST: an empty path is sent as "/"
  const absl::string_view slash =
      absl::StartsWith(options.path, "/") ? "" : "/";
  const std::string port =
      options.port == 0 ? "" : absl::StrCat(":", options.port);
  return absl::StrCat(
      // RFC 6455 4.1 MUST: the handshake is a valid HTTP request
      // RFC 6455 4.1 MUST: the method is GET, the version at least 1.1
      // RFC 6455 4.1 MUST: the request-target is the resource name
      // RFC 9112 2.2 MUST NOT: an extra CRLF before or after the request
      // RFC 9112 3.2.1 MUST: only path and query are the request-target
      "GET ", slash, options.path, " HTTP/1.1\r\n",
      // RFC 9112 2.2 MUST NOT: white space between start-line and first field
      // RFC 6455 4.1 MUST: a Host field with host and port is sent
      // RFC 9112 3.2 MUST: a Host field is sent with HTTP/1.1
      // RFC 9112 3.2 MUST: Host is identical to the target's authority
      "Host: ", options.host, port, "\r\n",
      // RFC 6455 4.1 MUST: an Upgrade field with the word websocket is sent
      "Upgrade: websocket\r\n",
      // RFC 6455 4.1 MUST: a Connection field with the token Upgrade is sent
      // RFC 9112 9.3 MUST: "close" is sent when connections are not persistent
      // (a deviation: this one is to stay open, as a tunnel)
      "Connection: Upgrade\r\n",
      // RFC 6455 4.1 MUST: a Sec-WebSocket-Key field is sent
      // RFC 6455 11.3.1 MUST NOT: Sec-WebSocket-Key more than once
      "Sec-WebSocket-Key: ");
}

// RFC 9112 6.1 MUST NOT: Transfer-Encoding in a request to an unknown server
// RFC 9112 6.2 MUST NOT: Content-Length beside Transfer-Encoding
// RFC 9112 7.4 MUST NOT: chunked in TE
// TextAfterKey: from the end of the key's line; without Authorization and the
// empty line.
std::string TextAfterKey(const UpgradeRequestOptions& options) {
  const std::string user_agent =
      options.user_agent.empty()
          ? ""
          : absl::StrCat("User-Agent: ", options.user_agent, "\r\n");
  // RFC 6455 4.1 MUST: offered subprotocols are unique tokens
  const std::string subprotocol =
      options.subprotocol.empty()
          ? ""
          : absl::StrCat("Sec-WebSocket-Protocol: ", options.subprotocol,
                         "\r\n");
  return absl::StrCat(
      "\r\n",
      // RFC 6455 4.1 MUST: Sec-WebSocket-Version is 13
      // RFC 6455 11.3.5 MUST NOT: Sec-WebSocket-Version more than once
      "Sec-WebSocket-Version: 13\r\n", subprotocol, user_agent);
}

}  // namespace

absl::StatusOr<UpgradeRequest> UpgradeRequest::Create(
    const UpgradeRequestOptions& options) {
  // RFC 6455 4.1 MUST: host, port and resource name are valid
  if (absl::Status status = CheckRequestHost(options.host); !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckPath(options.path); !status.ok()) {
    return status;
  }
  // RFC 9112 2.2 MUST NOT: a bare CR in what we send
  // RFC 9112 5.2 MUST NOT: folded header lines in what we send
  if (absl::Status status = CheckUserAgent(options.user_agent); !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckRequestText(
          "subprotocol", options.subprotocol, kMaxSubprotocolBytes, IsTokenChar,
          "RFC 6455 4.1, a token of RFC 9110 5.6.2");
      !status.ok()) {
    return status;
  }
  return UpgradeRequest(TextBeforeKey(options), TextAfterKey(options));
}

UpgradeRequest::UpgradeRequest(std::string before_key, std::string after_key)
    : before_key_(std::move(before_key)), after_key_(std::move(after_key)) {}

Secret BuildUpgradeRequest(const UpgradeRequest& request,
                           const WebSocketKey& key,
                           const Secret* authorization) {
  if (authorization == nullptr) {
    return Secret::Concat(
        {request.before_key_, key.text(), request.after_key_, "\r\n"});
  }
  return Secret::Concat(
      {request.before_key_, key.text(), request.after_key_, "Authorization: ",
       authorization->Reveal(InsecureSecretAccess::Get()), "\r\n\r\n"});
}

}  // namespace ovoc::auth
