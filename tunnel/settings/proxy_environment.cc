// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/proxy_environment.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "tunnel/settings/proxy_url.h"

namespace ovoc::tunnel {
namespace {

// As atoi(3), which curl uses: digits, and 0 without one.
size_t LengthOf(absl::string_view text) {
  size_t length = 0;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c)) || length > 999) {
      break;
    }
    length = length * 10 + static_cast<size_t>(c - '0');
  }
  return length;
}

std::string BytesOf(const netif::IpAddress& address) {
  if (!address.is_v4()) {
    const absl::Span<const uint8_t> bytes = address.bytes();
    return std::string(bytes.begin(), bytes.end());
  }
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) {
    bytes.push_back(static_cast<char>(address.v4().value() >> shift));
  }
  return bytes;
}

// ADDRESS or ADDRESS/LENGTH; a length of 0 counts as none.
bool CoversAddress(absl::string_view pattern, const netif::IpAddress& address) {
  const size_t slash = std::min(pattern.find('/'), pattern.size());
  const auto network = netif::IpAddress::Parse(pattern.substr(0, slash));
  const size_t written =
      slash < pattern.size() ? LengthOf(pattern.substr(slash + 1)) : 0;
  const std::string host = BytesOf(address);
  const size_t length = written == 0 ? host.size() * 8 : written;
  if (!network.has_value() || network->is_v4() != address.is_v4() ||
      length > host.size() * 8) {
    return false;
  }
  const std::string other = BytesOf(*network);
  for (size_t bit = 0; bit < length; ++bit) {
    const int difference = host[bit / 8] ^ other[bit / 8];
    if ((difference >> (7 - bit % 8) & 1) != 0) {
      return false;
    }
  }
  return true;
}

bool CoversName(absl::string_view pattern, absl::string_view name) {
  absl::ConsumeSuffix(&pattern, ".");
  absl::ConsumePrefix(&pattern, ".");
  if (!absl::EndsWithIgnoreCase(name, pattern)) {
    return false;
  }
  const size_t rest = name.size() - pattern.size();
  return rest == 0 || name[rest - 1] == '.';
}

}  // namespace

absl::Status UseProxyEnvironment(const ProxyEnvironment& environment,
                                 Settings* settings) {
  const absl::string_view text =
      environment.proxy.Reveal(auth::InsecureSecretAccess::Get());
  if (!settings->proxy_from_environment || text.empty()) {
    return absl::OkStatus();
  }
  ProxyUrlResult result = ParseProxyUrl(text, ProxyUrlForm::kCurl);
  if (!result.url.has_value()) {
    return SettingProblem(
        *settings, "WSTunProxy",
        absl::StrCat("the value of HTTPS_PROXY in the environment, of ",
                     text.size(), " bytes, ", result.problem),
        result.remedy);
  }
  const std::optional<netif::IpAddress>& address = result.url->address;
  if (address.has_value() && address->is_v4() &&
      settings->overlay.Contains(address->v4())) {
    return SettingProblem(
        *settings, "WSTunProxy",
        absl::StrCat("HTTPS_PROXY in the environment has ", address->ToString(),
                     ", which is inside WSTunOverlay"),
        "use a proxy outside the tunnel");
  }
  settings->proxy = std::move(result.url);
  settings->no_proxy = environment.no_proxy;
  return absl::OkStatus();
}

bool IsExempt(absl::string_view no_proxy, const ServerHost& host) {
  if (no_proxy == "*") {
    return true;
  }
  const absl::string_view name = absl::StripSuffix(host.name, ".");
  for (const absl::string_view pattern :
       absl::StrSplit(no_proxy, absl::ByAnyChar(", \t"), absl::SkipEmpty())) {
    if (host.address.has_value() ? CoversAddress(pattern, *host.address)
                                 : CoversName(pattern, name)) {
      return true;
    }
  }
  return false;
}

bool IsDirect(const Settings& settings, const ServerHost& server) {
  return !settings.proxy.has_value() || IsExempt(settings.no_proxy, server);
}

}  // namespace ovoc::tunnel
