// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/proxy_url.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "tunnel/settings/setting_values.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kForm =
    "write it as in http://proxy.example:3128 or "
    "http://user:password@proxy.example:3128";
constexpr absl::string_view kNoUrl =
    "write it as in http://proxy.example:3128, or use none or environment, in "
    "small letters";
constexpr absl::string_view kEncode =
    "write %25 for a %, %40 for an @, %2F for a /";

// curl(1), --proxy
constexpr absl::string_view kCurlPort = "1080";
constexpr absl::string_view kCurlTlsPort = "443";

ProxyUrlResult Wrong(absl::string_view problem,
                     absl::string_view remedy = kForm) {
  return {std::nullopt, problem, remedy};
}

// Removes the scheme; what is wrong with it, or nullopt.
std::optional<ProxyUrlResult> TakeScheme(absl::string_view* text,
                                         ProxyUrlForm form, ProxyUrl* url) {
  const size_t end = text->find("://");
  if (end == absl::string_view::npos) {
    return form == ProxyUrlForm::kCurl
               ? std::nullopt
               : std::optional<ProxyUrlResult>(Wrong(
                     text->empty() ? "is empty"
                                   : "has no http:// or https:// in front",
                     kNoUrl));
  }
  const absl::string_view scheme = text->substr(0, end);
  text->remove_prefix(end + 3);
  url->secured = absl::EqualsIgnoreCase(scheme, "https");
  if (url->secured || absl::EqualsIgnoreCase(scheme, "http")) {
    return std::nullopt;
  }
  return Wrong("has another scheme than http:// or https://",
               "use the URL of an HTTP proxy that supports CONNECT");
}

bool IsHex(char c) {
  return absl::ascii_isxdigit(static_cast<unsigned char>(c));
}

// Whether two hexadecimal digits follow each %.
bool IsEncoded(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' &&
        (text.size() - i < 3 || !IsHex(text[i + 1]) || !IsHex(text[i + 2]))) {
      return false;
    }
  }
  return true;
}

int HexValue(char c) {
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower <= '9' ? lower - '0' : lower - 'a' + 10;
}

// Of a text that IsEncoded.
auth::Secret Decoded(absl::string_view text) {
  return auth::Secret::FromFill(text.size(), [text](absl::Span<char> out) {
    size_t size = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%') {
        out[size++] = static_cast<char>(HexValue(text[i + 1]) * 16 +
                                        HexValue(text[i + 2]));
        i += 2;
      } else {
        out[size++] = text[i];
      }
    }
    return size;
  });
}

std::optional<ProxyUrlResult> TakeLogin(absl::string_view userinfo,
                                        ProxyUrl* url) {
  if (!IsEncoded(userinfo)) {
    return Wrong("has a % that no two hexadecimal digits follow", kEncode);
  }
  const size_t colon = userinfo.find(':');
  if (colon == absl::string_view::npos) {
    return Wrong("has a user name without a password");
  }
  const auth::Secret user = Decoded(userinfo.substr(0, colon));
  url->password = Decoded(userinfo.substr(colon + 1));
  url->user = std::string(user.Reveal(auth::InsecureSecretAccess::Get()));
  if (!IsUserName(url->user)) {
    return Wrong("has a user name that HTTP Basic cannot hold",
                 "use 1 to 255 bytes without ':' or control characters");
  }
  if (!IsPassword(url->password.Reveal(auth::InsecureSecretAccess::Get()))) {
    return Wrong("has a password that HTTP Basic cannot hold",
                 "use 1 to 255 bytes without control characters");
  }
  return std::nullopt;
}

// Cuts HOST:PORT, or [IPv6]:PORT.
std::optional<ProxyUrlResult> TakeHostAndPort(absl::string_view text,
                                              ProxyUrlForm form,
                                              ProxyUrl* url) {
  const bool bracket = absl::StartsWith(text, "[");
  const size_t close = bracket ? text.find(']') : 0;
  if (close == absl::string_view::npos) {
    return Wrong("has a [ without its ]");
  }
  const size_t found = text.find(':', close);
  const bool has_port =
      found != absl::string_view::npos && found + 1 != text.size();
  if (!has_port && (form == ProxyUrlForm::kSetting || found < text.size())) {
    return Wrong("has no port");
  }
  const size_t colon = std::min(found, text.size());
  const absl::string_view host =
      bracket ? text.substr(1, close - 1) : text.substr(0, colon);
  const absl::string_view usual = url->secured ? kCurlTlsPort : kCurlPort;
  const absl::string_view port = has_port ? text.substr(colon + 1) : usual;
  if (!bracket && absl::StrContains(port, ':')) {
    return Wrong("has an IPv6 address without brackets",
                 "write it as in http://[2001:db8::1]:3128");
  }
  const std::optional<int> number = ParseNumber(port, 1, 65535);
  if (!number.has_value()) {
    return Wrong("has a port that is not from 1 to 65535");
  }
  url->host = std::string(host);
  url->port = static_cast<uint16_t>(*number);
  url->address = ParseServerAddress(host);
  const bool good = bracket ? url->address.has_value() && !url->address->is_v4()
                            : url->address.has_value() || IsHostName(host);
  return good && (!bracket || colon == close + 1)
             ? std::nullopt
             : std::optional<ProxyUrlResult>(
                   Wrong("has a host that is neither a unicast address nor a "
                         "host name"));
}

}  // namespace

std::string ProxyUrl::Endpoint() const {
  return address.has_value() && !address->is_v4()
             ? absl::StrCat("[", host, "]:", port)
             : absl::StrCat(host, ":", port);
}

ProxyUrlResult ParseProxyUrl(absl::string_view text, ProxyUrlForm form) {
  ProxyUrl url;
  if (auto wrong = TakeScheme(&text, form, &url)) {
    return *std::move(wrong);
  }
  const size_t end = std::min(text.find_first_of("/?#"), text.size());
  const absl::string_view path = text.substr(end);
  if (form == ProxyUrlForm::kSetting && !path.empty() && path != "/") {
    return Wrong(
        "has something behind the port, or an '@', '/', '?' or '#' "
        "in the password",
        "leave out the path; in a password write %40 for an @, %2F "
        "for a /, %3F for a ?, %23 for a #");
  }
  const absl::string_view authority = text.substr(0, end);
  const size_t at = authority.rfind('@');
  if (at != absl::string_view::npos) {
    if (auto wrong = TakeLogin(authority.substr(0, at), &url)) {
      return *std::move(wrong);
    }
  }
  if (auto wrong = TakeHostAndPort(
          authority.substr(at == absl::string_view::npos ? 0 : at + 1), form,
          &url)) {
    return *std::move(wrong);
  }
  return {std::move(url), "", ""};
}

}  // namespace ovoc::tunnel
