// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/protocol/flat_object.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(FlatObjectTest, EachKindOfValueIsRead) {
  const absl::StatusOr<FlatObject> read = ReadFlatObject(
      " {\"a\":null,\"b\" : true,\"c\":false,\"d\":18446744073709551615,"
      "\"e\":\"x\\u00e9\\n\\\"\", \"f\":\"\"} \r");
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 6U);
  EXPECT_EQ(read->at("a"), FlatValue(std::monostate()));
  EXPECT_EQ(read->at("b"), FlatValue(true));
  EXPECT_EQ(read->at("c"), FlatValue(false));
  EXPECT_EQ(read->at("d"), FlatValue(uint64_t{18446744073709551615U}));
  EXPECT_EQ(read->at("e"), FlatValue(std::string("x\xc3\xa9\n\"")));
  EXPECT_EQ(read->at("f"), FlatValue(std::string()));
}

TEST(FlatObjectTest, AnObjectMayBeEmpty) {
  ASSERT_TRUE(ReadFlatObject("{}").ok());
  EXPECT_TRUE(ReadFlatObject("{}")->empty());
}

TEST(FlatObjectTest, AnythingElseIsRefusedAndSaysWhy) {
  const std::string deep(10'000, '[');
  std::string many = "{";
  for (int i = 0; i < 17; ++i) {
    absl::StrAppend(&many, i == 0 ? "" : ",", "\"k", i, "\":0");
  }
  const struct {
    std::string text;
    const char* why;
  } kCases[] = {
      {"", "is no JSON from byte 1 on"},
      {"x", "is no JSON from byte 1 on"},
      {"{", "is no JSON from byte 2 on"},
      {"{}{}", "is no JSON from byte 3 on"},
      {"{\"a\":1,}", "is no JSON from byte 8 on"},
      {"{'a':1}", "is no JSON from byte 2 on"},
      {"{\"a\":01}", "is no JSON from byte 7 on"},
      {"{\"a\":\"\xff\"}", "is no JSON from byte 7 on"},
      {"{\"a\":\"\\ud800\"}", "is no JSON from byte 13 on"},
      {"\xef\xbb\xbf{}", "is no JSON from byte 1 on"},
      {std::string("{}\0", 3), "is no JSON from byte 1 on"},
      {"1", "is no object"},
      {"-1", "is no object"},
      {"\"a\"", "is no object"},
      {"null", "is no object"},
      {"[]", "is an array and no object"},
      {deep, "is an array and no object"},
      {"{\"a\":[]}", "has an array in the key \"a\""},
      {"{\"a\":{}}", "has an object in the key \"a\""},
      {"{\"a\":-1}",
       "has another number than a whole one of at least 0 in the key \"a\""},
      {"{\"a\":1.5}",
       "has another number than a whole one of at least 0 in the key \"a\""},
      {"{\"a\":1e2}",
       "has another number than a whole one of at least 0 in the key \"a\""},
      {"{\"a\":18446744073709551616}",
       "has another number than a whole one of at least 0 in the key \"a\""},
      {"{\"a\":1,\"a\":1}", "has the key \"a\" twice"},
      {"{\"a\":1,\"\\u0061\":1}", "has the key \"a\" twice"},
      {"{\"\\n\":[]}", "has an array in a key"},
      {absl::StrCat("{\"", std::string(33, 'k'), "\":1}"),
       "has a key that is too long"},
      {absl::StrCat(many, "}"), "has too many keys"},
  };
  for (const auto& c : kCases) {
    const absl::StatusOr<FlatObject> read = ReadFlatObject(c.text);
    EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument)
        << c.text.substr(0, 40);
    EXPECT_EQ(read.status().message(), c.why) << c.text.substr(0, 40);
  }
}

TEST(FlatObjectTest, EveryBeginningOfAnObjectIsRefused) {
  const std::string text = "{\"a\":\"b\",\"c\":12}";
  ASSERT_TRUE(ReadFlatObject(text).ok());
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(ReadFlatObject(text.substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
