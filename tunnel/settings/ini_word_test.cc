// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/ini_word.h"

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(FirstWordTest, EndsWhereNoNameCanGoOn) {
  EXPECT_EQ(FirstWord("A_9z = 1"), "A_9z");
  EXPECT_EQ(FirstWord("A"), "A");
  EXPECT_EQ(FirstWord("A-B = 1"), "A");
  EXPECT_EQ(FirstWord("\xc3\xa9 = 1"), "");
  EXPECT_EQ(FirstWord(""), "");
}

TEST(IsParameterTest, WantsAWordAndAnEqualsSign) {
  EXPECT_TRUE(IsParameter("A = 1", "A"));
  EXPECT_TRUE(IsParameter("A\t=", "A"));
  EXPECT_FALSE(IsParameter("A 0 = 1", "A"));
  EXPECT_FALSE(IsParameter("A", "A"));
  EXPECT_FALSE(IsParameter("= 1", ""));
}

TEST(HasIniValueTest, TellsAParameterFromTheEndOfBase64) {
  EXPECT_TRUE(HasIniValue("A = 1", "A"));
  EXPECT_TRUE(HasIniValue("A=''", "A"));
  EXPECT_TRUE(HasIniValue("A = b=", "A"));
  for (const absl::string_view text :
       {"A", "A =", "A=\t", "A==", "A= =", "A 1"}) {
    EXPECT_FALSE(HasIniValue(text, "A")) << text;
  }
}

TEST(StripIniBlanksTest, TakesSpacesAndTabsOffBothEnds) {
  EXPECT_EQ(StripIniBlanks(" \ta b\t "), "a b");
  EXPECT_EQ(StripIniBlanks("\xc2\xa0"), "\xc2\xa0");
  EXPECT_EQ(StripIniBlanks(" \t"), "");
}

TEST(NoBreakSpaceTest, IsFoundAtEitherEndOnly) {
  for (const absl::string_view text : {"\u00a0", "\u00a0a", "a \u00a0"}) {
    EXPECT_TRUE(HasNoBreakSpaceAtAnEnd(text)) << text;
  }
  // U+00E0 ends with the same byte; a lone 0xa0 is no character of UTF-8.
  for (const absl::string_view text :
       {"", " ", "a\u00a0b", "\u00e0", "\xa0", "\xc2"}) {
    EXPECT_FALSE(HasNoBreakSpaceAtAnEnd(text)) << text;
  }
}

TEST(IniCommentTest, BeginsBehindABlank) {
  EXPECT_EQ(WithoutIniComment("a;b ;c"), "a;b ");
  EXPECT_EQ(WithoutIniComment(";a"), ";a");
  EXPECT_EQ(WithoutIniComment("a\t; b"), "a\t");
  EXPECT_TRUE(IsBlankOrIniComment(" \t"));
  EXPECT_TRUE(IsBlankOrIniComment(" ; a"));
  EXPECT_FALSE(IsBlankOrIniComment("a ; b"));
}

TEST(FindHiddenWordTest, FindsTheWordBehindWhatNoNameHas) {
  struct Case {
    absl::string_view line;
    absl::string_view front;
    absl::string_view word;
  };
  constexpr Case kCases[] = {
      {"\ufeffA = 1", "\ufeff", "A"},  {"\u00a0 A = 1", "\u00a0 ", "A"},
      {"\u3000A=1", "\u3000", "A"},    {"'A' = '1'", "'", "A"},
      {"\"A\" = \"1\"", "\"", "A"},    {"# A = 1", "# ", "A"},
      {"\u200bA 0 = 1", "\u200b", "A"}};
  for (const Case& c : kCases) {
    EXPECT_EQ(FindHiddenWord(c.line).front, c.front) << c.line;
    EXPECT_EQ(FindHiddenWord(c.line).word, c.word) << c.line;
  }
}

TEST(FindHiddenWordTest, FindsNoneElsewhere) {
  for (const absl::string_view line :
       {"A = 1", " \tA = 1", "", "=", "'A'", "\ufeff", "\ufeff; A = 1", "= A",
        "\u00a0"}) {
    EXPECT_EQ(FindHiddenWord(line).word, "") << line;
    EXPECT_EQ(FindHiddenWord(line).front, "") << line;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
