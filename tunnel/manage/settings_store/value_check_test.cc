// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/value_check.h"

#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string Message(const absl::Status& status) {
  return std::string(status.message());
}

// A good value of each setting, at the edge of what goes with the others.
const std::map<absl::string_view, absl::string_view>& GoodValues() {
  static const auto* const kValues =
      new std::map<absl::string_view, absl::string_view>{
          {"WSTunServer", "ovoc.example,192.0.2.1"},
          {"WSTunServerRevert", "1"},
          {"WSTunServerPort", "65535"},
          {"WSTunServerPath", "/tun"},
          {"WSTunUsername", "VPN"},
          {"WSTunPassword", "it's"},
          {"WSTunPasswordFile", "/etc/password"},
          {"WSTunSecured", "0"},
          {"WSTunVerifyPeer", "0"},
          {"WSTunVerifyHostName", "0"},
          {"TLSTrustedRoots", "/etc/roots.pem"},
          {"TLSCertificate", "/etc/certificate.pem"},
          {"TLSPrivateKey", "/etc/key.pem"},
          {"WSTunProxy", "http://user:secret@proxy.example:3128"},
          {"WSTunProxyRoots", "/etc/proxy.pem"},
          {"WSTunProxyFallback", "1"},
          {"DNSPriServerIP", "0.0.0.0"},
          {"DNSSecServerIP", "2001:db8::1"},
          {"WSTunVrf", "main-vrf"},
          {"WSTunInterface", "ovoc0"},
          {"WSTunMtu", "576"},
          {"WSTunOverlay", "169.254.0.0/16"},
          {"WSTunPeerToPeer", "1"},
          {"WSTunKeepAlive", "17"},
          {"WSTunDeadAfter", "5"},
          {"WSTunReconnectSpread", "300"},
      };
  return *kValues;
}

TEST(ValueCheckTest, AGoodValueOfEachSettingIsAllowedByItself) {
  for (const absl::string_view name : SettingNames()) {
    const absl::string_view own = FindSettingRule(name)->name;
    ASSERT_TRUE(GoodValues().contains(own)) << own;
    EXPECT_EQ(Message(CheckSettingName(name)), "");
    EXPECT_EQ(Message(CheckValue(name, GoodValues().at(own))), "") << name;
  }
}

TEST(ValueCheckTest, AWrongValueIsTheParsersMessage) {
  EXPECT_EQ(
      Message(CheckValue("wstunserverport", "70000")),
      "WSTunServerPort: '70000' is not valid; use 0 to 65535 (0 means 443, "
      "or 80 without WSTunSecured)");
  EXPECT_THAT(Message(CheckValue("WSTunServer", "https://ovoc.example/")),
              StartsWith("WSTunServer: 'https://ovoc.example/' "));
  EXPECT_THAT(Message(CheckValue("WSTunServer", "169.254.0.1")),
              HasSubstr("OVOC's address inside the tunnel"));
  EXPECT_THAT(Message(CheckValue("WSTunMtu", "")),
              StartsWith("WSTunMtu: '' is not valid; use 576 to 1500"));
}

TEST(ValueCheckTest, EachSettingRefusesAControlByte) {
  for (const absl::string_view name : SettingNames()) {
    const absl::Status status = CheckValue(name, "a\nb");
    EXPECT_TRUE(absl::StartsWith(
        status.message(),
        absl::StrCat(FindSettingRule(name)->name, ": this value cannot be")))
        << status;
  }
}

TEST(ValueCheckTest, NoMessageHasAPassword) {
  const std::string password(300, 's');
  EXPECT_EQ(Message(CheckValue("WSTunPassword", password)),
            "WSTunPassword: a value of 300 bytes is not valid; use 1 to 255 "
            "bytes without control characters");
  EXPECT_THAT(Message(CheckValue("WSTunProxy", "http://u:sesame@proxy")),
              Not(HasSubstr("sesame")));
}

TEST(ValueCheckTest, WhatStandsForASecretIsNoSecret) {
  EXPECT_EQ(Message(CheckValue("WSTunPassword", "(hidden)")),
            "WSTunPassword: '(hidden)' stands for a secret that is not shown; "
            "leave the setting as it is, or type the secret itself");
}

TEST(ValueCheckTest, AnUnknownNameNamesTheNearest) {
  EXPECT_EQ(Message(CheckSettingName("WSTunServerPot")),
            "WSTunServerPot: unknown setting; did you mean WSTunServerPort?");
  EXPECT_THAT(Message(CheckSettingName("Colour")),
              StartsWith("Colour: unknown setting; use one of WSTunServer "));
  EXPECT_THAT(Message(CheckSettingName("")), HasSubstr("unknown setting"));
  EXPECT_THAT(Message(CheckSettingName("a\x1b[0m\n")),
              StartsWith("a\\x1b[0m\\x0a: unknown"));
}

}  // namespace
}  // namespace ovoc::tunnel
