// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/shown_text.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tunnel/status_view/json_reader.h"

namespace ovoc::tunnel {
namespace {

struct Case {
  absl::string_view text;
  absl::string_view shown;
};

TEST(ShownTextTest, HasNothingThatSteersATerminal) {
  constexpr Case kCases[] = {
      {"", ""},
      {"plain 'text' \"here\"", "plain 'text' \"here\""},
      {"a\\u001b", "a\\\\u001b"},
      // ESC [ 2 J clears the screen (ECMA-48 8.3.39).
      {"\x1b[2J", "\\u001b[2J"},
      {"a\nb\r\tc\x07", "a\\u000ab\\u000d\\u0009c\\u0007"},
      {"\x7f", "\\u007f"},
      // U+009B is the same as ESC [ in one character.
      {"\xc2\x9b\x32J", "\\u009b2J"},
      {"\xc2\x80\xc2\xa0", "\\u0080\xc2\xa0"},
      // U+2028, U+202E (right-to-left override), U+2066, U+061C.
      {"\xe2\x80\xa8\xe2\x80\xae", "\\u2028\\u202e"},
      {"\xe2\x81\xa6\xd8\x9c", "\\u2066\\u061c"},
      // U+00E9, U+20AC, U+1F600 are shown.
      {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
       "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ShownText(c.text), c.shown);
  }
  EXPECT_EQ(ShownText(absl::string_view("\0", 1)), "\\u0000");
}

// 0x9b alone is a control character for a terminal that does not know UTF-8.
TEST(ShownTextTest, ShowsTheBytesOfWhatIsNotUtf8) {
  constexpr Case kCases[] = {
      {"\x9b\x32J", "\\u009b2J"},
      {"\xff", "\\u00ff"},
      {"\xc2", "\\u00c2"},
      {"\xc2\x1b", "\\u00c2\\u001b"},
      {"\xe2\x80", "\\u00e2\\u0080"},
      {"\xe0\x82\x9b", "\\u00e0\\u0082\\u009b"},  // U+009B, too long
      {"\xc1\x9b", "\\u00c1\\u009b"},
      {"\xf0\x9f\x98", "\\u00f0\\u009f\\u0098"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ShownText(c.text), c.shown);
  }
}

TEST(ShownJsonTest, IsTheSameValueWithoutWhatSteers) {
  const std::string json = absl::StrCat(
      "{\n\t\"a\" : \"\xc2\x9b\x32J\x7f\xe2\x80\xae\\u001b\xc3\xa9\\\\\"\r\n}",
      "\n");
  const std::string shown = ShownJson(json);
  EXPECT_EQ(shown,
            "{\n\t\"a\" : \"\\u009b2J\\u007f\\u202e\\u001b\xc3\xa9\\\\\"\r\n}"
            "\n");
  const auto before = ReadJson(json);
  const auto after = ReadJson(shown);
  ASSERT_TRUE(before.ok() && after.ok());
  EXPECT_EQ(before->Find("a")->text, after->Find("a")->text);
}

TEST(ShownJsonTest, AFileWithoutThemStaysAsItIs) {
  const std::string json =
      "{\"state\":\"up\",\"detail\":\"\xf0\x9f\x98\x80 \\u000a \\\\\"}\n";
  EXPECT_EQ(ShownJson(json), json);
}

}  // namespace
}  // namespace ovoc::tunnel
