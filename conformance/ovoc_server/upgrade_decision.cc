// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/upgrade_decision.h"

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "auth/websocket_key.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kBasic = "Basic ";

absl::string_view WithoutQuery(absl::string_view target) {
  return target.substr(0, target.find('?'));
}

// RFC 7617 2; the scheme without regard to case (RFC 9110 11.1).
bool HasCredentials(const UpgradeRules& rules, const RequestHead& request) {
  if (rules.user_and_password.empty()) {
    return true;
  }
  const std::optional<absl::string_view> field = request.First("Authorization");
  if (!field.has_value() || !absl::StartsWithIgnoreCase(*field, kBasic)) {
    return false;
  }
  std::string decoded;
  return absl::Base64Unescape(
             absl::StripAsciiWhitespace(field->substr(kBasic.size())),
             &decoded) &&
         decoded == rules.user_and_password;
}

UpgradeDecision Refuse(AnswerCode code, Afterlife afterlife) {
  UpgradeDecision decision;
  decision.code = code;
  decision.afterlife = afterlife;
  return decision;
}

UpgradeDecision Accept(const auth::WebSocketKey& key, bool subprotocol,
                       Afterlife afterlife) {
  UpgradeDecision decision;
  decision.code = AnswerCode::kSwitchingProtocols;
  decision.accept = key.ExpectedAccept();
  decision.subprotocol = subprotocol;
  decision.afterlife = afterlife;
  return decision;
}

// tun-ws looks for a key and for nothing else, and always names the
// subprotocol (protocol.md 2).
UpgradeDecision DecideAsTunWs(const RequestHead& request, Afterlife afterlife) {
  const absl::StatusOr<auth::WebSocketKey> key = auth::WebSocketKey::FromText(
      request.First("Sec-WebSocket-Key").value_or(""));
  if (!key.ok()) {
    return Refuse(AnswerCode::kBadGateway, afterlife);
  }
  return Accept(*key, /*subprotocol=*/true, afterlife);
}

UpgradeDecision DecideAsNginx(const UpgradeRules& rules,
                              const RequestHead& request) {
  const bool keep =
      request.minor_version > 0 && !request.HasToken("Connection", "close");
  const Afterlife afterlife = keep ? Afterlife::kKeepAlive : Afterlife::kClose;
  // A request without Host is refused as soon as it is read (recorded nowhere;
  // nginx's documented behaviour for HTTP/1.1).
  if (request.minor_version > 0 && request.Count("Host") != 1) {
    return Refuse(AnswerCode::kBadRequest, Afterlife::kClose);
  }
  if (WithoutQuery(request.target) != rules.path) {
    return Refuse(AnswerCode::kNotFound, afterlife);
  }
  if (!HasCredentials(rules, request)) {
    return Refuse(AnswerCode::kUnauthorized, afterlife);
  }
  if (rules.daemon == UpgradeRules::Daemon::kDown) {
    return Refuse(AnswerCode::kBadGateway, afterlife);
  }
  return DecideAsTunWs(request, afterlife);
}

// RFC 6455 4.1 point 7: base64 of 16 bytes, so 22 characters and "==".
bool IsStrictKey(absl::string_view text) {
  std::string nonce;
  return text.size() == 24 && absl::Base64Unescape(text, &nonce) &&
         nonce.size() == auth::kWebSocketNonceBytes;
}

UpgradeDecision DecideStrictly(const UpgradeRules& rules,
                               const RequestHead& request) {
  constexpr Afterlife kClose = Afterlife::kClose;
  if (request.method != "GET" || request.minor_version < 1 ||
      request.Count("Host") != 1 || request.Count("Authorization") > 1) {
    return Refuse(AnswerCode::kBadRequest, kClose);
  }
  if (WithoutQuery(request.target) != rules.path) {
    return Refuse(AnswerCode::kNotFound, kClose);
  }
  if (!HasCredentials(rules, request)) {
    return Refuse(AnswerCode::kUnauthorized, kClose);
  }
  if (!request.HasToken("Upgrade", "websocket") ||
      !request.HasToken("Connection", "upgrade") ||
      request.First("Sec-WebSocket-Version") != "13" ||
      request.Count("Sec-WebSocket-Version") != 1) {
    return Refuse(AnswerCode::kUpgradeRequired, kClose);
  }
  const absl::string_view text =
      request.First("Sec-WebSocket-Key").value_or("");
  const absl::StatusOr<auth::WebSocketKey> key =
      auth::WebSocketKey::FromText(text);
  if (request.Count("Sec-WebSocket-Key") != 1 || !IsStrictKey(text) ||
      !key.ok()) {
    return Refuse(AnswerCode::kBadRequest, kClose);
  }
  return Accept(*key, request.HasToken("Sec-WebSocket-Protocol", kSubprotocol),
                kClose);
}

}  // namespace

UpgradeDecision DecideUpgrade(const UpgradeRules& rules,
                              const RequestHead& request) {
  switch (rules.style) {
    case ServerStyle::kStrict:
      return DecideStrictly(rules, request);
    case ServerStyle::kLegacyDirect:
      return DecideAsTunWs(request, Afterlife::kClose);
    case ServerStyle::kLegacyNginx:
      return DecideAsNginx(rules, request);
  }
  return UpgradeDecision();
}

}  // namespace ovoc::conformance
