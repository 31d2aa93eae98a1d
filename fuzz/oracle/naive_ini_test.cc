// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_ini.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

// "1:A=b 3:C=d", with "!4" behind it when line 4 is bad.
std::string Show(const NaiveIni& ini) {
  std::string read;
  for (const NaiveIniLine& line : ini.lines) {
    absl::StrAppend(&read, read.empty() ? "" : " ", line.line, ":", line.name,
                    "=", line.value);
  }
  for (const int line : ini.bad) {
    absl::StrAppend(&read, "!", line);
  }
  return read;
}

std::string Read(absl::string_view text) { return Show(ReadNaiveIni(text)); }

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
    {"A\nB = c", "2:B=c!1"},
    {"A\n=\nB = c", "3:B=c!1!2"},
    {"A = \"b\"", "!1"},
    {"A = b'", "!1"},
    {"A = \xE2\x80\x98s\xE2\x80\x99", "!1"},
    {"A = \xE3\x80\x8Cs\xE3\x80\x8D", "!1"},
    {"A = \x91s", "!1"},
    {"A = \xC3\xAB", "1:A=\xC3\xAB"},
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
  EXPECT_EQ(Read(std::string(1024, ' ') + "\r\n"), "");
  EXPECT_EQ(Read(std::string(1025, ' ') + "\r\n"), "!1");
}

std::string ReadDevice(absl::string_view text) {
  const NaiveIni ini = ReadNaiveDeviceIni(text);
  std::string shown = Show(ini);
  for (const int count : ini.passed_over) {
    absl::StrAppend(&shown, " ", count);
  }
  return shown;
}

TEST(NaiveDeviceIniTest, PassesOverWhatIsNotOurs) {
  constexpr Case kDeviceCases[] = {
      {"A = 1\nOurs = 2\nB\n", "2:Ours=2 1 0 0 1"},
      {"[ A ]\nFORMAT A_I = A_B;\nA 0 = 1;\nOurs = 1\n[ \\A ]\nOurs = 2",
       "6:Ours=2!4 0 1 2 0"},
      {"FORMAT A = B;\nOurs = 1\n", "!2 0 1 1 0"},
      {"FORMAT A = B;\nOurs = 1\n[ C ]\nOurs = 2", "4:Ours=2!2 0 1 1 0"},
      {"FORMAT A = B;\nOurs = 1\nOurs 0 = 1;\nOurs=2", "!2!4 0 1 3 0"},
      {"[ A ]\nOurs = 1\nB = 2\nFORMAT A = B;\nOurs=2", "!2!5 1 1 1 0"},
      {"[A]\nOurs = 1\n[ \\a ]\nOurs=2", "4:Ours=2!2 0 0 0 0"},
      {"[ A ]\nOurs = 1\n[ \\B ]", "2:Ours=1 0 0 0 0"},
      {"[A Params]\nOurs = 1\nFORMAT A = B;", "2:Ours=1 0 1 0 0"},
      {"FORMAT = 1\n; c\n", " 1 0 0 0"},
      {"Ours\n", "!1 0 0 0 0"},
      {"\n\ufeffOurs = 1\n'Ours' = 1\n'A' = 1\n#Ours\n", "!2!3 0 0 0 2"},
      {"FORMAT A = B;\n\u00a0Ours = 1\n\ufeff;Ours=1\n", "!2 0 1 2 0"},
  };
  for (const Case& c : kDeviceCases) {
    EXPECT_EQ(ReadDevice(c.text), c.read) << c.text;
  }
}

TEST(NaiveDeviceIniTest, HoldsTheLengthOfOurLinesOnly) {
  const std::string value(1024, 'x');
  EXPECT_EQ(ReadDevice(absl::StrCat("Ours=", value)), "!1 0 0 0 0");
  EXPECT_EQ(ReadDevice(absl::StrCat("Our_=", value)),
            absl::StrCat("1:Our_=", value, " 0 0 0 0"));
  EXPECT_EQ(ReadDevice(absl::StrCat("A=", value)), " 1 0 0 0");
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
