// SPDX-License-Identifier: Apache-2.0
#include "auth/request_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace ovoc::auth {
namespace {

bool IsHostChar(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::StrContains("-._", c);
}

bool IsIpv6Char(char c) {
  return absl::ascii_isxdigit(static_cast<unsigned char>(c)) || c == ':' ||
         c == '.';
}

bool IsUserAgentChar(char c) {
  return absl::ascii_isprint(static_cast<unsigned char>(c));
}

}  // namespace

absl::Status CheckRequestText(absl::string_view what, absl::string_view text,
                              size_t limit, bool (*allowed)(char),
                              absl::string_view section) {
  if (text.size() > limit) {
    return absl::InvalidArgumentError(absl::StrCat(
        what, ": at most ", limit, " bytes are allowed, found ", text.size()));
  }
  const auto* bad =
      std::find_if_not(text.data(), text.data() + text.size(), allowed);
  if (bad != text.data() + text.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        what, ": byte 0x",
        absl::Hex(static_cast<unsigned char>(*bad), absl::kZeroPad2),
        " is not allowed (", section, "); it is at position ",
        bad - text.data() + 1));
  }
  return absl::OkStatus();
}

absl::Status CheckRequestHost(absl::string_view host) {
  if (host.empty()) {
    return absl::InvalidArgumentError("host: must not be empty (RFC 9112 3.2)");
  }
  if (host.front() != '[') {
    return CheckRequestText("host", host, kMaxHostBytes, IsHostChar,
                            "RFC 3986 3.2.2; put an IPv6 address in brackets");
  }
  if (host.size() < 4 || host.back() != ']') {
    return absl::InvalidArgumentError(
        "host: an IPv6 address must end with a bracket (RFC 3986 3.2.2)");
  }
  return CheckRequestText("host in brackets", host.substr(1, host.size() - 2),
                          kMaxHostBytes, IsIpv6Char, "RFC 3986 3.2.2");
}

absl::Status CheckUserAgent(absl::string_view user_agent) {
  return CheckRequestText("user agent", user_agent, kMaxUserAgentBytes,
                          IsUserAgentChar, "RFC 9110 5.5");
}

}  // namespace ovoc::auth
