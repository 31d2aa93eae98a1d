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
       "a.ini:2: WSTunSecured: found '0', allowed 1 (this is a certified "
       "build)"},
      {"WSTunVerifyPeer = 0",
       "a.ini:2: WSTunVerifyPeer: found '0', allowed 1 (this is a certified "
       "build)"},
      {"WSTunVerifyHostName = 0",
       "a.ini:2: WSTunVerifyHostName: found '0', allowed 1 (this is a "
       "certified build)"},
      {"WSTunPeerToPeer = 1",
       "a.ini:2: WSTunPeerToPeer: found '1', allowed 0 (this is a certified "
       "build)"},
      {"WSTunPassword = 123456",
       "a.ini:2: WSTunPassword: found the documented default password, allowed "
       "a password of at least 12 characters that is not OVOC's documented "
       "default "
       "(this is a certified build)"},
      {"WSTunPassword = elevenbytes",
       "a.ini:2: WSTunPassword: found a password of 11 characters, allowed a "
       "password of at least 12 characters that is not OVOC's documented "
       "default "
       "(this is a certified build)"},
      {"WSTunPassword = twelve bytes", ""},
      {"WSTunPassword = \u00e9\u00e9\u00e9\u00e9\u00e9\u00e9",
       "a.ini:2: WSTunPassword: found a password of 6 characters, allowed a "
       "password of at least 12 characters that is not OVOC's documented "
       "default "
       "(this is a certified build)"},
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
      "a.ini:2: WSTunPasswordFile: found a password of 5 characters"));
}

TEST(SecurityPolicyTest, NeverShowsThePassword) {
  EXPECT_FALSE(
      absl::StrContains(Refusal("WSTunPassword = elevenbytes"), "elevenbytes"));
}

TEST(SecurityPolicyTest, CertifiedNamesAllThatItRefuses) {
  EXPECT_EQ(Refusal("WSTunPeerToPeer = 1\nWSTunVerifyPeer = 0\n"
                    "WSTunPassword = 123456\n"),
            "a.ini:2: WSTunPeerToPeer: found '1', allowed 0 (this is a "
            "certified build)\n"
            "a.ini:3: WSTunVerifyPeer: found '0', allowed 1 (this is a "
            "certified build)\n"
            "a.ini:4: WSTunPassword: found the documented default password, "
            "allowed a password of at least 12 characters that is not OVOC's "
            "documented default (this is a certified build)");
}

}  // namespace
}  // namespace ovoc::tunnel
