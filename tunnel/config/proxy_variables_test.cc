// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/proxy_variables.h"

#include <stdlib.h>

#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

class ProxyVariablesTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* const name :
         {"https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"}) {
      unsetenv(name);
    }
  }
  static bool Has(const ProxyEnvironment& environment,
                  absl::string_view proxy) {
    return environment.proxy == auth::Secret::FromString(proxy);
  }
};

TEST_F(ProxyVariablesTest, AreEmptyIfNotSet) {
  const ProxyEnvironment environment = TakeProxyVariables();
  EXPECT_TRUE(environment.proxy.empty());
  EXPECT_EQ(environment.no_proxy, "");
}

TEST_F(ProxyVariablesTest, SmallLettersWinUnlessTheyAreEmpty) {
  setenv("HTTPS_PROXY", "http://b:1", 1);
  setenv("NO_PROXY", "b", 1);
  EXPECT_TRUE(Has(TakeProxyVariables(), "http://b:1"));
  setenv("HTTPS_PROXY", "http://b:1", 1);
  setenv("https_proxy", "", 1);
  setenv("no_proxy", "", 1);
  const ProxyEnvironment upper = TakeProxyVariables();
  EXPECT_TRUE(Has(upper, "http://b:1"));
  EXPECT_EQ(upper.no_proxy, "b");
  setenv("HTTPS_PROXY", "http://b:1", 1);
  setenv("https_proxy", "http://a:1", 1);
  setenv("no_proxy", "a", 1);
  const ProxyEnvironment lower = TakeProxyVariables();
  EXPECT_TRUE(Has(lower, "http://a:1"));
  EXPECT_EQ(lower.no_proxy, "a");
}

TEST_F(ProxyVariablesTest, WhatMayHoldAPasswordIsOverwritten) {
  setenv("https_proxy", "http://u:Joshua-5@a:1", 1);
  setenv("HTTPS_PROXY", "http://u:Joshua-6@b:1", 1);
  const char* const lower = getenv("https_proxy");
  const char* const upper = getenv("HTTPS_PROXY");
  EXPECT_TRUE(Has(TakeProxyVariables(), "http://u:Joshua-5@a:1"));
  for (int i = 0; i < 21; ++i) {
    EXPECT_EQ(lower[i], '\0') << i;
    EXPECT_EQ(upper[i], '\0') << i;
  }
  EXPECT_TRUE(TakeProxyVariables().proxy.empty());
}

}  // namespace
}  // namespace ovoc::tunnel
