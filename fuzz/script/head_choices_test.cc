// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/head_choices.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
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

TEST(HeadChoicesTest, AShortInputChoosesFromItsEnd) {
  const HeadChoices one = ReadHeadChoices(Octets("\x07"));
  EXPECT_EQ(one.text, "");
  EXPECT_EQ(one.cut, 7);
  const HeadChoices two = ReadHeadChoices(Octets("\xFF\xFF"));
  EXPECT_EQ(two.text, "") << "there is no reason phrase to fill";
  EXPECT_EQ(two.cut, 255);
}

TEST(HeadChoicesTest, FillsOnlyIfBothOctetsSaySo) {
  const std::string text = "HTTP/1.1 101 A\r\n";
  for (int filler = 0; filler < 256; ++filler) {
    for (const int cut : {0, 1, 254, 255}) {
      std::string input = text;
      input.push_back(static_cast<char>(filler));
      input.push_back(static_cast<char>(cut));
      const bool is_filled = filler == 255 && cut == 255;
      EXPECT_EQ(ReadHeadChoices(Octets(input)).text.size() > text.size(),
                is_filled)
          << filler << " " << cut;
    }
  }
}

TEST(HeadChoicesTest, FilledTo64BytesBelowTheLimitOfAHead) {
  // 16384 is the most that a head may have: 64 of the text's own bytes reach
  // it.
  std::string input = absl::StrCat("HTTP/1.1 101 ", std::string(51, 'a'));
  ASSERT_EQ(input.size(), 64u);
  absl::StrAppend(&input, "\xFF\xFF");
  EXPECT_EQ(ReadHeadChoices(Octets(input)).text.size(), 16384u);
}

TEST(HeadChoicesTest, AReasonMayBeginWhereTheTextEnds) {
  EXPECT_EQ(ReadHeadChoices(Octets("HTTP/1.1 101 \xFF\xFF")).text,
            absl::StrCat("HTTP/1.1 101 ", std::string(16320, 'r')));
}

TEST(HeadChoicesTest, ALongTextIsCut) {
  EXPECT_EQ(ReadHeadChoices(Octets(std::string(9000, 'a'))).text.size(), 2048U);
  std::string input = std::string(2048, 'a') + "bc";
  input.push_back('\0');  // filler
  input.push_back('\5');  // cut
  const HeadChoices choices = ReadHeadChoices(Octets(input));
  EXPECT_EQ(choices.text, std::string(2048, 'a'));
  EXPECT_EQ(choices.cut, 5) << "the end of the input, not of the text";
}

TEST(HeadChoicesTest, OctetsKeepEveryByteOfAText) {
  const std::string text("\0\xFFz", 3);
  const absl::Span<const uint8_t> octets = Octets(text);
  ASSERT_EQ(octets.size(), 3u);
  EXPECT_EQ(octets[0], 0);
  EXPECT_EQ(octets[1], 0xFF);
  EXPECT_EQ(octets[2], 'z');
}

}  // namespace
}  // namespace ovoc::fuzz
