// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/content/json_object.h"

#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(JsonStringTest, EscapesWhatRfc8259Demands) {
  struct Case {
    absl::string_view text;
    absl::string_view json;
  };
  constexpr Case kCases[] = {
      {"", "\"\""},
      {"plain / text", "\"plain / text\""},
      {"\"", "\"\\\"\""},
      {"\\", "\"\\\\\""},
      {absl::string_view("\0", 1), "\"\\u0000\""},
      {"\x1f\x7f", "\"\\u001f\\u007f\""},
      {"\n\r\t\b", "\"\\u000a\\u000d\\u0009\\u0008\""},
      {"\xc3\xa9", "\"\xc3\xa9\""},                  // U+00E9
      {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},  // U+1F600
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(JsonString(c.text), c.json);
  }
}

TEST(JsonStringTest, ReplacesBytesThatAreNotUtf8) {
  const absl::string_view kReplaced = "\xef\xbf\xbd";
  EXPECT_EQ(JsonString("a\xff"), absl::StrCat("\"a", kReplaced, "\""));
  // A character cut off, an overlong form, a surrogate.
  EXPECT_EQ(JsonString("\xc3"), absl::StrCat("\"", kReplaced, "\""));
  EXPECT_EQ(JsonString("\xc0\xaf"),
            absl::StrCat("\"", kReplaced, kReplaced, "\""));
  EXPECT_EQ(JsonString("\xed\xa0\x80"),
            absl::StrCat("\"", kReplaced, kReplaced, kReplaced, "\""));
}

TEST(JsonTextsTest, IsAListOfStrings) {
  EXPECT_EQ(JsonTexts({}), "[]");
  EXPECT_EQ(JsonTexts({"a"}), "[\"a\"]");
  EXPECT_EQ(JsonTexts({"a\"]", "", "\\"}), "[\"a\\\"]\",\"\",\"\\\\\"]");
}

TEST(JsonTextOrNullTest, AnEmptyTextIsNull) {
  EXPECT_EQ(JsonTextOrNull(""), "null");
  EXPECT_EQ(JsonTextOrNull("null"), "\"null\"");
}

// 1795399200 is 2026-11-23 02:00:00 UTC.
TEST(JsonTimeTest, IsUtcWithMilliseconds) {
  EXPECT_EQ(JsonTime(absl::FromUnixSeconds(1795399200)),
            "\"2026-11-23T02:00:00.000Z\"");
  EXPECT_EQ(JsonTime(absl::FromUnixMillis(1795399200007)),
            "\"2026-11-23T02:00:00.007Z\"");
  EXPECT_EQ(JsonTime(absl::UnixEpoch()), "\"1970-01-01T00:00:00.000Z\"");
}

TEST(JsonObjectTest, HasItsMembersInTheOrderInWhichTheyWereAdded) {
  EXPECT_EQ(JsonObject().ToString(), "{}");
  EXPECT_EQ(JsonObject()
                .AddText("b", "x")
                .AddTextOrNull("a", "")
                .AddTextOrNull("c", "y")
                .AddNumber("n", -3)
                .AddCount("m", std::numeric_limits<uint64_t>::max())
                .AddBoolean("yes", true)
                .AddBoolean("no", false)
                .AddTime("t", absl::UnixEpoch())
                .Add("list", "[1]")
                .Add("inner", JsonObject().AddNumber("i", 1).ToString())
                .ToString(),
            "{\"b\":\"x\",\"a\":null,\"c\":\"y\",\"n\":-3,"
            "\"m\":18446744073709551615,\"yes\":true,\"no\":false,"
            "\"t\":\"1970-01-01T00:00:00.000Z\",\"list\":[1],"
            "\"inner\":{\"i\":1}}");
}

TEST(JsonObjectTest, NeitherKeyNorTextEndsIt) {
  EXPECT_EQ(JsonObject().AddText("k\":1,\"", "v\"}\n").ToString(),
            "{\"k\\\":1,\\\"\":\"v\\\"}\\u000a\"}");
}

}  // namespace
}  // namespace ovoc::tunnel
