// SPDX-License-Identifier: Apache-2.0
#include "auth/upgrade_response.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "auth/http_token.h"
#include "auth/upgrade_request.h"

namespace ovoc::auth {
namespace {

constexpr int kSwitchingProtocols = 101;
constexpr int kUnauthorizedStatus = 401;
constexpr int kConflictStatus = 409;  // AudioCodes' "Too Many Peers"

// Occurrences: of a field, for Broken.
std::string Occurrences(size_t count) {
  return count == 0 ? "none" : absl::StrCat(count, " of them");
}

absl::Status Broken(absl::string_view rule, absl::string_view found) {
  return absl::InvalidArgumentError(
      absl::StrCat("upgrade response: ", rule, "; found ", found));
}

// OnlyValue: of a field that must occur exactly once.
absl::StatusOr<absl::string_view> OnlyValue(const ResponseHead& head,
                                            absl::string_view name,
                                            absl::string_view section) {
  const std::vector<absl::string_view> values = head.Values(name);
  if (values.size() != 1) {
    return Broken(
        absl::StrCat(name, " must occur exactly once (", section, ")"),
        Occurrences(values.size()));
  }
  return values.front();
}

absl::Status CheckAbsent(const ResponseHead& head, absl::string_view name,
                         absl::string_view why) {
  const std::vector<absl::string_view> values = head.Values(name);
  if (!values.empty()) {
    return Broken(absl::StrCat(name, " must not be present: ", why),
                  Quoted(values.front()));
  }
  return absl::OkStatus();
}

// StatusText: "HTTP 404 Not Found", fit for a message.
std::string StatusText(const ResponseHead& head) {
  std::string text = absl::StrCat("HTTP ", head.status_code);
  if (!head.reason.empty()) {
    absl::StrAppend(&text, " ", Printable(head.reason));
  }
  return text;
}

// OtherStatusText: the same, and where a redirection leads.
std::string OtherStatusText(const ResponseHead& head) {
  std::string text = StatusText(head);
  const std::vector<absl::string_view> locations = head.Values("Location");
  if (head.status_code >= 300 && head.status_code < 400 &&
      locations.size() == 1) {
    absl::StrAppend(&text, ", redirected to ", Quoted(locations.front()),
                    " (not followed)");
  }
  return text;
}

absl::Status CheckVersion(const ResponseHead& head) {
  if (head.minor_version != 1) {
    return Broken("a 101 must be HTTP/1.1 (RFC 6455 4.2.2, RFC 9110 7.8)",
                  absl::StrCat("HTTP/1.", head.minor_version));
  }
  return absl::OkStatus();
}

absl::Status CheckUpgrade(const ResponseHead& head) {
  // RFC 6455 4.1 MUST: fail when Upgrade is missing or not websocket
  const absl::StatusOr<absl::string_view> value =
      OnlyValue(head, "Upgrade", "RFC 6455 4.1");
  if (!value.ok()) {
    return value.status();
  }
  if (!absl::EqualsIgnoreCase(*value, "websocket")) {
    return Broken("Upgrade must be the word websocket (RFC 6455 4.1)",
                  Quoted(*value));
  }
  return absl::OkStatus();
}

absl::Status CheckConnection(const ResponseHead& head) {
  // RFC 6455 4.1 MUST: fail when Connection is missing or without Upgrade
  const std::vector<absl::string_view> lines = head.Values("Connection");
  if (lines.empty()) {
    return Broken("Connection must be present (RFC 6455 4.1)", "no such field");
  }
  // The lines of a list are one list (RFC 9110 5.3).
  const std::string value = absl::StrJoin(lines, ", ");
  bool upgrade = false;
  for (absl::string_view option : absl::StrSplit(value, ',')) {
    option = absl::StripAsciiWhitespace(option);
    // Empty elements of a list are ignored (RFC 9110 5.6.1.2).
    if (!option.empty() && !IsToken(option)) {
      return Broken("Connection must be a list of tokens (RFC 9110 7.6.1)",
                    Quoted(value));
    }
    upgrade = upgrade || absl::EqualsIgnoreCase(option, "upgrade");
  }
  if (!upgrade) {
    return Broken("Connection must contain the token Upgrade (RFC 6455 4.1)",
                  Quoted(value));
  }
  return absl::OkStatus();
}

absl::Status CheckAccept(const ResponseHead& head, const WebSocketKey& key) {
  // RFC 6455 4.1 MUST: fail when Sec-WebSocket-Accept is missing or wrong
  const absl::StatusOr<absl::string_view> value =
      OnlyValue(head, "Sec-WebSocket-Accept", "RFC 6455 4.1, 11.3.3");
  if (!value.ok()) {
    return value.status();
  }
  const std::string expected = key.ExpectedAccept();
  if (*value != expected) {
    return Broken(absl::StrCat("Sec-WebSocket-Accept must be the digest of our "
                               "key, ",
                               Quoted(expected), " (RFC 6455 4.1)"),
                  Quoted(*value));
  }
  return absl::OkStatus();
}

absl::Status CheckSubprotocol(const ResponseHead& head,
                              absl::string_view offered) {
  // RFC 6455 4.1 MUST: fail on a subprotocol that was not offered
  const std::vector<absl::string_view> values =
      head.Values("Sec-WebSocket-Protocol");
  if (values.size() > 1) {
    return Broken(
        "Sec-WebSocket-Protocol must occur at most once (RFC 6455 11.3.4)",
        Occurrences(values.size()));
  }
  if (offered.empty()) {
    return CheckAbsent(head, "Sec-WebSocket-Protocol",
                       "none was offered (RFC 6455 4.1)");
  }
  if (values.size() == 1 && values.front() != offered) {
    return Broken(absl::StrCat("Sec-WebSocket-Protocol must be the one "
                               "offered, ",
                               Quoted(offered), " (RFC 6455 4.1)"),
                  Quoted(values.front()));
  }
  return absl::OkStatus();
}

absl::Status CheckNothingUnasked(const ResponseHead& head) {
  // RFC 6455 4.1 MUST: fail on an extension that was not offered
  if (absl::Status status = CheckAbsent(head, "Sec-WebSocket-Extensions",
                                        "none was offered (RFC 6455 4.1)");
      !status.ok()) {
    return status;
  }
  // A hop that believes in a body would take our first frames for it.
  if (absl::Status status = CheckAbsent(head, "Content-Length",
                                        "a 101 has no body (RFC 9110 8.6)");
      !status.ok()) {
    return status;
  }
  return CheckAbsent(head, "Transfer-Encoding",
                     "a 101 has no body (RFC 9112 6.1)");
}

absl::StatusOr<OverlayText> ReadOverlay(const ResponseHead& head) {
  const absl::StatusOr<absl::string_view> address =
      OnlyValue(head, "X-Audc-OverlayIP", "OVOC tunnel handshake");
  if (!address.ok()) {
    return address.status();
  }
  const absl::StatusOr<absl::string_view> prefix =
      OnlyValue(head, "X-Audc-OverlayPrefix", "OVOC tunnel handshake");
  if (!prefix.ok()) {
    return prefix.status();
  }
  return OverlayText{Printable(*address), Printable(*prefix)};
}

UpgradeResult Rejected(UpgradeVerdict verdict, absl::Status status) {
  return {verdict, std::move(status), OverlayText()};
}

// CheckOtherStatus: of an answer that is no 101.
UpgradeResult CheckOtherStatus(const ResponseHead& head) {
  const std::string message = OtherStatusText(head);
  if (head.status_code < 200) {
    return Rejected(UpgradeVerdict::kInvalid,
                    Broken("the first status must be 101 or final (RFC 6455 "
                           "4.1; no interim status was asked for, RFC 9110 "
                           "10.1.1)",
                           message));
  }
  if (head.status_code == kUnauthorizedStatus) {
    return Rejected(UpgradeVerdict::kUnauthorized,
                    absl::UnauthenticatedError(message));
  }
  if (head.status_code == kConflictStatus) {
    return Rejected(UpgradeVerdict::kNoFreeAddress,
                    absl::ResourceExhaustedError(message));
  }
  return Rejected(UpgradeVerdict::kRefused, absl::UnavailableError(message));
}

}  // namespace

// RFC 6455 4.1 MUST: fail on an answer that does not conform
absl::Status CheckHandshake(const ResponseHead& head, const WebSocketKey& key,
                            absl::string_view offered) {
  if (head.status_code != kSwitchingProtocols) {
    return Broken("the status must be 101 (RFC 6455 4.1)", StatusText(head));
  }
  if (absl::Status status = CheckVersion(head); !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckUpgrade(head); !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckConnection(head); !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckAccept(head, key); !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckSubprotocol(head, offered); !status.ok()) {
    return status;
  }
  return CheckNothingUnasked(head);
}

UpgradeResult CheckUpgradeResponse(const ResponseHead& head,
                                   const WebSocketKey& key) {
  if (head.status_code != kSwitchingProtocols) {
    return CheckOtherStatus(head);
  }
  if (absl::Status status = CheckHandshake(head, key, kSubprotocol);
      !status.ok()) {
    return Rejected(UpgradeVerdict::kInvalid, std::move(status));
  }
  absl::StatusOr<OverlayText> overlay = ReadOverlay(head);
  if (!overlay.ok()) {
    return Rejected(UpgradeVerdict::kInvalid, overlay.status());
  }
  return {UpgradeVerdict::kAccepted, absl::OkStatus(), *std::move(overlay)};
}

}  // namespace ovoc::auth
