// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_ini.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
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
    {"A = \xC2\xA0s", "!1"},
    {"A = s\xC2\xA0", "!1"},
    {"A = 's\xC2\xA0'", "!1"},
    {"A = s\xC2\xA0s", "1:A=s\xC2\xA0s"},
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

// UTF-8 of a character of two or three octets (RFC 3629 3).
std::string Utf8(uint32_t number) {
  const auto tail = [](uint32_t bits) {
    return std::string(1, static_cast<char>(0x80 | (bits & 0x3F)));
  };
  if (number < 0x800) {
    return std::string(1, static_cast<char>(0xC0 | number >> 6)) + tail(number);
  }
  return std::string(1, static_cast<char>(0xE0 | number >> 12)) +
         tail(number >> 6) + tail(number);
}

// A value that begins or ends with this is refused if it is a quote.
void ExpectQuote(const std::string& text, bool is_quote) {
  EXPECT_EQ(Read(absl::StrCat("A = ", text, "b")) == "!1", is_quote) << text;
  EXPECT_EQ(Read(absl::StrCat("A = b", text)) == "!1", is_quote) << text;
  EXPECT_EQ(Read(absl::StrCat("A = ", text)) == "!1", is_quote) << text;
  EXPECT_NE(Read(absl::StrCat("A = b", text, "c")), "!1") << text;
}

struct Range {
  uint32_t first;
  uint32_t last;
};

// Unicode's Quotation_Mark (PropList.txt), but for the plain ones, with primes,
// the acute accent, the letter apostrophe and the ornaments of Dingbats.
constexpr Range kQuotationMarks[] = {
    {0xAB, 0xAB},     {0xB4, 0xB4},     {0xBB, 0xBB},     {0x2BC, 0x2BC},
    {0x2018, 0x201F}, {0x2032, 0x2037}, {0x2039, 0x203A}, {0x275B, 0x275E},
    {0x2E42, 0x2E42}, {0x300C, 0x300F}, {0x301D, 0x301F}, {0xFE41, 0xFE44},
    {0xFF02, 0xFF02}, {0xFF07, 0xFF07}, {0xFF62, 0xFF63},
};

TEST(NaiveIniTest, KnowsTheQuotationMarksOfUnicodeAndNoOtherSign) {
  const auto is_quote = [](uint32_t number) {
    return std::any_of(std::begin(kQuotationMarks), std::end(kQuotationMarks),
                       [number](const Range& range) {
                         return range.first <= number && number <= range.last;
                       });
  };
  for (uint32_t number = 0xA0; number < 0x10000; ++number) {
    // Everything near one, and every 97th of the others.
    if (is_quote(number) || is_quote(number - 1) || is_quote(number + 1) ||
        number % 97 == 0) {
      ExpectQuote(Utf8(number), is_quote(number));
    }
  }
}

TEST(NaiveIniTest, KnowsThePlainQuotesAndThoseOfWindows) {
  EXPECT_EQ(Read("A = \""), "!1");
  EXPECT_EQ(Read("A = `b"), "!1");
  EXPECT_EQ(Read("A = b`"), "!1");
  EXPECT_EQ(Read("A = b\""), "!1");
  EXPECT_EQ(Read("A = b\"c`d'e"), "1:A=b\"c`d'e");
  const absl::string_view windows =
      "\x82\x84\x8B\x91\x92\x93\x94\x9B\xAB\xB4\xBB";
  for (int byte = 0x80; byte < 0x100; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    const bool is_quote = windows.find(one[0]) != absl::string_view::npos;
    EXPECT_EQ(Read("A = " + one + "b") == "!1", is_quote) << byte;
    EXPECT_EQ(Read("A = b" + one) == "!1", is_quote) << byte;
    EXPECT_NE(Read("A = b" + one + "c"), "!1") << byte;
    // Behind another byte that is not ASCII it is part of a character.
    EXPECT_NE(Read("A = b\xC3" + one), "!1") << byte;
  }
}

TEST(NaiveIniTest, KnowsWhichBytesANameHas) {
  for (int byte = 1; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const std::string name(2, c);
    const bool in_name = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                         (c >= 'a' && c <= 'z') || c == '_';
    const bool no_name = c == ';' || c == '\n' || c == ' ' || c == '\t';
    if (!no_name) {
      EXPECT_EQ(Read(name + "=b"),
                in_name ? absl::StrCat("1:", name, "=b") : "!1")
          << byte;
    }
    // In a value only control bytes are wrong, and a tab is none.
    const bool is_control = (byte < 32 && c != '\t') || byte == 127;
    if (c != '\n') {
      EXPECT_EQ(Read(absl::StrCat("A=b", std::string(1, c), "c")) == "!1",
                is_control)
          << byte;
    }
  }
}

