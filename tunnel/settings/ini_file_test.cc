// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/ini_file.h"

#include <string>
#include <vector>

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

IniClaim Ours(absl::string_view word) {
  if (!absl::StartsWithIgnoreCase(word, "Our")) {
    return IniClaim::kNone;
  }
  return word == "OurLike" ? IniClaim::kAlike : IniClaim::kOurs;
}

IniFile ParseStrict(absl::string_view text) {
  return ParseIni(text, "f.ini", IniDialect::kStrict, Ours);
}

std::string ShowFile(const IniFile& file) {
  return file.errors.empty() ? Show(file.lines)
                             : std::string(file.errors.ToStatus().message());
}

std::string ShowParsed(absl::string_view text) {
  return ShowFile(ParseStrict(text));
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
  EXPECT_EQ(ShowParsed("A = b\"c\n"), "1:A=[b\"c]");
  EXPECT_EQ(ShowParsed("A = b\xe2\x80\x99s\n"), "1:A=[b\xe2\x80\x99s]");
}

// They were part of the value, without a word.
TEST(IniFileTest, RefusesQuotesThatAreNotThoseOfAnIniFile) {
  for (const absl::string_view value :
       {"\"b\"", "\"b", "b\"", "`b`", "b'", "\xe2\x80\x98s\xe2\x80\x99",
        "\xe2\x80\x9cs\xe2\x80\x9d ; c", "\x91s\x92"}) {
    EXPECT_TRUE(absl::StartsWith(ShowParsed(absl::StrCat("A = ", value, "\n")),
                                 "f.ini:1: A: the value has "))
        << value;
  }
  EXPECT_EQ(ShowParsed("A = '\"b\"'\n"), "1:A=[\"b\"]");
  EXPECT_EQ(ShowParsed("\nA = \"b\"\n"),
            "f.ini:2: A: the value has double quotes (\"); write Name = "
            "'value', with straight single quotes (')");
}

TEST(IniFileTest, TellsHowAValueIsWritten) {
  const IniFile file = ParseStrict("A = b\nA = 'b' ; c\nA = b ; c\nA = b;c\n");
  ASSERT_EQ(file.lines.size(), 4u);
  EXPECT_EQ(file.lines[0].form, IniForm::kBare);
  EXPECT_EQ(file.lines[1].form, IniForm::kQuoted);
  EXPECT_EQ(file.lines[2].form, IniForm::kCommented);
  EXPECT_EQ(file.lines[3].form, IniForm::kBare);
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
      {"a no-break space inside", "A = b\u00a0c\n", "1:A=[b\u00a0c]"},
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

constexpr absl::string_view kWriteLine =
    "; write Name = value, Name = 'value', [section] or a ; comment";
constexpr absl::string_view kCloseQuote =
    "; end the value with a ' that nothing but a ; comment follows";
constexpr absl::string_view kEndLines = "; end lines with LF or CR LF";
constexpr absl::string_view kControl = ": the line has the control byte 0x";

TEST(IniFileTest, RefusesEverythingElseAndSaysWhere) {
  const std::string kNoName = absl::StrCat(
      "f.ini:1: the text before the '=' is not a name", kWriteLine);
  const std::string kBesideName = absl::StrCat(
      "f.ini:1: a no-break space (U+00A0) stands beside the name", kWriteLine);
  const std::string kAtOneEnd =
      "f.ini:1: A: the value has a no-break space (U+00A0) at one end; remove "
      "it, or type a space instead";
  struct BadCase {
    absl::string_view text;
    std::string expected;
  };
  const BadCase kCases[] = {
      {"value\n", absl::StrCat("f.ini:1: the line has no '='", kWriteLine)},
      {"A = 1\n\nvalue",
       absl::StrCat("f.ini:3: the line has no '='", kWriteLine)},
      {"# A = 1\n",
       absl::StrCat("f.ini:1: the line begins with #", kWriteLine)},
      {"\n #\n", absl::StrCat("f.ini:2: the line begins with #", kWriteLine)},
      {"= 1\n", kNoName},
      {"A B = 1\n", kNoName},
      {"A-B = 1\n", kNoName},
      {"'A' = 1\n", kNoName},
      {"\xc3\xa9 = 1\n", kNoName},
      {"A = 'b\n",
       absl::StrCat("f.ini:1: A: the closing ' is missing", kCloseQuote)},
      {"A = '\n",
       absl::StrCat("f.ini:1: A: the closing ' is missing", kCloseQuote)},
      {"A = 'b\nB = c\n",
       absl::StrCat("f.ini:1: A: the closing ' is missing", kCloseQuote)},
      {"A = 'b'c\n",
       absl::StrCat("f.ini:1: A: text follows the closing '", kCloseQuote)},
      {"A = 'b' c\n",
       absl::StrCat("f.ini:1: A: text follows the closing '", kCloseQuote)},
      {"A = 'it''s'\n",
       absl::StrCat("f.ini:1: A: text follows the closing '", kCloseQuote)},
      {"[A\n", absl::StrCat("f.ini:1: the closing ']' is missing", kWriteLine)},
      {"[A] B\n", absl::StrCat("f.ini:1: text follows the ']'", kWriteLine)},
      {"\u00a0A = 1\n", kBesideName},
      {"A\u00a0= 1\n", kBesideName},
      {"A \u00a0 = 1\n", kBesideName},
      {"A =\u00a01\n", kAtOneEnd},
      {"A = 1\u00a0\n", kAtOneEnd},
      {"A = \u00a0\n", kAtOneEnd},
      {"A = '\u00a01'\n", kAtOneEnd},
      {"A = '1\u00a0' ; b\n", kAtOneEnd},
      {"A = \u00a0'1'\n", kAtOneEnd},
      {"A = '1'\u00a0\n",
       absl::StrCat(
           "f.ini:1: A: the value has a no-break space (U+00A0) behind it",
           kCloseQuote)},
      // A byte order mark is one at the start of the file only.
      {"\n\xef\xbb\xbf"
       "A = 1\n",
       absl::StrCat("f.ini:2: the text before the '=' is not a name",
                    kWriteLine)},
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
      EXPECT_EQ(absl::StrContains(found, c == '\r' ? kEndLines : kControl),
                control)
          << byte << " behind " << before;
    }
  }
  EXPECT_EQ(ShowParsed(absl::string_view("A = 1\nB = \0\n", 12)),
            absl::StrCat("f.ini:2", kControl, "00; remove it"));
  EXPECT_EQ(ShowParsed("A = \r\r\n"),
            absl::StrCat("f.ini:1: a CR is not followed by an LF", kEndLines));
  EXPECT_EQ(ShowParsed("A = 1\rB = 2\r"),
            absl::StrCat("f.ini:1: a CR is not followed by an LF", kEndLines))
      << "as old Macs end lines";
}

