// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/head_choices.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

TEST(HeadChoicesTest, TheLastTwoOctetsChoose) {
  const HeadChoices choices = ReadHeadChoices(Octets("abc\x01\x07"));
  EXPECT_EQ(choices.text, "abc");
  EXPECT_EQ(choices.cut, 7);
  EXPECT_EQ(ReadHeadChoices({}).text, "");
  EXPECT_EQ(ReadHeadChoices({}).cut, 0);
}

TEST(HeadChoicesTest, FillsTheReasonPhrase) {
  EXPECT_EQ(ReadHeadChoices(Octets("HTTP/1.1 101 A\r\n\xFF\xFF")).text,
            absl::StrCat("HTTP/1.1 101 ", std::string(16320, 'r'), "A\r\n"));
  EXPECT_EQ(ReadHeadChoices(Octets("HTTP/1.1 101 A\r\n\xFF\xFE")).text,
            "HTTP/1.1 101 A\r\n");
}

TEST(HeadChoicesTest, ATextTooShortForAReasonIsLeftAlone) {
  EXPECT_EQ(ReadHeadChoices(Octets("HTTP/1.1 101\xFF\xFF")).text,
            "HTTP/1.1 101");
}

TEST(HeadChoicesTest, ALongTextIsCut) {
  EXPECT_EQ(ReadHeadChoices(Octets(std::string(9000, 'a'))).text.size(), 2048U);
}

}  // namespace
}  // namespace ovoc::fuzz
