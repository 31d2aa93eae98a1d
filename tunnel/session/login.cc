// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/login.h"

#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/retry_after.h"
#include "auth/upgrade_request.h"

namespace ovoc::tunnel {

using auth::UpgradeVerdict;

namespace {

// What a reason says without the server's text. That stands behind a status
// such as "HTTP 401", or else behind the first "; found ", since the rule in
// front of it is ours.
absl::Status WithoutServersText(const absl::Status& detail) {
  constexpr size_t kStatusBytes = 8;
  const absl::string_view text = detail.message();
  const size_t ours =
      absl::StartsWith(text, "HTTP ") ? kStatusBytes : text.find("; found ");
  return absl::Status(
      detail.code(),
      absl::StrCat(text.substr(0, ours == absl::string_view::npos ? 0 : ours),
                   " (the server's text repeats our login and is not shown)"));
}

}  // namespace

absl::StatusOr<auth::Secret> BuildLoginRequest(const LoginRequest& request,
                                               const auth::WebSocketKey& key) {
  auth::UpgradeRequestOptions options;
  options.host = request.host;
  options.port = request.shown_port;
  options.path = request.path;
  options.user_agent = request.user_agent;
  const absl::StatusOr<auth::UpgradeRequest> head =
      auth::UpgradeRequest::Create(options);
  if (!head.ok()) {
    return head.status();
  }
  return auth::BuildUpgradeRequest(*head, key, request.authorization);
}

Login::Login(const auth::WebSocketKey& key, const netif::OverlayRule& rule,
             const auth::Secret* authorization, absl::Time now)
    : key_(key),
      rule_(rule),
      deadline_(now + auth::kUpgradeTimeout),
      echo_(authorization) {}

Login::Result Login::OnBytes(absl::Span<const uint8_t>* bytes) {
  size_t consumed = 0;
  const auth::ResponseHeadParser::Result result = head_.Add(*bytes, &consumed);
  echo_.Add(bytes->first(consumed));
  bytes->remove_prefix(consumed);
  switch (result) {
    case auth::ResponseHeadParser::Result::kNeedMore:
      return Result::kNeedMore;
    case auth::ResponseHeadParser::Result::kDone:
      return Judge();
    case auth::ResponseHeadParser::Result::kError:
      break;
  }
  return FailByAnswer(EndReason::kHandshake, head_.status());
}

// RFC 6455 4.1 MUST: the answer is validated
Login::Result Login::Judge() {
  auth::UpgradeResult result = auth::CheckUpgradeResponse(head_.head(), key_);
  switch (result.verdict) {
    case UpgradeVerdict::kAccepted:
      return TakeOverlay(result.overlay);
    case UpgradeVerdict::kUnauthorized:
      return FailByAnswer(EndReason::kUnauthorized, std::move(result.status));
    case UpgradeVerdict::kNoFreeAddress:
      return FailByAnswer(EndReason::kNoFreeAddress, std::move(result.status));
    case UpgradeVerdict::kRefused:
      FailByAnswer(EndReason::kHttpStatus, std::move(result.status));
      end_.retry_after = auth::RetryAfter::FromHead(head_.head());
      return Result::kFailed;
    case UpgradeVerdict::kInvalid:
      break;
  }
  return FailByAnswer(EndReason::kHandshake, std::move(result.status));
}

Login::Result Login::TakeOverlay(const auth::OverlayText& text) {
  const absl::StatusOr<netif::Ipv4Prefix> assigned =
      netif::ParseOverlayAssignment(text.address, text.prefix, rule_);
  if (!assigned.ok()) {
    return FailByAnswer(EndReason::kHandshake, assigned.status());
  }
  overlay_ = netif::NarrowOverlay(*assigned, rule_);
  echo_.Forget();
  return Result::kAccepted;
}

Login::Result Login::OnStreamEnd(const absl::Status& why) {
  return why.ok() ? Fail(EndReason::kHandshake, head_.EndOfInput())
                  : Fail(EndReason::kConnection, why);
}

Login::Result Login::OnTime(absl::Time now) {
  if (now < deadline_) {
    return Result::kNeedMore;
  }
  return Fail(
      EndReason::kTimeout,
      absl::DeadlineExceededError(absl::StrCat(
          "the answer to the upgrade request was not complete within ",
          absl::FormatDuration(auth::kUpgradeTimeout), " (our limit)")));
}

Login::Result Login::FailByAnswer(EndReason reason, absl::Status detail) {
  return Fail(reason,
              echo_.found() ? WithoutServersText(detail) : std::move(detail));
}

Login::Result Login::Fail(EndReason reason, absl::Status detail) {
  echo_.Forget();
  end_ = {reason, std::move(detail), std::nullopt};
  return Result::kFailed;
}

}  // namespace ovoc::tunnel
