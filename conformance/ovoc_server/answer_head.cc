// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/answer_head.h"

#include "absl/strings/str_cat.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kNginx = "nginx/1.22.1";
constexpr absl::string_view kRealm = "Basic realm=\"VPN\"";
// The three lines tun-ws adds to its 409.
constexpr absl::string_view kNoCache =
    "Cache-Control: no-cache, no-store, must-revalidate\r\n"
    "Pragma: no-cache\r\n"
    "Expires: 0\r\n";

absl::string_view Reason(AnswerCode code) {
  switch (code) {
    case AnswerCode::kSwitchingProtocols:
      return "Switching Protocols";
    case AnswerCode::kBadRequest:
      return "Bad Request";
    case AnswerCode::kUnauthorized:
      return "Unauthorized";
    case AnswerCode::kNotFound:
      return "Not Found";
    case AnswerCode::kTooManyPeers:
      return "Too Many Peers";
    case AnswerCode::kUpgradeRequired:
      return "Upgrade Required";
    case AnswerCode::kBadGateway:
      return "Bad Gateway";
  }
  return "";
}

std::string StatusLine(absl::string_view version, AnswerCode code) {
  return absl::StrCat(version, " ", static_cast<int>(code), " ", Reason(code),
                      "\r\n");
}

std::string ServerAndDate(absl::Time wall) {
  return absl::StrCat("Server: ", kNginx, "\r\nDate: ", HttpDate(wall), "\r\n");
}

// The page nginx shows; its title of a 401 is not the reason phrase.
std::string NginxPage(AnswerCode code) {
  const std::string title =
      absl::StrCat(static_cast<int>(code), " ",
                   code == AnswerCode::kUnauthorized ? "Authorization Required"
                                                     : Reason(code));
  return absl::StrCat("<html>\r\n<head><title>", title,
                      "</title></head>\r\n<body>\r\n<center><h1>", title,
                      "</h1></center>\r\n<hr><center>", kNginx,
                      "</center>\r\n</body>\r\n</html>\r\n");
}

std::string RenderNginxRefusal(AnswerCode code, Afterlife afterlife,
                               absl::Time wall) {
  const absl::string_view connection = afterlife == Afterlife::kKeepAlive
                                           ? "Connection: keep-alive\r\n"
                                           : "Connection: close\r\n";
  const std::string start =
      absl::StrCat(StatusLine("HTTP/1.1", code), ServerAndDate(wall));
  if (code == AnswerCode::kTooManyPeers) {
    // tun-ws's own answer has no length, so nginx sends it in chunks: none.
    return absl::StrCat(start, "Transfer-Encoding: chunked\r\n", connection,
                        kNoCache, "\r\n0\r\n\r\n");
  }
  const std::string page = NginxPage(code);
  const std::string challenge =
      code == AnswerCode::kUnauthorized
          ? absl::StrCat("WWW-Authenticate: ", kRealm, "\r\n")
          : "";
  return absl::StrCat(start, "Content-Type: text/html\r\nContent-Length: ",
                      page.size(), "\r\n", connection, challenge, "\r\n", page);
}

// tun-ws answers nothing but a full pool; anything else it just closes.
std::string RenderDirectRefusal(AnswerCode code) {
  if (code != AnswerCode::kTooManyPeers) {
    return "";
  }
  return absl::StrCat(StatusLine("HTTP/1.0", code), "Connection: close\r\n",
                      kNoCache, "\r\n");
}

std::string RenderStrictRefusal(AnswerCode code, absl::Time wall) {
  std::string fields = absl::StrCat("Date: ", HttpDate(wall), "\r\n");
  if (code == AnswerCode::kUpgradeRequired) {
    // RFC 9110 15.5.22, RFC 6455 4.2.2: what would be taken instead.
    absl::StrAppend(&fields,
                    "Upgrade: websocket\r\nConnection: Upgrade, close\r\n"
                    "Sec-WebSocket-Version: 13\r\n");
  } else {
    absl::StrAppend(&fields, "Connection: close\r\n");
  }
  if (code == AnswerCode::kUnauthorized) {
    absl::StrAppend(&fields, "WWW-Authenticate: ", kRealm, "\r\n");
  }
  return absl::StrCat(StatusLine("HTTP/1.1", code), fields,
                      "Content-Length: 0\r\n\r\n");
}

}  // namespace

std::string RenderAcceptance(ServerStyle style, const Acceptance& acceptance,
                             absl::Time wall) {
  // nginx writes its own Connection and Upgrade, in this order and case.
  const std::string hop =
      style == ServerStyle::kLegacyNginx
          ? absl::StrCat(ServerAndDate(wall),
                         "Connection: upgrade\r\nUpgrade: websocket\r\n")
          : "Upgrade: websocket\r\nConnection: Upgrade\r\n";
  const std::string subprotocol =
      acceptance.subprotocol
          ? absl::StrCat("Sec-WebSocket-Protocol: ", kSubprotocol, "\r\n")
          : "";
  return absl::StrCat(
      StatusLine("HTTP/1.1", AnswerCode::kSwitchingProtocols), hop, subprotocol,
      "Sec-WebSocket-Accept: ", acceptance.accept,
      "\r\nX-Audc-OverlayIP: ", acceptance.overlay_address.ToString(),
      "\r\nX-Audc-OverlayPrefix: ", acceptance.overlay_prefix_length,
      "\r\n\r\n");
}

std::string RenderRefusal(ServerStyle style, AnswerCode code,
                          Afterlife afterlife, absl::Time wall) {
  switch (style) {
    case ServerStyle::kStrict:
      return RenderStrictRefusal(code, wall);
    case ServerStyle::kLegacyDirect:
      return RenderDirectRefusal(code);
    case ServerStyle::kLegacyNginx:
      return RenderNginxRefusal(code, afterlife, wall);
  }
  return "";
}

std::string HttpDate(absl::Time wall) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", wall,
                          absl::UTCTimeZone());
}

}  // namespace ovoc::conformance
