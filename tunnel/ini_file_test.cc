// SPDX-License-Identifier: Apache-2.0

#include "tunnel/ini_file.h"

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

// Show makes one text of all lines: "1:name=[value]" and blanks between.
std::string Show(const std::vector<IniLine>& lines) {
  std::string text;
  for (const IniLine& line : lines) {
    absl::StrAppend(&text, text.empty() ? "" : " ", line.line, ":", line.name,
                    "=[", line.value, "]");
  }
  return text;
}

std::string ShowParsed(absl::string_view text) {
  const absl::StatusOr<std::vector<IniLine>> lines = ParseIni(text, "f.ini");
  return lines.ok() ? Show(*lines) : std::string(lines.status().message());
}

struct Case {
  absl::string_view what;
  absl::string_view text;
  absl::string_view expected;
};

TEST(IniFileTest, ReadsEveryAcceptedForm) {
  constexpr Case kCases[] = {
      {"empty file", "", ""},
      {"blank lines", "\n \t \r\n\n", ""},
      {"value", "Name = value\n", "1:Name=[value]"},
      {"no blanks", "Name=value\n", "1:Name=[value]"},
      {"tabs", "\tName\t=\tvalue\t\n", "1:Name=[value]"},
      {"no line end at the end", "Name = value", "1:Name=[value]"},
      {"CR LF", "A = 1\r\nB = 2\r\n", "1:A=[1] 2:B=[2]"},
      {"CR at the end of the file", "A = 1\r", "1:A=[1]"},
      {"byte order mark",
       "\xef\xbb\xbf"
       "A = 1\n",
       "1:A=[1]"},
      {"digits and _ in a name", "A_9z = 1\n", "1:A_9z=[1]"},
      {"empty value", "A =\n", "1:A=[]"},
      {"empty value with blanks", "A = \t\n", "1:A=[]"},
      {"blanks inside a value", "A = b  c\n", "1:A=[b  c]"},
      {"second = belongs to the value", "A = b=c\n", "1:A=[b=c]"},
      {"UTF-8 value", "A = \xc3\xa9\n", "1:A=[\xc3\xa9]"},
      {"case is kept", "aB = Cd\n", "1:aB=[Cd]"},
      {"duplicates are kept", "A = 1\na = 2\n", "1:A=[1] 2:a=[2]"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ShowParsed(c.text), c.expected) << c.what;
  }
}

TEST(IniFileTest, TakesEverythingInsideQuotesLiterally) {
  constexpr Case kCases[] = {
      {"quoted", "A = 'b'\n", "1:A=[b]"},
      {"empty", "A = ''\n", "1:A=[]"},
      {"semicolon", "A = 'b ; c'\n", "1:A=[b ; c]"},
      {"blanks kept", "A = ' b '\n", "1:A=[ b ]"},
      {"tab kept", "A = 'b\tc'\n", "1:A=[b\tc]"},
      {"no escapes", "A = 'b\\'\n", "1:A=[b\\]"},
      {"double quotes", "A = '\"b\"'\n", "1:A=[\"b\"]"},
      {"brackets and =", "A = '[b]='\n", "1:A=[[b]=]"},
      {"blanks behind", "A = 'b' \t\r\n", "1:A=[b]"},
      {"comment behind", "A = 'b' ; c\n", "1:A=[b]"},
      {"comment right behind", "A = 'b';'c'\n", "1:A=[b]"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ShowParsed(c.text), c.expected) << c.what;
  }
}

TEST(IniFileTest, TakesAQuoteInsideAnUnquotedValueLiterally) {
  EXPECT_EQ(ShowParsed("A = it's\n"), "1:A=[it's]");
  EXPECT_EQ(ShowParsed("A = b'\n"), "1:A=[b']");
  EXPECT_EQ(ShowParsed("A = \"b\"\n"), "1:A=[\"b\"]");
}

