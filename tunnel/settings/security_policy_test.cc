// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/security_policy.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tunnel/settings/parse_settings.h"

namespace ovoc::tunnel {
namespace {

constexpr char kGoodPassword[] = "correct horse";

Settings Parse(absl::string_view more) {
  const absl::string_view password =
      absl::StrContains(more, "WSTunPassword") ? "" : kGoodPassword;
  absl::StatusOr<Settings> settings = ParseSettings(
      absl::StrCat("WSTunServer = ovoc.example\n", more, "\n",
                   password.empty() ? "" : "WSTunPassword = ", password, "\n"),
      "a.ini", IniDialect::kStrict);
  EXPECT_TRUE(settings.ok()) << settings.status();
  return *std::move(settings);
}

std::string Refusal(absl::string_view more) {
  return std::string(
      CheckPolicy(Policy::kCertified, Parse(more)).ToStatus().message());
}

TEST(SecurityPolicyTest, HasAWord) {
  EXPECT_EQ(Word(Policy::kCompat), "compat");
  EXPECT_EQ(Word(Policy::kCertified), "certified");
}

TEST(SecurityPolicyTest, CertifiedTakesTheSafeDefaults) {
  EXPECT_EQ(Refusal(""), "");
}

TEST(SecurityPolicyTest, CertifiedRefusesEverySettingThatIsInsecure) {
  struct Case {
    std::string line;
    std::string refusal;
  };
  const std::vector<Case> cases = {
      {"WSTunSecured = 0",
       "a.ini:2: WSTunSecured: '0' is not allowed in a certified "
       "build; use 1"},
      {"WSTunVerifyPeer = 0",
       "a.ini:2: WSTunVerifyPeer: '0' is not allowed in a certified "
       "build; use 1"},
      {"WSTunVerifyHostName = 0",
       "a.ini:2: WSTunVerifyHostName: '0' is not allowed in a "
       "certified build; use 1"},
      {"WSTunPeerToPeer = 1",
       "a.ini:2: WSTunPeerToPeer: '1' is not allowed in a certified "
       "build; use 0"},
      {"WSTunProxy = 'http://u:elevenbytes@proxy:3128'",
       "a.ini:2: WSTunProxy: a login to a proxy without TLS is not allowed in "
       "a certified build; use an https:// proxy, or one that wants no login"},
      {"WSTunProxy = 'https://u:elevenbytes@proxy:8443'", ""},
      {"WSTunProxy = 'http://proxy:3128'", ""},
      {"WSTunPassword = 123456",
       "a.ini:2: WSTunPassword: OVOC's documented default password is not "
       "allowed in a certified build; use a password of at least 12 "
       "characters"},
      {"WSTunPassword = elevenbytes",
       "a.ini:2: WSTunPassword: a password of 11 characters is not allowed in "
       "a certified build; use a password of at least 12 characters"},
      {"WSTunPassword = twelve bytes", ""},
      {"WSTunPassword = \u00e9\u00e9\u00e9\u00e9\u00e9\u00e9",
       "a.ini:2: WSTunPassword: a password of 6 characters is not allowed in "
       "a certified build; use a password of at least 12 characters"},
      {"WSTunPassword = \u00e9\u00e9\u00e9\u00e9\u00e9\u00e9 twelve", ""},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Refusal(c.line), c.refusal);
    EXPECT_TRUE(CheckPolicy(Policy::kCompat, Parse(c.line)).empty()) << c.line;
  }
}

TEST(SecurityPolicyTest, NamesTheFileSettingForAPasswordFromAFile) {
  Settings settings = Parse("WSTunPasswordFile = /etc/password");
  settings.password = auth::Secret::FromString("short");
  EXPECT_TRUE(absl::StartsWith(
      CheckPolicy(Policy::kCertified, settings).ToStatus().message(),
      "a.ini:2: WSTunPasswordFile: a password of 5 characters"));
}

TEST(SecurityPolicyTest, NeverShowsThePassword) {
  EXPECT_FALSE(
      absl::StrContains(Refusal("WSTunPassword = elevenbytes"), "elevenbytes"));
}

TEST(SecurityPolicyTest, CertifiedNamesAllThatItRefuses) {
  EXPECT_EQ(Refusal("WSTunPeerToPeer = 1\nWSTunVerifyPeer = 0\n"
                    "WSTunPassword = 123456\n"),
            "a.ini:2: WSTunPeerToPeer: '1' is not allowed in a "
            "certified build; use 0\n"
            "a.ini:3: WSTunVerifyPeer: '0' is not allowed in a "
            "certified build; use 1\n"
            "a.ini:4: WSTunPassword: OVOC's documented default password is not "
            "allowed in a certified build; use a password of at least 12 "
            "characters");
}

}  // namespace
}  // namespace ovoc::tunnel
