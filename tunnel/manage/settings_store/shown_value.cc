// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/shown_value.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tunnel/settings/proxy_url.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kPassword = "WSTunPassword";
constexpr absl::string_view kProxy = "WSTunProxy";

std::string ShownProxy(absl::string_view value) {
  if (value == "none" || value == "environment") {
    return std::string(value);
  }
  const ProxyUrlResult read = ParseProxyUrl(value);
  if (!read.url.has_value()) {
    return std::string(kHiddenValue);
  }
  return absl::StrCat(
      read.url->secured ? "https://" : "http://",
      read.url->has_login() ? absl::StrCat(kHiddenValue, "@") : "",
      read.url->Endpoint());
}

}  // namespace

std::string ShownValue(absl::string_view name, absl::string_view value) {
  if (name == kPassword) {
    return std::string(kHiddenValue);
  }
  return name == kProxy ? ShownProxy(value) : std::string(value);
}

bool IsShownSecret(absl::string_view name, absl::string_view value) {
  return (name == kPassword && value == kHiddenValue) ||
         (name == kProxy && absl::StrContains(value, kHiddenValue));
}

}  // namespace ovoc::tunnel
