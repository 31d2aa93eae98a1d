// SPDX-License-Identifier: Apache-2.0
#include "frame/utf8.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

using Bytes = std::vector<uint8_t>;

// The UTF-8 form of any number below 2^21, allowed or not.
Bytes Encode(uint32_t code) {
  const auto tail = [code](int shift) {
    return static_cast<uint8_t>(0x80 | ((code >> shift) & 0x3F));
  };
  if (code < 0x80) {
    return {static_cast<uint8_t>(code)};
  }
  if (code < 0x800) {
    return {static_cast<uint8_t>(0xC0 | (code >> 6)), tail(0)};
  }
  if (code < 0x10000) {
    return {static_cast<uint8_t>(0xE0 | (code >> 12)), tail(6), tail(0)};
  }
  return {static_cast<uint8_t>(0xF0 | (code >> 18)), tail(12), tail(6),
          tail(0)};
}

bool IsUtf8(absl::Span<const uint8_t> text) {
  Utf8Validator validator;
  return validator.Add(text) && validator.Complete();
}

TEST(Utf8ValidatorTest, AcceptsExactlyTheScalarValuesOfUnicode) {
  for (uint32_t code = 0; code < 0x200000; ++code) {
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    const bool expected = code <= 0x10FFFF && !surrogate;
    ASSERT_EQ(IsUtf8(Encode(code)), expected) << std::hex << code;
  }
}

struct ValidCase {
  const char* name;
  Bytes bytes;
};

std::vector<ValidCase> ValidCases() {
  return {
      {"nothing", {}},
      {"NUL", {0x00}},
      {"ASCII longer than a word",
       {'l', 'o', 'n', 'g', 'e', 'r', ' ', 't', 'h', 'a', 'n', ' ', 'a', ' ',
        'w', 'o', 'r', 'd'}},
      {"first of two octets, U+0080", {0xC2, 0x80}},
      {"last of two octets, U+07FF", {0xDF, 0xBF}},
      {"first of three octets, U+0800", {0xE0, 0xA0, 0x80}},
      {"last before the surrogates, U+D7FF", {0xED, 0x9F, 0xBF}},
      {"first after the surrogates, U+E000", {0xEE, 0x80, 0x80}},
      {"byte order mark, U+FEFF", {0xEF, 0xBB, 0xBF}},
      {"noncharacter U+FFFF", {0xEF, 0xBF, 0xBF}},
      {"first of four octets, U+10000", {0xF0, 0x90, 0x80, 0x80}},
      {"last of all, U+10FFFF", {0xF4, 0x8F, 0xBF, 0xBF}},
      {"Greek between ASCII",
       {'a', 0xCE, 0xBA, 0xE1, 0xBD, 0xB9, 0xCF, 0x83, 'b', 'c', 'd', 'e', 'f',
        'g', 'h', 'i', 'j', 0xCE, 0xB5}},
  };
}

TEST(Utf8ValidatorTest, AcceptsValidTextCutAnywhere) {
  for (const ValidCase& test : ValidCases()) {
    SCOPED_TRACE(test.name);
    const absl::Span<const uint8_t> text = test.bytes;
    for (size_t cut = 0; cut <= text.size(); ++cut) {
      Utf8Validator validator;
      EXPECT_TRUE(validator.Add(text.first(cut))) << "cut at " << cut;
      EXPECT_TRUE(validator.Add(text.subspan(cut))) << "cut at " << cut;
      EXPECT_TRUE(validator.Complete()) << "cut at " << cut;
    }
    Utf8Validator validator;
    for (size_t i = 0; i < text.size(); ++i) {
      EXPECT_TRUE(validator.Add(text.subspan(i, 1))) << "octet " << i;
    }
    EXPECT_TRUE(validator.Complete());
  }
}

struct InvalidCase {
  const char* name;
  Bytes bytes;
  size_t fails_at;  // The octet whose arrival settles it.
};

