// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/decisions/proxy_exchange.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/connect_response.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kHidden =
    "(the proxy's text is not shown: it holds a string equal to its login)";

ProxyFailure FailureOf(const auth::ConnectResult& result) {
  switch (result.verdict) {
    case auth::ConnectVerdict::kUnauthorized:
      return ProxyFailure::kUnauthorized;
    case auth::ConnectVerdict::kForbidden:
      return ProxyFailure::kForbidden;
    case auth::ConnectVerdict::kNoServer:
      return ProxyFailure::kNoServer;
    case auth::ConnectVerdict::kRefused:
      return result.is_web_page ? ProxyFailure::kWebPage
                                : ProxyFailure::kRefused;
    case auth::ConnectVerdict::kOpen:
    case auth::ConnectVerdict::kInvalid:
      break;
  }
  return ProxyFailure::kBrokenAnswer;
}

absl::Status WebPage(absl::string_view status) {
  return absl::FailedPreconditionError(
      absl::StrCat("a web page came instead of a tunnel (", status, ")"));
}

}  // namespace

ProxyExchange::ProxyExchange(const auth::Secret* authorization, absl::Time now)
    : deadline_(now + kProxyTimeout), echo_(authorization) {}

ProxyExchange::Result ProxyExchange::OnBytes(absl::Span<const uint8_t> bytes,
                                             absl::Time now) {
  if (state_ == State::kOver || bytes.empty()) {
    return result_;
  }
  if (state_ == State::kDoubtful) {
    return FailByAnswer(
        ProxyFailure::kWebPage,
        WebPage(absl::StrCat("HTTP ", head_.head().status_code)));
  }
  // HTML without a head, as from a server of HTTP/0.9: no line may ever end.
  if (!has_begun_ && bytes.front() == '<') {
    return Finish(Result::kFailed, ProxyFailure::kWebPage,
                  WebPage("without HTTP"));
  }
  has_begun_ = true;
  size_t consumed = 0;
  const auth::ResponseHeadParser::Result read = head_.Add(bytes, &consumed);
  echo_.Add(bytes.first(consumed));
  switch (read) {
    case auth::ResponseHeadParser::Result::kNeedMore:
      return result_;
    case auth::ResponseHeadParser::Result::kDone:
      return Judge(bytes.subspan(consumed), now);
    case auth::ResponseHeadParser::Result::kError:
      break;
  }
  return FailByAnswer(ProxyFailure::kBrokenAnswer,
                      absl::FailedPreconditionError(absl::StrCat(
                          "the proxy's answer: ", head_.status().message())));
}

ProxyExchange::Result ProxyExchange::Judge(absl::Span<const uint8_t> rest,
                                           absl::Time now) {
  const auth::ConnectResult result = auth::CheckConnectResponse(head_.head());
  const std::string status = absl::StrCat("HTTP ", head_.head().status_code);
  if (result.verdict != auth::ConnectVerdict::kOpen) {
    const ProxyFailure failure = FailureOf(result);
    return FailByAnswer(
        failure, failure == ProxyFailure::kWebPage
                     ? WebPage(result.status.message())
                     : absl::FailedPreconditionError(absl::StrCat(
                           "the proxy answered ", result.status.message())));
  }
  if (rest.empty() && result.is_web_page) {
    state_ = State::kDoubtful;
    deadline_ = now + kPageWait;
    return result_;
  }
  if (rest.empty()) {
    return Finish(Result::kOpen, failure_, absl::OkStatus());
  }
  if (result.is_web_page || rest.front() == '<') {
    return FailByAnswer(ProxyFailure::kWebPage, WebPage(status));
  }
  return FailByAnswer(
      ProxyFailure::kEarlyBytes,
      absl::FailedPreconditionError(absl::StrCat(
          "bytes came behind the proxy's ", status,
          " before anything was sent to the server (RFC 9110 9.3.6)")));
}

ProxyExchange::Result ProxyExchange::OnStreamEnd(const absl::Status& why) {
  if (state_ == State::kOver) {
    return result_;
  }
  if (!why.ok()) {
    return Finish(Result::kFailed, ProxyFailure::kConnection, why);
  }
  if (state_ == State::kDoubtful) {
    return FailByAnswer(
        ProxyFailure::kWebPage,
        WebPage(absl::StrCat("HTTP ", head_.head().status_code)));
  }
  return Finish(
      Result::kFailed, ProxyFailure::kClosed,
      absl::UnavailableError(
          has_begun_ ? "the proxy closed the connection within its answer"
                     : "the proxy closed the connection without an answer"));
}

ProxyExchange::Result ProxyExchange::OnTime(absl::Time now) {
  if (state_ == State::kOver || now < deadline_) {
    return result_;
  }
  if (state_ == State::kDoubtful) {
    return Finish(Result::kOpen, failure_, absl::OkStatus());
  }
  return Finish(Result::kFailed, ProxyFailure::kTimeout,
                absl::DeadlineExceededError(absl::StrCat(
                    "the proxy's answer was not complete within ",
                    absl::FormatDuration(kProxyTimeout), " (our limit)")));
}

ProxyExchange::Result ProxyExchange::FailByAnswer(ProxyFailure failure,
                                                  absl::Status detail) {
  if (!echo_.found()) {
    return Finish(Result::kFailed, failure, std::move(detail));
  }
  const bool has_head = head_.status().ok();
  return Finish(
      Result::kFailed, failure,
      absl::FailedPreconditionError(
          has_head
              ? absl::StrCat("the proxy answered HTTP ",
                             head_.head().status_code, " ", kHidden)
              : absl::StrCat("the proxy's answer breaks a rule ", kHidden)));
}

ProxyExchange::Result ProxyExchange::Finish(Result result, ProxyFailure failure,
                                            absl::Status detail) {
  echo_.Forget();
  state_ = State::kOver;
  result_ = result;
  failure_ = failure;
  detail_ = std::move(detail);
  deadline_ = absl::InfiniteFuture();
  return result_;
}

}  // namespace ovoc::tunnel