constexpr Case kMoreCases[] = {
    {"[]", ""},
    {"[ a b ; c ]", ""},
    {"[a] ;b", ""},
    {"[a];b", ""},
    {"[a]]", "!1"},
    {"[a]b", "!1"},
    {"[", "!1"},
    {"]", "!1"},
    {" [a]\nB=c", "2:B=c"},
    {"A=b\r", "1:A=b"},
    {"\r", ""},
    {"\r\n\r\nA=b", "3:A=b"},
    {"A=b\rC=d", "!1"},
    {"\xEF\xBB\xBF", ""},
    {"A=b\n\ufeffC=d", "1:A=b!2"},
    {"\ufeff\ufeffC=d", "!1"},
    {"\xEF\xBB\nA=b", "2:A=b!1"},
    {"A='b'", "1:A=b"},
    {"A='b';c", "1:A=b"},
    {"A='b'\t ; c", "1:A=b"},
    {"A='b' 'c'", "!1"},
    {"A='''", "!1"},
    {"A='b\"`'", "1:A=b\"`"},
    {"A='\u2018'", "1:A=\u2018"},
    {"A=b\t;c", "1:A=b"},
    {"A=b;c ;d;e", "1:A=b;c"},
    {"A= ;b", "1:A="},
    {"A=b 'c' d", "1:A=b 'c' d"},
    {"A==b", "1:A==b"},
    {"A=b\nA=c", "1:A=b 2:A=c"},
};

TEST(NaiveIniTest, ReadsTheEdgesOfEachForm) {
  for (const Case& c : kMoreCases) {
    EXPECT_EQ(Read(c.text), c.read) << c.text;
  }
}

TEST(NaiveIniTest, NotesWhetherACommentStandsBehindAValue) {
  const auto has_comment = [](absl::string_view text) {
    const NaiveIni ini = ReadNaiveIni(text);
    EXPECT_EQ(ini.lines.size(), 1u) << text;
    return ini.lines.size() == 1 && ini.lines[0].comment;
  };
  EXPECT_TRUE(has_comment("A = b ; c"));
  EXPECT_TRUE(has_comment("A = ;"));
  EXPECT_FALSE(has_comment("A = b;c"));
  EXPECT_FALSE(has_comment("A =;"));
  EXPECT_FALSE(has_comment("A = 'b' ; c")) << "with quotes it is clear";
}

TEST(NaiveDeviceIniTest, KnowsTablesTitlesAndWhatHidesAName) {
  constexpr Case kDeviceCases[] = {
      {"[ A ]\nFORMAT A_I = B;\nA 0 = 1;\nA 1 = 2;\n[ \\A ]\n", " 0 1 2 0"},
      {"format A = B;\nOurs = 1\n", "!2 0 1 1 0"},
      {"FORMAT\nOurs = 1\n", "2:Ours=1 0 0 0 1"},
      {"FORMATS A = B;\nOurs = 1\n", "2:Ours=1 0 0 0 1"},
      {"FORMAT = A\nOurs = 1\n", "2:Ours=1 1 0 0 0"},
      {"[ A ]\nFORMAT A = B;\n[ C ]\nOurs = 1\n", "4:Ours=1 0 1 0 0"},
      {"[ A ]\nFORMAT A = B;\n; Ours = 1\n\nOurs 0 = 1;\n", " 0 1 1 0"},
      {"[ A ]\nOurs = 1\nOurs2 = 2\n[ \\A ]\nOurs = 3", "5:Ours=3!2!3 0 0 0 0"},
      {"[ A ]\nOurs = 1\n[ B ]\nFORMAT B = C;\n", "2:Ours=1 0 1 0 0"},
      {"[A Params]\nOurs = 1\n[ \\A Params ]\n", "2:Ours=1 0 0 0 0"},
      {"Ours = 1\nFORMAT A = B;\n", "1:Ours=1 0 1 0 0"},
      {"our = 1\nOURSELVES = 2\n", "1:our=1 2:OURSELVES=2 0 0 0 0"},
      {"ou = 1\nAours = 1\n", " 2 0 0 0"},
      {"Ours 5\nOurs\n", "!1!2 0 0 0 0"},
      {"#Ours = 1\n\"Ours\" = 1\n.ours=1\n", "!1!2!3 0 0 0 0"},
      {"#Ours 5\n';Ours = 1\nA = Ours = 1\n", " 1 0 0 2"},
      {"A = \x01\nOurs = \x01\n", "!2 1 0 0 0"},
      {"A = \"b\nOurs = \"b\n", "!2 1 0 0 0"},
  };
  for (const Case& c : kDeviceCases) {
    EXPECT_EQ(ReadDevice(c.text), c.read) << c.text;
  }
  const std::string nul("B\0\nOurs=1\n", 10);
  EXPECT_EQ(ReadDevice(nul), "2:Ours=1!1 0 0 0 0");
  EXPECT_EQ(ReadDevice("FORMAT A = B;\n" + nul), "!2!3 0 1 1 0");
}

TEST(HidePasswordTest, HidesInEveryLineAndKeepsTheirEnds) {
  EXPECT_EQ(HidePassword("WSTunPassword"), "WSTunPassword");
  EXPECT_EQ(HidePassword("WSTunPassword="), "WSTunPassword=");
  EXPECT_EQ(HidePassword("WSTunPassword\r\n"), "WSTunPassword\r\n");
  EXPECT_EQ(HidePassword("\tWSTUNPASSWORD\t=\tab c\n"),
            "\tWSTUNPASSWORD\t=\txx x\n");
  EXPECT_EQ(HidePassword("a\nWSTunPassword=b\nc\nWSTunPassword=d"),
            "a\nWSTunPassword=x\nc\nWSTunPassword=x");
  EXPECT_EQ(HidePassword("WSTunPassword=\xC3\xA4"), "WSTunPassword=xx");
  EXPECT_EQ(HidePassword("WSTunPassword = WSTunPassword"),
            absl::StrCat("WSTunPassword = ", std::string(13, 'x')));
}

}  // namespace
}  // namespace ovoc::fuzz
