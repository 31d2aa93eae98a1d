// SPDX-License-Identifier: Apache-2.0
#include "auth/canonical_name.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

std::string Tlv(int tag, absl::string_view value) {
  std::string out(1, static_cast<char>(tag));
  if (value.size() > 0x7f) {
    out += {'\x82', static_cast<char>(value.size() >> 8)};
  }
  out.push_back(static_cast<char>(value.size() & 0xff));
  return absl::StrCat(out, value);
}

// { 2.5.4.NUMBER, a string of type `tag` }
std::string Attribute(char number, int tag, absl::string_view text) {
  return Tlv(
      0x30,
      absl::StrCat(Tlv(0x06, absl::StrCat("\x55\x04", std::string(1, number))),
                   Tlv(tag, text)));
}

std::string Rdn(const std::vector<std::string>& attributes) {
  std::string all;
  for (const std::string& attribute : attributes) {
    all += attribute;
  }
  return Tlv(0x31, all);
}

std::optional<std::string> Canonical(absl::string_view der) {
  CBS cbs;
  CBS_init(&cbs, reinterpret_cast<const uint8_t*>(der.data()), der.size());
  return CanonicalName(cbs);
}

// The common name `text`, of the string type `tag`.
std::optional<std::string> Common(int tag, absl::string_view text) {
  return Canonical(Tlv(0x30, Rdn({Attribute(3, tag, text)})));
}

constexpr int kUtf8 = 0x0c;
constexpr int kPrintable = 0x13;
constexpr int kIa5 = 0x16;
constexpr int kUniversal = 0x1c;
constexpr int kBmp = 0x1e;

TEST(CanonicalNameTest, CaseAndWhiteSpaceDoNotCount) {
  const std::optional<std::string> name = Common(kUtf8, "a b");
  ASSERT_TRUE(name.has_value());
  for (const char* same : {"A b", " a b", "a  b ", "a\t\r\n b", "\v\fA B"}) {
    EXPECT_EQ(Common(kUtf8, same), name) << same;
  }
  for (const char* other : {"ab", "a", "a b c", "a_b", ""}) {
    EXPECT_NE(Common(kUtf8, other), name) << other;
  }
  EXPECT_EQ(Common(kUtf8, "  "), Common(kUtf8, ""));
}

TEST(CanonicalNameTest, TheTypeOfAStringDoesNotCount) {
  const std::optional<std::string> name = Common(kUtf8, "a\xc3\xbc");
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(Common(kIa5, "A\xfc"), name);
  EXPECT_EQ(Common(kBmp, absl::string_view("\0a\0\xfc", 4)), name);
  EXPECT_EQ(Common(kUniversal, absl::string_view("\0\0\0A\0\0\0\xfc", 8)),
            name);
  EXPECT_EQ(Common(kPrintable, "x"), Common(kBmp, absl::string_view("\0x", 2)));
  // Only of ASCII the case is left out.
  EXPECT_NE(Common(kIa5, "A\xdc"), name);
}

TEST(CanonicalNameTest, LargeCharactersAreTheSameInEachType) {
  EXPECT_EQ(Common(kUtf8, "\xf0\x9f\x98\x80"),
            Common(kUniversal, absl::string_view("\0\1\xf6\0", 4)));
  EXPECT_EQ(Common(kUtf8, "\xe2\x82\xac"), Common(kBmp, "\x20\xac"));
}

TEST(CanonicalNameTest, AValueThatIsNoTextIsComparedByteByByte) {
  ASSERT_TRUE(Common(0x04, "A").has_value());
  EXPECT_NE(Common(0x04, "A"), Common(0x04, "a"));
  EXPECT_NE(Common(0x04, "a"), Common(0x03, "a"));
  EXPECT_NE(Common(0x04, "a"), Common(kUtf8, "a"));
}

TEST(CanonicalNameTest, OneNameBeginsWithAnother) {
  const std::string first = Rdn({Attribute(3, kUtf8, "a")});
  const std::string second = Rdn({Attribute(10, kUtf8, "b")});
  const std::string whole = *Canonical(Tlv(0x30, first + second));
  EXPECT_TRUE(absl::StartsWith(whole, *Canonical(Tlv(0x30, first))));
  EXPECT_TRUE(absl::StartsWith(whole, *Canonical(Tlv(0x30, ""))));
  EXPECT_FALSE(absl::StartsWith(whole, *Canonical(Tlv(0x30, second))));
  // Not in the middle of a relative name.
  const std::string longer = *Canonical(
      Tlv(0x30, Rdn({Attribute(3, kUtf8, "ab"), Attribute(10, kUtf8, "b")})));
  EXPECT_FALSE(absl::StartsWith(longer, *Canonical(Tlv(0x30, first))));
}

TEST(CanonicalNameTest, TheOrderInARelativeNameDoesNotCount) {
  const std::string a = Attribute(3, kUtf8, "a");
  const std::string b = Attribute(10, kUtf8, "b");
  EXPECT_EQ(Canonical(Tlv(0x30, Rdn({a, b}))),
            Canonical(Tlv(0x30, Rdn({b, a}))));
  EXPECT_NE(Canonical(Tlv(0x30, Rdn({a, b}))),
            Canonical(Tlv(0x30, Rdn({a}) + Rdn({b}))));
  EXPECT_NE(Canonical(Tlv(0x30, Rdn({a}) + Rdn({b}))),
            Canonical(Tlv(0x30, Rdn({b}) + Rdn({a}))));
}

TEST(CanonicalNameTest, WhatIsNoNameIsNone) {
  const std::string cases[] = {
      "",
      Tlv(0x31, ""),                                   // a set
      Tlv(0x30, "") + Tlv(0x30, ""),                   // two
      Tlv(0x30, Tlv(0x30, "")),                        // no set inside
      Tlv(0x30, Tlv(0x31, "")),                        // an empty one
      Tlv(0x30, Rdn({Tlv(0x31, "")})),                 // no sequence in it
      Tlv(0x30, Rdn({Tlv(0x30, "")})),                 // no attribute
      Tlv(0x30, Rdn({Tlv(0x30, Tlv(0x06, "\x55"))})),  // no value
      Tlv(0x30, Rdn({Tlv(0x30, Tlv(0x06, "\x55") + Tlv(0x0c, "a") +
                                   Tlv(0x0c, "b"))})),  // two values
  };
  for (const std::string& der : cases) {
    EXPECT_EQ(Canonical(der), std::nullopt) << der.size();
  }
  const std::string good = Tlv(0x30, Rdn({Attribute(3, kUtf8, "a")}));
  ASSERT_TRUE(Canonical(good).has_value());
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(Canonical(good.substr(0, size)), std::nullopt) << size;
  }
}

TEST(CanonicalNameTest, ATextThatItsTypeDoesNotAllowIsNone) {
  const struct {
    int tag;
    std::string text;
  } cases[] = {
      {kUtf8, "\x80"},         {kUtf8, "\xc3"},
      {kUtf8, "\xc0\x80"},     {kUtf8, "\xe0\x80\x80"},
      {kUtf8, "\xed\xa0\x80"}, {kUtf8, "\xf4\x90\x80\x80"},
      {kUtf8, "\xef\xbf\xbf"}, {kBmp, "a"},
      {kBmp, "\xd8\x01"},      {kBmp, "\xff\xfe"},
      {kUniversal, "abc"},     {kUniversal, std::string("\0\x11\0\0", 4)},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Common(c.tag, c.text), std::nullopt) << c.tag << " " << c.text;
  }
}

}  // namespace
}  // namespace ovoc::auth
