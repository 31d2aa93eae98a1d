// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_credentials.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

TEST(MayBeCredentialsTest, HoldsTheRules) {
  EXPECT_TRUE(MayBeCredentials("", ""));
  EXPECT_TRUE(MayBeCredentials("VPN", "12:34"));
  EXPECT_TRUE(MayBeCredentials("\xC3\xA4", "\xFF"));
  EXPECT_TRUE(MayBeCredentials(std::string(255, 'a'), std::string(255, 'b')));
  EXPECT_FALSE(MayBeCredentials(std::string(256, 'a'), ""));
  EXPECT_FALSE(MayBeCredentials("", std::string(256, 'b')));
  EXPECT_FALSE(MayBeCredentials("V:N", ""));
  EXPECT_FALSE(MayBeCredentials("V\tN", ""));
  EXPECT_FALSE(MayBeCredentials("", "a\x7f"));
  EXPECT_FALSE(MayBeCredentials("", "a\x1f"));
}

// RFC 7617 2 and RFC 4648 10.
TEST(NaiveBasicTest, DecodesTheRfcsExamples) {
  EXPECT_EQ(NaiveBasic("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            "Aladdin:open sesame");
  EXPECT_EQ(NaiveBasic("Basic "), "");
  EXPECT_EQ(NaiveBasic("Basic Zg=="), "f");
  EXPECT_EQ(NaiveBasic("Basic Zm8="), "fo");
  EXPECT_EQ(NaiveBasic("Basic Zm9v"), "foo");
  EXPECT_EQ(NaiveBasic("Basic Zm9vYmFy"), "foobar");
}

TEST(NaiveBasicTest, RefusesWhatIsNotExactlyThat) {
  for (const char* value :
       {"", "Basic", "basic Zm9v", "BasicZm9v", "Basic  Zm9v", "Basic Zm9",
        "Basic Zm9v=", "Basic Zg==Zg==", "Basic Zh==", "Basic Zm9=",
        "Basic Z===", "Basic ====", "Basic Zm9\n", "Basic Zm-v"}) {
    EXPECT_EQ(NaiveBasic(value), std::nullopt) << value;
  }
}

TEST(HiddenTest, KeepsWhatARuleIsAbout) {
  EXPECT_EQ(Hidden("aZ09: \t;'=\x7f\xC3"), "xxxx: \t;'=\x7fx");
}

TEST(MayBeCredentialsTest, JudgesEveryByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    const bool is_control = byte < 32 || byte == 127;  // RFC 5234, CTL
    EXPECT_EQ(MayBeCredentials("a", "b" + text), !is_control) << byte;
    EXPECT_EQ(MayBeCredentials("a" + text, "b"), !is_control && byte != ':')
        << byte;
  }
}

TEST(NaiveBasicTest, DecodesMoreExamplesOfTheRfcs) {
  // RFC 7617 2.1: in UTF-8.
  EXPECT_EQ(NaiveBasic("Basic dGVzdDoxMjPCow=="), "test:123\xC2\xA3");
  // RFC 4648 10.
  EXPECT_EQ(NaiveBasic("Basic Zm9vYg=="), "foob");
  EXPECT_EQ(NaiveBasic("Basic Zm9vYmE="), "fooba");
  // RFC 4648 9.
  EXPECT_EQ(NaiveBasic("Basic FPucA9l+"), "\x14\xFB\x9C\x03\xD9\x7E");
  EXPECT_EQ(NaiveBasic("Basic FPucA9k="), "\x14\xFB\x9C\x03\xD9");
  EXPECT_EQ(NaiveBasic("Basic FPucAw=="), "\x14\xFB\x9C\x03");
}

TEST(NaiveBasicTest, IsTheInverseOfEncoding) {
  std::string text;
  for (int byte = 0; byte < 256; ++byte) {
    text += static_cast<char>(byte);
    EXPECT_EQ(NaiveBasic("Basic " + absl::Base64Escape(text)), text) << byte;
  }
}

// RFC 4648 3.5: the bits that are left over have to be zero, so there is one
// way only to write each byte, and each pair.
TEST(NaiveBasicTest, ThereIsOneWayToWriteEachText) {
  constexpr absl::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::set<std::string> ones;
  std::set<std::string> twos;
  int count = 0;
  for (const char a : kDigits) {
    for (const char b : kDigits) {
      const std::string front = {'B', 'a', 's', 'i', 'c', ' ', a, b};
      if (const auto one = NaiveBasic(front + "==")) {
        EXPECT_TRUE(ones.insert(*one).second) << front;
      }
      for (const char c : kDigits) {
        if (const auto two = NaiveBasic(front + c + "=")) {
          twos.insert(*two);
          ++count;
        }
      }
    }
  }
  EXPECT_EQ(ones.size(), 256u);
  EXPECT_EQ(twos.size(), 65536u);
  EXPECT_EQ(count, 65536);
}

TEST(NaiveBasicTest, KnowsWhichCharactersAreDigits) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool is_digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                          (c >= '0' && c <= '9') || c == '+' || c == '/';
    for (size_t at = 0; at < 4; ++at) {
      std::string group = "AAAA";
      group[at] = c;
      // At the end '=' is padding.
      EXPECT_EQ(NaiveBasic("Basic " + group).has_value(),
                is_digit || (c == '=' && at == 3))
          << byte << " at " << at;
      EXPECT_EQ(NaiveBasic("Basic " + group + "AAAA").has_value(), is_digit)
          << byte << " at " << at;
    }
  }
}

TEST(HiddenTest, KeepsTheLengthAndShowsNoLetter) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool is_told = byte < 0x80 && !(c >= 'A' && c <= 'Z') &&
                         !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
    EXPECT_EQ(Hidden(std::string(3, c)), std::string(3, is_told ? c : 'x'))
        << byte;
  }
  EXPECT_EQ(Hidden(""), "");
}

}  // namespace
}  // namespace ovoc::fuzz