TEST(IniFileTest, CutsACommentOnlyBehindWhiteSpace) {
  constexpr Case kCases[] = {
      {"at the start", "; A = 1\n", ""},
      {"behind blanks", " \t; A = 1\n", ""},
      {"UTF-8 in a comment", "; \xc3\xa9\n", ""},
      {"behind a value", "A = b ; c\n", "1:A=[b]"},
      {"behind a tab", "A = b\t;c\n", "1:A=[b]"},
      {"inside a word", "A = b;c\n", "1:A=[b;c]"},
      {"first that counts", "A = b;c ;d ;e\n", "1:A=[b;c]"},
      {"in place of a value", "A = ; c\n", "1:A=[]"},
      {"right behind the =", "A =;c\n", "1:A=[;c]"},
      {"# is no comment", "A = # b\n", "1:A=[# b]"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ShowParsed(c.text), c.expected) << c.what;
  }
}

TEST(IniFileTest, IgnoresSections) {
  constexpr Case kCases[] = {
      {"section", "[A]\nB = 1\n", "2:B=[1]"},
      {"as devices end tables", "[ \\A ]\nB = 1\n", "2:B=[1]"},
      {"empty", "[]\nB = 1\n", "2:B=[1]"},
      {"blanks around", " [A] \r\nB = 1\n", "2:B=[1]"},
      {"comment behind", "[A] ; c\nB = 1\n", "2:B=[1]"},
      {"= inside", "[A = 1]\nB = 1\n", "2:B=[1]"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ShowParsed(c.text), c.expected) << c.what;
  }
}

constexpr absl::string_view kAllowedLine =
    ", allowed Name = value, Name = 'value', [section] or a ; comment";
constexpr absl::string_view kAllowedQuoted =
    ", allowed a closing ' with nothing but blanks or a ; comment behind it";
constexpr absl::string_view kAllowedBytes =
    ", allowed no control bytes but tab and line ends";

TEST(IniFileTest, RefusesEverythingElseAndSaysWhere) {
  const std::string kAnother = "f.ini:1: found something else than a name ";
  struct BadCase {
    absl::string_view text;
    std::string expected;
  };
  const BadCase kCases[] = {
      {"value\n",
       absl::StrCat("f.ini:1: found a line without '='", kAllowedLine)},
      {"A = 1\n\nvalue",
       absl::StrCat("f.ini:3: found a line without '='", kAllowedLine)},
      {"= 1\n", absl::StrCat(kAnother, "before the '='", kAllowedLine)},
      {"A B = 1\n", absl::StrCat(kAnother, "before the '='", kAllowedLine)},
      {"A-B = 1\n", absl::StrCat(kAnother, "before the '='", kAllowedLine)},
      {"'A' = 1\n", absl::StrCat(kAnother, "before the '='", kAllowedLine)},
      {"\xc3\xa9 = 1\n",
       absl::StrCat(kAnother, "before the '='", kAllowedLine)},
      {"A = 'b\n", absl::StrCat("f.ini:1: A: found a quote that does not close",
                                kAllowedQuoted)},
      {"A = '\n", absl::StrCat("f.ini:1: A: found a quote that does not close",
                               kAllowedQuoted)},
      {"A = 'b\nB = c'\n",
       absl::StrCat("f.ini:1: A: found a quote that does not close",
                    kAllowedQuoted)},
      {"A = 'b'c\n", absl::StrCat("f.ini:1: A: found text behind the closing "
                                  "quote",
                                  kAllowedQuoted)},
      {"A = 'b' c\n", absl::StrCat("f.ini:1: A: found text behind the closing "
                                   "quote",
                                   kAllowedQuoted)},
      {"A = 'it''s'\n", absl::StrCat("f.ini:1: A: found text behind the "
                                     "closing quote",
                                     kAllowedQuoted)},
      {"[A\n", absl::StrCat("f.ini:1: found a '[' without ']'", kAllowedLine)},
      {"[A] B\n",
       absl::StrCat("f.ini:1: found text behind the ']'", kAllowedLine)},
      // A byte order mark is one at the start of the file only.
      {"\n\xef\xbb\xbf"
       "A = 1\n",
       absl::StrCat("f.ini:2: found something else than a name before the '='",
                    kAllowedLine)},
  };
  for (const BadCase& c : kCases) {
    EXPECT_EQ(ShowParsed(c.text), c.expected) << c.text;
  }
}

