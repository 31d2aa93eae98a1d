// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/shown_value.h"

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(ShownValueTest, SecretsAreHidden) {
  EXPECT_EQ(ShownValue("WSTunPassword", "secret"), "(hidden)");
  EXPECT_EQ(ShownValue("WSTunPassword", ""), "(hidden)");
  EXPECT_EQ(ShownValue("WSTunProxy", "http://user:secret@proxy.example:3128"),
            "http://(hidden)@proxy.example:3128");
  EXPECT_EQ(ShownValue("WSTunProxy", "https://user:secret@proxy.example:8443"),
            "https://(hidden)@proxy.example:8443");
  EXPECT_EQ(ShownValue("WSTunProxy", "user:secret@proxy.example"), "(hidden)");
}

TEST(ShownValueTest, AllElseIsShown) {
  EXPECT_EQ(ShownValue("WSTunServer", "ovoc.example"), "ovoc.example");
  EXPECT_EQ(ShownValue("WSTunPasswordFile", "/etc/p"), "/etc/p");
  EXPECT_EQ(ShownValue("WSTunUsername", "VPN"), "VPN");
  EXPECT_EQ(ShownValue("WSTunProxy", "none"), "none");
  EXPECT_EQ(ShownValue("WSTunProxy", "environment"), "environment");
  EXPECT_EQ(ShownValue("WSTunProxy", "http://[2001:db8::1]:3128"),
            "http://[2001:db8::1]:3128");
}

TEST(ShownValueTest, WhatWasShownIsNoValue) {
  EXPECT_TRUE(IsShownSecret("WSTunPassword", "(hidden)"));
  EXPECT_TRUE(IsShownSecret("WSTunProxy", "(hidden)"));
  EXPECT_TRUE(
      IsShownSecret("WSTunProxy", "http://(hidden)@proxy.example:3128"));
  EXPECT_FALSE(IsShownSecret("WSTunPassword", "hidden"));
  EXPECT_FALSE(IsShownSecret("WSTunPassword", "not (hidden)"));
  EXPECT_FALSE(IsShownSecret("WSTunUsername", "(hidden)"));
}

}  // namespace
}  // namespace ovoc::tunnel