std::vector<InvalidCase> InvalidCases() {
  return {
      {"tail without a first octet", {0x80}, 0},
      {"last tail without a first octet", {0xBF, 'a'}, 0},
      {"overlong NUL", {0xC0, 0x80}, 0},
      {"overlong U+007F", {0xC1, 0xBF}, 0},
      {"overlong in three octets", {0xE0, 0x80, 0x80}, 1},
      {"overlong U+07FF", {0xE0, 0x9F, 0xBF}, 1},
      {"overlong in four octets", {0xF0, 0x80, 0x80, 0x80}, 1},
      {"overlong U+FFFF", {0xF0, 0x8F, 0xBF, 0xBF}, 1},
      {"first surrogate U+D800", {0xED, 0xA0, 0x80}, 1},
      {"last surrogate U+DFFF", {0xED, 0xBF, 0xBF}, 1},
      {"surrogate pair (CESU-8)", {0xED, 0xA0, 0x81, 0xED, 0xB0, 0x80}, 1},
      {"U+110000", {0xF4, 0x90, 0x80, 0x80}, 1},
      {"U+140000", {0xF5, 0x80, 0x80, 0x80}, 0},
      {"five octets", {0xF8, 0x88, 0x80, 0x80, 0x80}, 0},
      {"six octets", {0xFC, 0x84, 0x80, 0x80, 0x80, 0x80}, 0},
      {"0xFE", {0xFE}, 0},
      {"0xFF after ASCII words",
       {'1', '2', '3', '4', '5', '6', '7', '8', '9', 0xFF, 'a'},
       9},
      {"ASCII in place of a second octet", {0xC2, 'A'}, 1},
      {"first octet in place of a third", {0xE2, 0x82, 0xC2, 0x80}, 2},
      {"ASCII in place of a fourth octet", {0xF0, 0x90, 0x80, '('}, 3},
      {"text of Autobahn's case 6.4.1: kosme, then U+110000, then ASCII",
       {0xCE, 0xBA, 0xE1, 0xBD, 0xB9, 0xCF, 0x83, 0xCE, 0xBC, 0xCE, 0xB5,
        0xF4, 0x90, 0x80, 0x80, 0x65, 0x64, 0x69, 0x74, 0x65, 0x64},
       12},
  };
}

TEST(Utf8ValidatorTest, FailsAtTheFirstOctetThatSettlesItAndStaysFailed) {
  for (const InvalidCase& test : InvalidCases()) {
    SCOPED_TRACE(test.name);
    const absl::Span<const uint8_t> text = test.bytes;
    Utf8Validator validator;
    for (size_t i = 0; i < text.size(); ++i) {
      EXPECT_EQ(validator.Add(text.subspan(i, 1)), i < test.fails_at)
          << "octet " << i;
    }
    EXPECT_FALSE(validator.Complete());
    EXPECT_FALSE(validator.Add({}));
    const Bytes ascii = {'o', 'k'};
    EXPECT_FALSE(validator.Add(ascii));
    EXPECT_FALSE(validator.Complete());
  }
}

TEST(Utf8ValidatorTest, FailsWhereverTheTextIsCut) {
  for (const InvalidCase& test : InvalidCases()) {
    SCOPED_TRACE(test.name);
    const absl::Span<const uint8_t> text = test.bytes;
    EXPECT_TRUE(Utf8Validator().Add(text.first(test.fails_at)));
    for (size_t cut = 0; cut <= text.size(); ++cut) {
      Utf8Validator validator;
      EXPECT_EQ(validator.Add(text.first(cut)), cut <= test.fails_at)
          << "cut at " << cut;
      EXPECT_FALSE(validator.Add(text.subspan(cut))) << "cut at " << cut;
    }
  }
}

TEST(Utf8ValidatorTest, IsIncompleteInsideACharacter) {
  const Bytes four_octets = {0xF0, 0x90, 0x80, 0x80};
  Utf8Validator validator;
  EXPECT_TRUE(validator.Complete());
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(validator.Add(absl::MakeConstSpan(four_octets).subspan(i, 1)));
    EXPECT_FALSE(validator.Complete()) << "after octet " << i;
  }
  EXPECT_TRUE(validator.Add(absl::MakeConstSpan(four_octets).last(1)));
  EXPECT_TRUE(validator.Complete());
}

TEST(Utf8ValidatorTest, BeginsANewStreamAfterReset) {
  const Bytes invalid = {0xFF};
  const Bytes half = {0xE2, 0x82};
  const Bytes ascii = {'o', 'k'};
  Utf8Validator validator;
  EXPECT_FALSE(validator.Add(invalid));
  validator.Reset();
  EXPECT_TRUE(validator.Complete());
  EXPECT_TRUE(validator.Add(half));
  validator.Reset();
  EXPECT_TRUE(validator.Complete());
  EXPECT_TRUE(validator.Add(ascii));
  EXPECT_TRUE(validator.Complete());
}

}  // namespace
}  // namespace ovoc::frame
