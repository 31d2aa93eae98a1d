// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/insecure_settings.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "gtest/gtest.h"
#include "tunnel/settings/proxy_url.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

std::string Show(const Settings& settings) {
  std::string text;
  for (const InsecureSetting& setting : InsecureSettings(settings)) {
    absl::StrAppend(&text, text.empty() ? "" : " ", setting.name, "=",
                    setting.value);
  }
  return text;
}

TEST(InsecureSettingsTest, AreNoneByDefault) {
  EXPECT_EQ(Show(Settings()), "");
}

TEST(InsecureSettingsTest, NameEachSwitchByItself) {
  Settings plain;
  plain.secured = false;
  EXPECT_EQ(Show(plain), "WSTunSecured=0");
  Settings unverified;
  unverified.verify_peer = false;
  EXPECT_EQ(Show(unverified), "WSTunVerifyPeer=0");
  Settings any_name;
  any_name.verify_host_name = false;
  EXPECT_EQ(Show(any_name), "WSTunVerifyHostName=0");
  Settings peers;
  peers.peer_to_peer = true;
  EXPECT_EQ(Show(peers), "WSTunPeerToPeer=1");
  Settings proxy;
  proxy.proxy = ParseProxyUrl("http://u:p@proxy:3128").url;
  EXPECT_EQ(Show(proxy), "WSTunProxy=login without TLS");
  proxy.proxy = ParseProxyUrl("http://proxy:3128").url;
  EXPECT_EQ(Show(proxy), "") << "OVOC is verified through it";
  proxy.proxy = ParseProxyUrl("https://u:p@proxy:8443").url;
  EXPECT_EQ(Show(proxy), "") << "the login goes through TLS";
}

TEST(InsecureSettingsTest, NameThemAllTogether) {
  Settings settings;
  settings.password = auth::Secret::FromString("123456");
  settings.secured = false;
  settings.verify_peer = false;
  settings.verify_host_name = false;
  settings.peer_to_peer = true;
  EXPECT_EQ(Show(settings),
            "WSTunPassword=default WSTunSecured=0 WSTunVerifyPeer=0 "
            "WSTunVerifyHostName=0 WSTunPeerToPeer=1");
}

TEST(InsecureSettingsTest, NameTheDefaultPasswordOnlyAndNotItsText) {
  for (const absl::string_view other : {"", "12345", "1234567", "12345 "}) {
    Settings settings;
    settings.password = auth::Secret::FromString(other);
    EXPECT_EQ(Show(settings), "") << other;
  }
  Settings settings;
  settings.password = auth::Secret::FromString("123456");
  EXPECT_EQ(Show(settings), "WSTunPassword=default");
}

}  // namespace
}  // namespace ovoc::tunnel
