// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/logins.h"

#include <string>

#include "absl/strings/match.h"
#include "auth/secret.h"
#include "gtest/gtest.h"
#include "tunnel/settings/proxy_url.h"

namespace ovoc::tunnel {
namespace {

std::string Value(const auth::BasicCredentials& credentials) {
  return std::string(credentials.AuthorizationValue().Reveal(
      auth::InsecureSecretAccess::Get()));
}

TEST(LoginsTest, TheServersLoginTakesThePasswordOutOfTheSettings) {
  Settings settings;
  settings.username = "Aladdin";
  settings.password = auth::Secret::FromString("open sesame");
  NamedErrors errors(settings);
  const auto login = TakeServerLogin(&settings, &errors);
  ASSERT_NE(login, nullptr);
  EXPECT_EQ(Value(*login), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_TRUE(settings.password.empty());
  EXPECT_TRUE(errors.ToStatus().ok());
  EXPECT_EQ(TakeServerLogin(&settings, &errors), nullptr)
      << "there is no password any more";
}

TEST(LoginsTest, TheProxysLoginTakesThePasswordOutOfTheSettings) {
  Settings settings;
  NamedErrors errors(settings);
  EXPECT_EQ(TakeProxyLogin(&settings, &errors), nullptr) << "no proxy";
  settings.proxy = ParseProxyUrl("http://proxy:3128").url;
  EXPECT_EQ(TakeProxyLogin(&settings, &errors), nullptr) << "no login";
  settings.proxy = ParseProxyUrl("http://Aladdin:open%20sesame@proxy:3128").url;
  const auto login = TakeProxyLogin(&settings, &errors);
  ASSERT_NE(login, nullptr);
  EXPECT_EQ(Value(*login), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_TRUE(settings.proxy->password.empty());
  EXPECT_EQ(settings.proxy->user, "Aladdin") << "still known to have a login";
  EXPECT_TRUE(errors.ToStatus().ok());
}

TEST(LoginsTest, WhatBasicCannotHoldIsAnErrorWithoutThePassword) {
  Settings settings;
  settings.username = "a:b";
  settings.password = auth::Secret::FromString("Joshua-5");
  NamedErrors errors(settings);
  EXPECT_EQ(TakeServerLogin(&settings, &errors), nullptr);
  const std::string message(errors.ToStatus().message());
  EXPECT_TRUE(absl::StrContains(message, "WSTunUsername")) << message;
  EXPECT_FALSE(absl::StrContains(message, "Joshua")) << message;
}

}  // namespace
}  // namespace ovoc::tunnel
