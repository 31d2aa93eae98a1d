// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/server_url.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ovoc::conformance {
namespace {

constexpr size_t kMaxPortDigits = 5;

absl::Status Refuse(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("give ws://HOST:PORT or wss://HOST:PORT: ", what));
}

// True for 1..65535 in decimal digits alone.
bool ParsePort(absl::string_view text, uint16_t* port) {
  uint32_t value = 0;
  if (text.empty() || text.size() > kMaxPortDigits ||
      !std::all_of(text.begin(), text.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(text, &value) || value == 0 || value > 65535) {
    return false;
  }
  *port = static_cast<uint16_t>(value);
  return true;
}

// Takes the host off the front of `text`.
bool TakeHost(absl::string_view* text, ServerUrl* url) {
  if (!absl::StartsWith(*text, "[")) {
    const absl::string_view host = text->substr(0, text->find(':'));
    url->host = std::string(host);
    url->host_header = url->host;
    text->remove_prefix(host.size());
    return true;
  }
  const size_t end = text->find(']');
  if (end == absl::string_view::npos) {
    return false;
  }
  url->host = std::string(text->substr(1, end - 1));
  url->host_header = std::string(text->substr(0, end + 1));
  text->remove_prefix(end + 1);
  return true;
}

}  // namespace

absl::StatusOr<ServerUrl> ParseServerUrl(absl::string_view text) {
  ServerUrl url;
  // RFC 3986 3.1: schemes are compared without regard to case.
  if (absl::StartsWithIgnoreCase(text, "wss://")) {
    url.security = Security::kTls;
  } else if (!absl::StartsWithIgnoreCase(text, "ws://")) {
    return Refuse("the scheme is missing or not one of these");
  }
  text.remove_prefix(text.find("//") + 2);
  if (absl::EndsWith(text, "/")) {
    text.remove_suffix(1);
  }
  if (absl::StrContains(text, '@')) {
    return Refuse("a user is not allowed");
  }
  if (text.find_first_of("/?#") != absl::string_view::npos) {
    return Refuse("a path is not allowed");
  }
  if (!TakeHost(&text, &url)) {
    return Refuse("an IPv6 address must end with a bracket");
  }
  if (url.host.empty()) {
    return Refuse("the host is missing");
  }
  const uint16_t default_port = url.security == Security::kTls ? 443 : 80;
  url.port = default_port;
  if (!text.empty() &&
      (text.front() != ':' || !ParsePort(text.substr(1), &url.port))) {
    return Refuse("the port must be a number from 1 to 65535");
  }
  url.shown_port = url.port == default_port ? uint16_t{0} : url.port;
  return url;
}

}  // namespace ovoc::conformance