TEST(IniFileTest, HoldsItsLimits) {
  const std::string full_line = "A = " + std::string(kMaxIniLineBytes - 4, 'x');
  EXPECT_EQ(ShowParsed(full_line + "\r\n"),
            "1:A=[" + full_line.substr(4) + "]");
  EXPECT_EQ(ShowParsed("\n" + full_line + "x\n"),
            "f.ini:2: the line has 1025 bytes; use at most 1024");

  const std::string full_name(kMaxIniNameBytes, 'n');
  EXPECT_EQ(ShowParsed(full_name + "=1"), "1:" + full_name + "=[1]");
  EXPECT_EQ(ShowParsed(full_name + "n=1"),
            "f.ini:1: the name has 65 bytes; use at most 64");

  const std::string full_file(kMaxIniFileBytes, '\n');
  EXPECT_EQ(ShowParsed(full_file), "");
  EXPECT_EQ(ShowParsed(full_file + "\n"),
            "f.ini: the file has 65537 bytes; use at most 65536");
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
    const IniFile file = ParseStrict(text);
    ASSERT_FALSE(file.errors.empty()) << text;
    EXPECT_FALSE(absl::StrContains(ShowFile(file), "s3cret")) << ShowFile(file);
  }
}

TEST(IniFileTest, PointsIntoTheParsedText) {
  const std::string text = "Name = 'value'\n";
  const IniFile file = ParseStrict(text);
  ASSERT_EQ(file.lines.size(), 1u);
  EXPECT_EQ(file.lines[0].name.data(), text.data());
  EXPECT_EQ(file.lines[0].value.data(), text.data() + 8);
}

TEST(IniFileTest, CutAnywhereIsEitherReadOrRefused) {
  const std::string text = "[s]\r\nA = 'b ; c' ; d\r\n; e\r\nB = f ; g\r\n";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    const std::string whole = ShowParsed(text.substr(0, cut));
    // The last line only can differ, and it is never read as two.
    const IniFile file = ParseStrict(absl::string_view(text).substr(0, cut));
    if (file.errors.empty()) {
      EXPECT_LE(file.lines.size(), 2u) << cut;
    } else {
      EXPECT_TRUE(absl::StartsWith(whole, "f.ini:")) << cut;
    }
  }
}

