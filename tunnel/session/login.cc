// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/login.h"

#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/retry_after.h"
#include "auth/upgrade_request.h"
#include "tunnel/session/status_cause.h"

namespace ovoc::tunnel {

using auth::UpgradeVerdict;

namespace {

constexpr absl::string_view kHttp = "HTTP/";  // begins every status line
constexpr size_t kBeginningBytes = 5;

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
                   " (the server's text is not shown: it holds a string equal "
                   "to our password or login)"));
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
  const auto taken = bytes->first(consumed);
  const auto beginning = taken.subspan(0, kBeginningBytes - beginning_.size());
  beginning_.append(beginning.begin(), beginning.end());
  echo_.Add(taken);
  bytes->remove_prefix(consumed);
  switch (result) {
    case auth::ResponseHeadParser::Result::kNeedMore:
      return Result::kNeedMore;
    case auth::ResponseHeadParser::Result::kDone:
      return Judge();
    case auth::ResponseHeadParser::Result::kError:
      break;
  }
  return FailByAnswer(EndReason::kHandshake,
                      WithCause(head_.status(), CauseOfNoHead()));
}

EndCause Login::CauseOfNoHead() const {
  // The type of a record with an alert or a handshake message (RFC 8446 5.1).
  // The parser takes no byte behind it.
  if (absl::StartsWith(beginning_, "\x15") ||
      absl::StartsWith(beginning_, "\x16")) {
    return EndCause::kTlsAnswer;
  }
  return absl::StartsWith(kHttp, beginning_) ? EndCause::kUnknown
                                             : EndCause::kNotHttp;
}

// RFC 6455 4.1 MUST: the answer is validated
Login::Result Login::Judge() {
  auth::UpgradeResult result = auth::CheckUpgradeResponse(head_.head(), key_);
  switch (result.verdict) {
    case UpgradeVerdict::kAccepted:
      return TakeOverlay(result.overlay);
    case UpgradeVerdict::kUnauthorized:
      return FailUnauthorized(std::move(result.status));
    case UpgradeVerdict::kNoFreeAddress:
      return FailByAnswer(EndReason::kNoFreeAddress, std::move(result.status));
    case UpgradeVerdict::kRefused:
      FailByAnswer(
          EndReason::kHttpStatus,
          WithCause(std::move(result.status), CauseOfStatus(head_.head())));
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
    const auto address = netif::Ipv4Address::Parse(text.address);
    const bool is_outside = address.has_value() && address->IsUnicast() &&
                            !rule_.range.Contains(*address);
    return FailByAnswer(
        EndReason::kHandshake,
        is_outside ? WithCause(assigned.status(), EndCause::kOverlayRange)
                   : assigned.status());
  }
  overlay_ = netif::NarrowOverlay(*assigned, rule_);
  echo_.Forget();
  return Result::kAccepted;
}

Login::Result Login::OnStreamEnd(const absl::Status& why) {
  if (!why.ok()) {
    // A server that closes before it has read the request resets.
    const bool is_no_answer = beginning_.empty() && absl::IsAborted(why);
    return Fail(EndReason::kConnection,
                is_no_answer ? WithCause(why, EndCause::kNoAnswer) : why);
  }
  if (beginning_.empty()) {
    return Fail(EndReason::kHandshake,
                WithCause(absl::InvalidArgumentError(
                              "the server closed the connection without an "
                              "answer to the login"),
                          EndCause::kNoAnswer));
  }
  return Fail(EndReason::kHandshake,
              WithCause(head_.EndOfInput(), CauseOfNoHead()));
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

// Says how long the password was: quotes or a blank too many show in that.
Login::Result Login::FailUnauthorized(absl::Status detail) {
  const size_t characters = echo_.PasswordCharacters();
  FailByAnswer(EndReason::kUnauthorized, std::move(detail));
  if (characters > 0) {
    end_.detail = absl::Status(
        end_.detail.code(),
        absl::StrCat(end_.detail.message(), "; a password of ", characters,
                     characters == 1 ? " character" : " characters",
                     " was sent"));
  }
  return Result::kFailed;
}

Login::Result Login::FailByAnswer(EndReason reason, absl::Status detail) {
  return Fail(reason, echo_.found() ? WithCause(WithoutServersText(detail),
                                                CauseOf(detail))
                                    : std::move(detail));
}

Login::Result Login::Fail(EndReason reason, absl::Status detail) {
  echo_.Forget();
  end_ = {reason, std::move(detail), std::nullopt};
  return Result::kFailed;
}

}  // namespace ovoc::tunnel
