// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/proxy_way.h"

#include "auth/secret.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/settings/proxy_url.h"
#include "tunnel/transport/decisions/socket_maker.h"

namespace ovoc::tunnel {
namespace {

TEST(ProxyWayTest, ThereIsNoneWithoutTheSetting) {
  EXPECT_FALSE(ProxyOf(Settings(), nullptr, nullptr).has_value());
}

TEST(ProxyWayTest, HasWhatTheUrlSays) {
  Settings settings;
  settings.proxy = ParseProxyUrl("http://[2001:db8::8]:3128").url;
  const auto proxy = ProxyOf(settings, nullptr, nullptr);
  ASSERT_TRUE(proxy.has_value());
  EXPECT_EQ(proxy->hop.purpose, SocketPurpose::kProxy);
  EXPECT_EQ(proxy->hop.name, "2001:db8::8");
  EXPECT_EQ(proxy->hop.address, netif::IpAddress::Parse("2001:db8::8"));
  EXPECT_EQ(proxy->hop.port, 3128);
  EXPECT_EQ(proxy->endpoint, "[2001:db8::8]:3128");
  EXPECT_EQ(proxy->fallback, AttemptProxy::Fallback::kNone);
  EXPECT_FALSE(proxy->authorization);
}

TEST(ProxyWayTest, HasTheLoginAndTheFallback) {
  Settings settings;
  settings.proxy = ParseProxyUrl("http://u:p@proxy:3128").url;
  settings.proxy_fallback = true;
  const auto login = auth::BasicCredentials::Create(
      "Aladdin", auth::Secret::FromString("open sesame"));
  ASSERT_TRUE(login.ok());
  const auto proxy = ProxyOf(settings, &*login, nullptr);
  ASSERT_TRUE(proxy.has_value());
  EXPECT_EQ(proxy->fallback, AttemptProxy::Fallback::kDirect);
  EXPECT_EQ(proxy->endpoint, "proxy:3128") << "without the login";
  const auto value = proxy->authorization();
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->Reveal(auth::InsecureSecretAccess::Get()),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

}  // namespace
}  // namespace ovoc::tunnel
