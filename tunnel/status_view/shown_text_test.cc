// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/shown_text.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
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

// RFC 3629 3, for what has at most three bytes.
std::string Utf8(uint32_t character) {
  const auto byte = [](uint32_t value) { return static_cast<char>(value); };
  if (character < 0x80) {
    return {byte(character)};
  }
  if (character < 0x800) {
    return {byte(0xc0 | character >> 6), byte(0x80 | (character & 0x3f))};
  }
  return {byte(0xe0 | character >> 12), byte(0x80 | (character >> 6 & 0x3f)),
          byte(0x80 | (character & 0x3f))};
}

// Unicode's Cc, the separators, and Bidi_Control, as they are written there.
bool IsOnTheList(uint32_t character) {
  static const std::set<uint32_t> kSingle = {
      0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b,
      0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069};
  return character < 0x20 || (character >= 0x7f && character < 0xa0) ||
         kSingle.count(character) > 0;
}

TEST(ShownTextTest, EachCharacterIsShownOrIsOnTheList) {
  for (uint32_t character = 0; character < 0x10000; ++character) {
    if (character >= 0xd800 && character <= 0xdfff) {
      continue;  // no characters
    }
    const std::string text = Utf8(character);
    const std::string expected = IsOnTheList(character)
                                     ? absl::StrFormat("\\u%04x", character)
                                 : character == '\\' ? "\\\\"
                                                     : text;
    ASSERT_EQ(ShownText(text), expected) << character;
    ASSERT_EQ(ShownText(absl::StrCat("a", text, "b")),
              absl::StrCat("a", expected, "b"))
        << character;
  }
}

// A text that was cut at a limit ends anywhere.
TEST(ShownTextTest, ACharacterThatIsCutOffIsBytes) {
  constexpr absl::string_view kCharacters[] = {"\xc3\xa9", "\xe2\x82\xac",
                                               "\xf0\x9f\x98\x80"};
  for (const absl::string_view character : kCharacters) {
    for (size_t size = 1; size < character.size(); ++size) {
      std::string expected = "x";
      for (const char c : character.substr(0, size)) {
        absl::StrAppendFormat(&expected, "\\u%04x",
                              static_cast<unsigned char>(c));
      }
      EXPECT_EQ(ShownText(absl::StrCat("x", character.substr(0, size))),
                expected);
    }
  }
}

}  // namespace
}  // namespace ovoc::tunnel
