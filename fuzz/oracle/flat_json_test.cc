// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/flat_json.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

TEST(FlatJsonTest, EachKindOfValueIsKnown) {
  const auto flat =
      FlatByReadJson(R"({"a":null,"b":true,"c":false,"d":12,"e":"\u00e9"})");
  ASSERT_TRUE(flat.has_value());
  EXPECT_EQ(flat->at("a"), tunnel::FlatValue());
  EXPECT_EQ(flat->at("b"), tunnel::FlatValue(true));
  EXPECT_EQ(flat->at("c"), tunnel::FlatValue(false));
  EXPECT_EQ(flat->at("d"), tunnel::FlatValue(uint64_t{12}));
  EXPECT_EQ(flat->at("e"), tunnel::FlatValue(std::string("\xc3\xa9")));
  EXPECT_TRUE(FlatByReadJson("{}").has_value());
}

TEST(FlatJsonTest, WhatIsNotFlatIsNone) {
  for (const absl::string_view text :
       {"", "[]", "1", R"({"a":[]})", R"({"a":{}})", R"({"a":-1})",
        R"({"a":-0})", R"({"a":1.0})", R"({"a":1e2})",
        R"({"a":18446744073709551616})", R"({"a":1,"a":1})", "{} {}"}) {
    EXPECT_FALSE(FlatByReadJson(text).has_value()) << text;
  }
}

TEST(FlatJsonTest, TheLimitsAreKept) {
  std::string many;
  for (int i = 0; i < 16; ++i) {
    absl::StrAppend(&many, many.empty() ? "" : ",", "\"", i, "\":0");
  }
  EXPECT_TRUE(FlatByReadJson(absl::StrCat("{", many, "}")).has_value());
  EXPECT_FALSE(
      FlatByReadJson(absl::StrCat("{", many, ",\"x\":0}")).has_value());
  const std::string key(32, 'k');
  EXPECT_TRUE(FlatByReadJson(absl::StrCat("{\"", key, "\":0}")).has_value());
  EXPECT_FALSE(FlatByReadJson(absl::StrCat("{\"", key, "k\":0}")).has_value());
}

}  // namespace
}  // namespace ovoc::fuzz
