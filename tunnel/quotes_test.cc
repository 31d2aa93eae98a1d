// SPDX-License-Identifier: Apache-2.0

#include "tunnel/quotes.h"

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

TEST(ForeignQuoteTest, LeavesAllElseAlone) {
  for (const absl::string_view value :
       {"a", "it's", "a\"b", "a`b",
        "a\xe2\x80\x99"
        "b",
        "\xc3\xa9",   // e acute
        "a\xc3\xab",  // e diaeresis: its last byte is 0xab
        "\xc3\xbb",   // u circumflex: its last byte is 0xbb
        "a\x93"
        "b",          // inside
        "\xe9t\xe9",  // ISO-8859-1
        "(a)", "$1$", "\\"}) {
    EXPECT_EQ(ForeignQuote(value), "") << value;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
