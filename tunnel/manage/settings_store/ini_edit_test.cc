// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/ini_edit.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tunnel/settings/ini_file.h"

namespace ovoc::tunnel {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::string Plain(const auth::Secret& text) {
  return std::string(text.Reveal(auth::InsecureSecretAccess::Get()));
}

std::string Set(absl::string_view text, absl::string_view name,
                absl::string_view value) {
  const absl::StatusOr<auth::Secret> changed = SetInText(text, name, value);
  return changed.ok() ? Plain(*changed)
                      : absl::StrCat("error: ", changed.status().message());
}

std::string Unset(absl::string_view text, absl::string_view name) {
  return Plain(UnsetInText(text, name));
}

TEST(IniEditTest, ASettingKeepsItsLineItsSpellingAndItsComment) {
  const struct {
    const char* name;
    const char* before;
    const char* after;
  } kCases[] = {
      {"bare", "WSTunMtu = 1400\n", "WSTunMtu = '1300'\n"},
      {"without spaces", "WSTunMtu=1400", "WSTunMtu='1300'"},
      {"quoted", "WSTunMtu = '1400'\n", "WSTunMtu = '1300'\n"},
      {"with a comment", "WSTunMtu = 1400 ; as agreed\n",
       "WSTunMtu = '1300' ; as agreed\n"},
      {"quoted with a comment", "WSTunMtu = '1400' ; as agreed\n",
       "WSTunMtu = '1300' ; as agreed\n"},
      {"other case", "  wstunmtu = 1400\r\nA = 1\r\n",
       "  wstunmtu = '1300'\r\nA = 1\r\n"},
      {"without a value", "WSTunMtu =\nA = 1\n", "WSTunMtu ='1300'\nA = 1\n"},
      {"among others", "; WSTunMtu = 1\n[X]\nA = 1\nWSTunMtu = 1400\nB = 2\n",
       "; WSTunMtu = 1\n[X]\nA = 1\nWSTunMtu = '1300'\nB = 2\n"},
      {"twice", "WSTunMtu = 1400\nA = 1\nWSTunMtu = 1401\nB = 2\n",
       "WSTunMtu = '1300'\nA = 1\nB = 2\n"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Set(c.before, "WSTunMtu", "1300"), c.after) << c.name;
  }
}

TEST(IniEditTest, AnAliasIsTheSameSetting) {
  EXPECT_EQ(Set("DefaultPrimaryDnsServerIp = 192.0.2.1\n", "DNSPriServerIP",
                "192.0.2.2"),
            "DefaultPrimaryDnsServerIp = '192.0.2.2'\n");
}

TEST(IniEditTest, ANewSettingStandsBehindTheLastOne) {
  const struct {
    const char* name;
    const char* before;
    const char* after;
  } kCases[] = {
      {"nothing", "", "WSTunMtu = '1300'\n"},
      {"none of ours", "; a file\nA = 1\n",
       "WSTunMtu = '1300'\n; a file\nA = 1\n"},
      {"byte-order mark",
       "\xef\xbb\xbf"
       "A = 1\n",
       "\xef\xbb\xbfWSTunMtu = '1300'\nA = 1\n"},
      {"ours", "WSTunServer = a\nWSTunVrf = b\nA = 1\n",
       "WSTunServer = a\nWSTunVrf = b\nWSTunMtu = '1300'\nA = 1\n"},
      {"no line end", "WSTunServer = a",
       "WSTunServer = a\nWSTunMtu = '1300'\n"},
      {"CR LF", "WSTunServer = a\r\nA = 1\r\n",
       "WSTunServer = a\r\nWSTunMtu = '1300'\r\nA = 1\r\n"},
      {"a table", "[ T ]\nFORMAT T_Index = T_A;\nT 0 = 1;\n[ \\T ]\n",
       "WSTunMtu = '1300'\n"
       "[ T ]\nFORMAT T_Index = T_A;\nT 0 = 1;\n[ \\T ]\n"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Set(c.before, "WSTunMtu", "1300"), c.after) << c.name;
  }
}

TEST(IniEditTest, AValueIsReadAsItWasGiven) {
  for (const absl::string_view value :
       {"plain", "with space", " at its ends ", "a;b", "a ; b", "it's",
        "say \"so\"", "#1", "[x]", "=", "a=b", "100%", "pass\\word",
        "\xc3\xa9t\xc3\xa9"}) {
    const std::string text =
        Set("WSTunPassword = old\nA = 1\n", "WSTunPassword", value);
    EXPECT_THAT(ValuesInText(text), ElementsAre(Pair("WSTunPassword", value)));
    EXPECT_TRUE(absl::EndsWith(text, "\nA = 1\n")) << text;
  }
}

TEST(IniEditTest, AValueThatNoIniFileHoldsIsRefusedWithoutShowingIt) {
  for (const std::string& value :
       {std::string("two\nlines"), std::string("bell\a"), std::string("it's ;"),
        std::string("'sq"), std::string("it's "), std::string("a\0b", 3),
        std::string(kMaxIniLineBytes, 'x')}) {
    const absl::StatusOr<auth::Secret> changed =
        SetInText("WSTunPassword = old\n", "WSTunPassword", value);
    ASSERT_EQ(changed.status().code(), absl::StatusCode::kInvalidArgument)
        << value;
    EXPECT_THAT(std::string(changed.status().message()),
                testing::StartsWith("WSTunPassword: this value cannot be "
                                    "written into the settings file; use "));
    EXPECT_THAT(std::string(changed.status().message()),
                testing::HasSubstr("WSTunPasswordFile"));
    EXPECT_FALSE(absl::StrContains(changed.status().message(), value));
  }
}

TEST(IniEditTest, ALineBreakCannotSmuggleASettingIn) {
  EXPECT_TRUE(absl::StartsWith(
      Set("", "WSTunUsername", "x'\nWSTunVerifyPeer = '0"), "error: "));
}

TEST(IniEditTest, ASettingThatIsUnsetLosesAllItsLines) {
  EXPECT_EQ(Unset("A = 1\nWSTunMtu = 1\nB = 2\nwstunmtu = 2", "WSTunMtu"),
            "A = 1\nB = 2\n");
  EXPECT_EQ(Unset("\xef\xbb\xbfWSTunMtu = 1\nB = 2\n", "WSTunMtu"),
            "\xef\xbb\xbf"
            "B = 2\n");
  EXPECT_EQ(Unset("; WSTunMtu = 1\nB = 2\n", "WSTunMtu"),
            "; WSTunMtu = 1\nB = 2\n");
  EXPECT_EQ(Unset("", "WSTunMtu"), "");
}

TEST(IniEditTest, OnlySettingsOutsideTablesAreValues) {
  EXPECT_THAT(ValuesInText("A = 1\nWSTunMtu = 1\n[ T ]\nFORMAT T_Index = X;\n"
                           "WSTunVrf = x\n[ \\T ]\nwstunserver = 'b'\n"
                           "WSTunMtu = 2\n"),
              ElementsAre(Pair("WSTunMtu", "1"), Pair("WSTunServer", "b")));
}

}  // namespace
}  // namespace ovoc::tunnel
