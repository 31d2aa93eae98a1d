// SPDX-License-Identifier: Apache-2.0

#include "tunnel/report/content/log_line.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(LogLineTest, IsTheEventAndItsFieldsInOrder) {
  EXPECT_EQ(LogLine("start").ToString(), "event=start");
  EXPECT_EQ(LogLine("connected")
                .Add("address", "192.0.2.1:443")
                .Add("ms", 12)
                .Add("detail", "timed out")
                .ToString(),
            "event=connected address=192.0.2.1:443 ms=12 detail=\"timed out\"");
}

TEST(LogLineTest, QuotesWhatIsNotPlain) {
  struct Case {
    absl::string_view value;
    absl::string_view shown;
  };
  constexpr Case kCases[] = {
      {"plain", "plain"},
      {"169.254.0.2/18", "169.254.0.2/18"},
      {"[2001:db8::1]:443", "[2001:db8::1]:443"},
      {"it's", "it's"},
      {"", "\"\""},
      {" ", "\" \""},
      {"a b", "\"a b\""},
      {"CN=ovoc", "\"CN=ovoc\""},
      {"a\"b", "\"a\\\"b\""},
      {"a\\b", "\"a\\\\b\""},
      {"a\nevent=exit", "\"a\\nevent=exit\""},
      {"a\r\n\tb", "\"a\\r\\n\\tb\""},
      {absl::string_view("\0\x1b\x7f", 3), "\"\\x00\\x1b\\x7f\""},
      {"\xc3\xa9", "\"\\xc3\\xa9\""},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(LogLine("e").Add("k", c.value).ToString(),
              absl::StrCat("event=e k=", c.shown));
  }
}

TEST(LogLineTest, ShowsNumbersOfTheWholeRange) {
  EXPECT_EQ(LogLine("e").Add("n", 0).Add("m", -1).ToString(),
            "event=e n=0 m=-1");
  EXPECT_EQ(
      LogLine("e").Add("n", std::numeric_limits<int64_t>::min()).ToString(),
      "event=e n=-9223372036854775808");
}

TEST(LogLineTest, HoldsNothingButPrintableAsciiForEveryByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const std::string line =
        LogLine("e").Add("k", absl::string_view(&c, 1)).ToString();
    for (const char shown : line) {
      EXPECT_GE(shown, 0x20) << byte;
      EXPECT_LT(shown, 0x7f) << byte;
    }
  }
}

TEST(LogLineTest, CutsAPlainValueAtTheLimitAndSaysSo) {
  // "event=e k=" is 10 bytes, " cut=1" 6: 1008 bytes fit.
  const std::string fits(kMaxLogLineBytes - 16, 'x');
  EXPECT_EQ(LogLine("e").Add("k", fits).ToString(), "event=e k=" + fits);
  const std::string line = LogLine("e").Add("k", fits + "y").ToString();
  EXPECT_EQ(line, "event=e k=" + fits + " cut=1");
  EXPECT_EQ(line.size(), kMaxLogLineBytes);
}

TEST(LogLineTest, ClosesTheQuoteOfACutValue) {
  // Two of the 1008 bytes are the quotes.
  const std::string fits(kMaxLogLineBytes - 18, ' ');
  EXPECT_EQ(LogLine("e").Add("k", fits).ToString(),
            "event=e k=\"" + fits + "\"");
  EXPECT_EQ(LogLine("e").Add("k", fits + " ").ToString(),
            "event=e k=\"" + fits + "\" cut=1");
}

TEST(LogLineTest, NeverCutsAnEscapeInTwo) {
  for (size_t shift = 0; shift < 4; ++shift) {
    const std::string value =
        std::string(shift, ' ') + std::string(kMaxLogLineBytes, '\x01');
    const std::string line = LogLine("e").Add("k", value).ToString();
    EXPECT_LE(line.size(), kMaxLogLineBytes);
    EXPECT_TRUE(absl::EndsWith(line, "\\x01\" cut=1")) << shift;
  }
}

TEST(LogLineTest, DropsEveryFieldBehindTheCut) {
  const std::string line = LogLine("e")
                               .Add("k", std::string(2000, 'x'))
                               .Add("later", "value")
                               .Add("n", 1)
                               .ToString();
  EXPECT_FALSE(absl::StrContains(line, "later"));
  EXPECT_TRUE(absl::EndsWith(line, "x cut=1"));
}

TEST(LogLineTest, StaysWithinTheLimitWhateverIsAdded) {
  for (size_t length = 0; length < 1100; ++length) {
    const std::string line = LogLine("e")
                                 .Add("k", std::string(length, 'x'))
                                 .Add("q", "a b")
                                 .Add("n", 7)
                                 .ToString();
    EXPECT_LE(line.size(), kMaxLogLineBytes) << length;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
