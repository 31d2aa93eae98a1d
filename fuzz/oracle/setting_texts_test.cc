// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/setting_texts.h"

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tunnel/settings/parse_settings.h"

namespace ovoc::fuzz {
namespace {

using tunnel::ParseSettings;
using tunnel::Settings;

constexpr absl::string_view kAll =
    "WSTunServer = ovoc.example\n"
    "WSTunServerPort = 8443\n"
    "WSTunServerPath = /tun?a=b\n"
    "WSTunUsername = it's\n"
    "WSTunPassword = '1;2 '\n"
    "WSTunSecured = 1\n"
    "WSTunVerifyPeer = 0\n"
    "WSTunVerifyHostName = 0\n"
    "TLSTrustedRoots = /a\n"
    "TLSCertificate = /b\n"
    "TLSPrivateKey = /c\n"
    "DNSPriServerIP = 192.0.2.53\n"
    "DNSSecServerIP = 2001:DB8::0:1\n"
    "WSTunVrf = v\n"
    "WSTunInterface = i\n"
    "WSTunMtu = 576\n"
    "WSTunOverlay = 169.254.0.0/18\n"
    "WSTunPeerToPeer = 1\n"
    "WSTunKeepAlive = 5\n"
    "WSTunDeadAfter = 6\n"
    "WSTunReconnectSpread = 7\n";

TEST(SettingTextsTest, EverySettingComesBack) {
  const absl::StatusOr<Settings> settings =
      ParseSettings(kAll, "f", tunnel::IniDialect::kStrict);
  ASSERT_TRUE(settings.ok()) << settings.status();
  const SettingTexts texts = TextsOf(*settings);
  EXPECT_TRUE(AreAsWritten(texts, ReadNaiveIni(kAll)));
  EXPECT_TRUE(AreAllowed(*settings));
  const absl::StatusOr<Settings> again =
      ParseSettings(IniOf(texts), "g", tunnel::IniDialect::kStrict);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(TextsOf(*again), texts);
}

TEST(SettingTextsTest, SeesAValueThatIsNotAsWritten) {
  const absl::StatusOr<Settings> settings =
      ParseSettings(kAll, "f", tunnel::IniDialect::kStrict);
  ASSERT_TRUE(settings.ok()) << settings.status();
  const NaiveIni ini = ReadNaiveIni(kAll);
  const SettingTexts texts = TextsOf(*settings);
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].first == "DNSSecServerIP") {
      continue;  // IPv6: only whether it is there
    }
    SettingTexts wrong = texts;
    wrong[i].second += "x";
    EXPECT_FALSE(AreAsWritten(wrong, ini)) << texts[i].first;
    wrong.erase(wrong.begin() + static_cast<ptrdiff_t>(i));
    EXPECT_FALSE(AreAsWritten(wrong, ini)) << texts[i].first;
  }
}

TEST(SettingTextsTest, SeesADefaultThatIsNone) {
  const NaiveIni ini = ReadNaiveIni("WSTunServer = a\nWSTunPassword = b\n");
  SettingTexts texts = {
      {"WSTunServer", "a"}, {"WSTunPassword", "b"}, {"WSTunMtu", "1500"}};
  EXPECT_TRUE(AreAsWritten(texts, ini));
  texts[2].second = "1499";
  EXPECT_FALSE(AreAsWritten(texts, ini));
  texts[2] = {"TLSTrustedRoots", "/x"};
  EXPECT_FALSE(AreAsWritten(texts, ini));
}

TEST(SettingTextsTest, AnUnconfiguredDnsServerIsNone) {
  const NaiveIni ini = ReadNaiveIni("DNSPriServerIP = 0.0.0.0\n");
  EXPECT_TRUE(AreAsWritten({}, ini));
  EXPECT_FALSE(AreAsWritten({{"DNSPriServerIP", "0.0.0.0"}}, ini));
}

TEST(SettingTextsTest, ADnsServerHasTwoNames) {
  const NaiveIni ini = ReadNaiveIni("DefaultPrimaryDnsServerIp = 192.0.2.1\n");
  EXPECT_TRUE(AreAsWritten({{"DNSPriServerIP", "192.0.2.1"}}, ini));
  EXPECT_FALSE(AreAsWritten({{"DNSPriServerIP", "192.0.2.2"}}, ini));
  EXPECT_FALSE(AreAsWritten({{"DNSSecServerIP", "192.0.2.1"}}, ini));
}

TEST(SettingTextsTest, SeesWhatIsNotAllowed) {
  const auto with = [](void (*change)(Settings*)) {
    absl::StatusOr<Settings> settings =
        ParseSettings(kAll, "f", tunnel::IniDialect::kStrict);
    EXPECT_TRUE(settings.ok());
    change(&*settings);
    return AreAllowed(*settings);
  };
  EXPECT_TRUE(with([](Settings*) {}));
  EXPECT_FALSE(with([](Settings* s) { s->mtu = 575; }));
  EXPECT_FALSE(with([](Settings* s) { s->mtu = 1501; }));
  EXPECT_FALSE(with([](Settings* s) { s->keep_alive = absl::Seconds(18); }));
  EXPECT_FALSE(with([](Settings* s) { s->dead_after = s->keep_alive; }));
  EXPECT_FALSE(with([](Settings* s) { s->username = "a:b"; }));
  EXPECT_FALSE(with([](Settings* s) { s->password_file = "/p"; }));
  EXPECT_FALSE(with([](Settings* s) { s->private_key = ""; }));
  EXPECT_FALSE(with([](Settings* s) { s->vrf = "a b"; }));
  EXPECT_FALSE(with([](Settings* s) { s->interface = "sixteen_letters_"; }));
  EXPECT_FALSE(with([](Settings* s) { s->server = ""; }));
  EXPECT_FALSE(with([](Settings* s) { s->server_path = "a b"; }));
}

TEST(SettingTextsTest, AnErrorNamesALineOfItsFile) {
  EXPECT_TRUE(IsErrorAt("f:2: it is wrong", "f", "a\nb"));
  EXPECT_TRUE(IsErrorAt("f:1: it is wrong", "f", ""));
  EXPECT_FALSE(IsErrorAt("f:3: it is wrong", "f", "a\nb"));
  EXPECT_FALSE(IsErrorAt("f:0: it is wrong", "f", "a\nb"));
  EXPECT_FALSE(IsErrorAt("f: it is wrong", "f", "a\nb"));
  EXPECT_FALSE(IsErrorAt("g:1: it is wrong", "f", "a\nb"));
  EXPECT_FALSE(IsErrorAt("f:1: wrong \n", "f", "a\nb"));
}

TEST(AreErrorsAtTest, TakesOneLineForEach) {
  EXPECT_TRUE(AreErrorsAt("f:1: it is wrong\nf:2: so is this", "f", "a\nb"));
  EXPECT_FALSE(AreErrorsAt("f:1: it is wrong\nf:3: so is this", "f", "a\nb"));
  EXPECT_FALSE(AreErrorsAt("f:1: a\nthere are more errors", "f", "a\nb"));
  std::string errors;
  for (int i = 0; i < 20; ++i) {
    absl::StrAppend(&errors, "f:1: it is wrong\n");
  }
  EXPECT_TRUE(
      AreErrorsAt(absl::StrCat(errors, "there are more errors"), "f", "a"));
  EXPECT_FALSE(AreErrorsAt(absl::StrCat(errors, "f:1: it is wrong"), "f", "a"));
}

}  // namespace
}  // namespace ovoc::fuzz