TEST(IniFileTest, ReportsEveryLineThatIsWrong) {
  EXPECT_EQ(
      ShowParsed("x\nA = 1\n[b\nA = 'c\n"),
      absl::StrCat("f.ini:1: the line has no '='", kWriteLine,
                   "\nf.ini:3: the closing ']' is missing", kWriteLine,
                   "\nf.ini:4: A: the closing ' is missing", kCloseQuote));
}

// "8:Our=[x]; parameters 1, tables 2, rows 3, others 4", or the errors.
std::string ShowDevice(absl::string_view text) {
  const IniFile file = ParseIni(text, "f.ini", IniDialect::kDevice, Ours);
  if (!file.errors.empty()) {
    return ShowFile(file);
  }
  const IniPassedOver& passed = file.passed_over;
  return absl::StrCat(Show(file.lines), "; ", passed.parameters, " ",
                      passed.tables, " ", passed.rows, " ", passed.others);
}

TEST(DeviceIniTest, RemembersTheFirstNamesThatItPassedOver) {
  const IniFile file = ParseIni(
      absl::StrCat(
          "A=1\n;B=1\n[ T ]\nFORMAT T_Index = T_X;\nR 0 = 1;\n[ \\T ]\n",
          "Ours=1\nnoise\nC = 1\n", std::string(300, 'd'), " = 1\nE=1\n"),
      "f.ini", IniDialect::kDevice, Ours);
  const IniPassedOver& passed = file.passed_over;
  EXPECT_EQ(passed.parameters, 4);
  const std::vector<std::pair<std::string, int>> first = {
      {"A", 1}, {"C", 9}, {std::string(kMaxIniNameBytes, 'd'), 10}};
  EXPECT_EQ(passed.first, first);
}

TEST(DeviceIniTest, PassesOverWhatIsNotOurs) {
  const Case kCases[] = {
      {"a parameter", "SyslogServerIP = 10.13.2.69\nOurs = 1\n",
       "2:Ours=[1]; 1 0 0 0"},
      {"ours in a section", "[SYSTEM Params]\nA = 1\n[WEB Params]\nOurs=1\n",
       "4:Ours=[1]; 1 0 0 0"},
      {"header and comments", ";****\n;** Ini File **\n; *** TABLE A ***\n",
       "; 0 0 0 0"},
      {"empty value", "A =\nB = ''\n", "; 2 0 0 0"},
      {"values no quote of ours closes", "A = 'b\nB = \"c\" d\nC = 'd' e\n",
       "; 3 0 0 0"},
      {"= and ; in values", "A = b=c;d ;e\nB=;\n", "; 2 0 0 0"},
      {"a table",
       "[ CodersGroup0 ]\n"
       "FORMAT CodersGroup0_Index = CodersGroup0_Name, CodersGroup0_pTime;\n"
       "CodersGroup0 0 = g711Alaw64k, 20;\n"
       "CodersGroup0 1 = \"a ; b\", 'c', $$;\n"
       "[ \\CodersGroup0 ]\n"
       "Ours = 1\n",
       "6:Ours=[1]; 0 1 2 0"},
      {"FORMAT over two lines",
       "[ A ]\nFORMAT A_Index = A_Name,\n  A_pTime;\nA 0 = 1, 2;\n[ \\A ]\n",
       "; 0 1 2 0"},
      {"a row without its index",
       "[ A ]\nFORMAT A_Index = A_B;\nA = 1;\n[\\A]\n", "; 0 1 1 0"},
      {"a table of nothing", "[ A ]\nFORMAT A_Index = A_B;\n[ \\A ]\n",
       "; 0 1 0 0"},
      {"rows of a table with one of our names",
       "[ Ours ]\nFORMAT Index = B;\nOurs 0 = 1;\nOurs 1 = 2;\n[ \\Ours ]\n",
       "; 0 1 2 0"},
      {"a table that the next title ends",
       "[ A ]\nFORMAT A_Index = A_B;\nA 0 = 1;\n[ B Params ]\nOurs = 1\n",
       "5:Ours=[1]; 0 1 1 0"},
      {"a table that the file's end ends",
       "Ours = 1\nFORMAT A_Index = A_B;\nA 0 = 1;\n", "1:Ours=[1]; 0 1 1 0"},
      {"a row outside of a table", "A 0 = 1;\nOurs = 1\n",
       "2:Ours=[1]; 0 0 0 1"},
      {"the end of no table", "[ \\A ]\nOurs = 1\n", "2:Ours=[1]; 0 0 0 0"},
      {"a parameter called FORMAT", "FORMAT = 1\nOurs = 1\n",
       "2:Ours=[1]; 1 0 0 0"},
      {"a value that goes on in the next line", "URL = 'a\n/b/c.ini'\n",
       "; 1 0 0 1"},
      {"a title without end", "[ A\nOurs = 1\n", "2:Ours=[1]; 0 0 0 0"},
      {"ISO-8859-1", "Name = M\xfcnchen\n\xdcx = 1\n", "; 1 0 0 1"},
      {"a control byte", "A = \x0c\n", "; 1 0 0 0"},
      {"CR LF and a byte-order mark",
       "\xef\xbb\xbf[ A ]\r\nFORMAT A_Index = A_B;\r\nA 0 = 1;\r\n[ \\A ]\r\n"
       "Ours = 'x'\r\n",
       "5:Ours=[x]; 0 1 1 0"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ShowDevice(c.text), c.expected) << c.what;
  }
}

