// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/quotes.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(ForeignQuoteTest, NamesTheQuoteAtEitherEnd) {
  struct Case {
    absl::string_view value;
    absl::string_view called;
  };
  constexpr Case kCases[] = {
      {"\"a\"", "double quotes (\")"},
      {"\"a", "double quotes (\")"},
      {"a\"", "double quotes (\")"},
      {"`a`", "backquotes (`)"},
      {"a'", "a single quote (') at one end only"},
      {"\xe2\x80\x98s3cret\xe2\x80\x99", "typographic quotes"},
      {"\xe2\x80\x9cs3cret\xe2\x80\x9d", "typographic quotes"},
      {"\xe2\x80\x9es3cret", "typographic quotes"},
      {"s3cret\xe2\x80\x9d", "typographic quotes"},
      {"\xc2\xabs3cret\xc2\xbb", "typographic quotes"},
      {"\xef\xbc\x87s3cret", "typographic quotes"},
      {"\x91s3cret\x92", "typographic quotes (of Windows-1252)"},
      {"s3cret\x94", "typographic quotes (of Windows-1252)"},
      {"\x93", "typographic quotes (of Windows-1252)"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ForeignQuote(c.value), c.called) << c.value;
  }
}

// They were part of the password.
TEST(ForeignQuoteTest, KnowsTheQuotesOfUnicode) {
  for (const absl::string_view quote :
       {"\u02bc", "\u2034", "\u2035", "\u2036", "\u2037", "\u275b",
        "\u275c", "\u275d", "\u275e", "\u2e42", "\u300c", "\u300d",
        "\u300e", "\u300f", "\u301d", "\u301e", "\u301f", "\ufe41",
        "\ufe42", "\ufe43", "\ufe44", "\uff62", "\uff63"}) {
    for (const std::string& value :
         {absl::StrCat(quote, "s3cret"), absl::StrCat("s3cret", quote)}) {
      EXPECT_EQ(ForeignQuote(value), "typographic quotes") << value;
    }
    EXPECT_EQ(ForeignQuote(absl::StrCat("s3c", quote, "ret")), "") << quote;
  }
  // Their neighbours are none.
  for (const absl::string_view value :
       {"\u2031", "\u2038", "\u275a", "\u275f", "\u300b", "\u3010", "\u301c",
        "\u3020", "\ufe40", "\ufe45", "\uff61", "\uff64", "\u02bb"}) {
    EXPECT_EQ(ForeignQuote(value), "") << value;
  }
}

TEST(ForeignQuoteTest, LeavesAllElseAlone) {
  for (const absl::string_view value :
       {"a", "it's", "a\"b", "a`b", "a\u2019b",
        "\xc3\xa9",   // e acute
        "a\xc3\xab",  // e diaeresis: its last byte is 0xab
        "\xc3\xbb",   // u circumflex: its last byte is 0xbb
        "a\223b",     // inside
        "\xe9t\xe9",  // ISO-8859-1
        "(a)", "$1$", "\\"}) {
    EXPECT_EQ(ForeignQuote(value), "") << value;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
