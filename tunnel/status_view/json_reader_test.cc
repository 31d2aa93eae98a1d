// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/json_reader.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using Kind = JsonValue::Kind;

// The example of RFC 8259 13, shortened.
TEST(JsonReaderTest, ReadsTheExampleOfTheRfc) {
  const absl::StatusOr<JsonValue> image = ReadJson(R"( {
    "Image": {
      "Width":  800,
      "Title":  "View from 15th Floor",
      "Thumbnail": {"Url": "http://www.example.com/image/481989943"},
      "Animated" : false,
      "IDs": [116, 943, 234, 38793]
    }
  } )");
  ASSERT_TRUE(image.ok()) << image.status();
  ASSERT_EQ(image->kind, Kind::kObject);
  const JsonValue* const inner = image->Find("Image");
  ASSERT_NE(inner, nullptr);
  EXPECT_EQ(inner->Find("Width")->kind, Kind::kNumber);
  EXPECT_EQ(inner->Find("Width")->number, 800);
  EXPECT_EQ(inner->Find("Title")->text, "View from 15th Floor");
  EXPECT_EQ(inner->Find("Thumbnail")->Find("Url")->kind, Kind::kString);
  EXPECT_EQ(inner->Find("Animated")->kind, Kind::kFalse);
  const JsonValue& ids = *inner->Find("IDs");
  ASSERT_EQ(ids.items.size(), 4u);
  EXPECT_EQ(ids.items[3].text, "38793");
  EXPECT_EQ(inner->Find("width"), nullptr) << "names have their case";
  EXPECT_EQ(ids.Find("Width"), nullptr);
}

TEST(JsonReaderTest, TakesAnyValueAlone) {
  struct Case {
    absl::string_view text;
    Kind kind;
  };
  constexpr Case kCases[] = {
      {"null", Kind::kNull},           {"true", Kind::kTrue},
      {"false", Kind::kFalse},         {"0", Kind::kNumber},
      {"\"\"", Kind::kString},         {"[]", Kind::kArray},
      {"{}", Kind::kObject},           {" \t\r\n[ ]\n", Kind::kArray},
      {"{ \"\" : 1 }", Kind::kObject},
  };
  for (const Case& c : kCases) {
    const absl::StatusOr<JsonValue> value = ReadJson(c.text);
    ASSERT_TRUE(value.ok()) << c.text << ": " << value.status();
    EXPECT_EQ(value->kind, c.kind) << c.text;
  }
}

TEST(JsonReaderTest, KeepsNumbersAsTheyWereWrittenBesideTheirValue) {
  struct Case {
    absl::string_view text;
    double number;
  };
  constexpr Case kCases[] = {
      {"-0", 0},     {"18446744073709551615", 18446744073709551615.0},
      {"1.5", 1.5},  {"-2.50e1", -25},
      {"1E+2", 100}, {"125e-3", 0.125},
      {"1e-999", 0},
  };
  for (const Case& c : kCases) {
    const absl::StatusOr<JsonValue> value = ReadJson(c.text);
    ASSERT_TRUE(value.ok()) << c.text << ": " << value.status();
    EXPECT_EQ(value->text, c.text);
    EXPECT_EQ(value->number, c.number) << c.text;
  }
}

TEST(JsonReaderTest, ReplacesTheEscapesOfAString) {
  struct Case {
    absl::string_view text;
    absl::string_view read;
  };
  constexpr Case kCases[] = {
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("\u0041\u00e9\u20AC")", "A\xc3\xa9\xe2\x82\xac"},
      {R"("\u0000")", absl::string_view("\0", 1)},
      // RFC 8259 7: the G clef, U+1D11E.
      {R"("\uD834\uDD1E")", "\xf0\x9d\x84\x9e"},
      {R"("\udbff\udfff")", "\xf4\x8f\xbf\xbf"},
      {"\"\x7f\xc3\xa9\"", "\x7f\xc3\xa9"},
  };
  for (const Case& c : kCases) {
    const absl::StatusOr<JsonValue> value = ReadJson(c.text);
    ASSERT_TRUE(value.ok()) << c.text << ": " << value.status();
    EXPECT_EQ(value->text, c.read) << c.text;
  }
}

