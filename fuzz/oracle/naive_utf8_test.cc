// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_utf8.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

struct Case {
  const char* name;
  std::vector<uint8_t> text;
  size_t whole;
  size_t good;
};

const Case kCases[] = {
    {"nothing", {}, 0, 0},
    {"ASCII", {'a', 0x00, 0x7F}, 3, 3},
    {"U+0080, the least of two", {0xC2, 0x80}, 2, 2},
    {"U+07FF, the greatest of two", {0xDF, 0xBF}, 2, 2},
    {"U+0800, the least of three", {0xE0, 0xA0, 0x80}, 3, 3},
    {"U+D7FF, before the surrogates", {0xED, 0x9F, 0xBF}, 3, 3},
    {"U+E000, behind the surrogates", {0xEE, 0x80, 0x80}, 3, 3},
    {"U+FFFF, the greatest of three", {0xEF, 0xBF, 0xBF}, 3, 3},
    {"U+10000, the least of four", {0xF0, 0x90, 0x80, 0x80}, 4, 4},
    {"U+10FFFF, the greatest of all", {0xF4, 0x8F, 0xBF, 0xBF}, 4, 4},
    {"one octet of two", {'a', 0xC2}, 1, 2},
    {"two octets of three", {0xE2, 0x82}, 0, 2},
    {"three octets of four", {'a', 'b', 0xF0, 0x90, 0x80}, 2, 5},
    {"U+007F in two octets: known at the first", {0xC1, 0xBF}, 0, 0},
    {"U+0000 in two octets: known at the first", {0xC0, 0x80}, 0, 0},
    {"U+07FF in three: known at the second", {0xE0, 0x9F, 0xBF}, 0, 1},
    {"U+D800, a surrogate: known at the second", {0xED, 0xA0, 0x80}, 0, 1},
    {"U+DFFF, a surrogate: known at the second", {0xED, 0xBF, 0xBF}, 0, 1},
    {"U+FFFF in four: known at the second", {0xF0, 0x8F, 0xBF, 0xBF}, 0, 1},
    {"U+110000: known at the second", {0xF4, 0x90, 0x80, 0x80}, 0, 1},
    {"U+140000: known at the first", {0xF5, 0x80, 0x80, 0x80}, 0, 0},
    {"five octets: known at the first", {0xF8, 0x88, 0x80, 0x80, 0x80}, 0, 0},
    {"all ones", {'a', 0xFF}, 1, 1},
    {"a tail without a first octet", {'a', 0x80}, 1, 1},
    {"a first octet in a character", {0xE2, 0xC2, 0x80}, 0, 1},
    {"ASCII in a character", {0xE2, 0x82, 'a'}, 0, 2},
    {"good after bad stays bad", {0xFF, 'a'}, 0, 0},
};

TEST(NaiveUtf8Test, KnowsTheRowsOfRfc3629AndWhatLiesBesideThem) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    const NaiveUtf8 read = ReadNaiveUtf8(c.text);
    EXPECT_EQ(read.whole, c.whole);
    EXPECT_EQ(read.good, c.good);
  }
}

// Counts what it takes for characters against the number Unicode has of them.
TEST(NaiveUtf8Test, TakesExactlyTheCharactersOfTwoAndThreeOctets) {
  int two = 0;
  int three = 0;
  for (int first = 0x80; first < 0x100; ++first) {
    for (int second = 0; second < 0x100; ++second) {
      const uint8_t a = static_cast<uint8_t>(first);
      const uint8_t b = static_cast<uint8_t>(second);
      const uint8_t pair[] = {a, b};
      two += ReadNaiveUtf8(pair).whole == 2 ? 1 : 0;
      for (int third = 0x80; third < 0xC0; ++third) {
        const uint8_t triple[] = {a, b, static_cast<uint8_t>(third)};
        three += ReadNaiveUtf8(triple).whole == 3 ? 1 : 0;
      }
    }
  }
  EXPECT_EQ(two, 0x800 - 0x80);
  EXPECT_EQ(three, 0x10000 - 0x800 - 0x800);
}

TEST(NaiveUtf8Test, TakesExactlyTheCharactersOfFourOctets) {
  int count = 0;
  for (int first = 0xF0; first < 0x100; ++first) {
    for (int second = 0x80; second < 0xC0; ++second) {
      for (int third = 0x80; third < 0xC0; ++third) {
        const uint8_t triple[] = {static_cast<uint8_t>(first),
                                  static_cast<uint8_t>(second),
                                  static_cast<uint8_t>(third)};
        // Once three octets are fine, all 64 last ones are.
        count += ReadNaiveUtf8(triple).good == 3 ? 64 : 0;
      }
    }
  }
  EXPECT_EQ(count, 0x110000 - 0x10000);
  for (int last = 0; last < 0x100; ++last) {
    const uint8_t text[] = {0xF0, 0x9F, 0x98, static_cast<uint8_t>(last)};
    EXPECT_EQ(ReadNaiveUtf8(text).whole, last / 64 == 2 ? 4U : 0U) << last;
  }
}

// What is found does not depend on what stands in front, nor on a cut.
TEST(NaiveUtf8Test, FindsTheSameBehindOtherTextAndInFrontOfIt) {
  const std::vector<uint8_t> front = {'a', 0xC3, 0xA4, 0xF0, 0x9F, 0x98, 0x80};
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    std::vector<uint8_t> text = front;
    text.insert(text.end(), c.text.begin(), c.text.end());
    EXPECT_EQ(ReadNaiveUtf8(text).whole, front.size() + c.whole);
    EXPECT_EQ(ReadNaiveUtf8(text).good, front.size() + c.good);
    for (size_t size = 0; size < c.text.size(); ++size) {
      const std::vector<uint8_t> cut(
          c.text.begin(), c.text.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_EQ(ReadNaiveUtf8(cut).good, std::min(size, c.good)) << size;
      EXPECT_LE(ReadNaiveUtf8(cut).whole, c.whole) << size;
    }
  }
}

}  // namespace
}  // namespace ovoc::fuzz