TEST(DeviceIniTest, ReadsOursAsStrictlyAsEver) {
  for (const absl::string_view text :
       {"Ours 'x'\n", "Ours\n", "Ours: x\n", "Our-name = x\n", "Ours = 'x\n",
        "Ours = 'x' y\n", "Ours = \"x\"\n", "Ours 0 = x;\n", "Ours = \x01\n"}) {
    EXPECT_TRUE(absl::StartsWith(ShowDevice(text), "f.ini:1: ")) << text;
  }
}

// They were counted as other lines, and the tunnel came up without them.
TEST(DeviceIniTest, RefusesOurNamesBehindWhatNoNameHas) {
  constexpr absl::string_view kEnd =
      " stands before the name; begin the line with the name, without quotes, "
      "or a comment with ;";
  constexpr Case kCases[] = {
      {"two files joined", "\n\ufeffOurs = s3cret\n", "a byte-order mark"},
      {"a no-break space", "\n\u00a0Ours = s3cret\n",
       "a no-break space (U+00A0)"},
      {"a wide blank", "A = 1\n \u3000Ours=s3cret\n", "\\xe3\\x80\\x80"},
      {"a quoted name", "\n'Ours' = 's3cret'\n", "'"},
      {"a double quote", "\n\"Ours\" = 's3cret'\n", "\""},
      {"no comment", "\n#Ours = s3cret\n", "#"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ShowDevice(c.text),
              absl::StrCat("f.ini:2: Ours: ", c.expected, kEnd))
        << c.what;
  }
  const std::string in_table =
      ShowDevice("FORMAT A = B;\n\ufeffOurs = s3cret\nA 0 = 1;\n'A' = 1\n");
  EXPECT_EQ(in_table, absl::StrCat("f.ini:2: Ours: a byte-order mark", kEnd));
  EXPECT_EQ(ShowDevice("'A' = 1\n\ufeff; Ours = 1\n'Ours'\n\u00a0B = Ours\n"),
            "; 0 0 0 4");
}

// They were counted as rows, and the tunnel came up without them.
TEST(DeviceIniTest, RefusesEachOfOurNamesInATable) {
  const absl::string_view inside =
      ": Ours: the setting is inside the table [ A ] (line 2), where no "
      "settings are read; move it above the table, or end the table with "
      "[ \\A ] before it";
  const absl::string_view table =
      "\n[ A ]\nFORMAT A_Index = A_B;\nOurs = 1\nA 0 = 1;\n Ours='s3cret'\n";
  const std::string errors =
      absl::StrCat("f.ini:4", inside, "\nf.ini:6", inside);
  for (const absl::string_view end :
       {"[ \\A ]\n", "[ \\A ]\nOurs = 1\n", "", "[ B ]\nOurs = 1\n"}) {
    EXPECT_EQ(ShowDevice(absl::StrCat(table, end)), errors) << end;
  }
}

// It was read: FORMAT came too late to tell that it stood in a table.
TEST(DeviceIniTest, RefusesOurNamesBetweenATablesTitleAndFormat) {
  const absl::string_view inside =
      ": Ours: the setting is inside the table [ A ] (line 2), where no "
      "settings are read; move it above the table, or end the table with "
      "[ \\A ] before it";
  const std::string third = absl::StrCat("f.ini:3", inside);
  for (const absl::string_view text :
       {"[ A ]\nOurs = 1\nFORMAT A_Index = A_B;\nA 0 = 1;\n[ \\A ]\n",
        "[A]\nOurs = 1\nFORMAT A_Index = A_B;\n", "[ A ]\nOurs=1\n[ \\a ]\n",
        "[ A ]\nOurs = 1\nB = 2\nFORMAT A_Index = A_B;\n[ B ]\nOurs = 2\n"}) {
    EXPECT_EQ(ShowDevice(absl::StrCat("Ours = 0\n", text)), third) << text;
  }
  EXPECT_EQ(ShowDevice("\n[ A ]\nOurs = 1\nOurs = 2\nFORMAT A_Index = A_B;\n"
                       "Ours = 3\n"),
            absl::StrCat(third, "\nf.ini:4", inside, "\nf.ini:6", inside));
}

