// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_head.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/response_head.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using End = NaiveHead::End;

constexpr absl::string_view kLine = "HTTP/1.1 101 Switching Protocols\r\n";

TEST(NaiveHeadTest, ReadsAHeadAndLeavesWhatFollows) {
  const NaiveHead head = ReadNaiveHead(
      absl::StrCat(kLine, "Upgrade: websocket\r\nX:\t a b \r\n\r\n\x82"));
  EXPECT_EQ(head.end, End::kDone);
  EXPECT_EQ(head.consumed, kLine.size() + 20 + 10 + 2);
  EXPECT_EQ(head.minor_version, 1);
  EXPECT_EQ(head.status_code, 101);
  EXPECT_EQ(head.reason, "Switching Protocols");
  EXPECT_THAT(head.fields,
              ElementsAre(Pair("Upgrade", "websocket"), Pair("X", "a b")));
}

TEST(NaiveHeadTest, EveryBeginningIsOpen) {
  const std::string text = absl::StrCat(kLine, "A: b\r\n\r\n");
  for (size_t size = 0; size < text.size(); ++size) {
    const NaiveHead head = ReadNaiveHead(text.substr(0, size));
    EXPECT_EQ(head.end, End::kOpen) << size;
    EXPECT_EQ(head.consumed, size);
  }
}

struct Case {
  absl::string_view text;
  size_t consumed;
  int line;
};

constexpr Case kBroken[] = {
    {"\r\n", 2, 1},                                 // nothing in front
    {"HTTP/1.1 101\r\n", 14, 1},                    // no second space
    {"HTTP/1.1 101  A\r\n", 17, 1},                 // one too many
    {"HTTP/1.2 101 A\r\n", 16, 1},                  // version
    {"http/1.1 101 A\r\n", 16, 1},                  // case
    {"HTTP/1.1 600 A\r\n", 16, 1},                  // status
    {"HTTP/1.1 099 A\r\n", 16, 1},                  // status
    {"HTTP/1.1 1x1 A\r\n", 16, 1},                  // status
    {"HTTP/1.1\t101 A\r\n", 16, 1},                 // tab
    {"HTTP/1.1 101 A\n", 15, 1},                    // bare LF
    {"HTTP/1.1 101 A\rB", 16, 1},                   // bare CR
    {"HTTP/1.1 101 A\r\r\n", 16, 1},                // two CR
    {"HTTP/1.1 101 \x01", 14, 1},                   // control
    {"HTTP/1.1 101 \x7f", 14, 1},                   // DEL
    {"HTTP/1.1 101 A\r\nB\r\n", 19, 2},             // no colon
    {"HTTP/1.1 101 A\r\n B:\r\n", 21, 2},           // fold
    {"HTTP/1.1 101 A\r\nB :\r\n", 21, 2},           // space before the colon
    {"HTTP/1.1 101 A\r\n:b\r\n", 20, 2},            // no name
    {"HTTP/1.1 101 A\r\nB: c\r\n(: d\r\n", 28, 3},  // no token
};

TEST(NaiveHeadTest, FindsTheByteThatBreaksARule) {
  for (const Case& c : kBroken) {
    SCOPED_TRACE(std::string(c.text));
    const NaiveHead head = ReadNaiveHead(c.text);
    EXPECT_EQ(head.end, End::kBroken);
    EXPECT_EQ(head.consumed, c.consumed);
    EXPECT_EQ(head.line, c.line);
  }
}

TEST(NaiveHeadTest, HoldsTheLimits) {
  std::string most = std::string(kLine);
  for (int i = 0; i < 64; ++i) {
    absl::StrAppend(&most, "A:\r\n");
  }
  EXPECT_EQ(ReadNaiveHead(absl::StrCat(most, "\r\n")).end, End::kDone);
  EXPECT_EQ(ReadNaiveHead(absl::StrCat(most, "A:\r\n")).end, End::kBroken);
  std::string longest = "HTTP/1.1 101 ";
  longest.resize(16380, 'r');
  EXPECT_EQ(ReadNaiveHead(absl::StrCat(longest, "\r\n\r\n")).end, End::kDone);
  const NaiveHead head = ReadNaiveHead(absl::StrCat(longest, "r\r\n\r\n"));
  EXPECT_EQ(head.end, End::kBroken);
  EXPECT_EQ(head.consumed, 16385U);
}

TEST(NaiveHeadTest, TellsAnotherHeadFromTheSame) {
  const NaiveHead naive = ReadNaiveHead(absl::StrCat(kLine, "A: b\r\n\r\n"));
  const auth::ResponseHead same = {.minor_version = 1,
                                   .status_code = 101,
                                   .reason = "Switching Protocols",
                                   .fields = {{"A", "b"}}};
  EXPECT_TRUE(IsSameHead(same, naive));
  auth::ResponseHead other = same;
  other.fields.push_back({"A", "b"});
  EXPECT_FALSE(IsSameHead(other, naive));
  other = same;
  other.fields[0].value = "c";
  EXPECT_FALSE(IsSameHead(other, naive));
  other = same;
  other.minor_version = 0;
  EXPECT_FALSE(IsSameHead(other, naive));
  const NaiveHead broken = ReadNaiveHead("\n");
  EXPECT_FALSE(IsSameHead(same, broken));
  EXPECT_TRUE(IsSameHead({}, broken));
}