TEST(JsonReaderTest, RefusesWhatTheRfcDoesNotHave) {
  constexpr absl::string_view kTexts[] = {
      "",          " ",           "nul",       "nulll",    "True",
      "NaN",       "Infinity",    "undefined", "'a'",      "a",
      "01",        "-",           "+1",        ".5",       "1.",
      "1e",        "1e+",         "0x10",      "1 2",      "- 1",
      "[",         "[1",          "[1,]",      "[,1]",     "[1 2]",
      "]",         "{",           "{\"a\"}",   "{\"a\":}", "{\"a\":1,}",
      "{a:1}",     "{1:1}",       "{\"a\" 1}", "{,}",      "{\"a\":1 \"b\":2}",
      "\"",        "\"a",         "\"\\\"",    "\"\\a\"",  "\"\\x41\"",
      "\"\\u12\"", "\"\\u12g4\"", "\"\t\"",    "\"\n\"",   "\"\x1f\"",
      "// c\n1",   "/* c */1",    "1#",        "\v1",      "\xc2\xa0 1",
      "[1]]",      "{}{}",
  };
  for (const absl::string_view text : kTexts) {
    const absl::StatusOr<JsonValue> value = ReadJson(text);
    EXPECT_TRUE(absl::IsInvalidArgument(value.status())) << text;
  }
  EXPECT_FALSE(ReadJson(absl::string_view("1\0", 2)).ok());
  EXPECT_FALSE(ReadJson(absl::string_view("\"\0\"", 3)).ok());
}

TEST(JsonReaderTest, RefusesWhatTheRfcLeavesOpen) {
  constexpr absl::string_view kTexts[] = {
      R"({"a":1,"b":2,"a":1})",
      R"({"a":1,"\u0061":1})",
      R"({"x":{"":1,"":2}})",
      "1e999",
      "-1e999",
      "\xef\xbb\xbf{}",
      "\"\xff\"",
      "\"\xc0\xaf\"",
      "\"\xed\xa0\x80\"",
      R"("\ud800")",
      R"("\ud800x")",
      R"("\ud800\n")",
      R"("\ud800\u0041")",
      R"("\udc00")",
      R"("\udc00\ud800")",
  };
  for (const absl::string_view text : kTexts) {
    EXPECT_TRUE(absl::IsInvalidArgument(ReadJson(text).status())) << text;
  }
  EXPECT_TRUE(ReadJson(R"([{"a":1},{"a":1}])").ok()) << "in two objects";
}

TEST(JsonReaderTest, SaysAtWhichByteAndNothingOfTheText) {
  struct Case {
    absl::string_view text;
    absl::string_view message;
  };
  constexpr Case kCases[] = {
      {"", "at byte 1: a value is expected"},
      {"[1,secret]", "at byte 4: a value is expected"},
      {"{\"secret\" 1}", "at byte 11: ':' is expected"},
      {"{\"secret\":1 2}", "at byte 13: ',' or '}' is expected"},
      {"[\"secret\"", "at byte 10: ',' or ']' is expected"},
      {"\"secret", "at byte 8: the text ends within a string"},
      {"1 secret", "at byte 3: something follows the value"},
      {"\"\xff secret\"", "the text is not UTF-8"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ReadJson(c.text).status().message(), c.message) << c.text;
  }
}

std::string Nested(size_t depth) {
  return absl::StrCat(std::string(depth, '['), std::string(depth, ']'));
}

TEST(JsonReaderTest, StopsAtItsLimits) {
  EXPECT_TRUE(ReadJson(Nested(kMaxJsonDepth)).ok());
  EXPECT_TRUE(
      absl::IsResourceExhausted(ReadJson(Nested(kMaxJsonDepth + 1)).status()));
  // As deep as a text can be: the stack does not grow with it.
  EXPECT_TRUE(absl::IsResourceExhausted(
      ReadJson(std::string(kMaxJsonBytes, '[')).status()));

  std::string many = "[0";  // with the array, two values
  for (size_t i = 2; i < kMaxJsonValues; ++i) {
    many += ",0";
  }
  EXPECT_TRUE(ReadJson(many + "]").ok());
  EXPECT_TRUE(absl::IsResourceExhausted(ReadJson(many + ",0]").status()));

  const std::string longest =
      absl::StrCat("\"", std::string(kMaxJsonBytes - 2, 'x'), "\"");
  const absl::StatusOr<JsonValue> value = ReadJson(longest);
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(value->text.size(), kMaxJsonBytes - 2);
  EXPECT_TRUE(absl::IsResourceExhausted(ReadJson(longest + " ").status()));
}

TEST(JsonReaderTest, NoTextThatIsCutOffIsRead) {
  const std::string whole =
      R"({"a":[1.5e2,true,null,{"b":"\u00e9\ud834\udd1e\\"}],"c":"d"})";
  ASSERT_TRUE(ReadJson(whole).ok());
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ReadJson(whole.substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