TEST(IniFileTest, RefusesEveryControlByteEverywhere) {
  for (int byte = 0; byte < 0x80; ++byte) {
    const char c = static_cast<char>(byte);
    const bool control = (byte < 0x20 && c != '\t' && c != '\n') || c == 0x7f;
    for (const absl::string_view before : {"A = b", "A = 'b", "; b", "A", ""}) {
      // Behind the byte stands more of the line, or CR would be its end.
      const std::string text =
          absl::StrCat(before, absl::string_view(&c, 1), "x");
      const std::string found = ShowParsed(text);
      EXPECT_EQ(absl::StrContains(found, kAllowedBytes), control)
          << byte << " behind " << before;
    }
  }
  EXPECT_EQ(ShowParsed(absl::string_view("A = 1\nB = \0\n", 12)),
            absl::StrCat("f.ini:2: found control byte 0x00", kAllowedBytes));
  EXPECT_EQ(ShowParsed("A = \r\r\n"),
            absl::StrCat("f.ini:1: found control byte 0x0d", kAllowedBytes));
}

TEST(IniFileTest, HoldsItsLimits) {
  const std::string full_line = "A = " + std::string(kMaxIniLineBytes - 4, 'x');
  EXPECT_EQ(ShowParsed(full_line + "\r\n"),
            "1:A=[" + full_line.substr(4) + "]");
  EXPECT_EQ(ShowParsed("\n" + full_line + "x\n"),
            "f.ini:2: found a line of 1025 bytes, allowed at most 1024");

  const std::string full_name(kMaxIniNameBytes, 'n');
  EXPECT_EQ(ShowParsed(full_name + "=1"), "1:" + full_name + "=[1]");
  EXPECT_EQ(ShowParsed(full_name + "n=1"),
            "f.ini:1: found a name of 65 bytes, allowed at most 64");

  const std::string full_file(kMaxIniFileBytes, '\n');
  EXPECT_EQ(ShowParsed(full_file), "");
  EXPECT_EQ(ShowParsed(full_file + "\n"),
            "f.ini: found 65537 bytes, allowed at most 65536");
}

TEST(IniFileTest, NeverShowsWhatMayBeThePassword) {
  constexpr absl::string_view kTexts[] = {
      "WSTunPassword 's3cret'\n",
      "WSTunPassword = 's3cret\n",
      "WSTunPassword = 's3cret' x\n",
      "WSTunPassword 's3cret' = x\n",
      "WSTunPassword = s3cret\x01\n",
      "s3cret\n",
      "WSTunPassword = 'a' s3cret\n",
      "s3cret' = 1\n",
      "[s3cret\n",
      "[a] s3cret\n",
  };
  for (const absl::string_view text : kTexts) {
    const absl::StatusOr<std::vector<IniLine>> lines = ParseIni(text, "f.ini");
    ASSERT_FALSE(lines.ok()) << text;
    EXPECT_FALSE(absl::StrContains(lines.status().message(), "s3cret"))
        << lines.status();
  }
}

TEST(IniFileTest, PointsIntoTheParsedText) {
  const std::string text = "Name = 'value'\n";
  const absl::StatusOr<std::vector<IniLine>> lines = ParseIni(text, "f.ini");
  ASSERT_TRUE(lines.ok());
  EXPECT_EQ((*lines)[0].name.data(), text.data());
  EXPECT_EQ((*lines)[0].value.data(), text.data() + 8);
}

TEST(IniFileTest, CutAnywhereIsEitherReadOrRefused) {
  const std::string text = "[s]\r\nA = 'b ; c' ; d\r\n; e\r\nB = f ; g\r\n";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    const std::string whole = ShowParsed(text.substr(0, cut));
    // The last line only can differ, and it is never read as two.
    const absl::StatusOr<std::vector<IniLine>> lines =
        ParseIni(absl::string_view(text).substr(0, cut), "f.ini");
    if (lines.ok()) {
      EXPECT_LE(lines->size(), 2u) << cut;
    } else {
      EXPECT_TRUE(absl::StartsWith(whole, "f.ini:")) << cut;
    }
  }
}

}  // namespace
}  // namespace ovoc::tunnel