TEST(DeviceIniTest, ReadsOursBehindAHeadingThatIsNoTables) {
  const Case kCases[] = {
      {"a section", "[SYSTEM Params]\nOurs = 1\n[ A ]\nFORMAT A_Index = B;\n",
       "2:Ours=[1]; 0 1 0 0"},
      {"a section with a table that has no title",
       "[Web Params]\nOurs = 1\nFORMAT A_Index = B;\nA 0 = 1;\n",
       "2:Ours=[1]; 0 1 1 0"},
      {"a heading without FORMAT", "[ A ]\nOurs = 1\n[ B ]\nOurs = 2\n",
       "2:Ours=[1] 4:Ours=[2]; 0 0 0 0"},
      {"the end of another", "[ A ]\nOurs = 1\n[ \\B ]\n",
       "2:Ours=[1]; 0 0 0 0"},
      {"behind the end", "[ A ]\n[ \\A ]\nOurs = 1\nFORMAT A_Index = B;\n",
       "3:Ours=[1]; 0 1 0 0"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ShowDevice(c.text), c.expected) << c.what;
  }
}

TEST(DeviceIniTest, NamesATableThatHasAPlainTitleAndItsLine) {
  const absl::string_view table = "FORMAT A_Index = A_B;\nOurs = 1\n[ \\A ]\n";
  const std::string unnamed =
      "table (line 2), where no settings are read; move it above the table, or "
      "end the table with [ \\Title ] before it";
  for (const absl::string_view title :
       {"[ a b ]", "[]", "[", "[ \x1b ]", "[ \\B ]\n[ \xc3\xa9"}) {
    const std::string error = ShowDevice(absl::StrCat(
        absl::StartsWith(title, "[ \\") ? "" : "\n", title, "\n", table));
    EXPECT_TRUE(absl::StrContains(error, unnamed)) << error;
  }
  EXPECT_TRUE(
      absl::StrContains(ShowDevice(absl::StrCat("\n", table)), unnamed));
  EXPECT_TRUE(absl::StrContains(
      ShowDevice(absl::StrCat("[", std::string(kMaxIniNameBytes + 1, 'A'), "]",
                              "\n", table)),
      "table (line 1),"));
  EXPECT_TRUE(absl::StrContains(ShowDevice(absl::StrCat("[A]\n", table)),
                                "table [ A ] (line 1),"));
}

TEST(DeviceIniTest, TakesLongLinesAndFilesButNotAnySize) {
  const std::string value(8192, 'x');
  EXPECT_EQ(ShowDevice(absl::StrCat("A = ", value, "\n; ", value, "\n")),
            "; 1 0 0 0");
  EXPECT_EQ(ShowDevice(absl::StrCat("[ A ]\nFORMAT A_Index = ", value,
                                    ";\nA 0 = ", value, ";\n[ \\A ]\n")),
            "; 0 1 1 0");
  EXPECT_EQ(ShowDevice(absl::StrCat("Ours = ", value)),
            "f.ini:1: the line has 8199 bytes; use at most 1024");
  EXPECT_EQ(ShowDevice(absl::StrCat("OurLike = ", value)),
            absl::StrCat("1:OurLike=[", value, "]; 0 0 0 0"));
  const std::string full(kMaxDeviceIniFileBytes, '\n');
  EXPECT_EQ(ShowDevice(full), "; 0 0 0 0");
  EXPECT_EQ(ShowDevice(absl::StrCat(full, "\n")),
            "f.ini: the file has 1048577 bytes; use at most 1048576");
}

TEST(DeviceIniTest, ReadsWhatIsOnlyAlikeAsOursButForTheLength) {
  for (const absl::string_view text :
       {"OurLike\n", "OurLike = \x01\n", "'OurLike' = 1\n",
        "FORMAT A = B;OurLike\nOurLike = 1\n"}) {
    EXPECT_TRUE(absl::StartsWith(ShowDevice(text), "f.ini:")) << text;
  }
}

TEST(DeviceIniTest, RefusesWhatIsNoText) {
  EXPECT_EQ(ShowDevice(absl::string_view("A = \0\nOurs = 1\n", 15)),
            "f.ini:1: the line has a NUL byte; use a text file");
}

}  // namespace
}  // namespace ovoc::tunnel
