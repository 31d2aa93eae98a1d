// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/proxy_environment.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/settings/setting_values.h"

namespace ovoc::tunnel {
namespace {

Settings FromEnvironment() {
  Settings settings;
  settings.file = "f.ini";
  settings.lines = {{"WSTunProxy", 3}};
  settings.proxy_from_environment = true;
  return settings;
}

ProxyEnvironment Environment(absl::string_view proxy,
                             absl::string_view no_proxy = "") {
  return {auth::Secret::FromString(proxy), std::string(no_proxy)};
}

struct Case {
  absl::string_view no_proxy;
  absl::string_view host;
  bool exempt;
};

// As curl 7.88.1 was seen to decide, but for prefix lengths of IPv6, which it
// documents and does not match.
constexpr Case kCases[] = {
    {"", "ovoc.example", false},
    {"*", "ovoc.example", true},
    {"*,b", "ovoc.example", false},
    {"ovoc.example", "ovoc.example", true},
    {"OVOC.Example", "ovoc.example", true},
    {"example", "ovoc.example", true},
    {".example", "ovoc.example", true},
    {"example.", "ovoc.example", true},
    {".ovoc.example", "ovoc.example", true},
    {"ample", "ovoc.example", false},
    {"a.ovoc.example", "ovoc.example", false},
    {"*.example", "ovoc.example", false},
    {"a, b ,ovoc.example", "ovoc.example", true},
    {"a b ovoc.example", "ovoc.example", true},
    {",,ovoc.example,", "ovoc.example", true},
    {"ovoc.example:443", "ovoc.example", false},
    {"192.0.2.1", "192.0.2.1", true},
    {"192.0.2.1", "192.0.2.2", false},
    {"192.0.2.0/24", "192.0.2.7", true},
    {"192.0.2.0/25", "192.0.2.200", false},
    {"192.0.2.7/32", "192.0.2.7", true},
    {"192.0.2.0/0", "192.0.2.7", false},
    {"192.0.2.7/33", "192.0.2.7", false},
    {"2.7", "192.0.2.7", false},
    {"2001:db8::/32", "2001:db8::7", true},
    {"2001:db8::7", "2001:db8::7", true},
    {"2001:db8::8", "2001:db8::7", false},
    {"2001:db8::/129", "2001:db8::7", false},
    {"192.0.2.0/24", "ovoc.example", false},
};

TEST(ProxyEnvironmentTest, ExemptsWhatCurlExempts) {
  for (const Case& c : kCases) {
    const ServerHost host = {std::string(c.host), ParseServerAddress(c.host)};
    EXPECT_EQ(IsExempt(c.no_proxy, host), c.exempt)
        << c.no_proxy << " of " << c.host;
  }
}

TEST(ProxyEnvironmentTest, IsUsedOnlyWhenTheSettingSaysSo) {
  Settings settings;
  EXPECT_TRUE(UseProxyEnvironment(Environment("http://p:1"), &settings).ok());
  EXPECT_FALSE(settings.proxy.has_value());
  settings = FromEnvironment();
  EXPECT_TRUE(UseProxyEnvironment(Environment(""), &settings).ok());
  EXPECT_FALSE(settings.proxy.has_value()) << "it is not set";
  EXPECT_TRUE(
      UseProxyEnvironment(Environment("u:s3cret@p", "a.example"), &settings)
          .ok());
  ASSERT_TRUE(settings.proxy.has_value());
  EXPECT_EQ(settings.proxy->Endpoint(), "p:1080");
  EXPECT_EQ(settings.proxy->password, auth::Secret::FromString("s3cret"));
  EXPECT_TRUE(IsDirect(settings, {"b.a.example"}));
  EXPECT_FALSE(IsDirect(settings, {"b.example"}));
  EXPECT_TRUE(IsDirect(Settings(), {"b.example"})) << "no proxy";
}

TEST(ProxyEnvironmentTest, SaysWhatIsWrongWithoutAByteOfIt) {
  Settings settings = FromEnvironment();
  const std::string message(
      UseProxyEnvironment(Environment("socks5://u:s3cret@p"), &settings)
          .message());
  EXPECT_TRUE(absl::StartsWith(
      message,
      "f.ini:3: WSTunProxy: the value of HTTPS_PROXY in the environment, of 19 "
      "bytes, has another scheme than http:// or https://; "))
      << message;
  EXPECT_FALSE(absl::StrContains(message, "s3cret"));
  EXPECT_TRUE(absl::StrContains(
      UseProxyEnvironment(Environment("169.254.0.9"), &settings).message(),
      "inside WSTunOverlay"));
  EXPECT_FALSE(settings.proxy.has_value());
}

}  // namespace
}  // namespace ovoc::tunnel
