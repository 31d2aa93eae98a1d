// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_connect.h"

#include <string>

#include "fuzz/oracle/naive_head.h"

namespace ovoc::fuzz {
namespace {

using tunnel::ProxyFailure;
using Result = tunnel::ProxyExchange::Result;

bool SaysHtml(const NaiveHead& head) {
  for (const auto& [name, value] : head.fields) {
    std::string type = value + ";";
    type.erase(type.find(';'));
    if (NaiveSameName(name, "content-type") &&
        NaiveSameName(NaiveTrim(type), "text/html")) {
      return true;
    }
  }
  return false;
}

ProxyFailure OfStatus(int code, bool html) {
  if (code < 200) {
    return ProxyFailure::kBrokenAnswer;
  }
  if (code >= 500 && code <= 504 && code != 501) {
    return ProxyFailure::kNoServer;
  }
  if (code == 401 || code == 403 || code == 407) {
    return code == 403 ? ProxyFailure::kForbidden : ProxyFailure::kUnauthorized;
  }
  return html ? ProxyFailure::kWebPage : ProxyFailure::kRefused;
}

}  // namespace

NaiveConnect JudgeConnect(absl::string_view answer) {
  if (!answer.empty() && answer[0] == '<') {
    return {Result::kFailed, ProxyFailure::kWebPage};
  }
  const NaiveHead head = ReadNaiveHead(answer);
  if (head.end == NaiveHead::End::kOpen) {
    return {Result::kNeedMore, ProxyFailure::kClosed};
  }
  if (head.end == NaiveHead::End::kBroken) {
    return {Result::kFailed, ProxyFailure::kBrokenAnswer};
  }
  const bool html = SaysHtml(head);
  if (head.status_code / 100 != 2) {
    return {Result::kFailed, OfStatus(head.status_code, html)};
  }
  if (head.consumed == answer.size()) {
    return html ? NaiveConnect{Result::kNeedMore, ProxyFailure::kWebPage}
                : NaiveConnect{Result::kOpen, ProxyFailure::kClosed};
  }
  return {Result::kFailed, html || answer[head.consumed] == '<'
                               ? ProxyFailure::kWebPage
                               : ProxyFailure::kEarlyBytes};
}

}  // namespace ovoc::fuzz
