// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_ini.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

// "1:A=b 3:C=d", with "!4" behind it when line 4 is bad.
std::string Read(absl::string_view text) {
  const NaiveIni ini = ReadNaiveIni(text);
  std::string read;
  for (const NaiveIniLine& line : ini.lines) {
    absl::StrAppend(&read, read.empty() ? "" : " ", line.line, ":", line.name,
                    "=", line.value);
  }
  return ini.good ? read : absl::StrCat(read, "!", ini.line);
}

struct Case {
  absl::string_view text;
  absl::string_view read;
};

constexpr Case kCases[] = {
    {"", ""},
    {"\n\n", ""},
    {"A=b", "1:A=b"},
    {"\xEF\xBB\xBF"
     "A = b\r\n\tC_1\t=\td \r\n",
     "1:A=b 2:C_1=d"},
    {"; c\n[s] ; c\n  \nA = b ; c\n", "4:A=b"},
    {"A = b;c", "1:A=b;c"},
    {"A =;c", "1:A=;c"},
    {"A = ;c", "1:A="},
    {"A =", "1:A="},
    {"A = 'b ;c ' ; d", "1:A=b ;c "},
    {"A = ''", "1:A="},
    {"A = b'c", "1:A=b'c"},
    {"A = b = c", "1:A=b = c"},
    {"A\nB = c", "!1"},
    {"B = c\nA", "1:B=c!2"},
    {"= c", "!1"},
    {"A B = c", "!1"},
    {"A = 'b", "!1"},
    {"A = 'b' c", "!1"},
    {"[s", "!1"},
    {"[s] A", "!1"},
    {"A = b\x01", "!1"},
    {"A = b\r\r\n", "!1"},
    {"\n\nA = \x7f", "!3"},
    {"A = \xC3\xA4", "1:A=\xC3\xA4"},
};

TEST(NaiveIniTest, ReadsWhatADeviceWritesAndNothingElse) {
  for (const Case& c : kCases) {
    EXPECT_EQ(Read(c.text), c.read) << c.text;
  }
}

TEST(NaiveIniTest, HoldsTheLimits) {
  const std::string name(64, 'N');
  EXPECT_EQ(Read(absl::StrCat(name, "=")), absl::StrCat("1:", name, "="));
  EXPECT_EQ(Read(absl::StrCat(name, "N=")), "!1");
  EXPECT_TRUE(ReadNaiveIni(std::string(1024, ' ') + "\r\n").good);
  EXPECT_FALSE(ReadNaiveIni(std::string(1025, ' ') + "\r\n").good);
}

TEST(HidePasswordTest, HidesWhatStandsBehindTheName) {
  EXPECT_EQ(HidePassword("WSTunPassword = 'a1;'\r\nWSTunMtu = 12"),
            "WSTunPassword = 'xx;'\r\nWSTunMtu = 12");
  EXPECT_EQ(HidePassword(" wstunpassword secret\n"), " wstunpassword xxxxxx\n");
  EXPECT_EQ(HidePassword("\xEF\xBB\xBFWSTunPassword=a"),
            "\xEF\xBB\xBFWSTunPassword=x");
}

TEST(HidePasswordTest, LeavesOtherLinesAlone) {
  for (const char* text :
       {"WSTunPasswordFile = /a", "WSTunPasswor = a", "WSTunPassword\xff=a", "",
        "\n \n", "; WSTunPassword = a"}) {
    EXPECT_EQ(HidePassword(text), text);
  }
}

}  // namespace
}  // namespace ovoc::fuzz