TEST(NaiveHeadTest, KnowsTokensBlanksAndNames) {
  EXPECT_TRUE(IsNaiveToken("Sec-WebSocket-Accept"));
  EXPECT_FALSE(IsNaiveToken(""));
  EXPECT_FALSE(IsNaiveToken("a b"));
  EXPECT_FALSE(IsNaiveToken("\xC3\xA4"));
  EXPECT_EQ(NaiveTrim("\t a b\t "), "a b");
  EXPECT_EQ(NaiveTrim(" \t"), "");
  EXPECT_TRUE(NaiveSameName("upGRADE", "Upgrade"));
  EXPECT_FALSE(NaiveSameName("Upgrad", "Upgrade"));
  EXPECT_FALSE(NaiveSameName("[", "{"));  // 0x20 apart, but no letters
}

// A parser that has read a text.
auth::ResponseHeadParser Parsed(absl::string_view text) {
  auth::ResponseHeadParser parser;
  size_t consumed = 0;
  parser.Add({reinterpret_cast<const uint8_t*>(text.data()), text.size()},
             &consumed);
  return parser;
}

struct Change {
  const char* name;
  void (*make)(NaiveHead*);
};

// Each is what a parser with one fault would differ in.
constexpr Change kChanges[] = {
    {"version", [](NaiveHead* n) { n->minor_version = 0; }},
    {"status", [](NaiveHead* n) { n->status_code = 100; }},
    {"reason", [](NaiveHead* n) { n->reason += " "; }},
    {"the case of a name", [](NaiveHead* n) { n->fields[0].first = "a"; }},
    {"a value", [](NaiveHead* n) { n->fields[1].second = "d "; }},
    {"a field is missing", [](NaiveHead* n) { n->fields.pop_back(); }},
    {"a field too many",
     [](NaiveHead* n) { n->fields.push_back(n->fields[0]); }},
    {"order", [](NaiveHead* n) { std::swap(n->fields[0], n->fields[2]); }},
    {"it is broken", [](NaiveHead* n) { n->end = End::kBroken; }},
};

TEST(NaiveHeadTest, SeesEachDifferenceFromAParser) {
  const std::string text = absl::StrCat(kLine, "A: b\r\nC: d\r\na: e\r\n\r\n");
  const auth::ResponseHeadParser parser = Parsed(text);
  const NaiveHead right = ReadNaiveHead(text);
  ASSERT_EQ(right.fields.size(), 3u);
  EXPECT_TRUE(SaysTheSame(parser, right));
  for (const Change& change : kChanges) {
    NaiveHead wrong = right;
    change.make(&wrong);
    EXPECT_FALSE(SaysTheSame(parser, wrong)) << change.name;
  }
}

TEST(NaiveHeadTest, AnErrorNamesTheLineThatIsBroken) {
  for (const Case& c : kBroken) {
    SCOPED_TRACE(std::string(c.text));
    const auth::ResponseHeadParser parser = Parsed(c.text);
    NaiveHead naive = ReadNaiveHead(c.text);
    EXPECT_TRUE(SaysTheSame(parser, naive));
    ++naive.line;
    EXPECT_FALSE(SaysTheSame(parser, naive));
    EXPECT_FALSE(SaysTheSame(Parsed(kLine), ReadNaiveHead(c.text)))
        << "a parser that saw nothing wrong";
    EXPECT_FALSE(SaysTheSame(parser, ReadNaiveHead(kLine)))
        << "a parser that saw something wrong";
  }
}

struct StatusLine {
  absl::string_view line;
  End end;
};

// RFC 9112 4: status-line = HTTP-version SP status-code SP [ reason-phrase ].
constexpr StatusLine kStatusLines[] = {
    {"HTTP/1.1 100 ", End::kDone},      {"HTTP/1.0 599 A", End::kDone},
    {"HTTP/1.1 200 a\tb ", End::kDone}, {"HTTP/1.1 200 \x80\xff", End::kDone},
    {"HTTP/1.1 200 \ta", End::kBroken}, {"HTTP/1.1 20 A", End::kBroken},
    {"HTTP/1.1 2000 A", End::kBroken},  {"HTTP/1.1 +20 A", End::kBroken},
    {"HTTP/1.1  200 A", End::kBroken},  {" HTTP/1.1 200 A", End::kBroken},
    {"HTTP/1.10 200 A", End::kBroken},  {"HTTP/2.0 200 A", End::kBroken},
    {"HTTP/01.1 200 A", End::kBroken},  {"HTTP 200 A", End::kBroken},
    {"ICY 200 A", End::kBroken},
};

TEST(NaiveHeadTest, KnowsAStatusLine) {
  for (const StatusLine& row : kStatusLines) {
    const std::string text = absl::StrCat(row.line, "\r\n\r\n");
    EXPECT_EQ(ReadNaiveHead(text).end, row.end) << row.line;
    EXPECT_TRUE(SaysTheSame(Parsed(text), ReadNaiveHead(text))) << row.line;
  }
}

}  // namespace
}  // namespace ovoc::fuzz
