// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/protocol/answer_object.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(AnswerObjectTest, MembersKeepTheirOrder) {
  std::vector<AnswerObject> objects(2);
  objects[0].AddText("z", "1");
  AnswerObject answer;
  answer.AddText("b", "text")
      .AddNumber("a", 18446744073709551615U)
      .AddBool("d", true)
      .AddTexts("c", {"x", "y"})
      .AddTexts("none", {})
      .AddObjects("list", objects);
  EXPECT_EQ(answer.ToLine(),
            "{\"b\":\"text\",\"a\":18446744073709551615,\"d\":true,"
            "\"c\":[\"x\",\"y\"],\"none\":[],\"list\":[{\"z\":\"1\"},{}]}\n");
}

TEST(AnswerObjectTest, ALineIsOneLineOfAscii) {
  AnswerObject answer;
  answer.AddText("a", absl::string_view("\n\r\0\x1b\"\\\xc3\xa9\xff", 9));
  EXPECT_EQ(answer.ToLine(),
            "{\"a\":\"\\n\\r\\u0000\\u001b\\\"\\\\\\u00e9\\ufffd\"}\n");
}

TEST(AnswerObjectTest, JsonIsPutInAsItIs) {
  AnswerObject answer;
  answer.AddJson("a", "{ \"z\": [1, null], \"b\": 2.5 }\n");
  EXPECT_EQ(answer.ToLine(), "{\"a\":{\"z\":[1,null],\"b\":2.5}}\n");
}

TEST(AnswerObjectTest, WhatIsNoJsonIsNull) {
  for (const absl::string_view text : {"", "{", "x", "{\"a\":\"\xff\"}"}) {
    AnswerObject answer;
    answer.AddJson("a", text);
    EXPECT_EQ(answer.ToLine(), "{\"a\":null}\n") << text;
  }
}

TEST(AnswerObjectTest, DeepJsonIsCut) {
  AnswerObject answer;
  answer.AddJson(
      "a", absl::StrCat(std::string(50'000, '['), std::string(50'000, ']')));
  EXPECT_LE(answer.ToLine().size(), 100U);
}

TEST(AnswerObjectTest, TheThreeKindsOfLines) {
  EXPECT_EQ(GoodAnswer(3).ToLine(), "{\"id\":3,\"ok\":true}\n");
  EXPECT_EQ(MoreAnswer(3).ToLine(), "{\"id\":3,\"more\":true}\n");
  EXPECT_EQ(Notice("edit").ToLine(), "{\"notice\":\"edit\"}\n");
  EXPECT_EQ(BadAnswer(4, absl::InvalidArgumentError("a: b\nc: d")).ToLine(),
            "{\"id\":4,\"ok\":false,\"errors\":[\"a: b\",\"c: d\"]}\n");
}

TEST(AnswerObjectTest, AnObjectCanBeMoved) {
  AnswerObject answer = GoodAnswer(1);
  AnswerObject other = std::move(answer);
  other = GoodAnswer(2);
  EXPECT_EQ(other.ToLine(), "{\"id\":2,\"ok\":true}\n");
}

}  // namespace
}  // namespace ovoc::tunnel
