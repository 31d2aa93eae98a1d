// SPDX-License-Identifier: Apache-2.0
#include "auth/response_head.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Result = ResponseHeadParser::Result;

// Raw: a literal with the NUL bytes in it.
template <size_t N>
constexpr absl::string_view Raw(const char (&text)[N]) {
  return absl::string_view(text, N - 1);
}

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                             text.size());
}

// HeadText: a head as one text, to compare.
std::string HeadText(const ResponseHead& head) {
  std::string text = absl::StrCat(head.minor_version, " ", head.status_code,
                                  " [", head.reason, "]");
  for (const HeaderField& field : head.fields) {
    absl::StrAppend(&text, " ", field.name, "=[", field.value, "]");
  }
  return text;
}

struct Outcome {
  Result result = Result::kNeedMore;
  size_t consumed = 0;
  std::string message;
  std::string head;

  bool operator==(const Outcome&) const = default;
};

// Feed: hands `pieces` over one by one, as a caller does: what is not consumed
// belongs to somebody else.
Outcome Feed(absl::Span<const absl::string_view> pieces) {
  ResponseHeadParser parser;
  Outcome outcome;
  for (absl::string_view piece : pieces) {
    size_t consumed = 0;
    outcome.result = parser.Add(Bytes(piece), &consumed);
    EXPECT_LE(consumed, piece.size());
    if (outcome.result == Result::kNeedMore) {
      EXPECT_EQ(consumed, piece.size());
    }
    outcome.consumed += consumed;
  }
  outcome.message = std::string(parser.status().message());
  outcome.head = HeadText(parser.head());
  EXPECT_EQ(parser.status().ok(), outcome.result != Result::kError);
  return outcome;
}

Outcome FeedWhole(absl::string_view text) { return Feed({text}); }

Outcome FeedBytewise(absl::string_view text) {
  std::vector<absl::string_view> pieces;
  for (size_t i = 0; i < text.size(); ++i) {
    pieces.push_back(text.substr(i, 1));
  }
  return Feed(pieces);
}

// ExpectSameHoweverCut: in two at every point, in three around every byte,
// byte by byte.
void ExpectSameHoweverCut(absl::string_view text) {
  const Outcome whole = FeedWhole(text);
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    SCOPED_TRACE(cut);
    EXPECT_EQ(Feed({text.substr(0, cut), text.substr(cut)}), whole);
    if (cut < text.size()) {
      EXPECT_EQ(Feed({text.substr(0, cut), text.substr(cut, 1),
                      text.substr(cut + 1)}),
                whole);
    }
  }
  EXPECT_EQ(FeedBytewise(text), whole);
}

struct Recorded {
  absl::string_view name;
  absl::string_view head;
  absl::string_view expected;
};

// Answer heads of real servers, byte for byte.
constexpr Recorded kRecorded[] = {
    {"03 tun-ws directly",
     "HTTP/1.1 101 Switching Protocols\r\n"
     "Upgrade: websocket\r\n"
     "Connection: Upgrade\r\n"
     "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
     "Sec-WebSocket-Accept: 7zdNjLLRXAOK3i1jEl/1B1J2vuA=\r\n"
     "X-Audc-OverlayIP: 169.254.0.2\r\n"
     "X-Audc-OverlayPrefix: 18\r\n"
     "\r\n",
     "1 101 [Switching Protocols] Upgrade=[websocket] Connection=[Upgrade] "
     "Sec-WebSocket-Protocol=[ovoc.audiocodes.com] "
     "Sec-WebSocket-Accept=[7zdNjLLRXAOK3i1jEl/1B1J2vuA=] "
     "X-Audc-OverlayIP=[169.254.0.2] X-Audc-OverlayPrefix=[18]"},
    {"02 behind nginx",
     "HTTP/1.1 101 Switching Protocols\r\n"
     "Server: nginx/1.22.1\r\n"
     "Date: Sun, 22 Nov 2026 14:47:00 GMT\r\n"
     "Connection: upgrade\r\n"
     "Upgrade: websocket\r\n"
     "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
     "Sec-WebSocket-Accept: pbgWmq99HMlWkeGzMUtHN5lO2vE=\r\n"
     "X-Audc-OverlayIP: 169.254.0.2\r\n"
     "X-Audc-OverlayPrefix: 18\r\n"
     "\r\n",
     "1 101 [Switching Protocols] Server=[nginx/1.22.1] Date=[Sun, 22 Nov 2026 "
     "14:47:00 GMT] Connection=[upgrade] Upgrade=[websocket] "
     "Sec-WebSocket-Protocol=[ovoc.audiocodes.com] "
     "Sec-WebSocket-Accept=[pbgWmq99HMlWkeGzMUtHN5lO2vE=] "
     "X-Audc-OverlayIP=[169.254.0.2] X-Audc-OverlayPrefix=[18]"},
    {"26 behind HAProxy, names in lower case",
     "HTTP/1.1 101 Switching Protocols\r\n"
     "server: nginx/1.22.1\r\n"
     "date: Sun, 22 Nov 2026 14:47:08 GMT\r\n"
     "connection: upgrade\r\n"
     "upgrade: websocket\r\n"
     "sec-websocket-protocol: ovoc.audiocodes.com\r\n"
     "sec-websocket-accept: 9n6R8Sco6DSG4uYfAymtqc0xxWQ=\r\n"
     "x-audc-overlayip: 169.254.0.2\r\n"
     "x-audc-overlayprefix: 18\r\n"
     "\r\n",
     "1 101 [Switching Protocols] server=[nginx/1.22.1] date=[Sun, 22 Nov 2026 "
     "14:47:08 GMT] connection=[upgrade] upgrade=[websocket] "
     "sec-websocket-protocol=[ovoc.audiocodes.com] "
     "sec-websocket-accept=[9n6R8Sco6DSG4uYfAymtqc0xxWQ=] "
     "x-audc-overlayip=[169.254.0.2] x-audc-overlayprefix=[18]"},
    {"05 nginx, wrong password",
     "HTTP/1.1 401 Unauthorized\r\n"
     "Server: nginx/1.22.1\r\n"
     "Date: Sun, 22 Nov 2026 14:43:43 GMT\r\n"
     "Content-Type: text/html\r\n"
     "Content-Length: 179\r\n"
     "Connection: keep-alive\r\n"
     "WWW-Authenticate: Basic realm=\"VPN\"\r\n"
     "\r\n",
     "1 401 [Unauthorized] Server=[nginx/1.22.1] Date=[Sun, 22 Nov 2026 "
     "14:43:43 GMT] Content-Type=[text/html] Content-Length=[179] "
     "Connection=[keep-alive] WWW-Authenticate=[Basic realm=\"VPN\"]"},
    {"07 nginx, wrong path",
     "HTTP/1.1 404 Not Found\r\n"
     "Server: nginx/1.22.1\r\n"
     "Date: Sun, 22 Nov 2026 14:43:46 GMT\r\n"
     "Content-Type: text/html\r\n"
     "Content-Length: 153\r\n"
     "Connection: keep-alive\r\n"
     "\r\n",
     "1 404 [Not Found] Server=[nginx/1.22.1] Date=[Sun, 22 Nov 2026 14:43:46 "
     "GMT] Content-Type=[text/html] Content-Length=[153] "
     "Connection=[keep-alive]"},
    {"10 nginx, tun-ws down",
     "HTTP/1.1 502 Bad Gateway\r\n"
     "Server: nginx/1.22.1\r\n"
     "Date: Sun, 22 Nov 2026 14:43:49 GMT\r\n"
     "Content-Type: text/html\r\n"
     "Content-Length: 157\r\n"
     "Connection: keep-alive\r\n"
     "\r\n",
     "1 502 [Bad Gateway] Server=[nginx/1.22.1] Date=[Sun, 22 Nov 2026 "
     "14:43:49 GMT] Content-Type=[text/html] Content-Length=[157] "
     "Connection=[keep-alive]"},
    {"12 tun-ws directly, pool used up",
     "HTTP/1.0 409 Too Many Peers\r\n"
     "Connection: close\r\n"
     "Cache-Control: no-cache, no-store, must-revalidate\r\n"
     "Pragma: no-cache\r\n"
     "Expires: 0\r\n"
     "\r\n",
     "0 409 [Too Many Peers] Connection=[close] Cache-Control=[no-cache, "
     "no-store, must-revalidate] Pragma=[no-cache] Expires=[0]"},
    {"14 nginx, pool used up",
     "HTTP/1.1 409 Too Many Peers\r\n"
     "Server: nginx/1.22.1\r\n"
     "Date: Sun, 22 Nov 2026 14:43:53 GMT\r\n"
     "Transfer-Encoding: chunked\r\n"
     "Connection: keep-alive\r\n"
     "Cache-Control: no-cache, no-store, must-revalidate\r\n"
     "Pragma: no-cache\r\n"
     "Expires: 0\r\n"
     "\r\n",
     "1 409 [Too Many Peers] Server=[nginx/1.22.1] Date=[Sun, 22 Nov 2026 "
     "14:43:53 GMT] Transfer-Encoding=[chunked] Connection=[keep-alive] "
     "Cache-Control=[no-cache, no-store, must-revalidate] Pragma=[no-cache] "
     "Expires=[0]"},
    {"27 HAProxy, refuses the 16-character key",
     "HTTP/1.1 400 Bad request\r\n"
     "Content-length: 90\r\n"
     "Cache-Control: no-cache\r\n"
     "Connection: close\r\n"
     "Content-Type: text/html\r\n"
     "\r\n",
     "1 400 [Bad request] Content-length=[90] Cache-Control=[no-cache] "
     "Connection=[close] Content-Type=[text/html]"},
};

TEST(ResponseHeadTest, ReadsEveryRecordedHead) {
  for (const Recorded& row : kRecorded) {
    SCOPED_TRACE(row.name);
    const Outcome outcome = FeedWhole(row.head);
    EXPECT_EQ(outcome.result, Result::kDone);
    EXPECT_EQ(outcome.consumed, row.head.size());
    EXPECT_EQ(outcome.head, row.expected);
    EXPECT_EQ(outcome.message, "");
  }
}

TEST(ResponseHeadTest, ReadsARecordedHeadTheSameHoweverItIsCut) {
  for (const Recorded& row : kRecorded) {
    SCOPED_TRACE(row.name);
    ExpectSameHoweverCut(row.head);
  }
}

TEST(ResponseHeadTest, LeavesTheFramesBehindTheHeadToTheCaller) {
  constexpr absl::string_view kFrames = Raw("\x8A\x00\x82\x02\r\n\r\n\x00");
  for (const Recorded& row : kRecorded) {
    SCOPED_TRACE(row.name);
    const std::string text = absl::StrCat(row.head, kFrames);
    EXPECT_EQ(FeedWhole(text), FeedWhole(row.head));
    ExpectSameHoweverCut(text);
  }
}

TEST(ResponseHeadTest, NeedsMoreUntilTheVeryLastByte) {
  for (const Recorded& row : kRecorded) {
    SCOPED_TRACE(row.name);
    for (size_t size = 0; size < row.head.size(); ++size) {
      const Outcome outcome = FeedWhole(row.head.substr(0, size));
      EXPECT_EQ(outcome.result, Result::kNeedMore);
      EXPECT_EQ(outcome.consumed, size);
    }
  }
}

TEST(ResponseHeadTest, StaysDoneAndConsumesNothingMore) {
  ResponseHeadParser parser;
  size_t consumed = 0;
  ASSERT_EQ(parser.Add(Bytes(kRecorded[0].head), &consumed), Result::kDone);
  for (absl::string_view more :
       {Raw("\x82\x00"), Raw("HTTP/1.1 200 OK\r\n"), Raw("\n"), Raw("")}) {
    consumed = 99;
    EXPECT_EQ(parser.Add(Bytes(more), &consumed), Result::kDone);
    EXPECT_EQ(consumed, 0u);
  }
  EXPECT_TRUE(parser.status().ok());
  EXPECT_TRUE(parser.EndOfInput().ok());
  EXPECT_EQ(HeadText(parser.head()), kRecorded[0].expected);
}

TEST(ResponseHeadTest, AcceptsWhatTheGrammarAllows) {
  const Recorded kRows[] = {
      {"no fields", "HTTP/1.1 200 OK\r\n\r\n", "1 200 [OK]"},
      {"empty reason", "HTTP/1.1 200 \r\n\r\n", "1 200 []"},
      {"lowest status", "HTTP/1.1 100 C\r\n\r\n", "1 100 [C]"},
      {"highest status", "HTTP/1.0 599 x\r\n\r\n", "0 599 [x]"},
      {"reason with tab and obs-text", "HTTP/1.1 200 a\tb \xE9\r\n\r\n",
       "1 200 [a\tb \xE9]"},
      {"empty value", "HTTP/1.1 200 OK\r\nX:\r\n\r\n", "1 200 [OK] X=[]"},
      {"blank value", "HTTP/1.1 200 OK\r\nX: \t \r\n\r\n", "1 200 [OK] X=[]"},
      {"no space after the colon", "HTTP/1.1 200 OK\r\nX:a\r\n\r\n",
       "1 200 [OK] X=[a]"},
      {"white space around and inside",
       "HTTP/1.1 200 OK\r\nX:\t  a \t b \t \r\n\r\n", "1 200 [OK] X=[a \t b]"},
      {"colons in the value", "HTTP/1.1 200 OK\r\nX: a:b::\r\n\r\n",
       "1 200 [OK] X=[a:b::]"},
      {"obs-text in the value", "HTTP/1.1 200 OK\r\nX: \x80\xFF\r\n\r\n",
       "1 200 [OK] X=[\x80\xFF]"},
      {"every punctuation of a token",
       "HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~09azAZ: 1\r\n\r\n",
       "1 200 [OK] !#$%&'*+-.^_`|~09azAZ=[1]"},
      {"repeated fields", "HTTP/1.1 200 OK\r\nX: 1\r\nx: 2\r\nX: 1\r\n\r\n",
       "1 200 [OK] X=[1] x=[2] X=[1]"},
  };
  for (const Recorded& row : kRows) {
    SCOPED_TRACE(row.name);
    const Outcome outcome = FeedWhole(row.head);
    EXPECT_EQ(outcome.result, Result::kDone) << outcome.message;
    EXPECT_EQ(outcome.head, row.expected);
    ExpectSameHoweverCut(row.head);
  }
}

struct Broken {
  absl::string_view name;
  absl::string_view bytes;  // up to the byte that breaks the rule, no further
  absl::string_view rule;
  absl::string_view found;
};

constexpr absl::string_view kVersionRule =
    "line 1: the status line must begin with \"HTTP/1.1 \" or \"HTTP/1.0 \" "
    "(RFC 9112 2.3, 4)";
constexpr absl::string_view kStatusRule =
    "line 1: the status code must be three digits, 100 to 599, and one space "
    "(RFC 9112 4)";
constexpr absl::string_view kReasonRule =
    "line 1: exactly one space must come before the reason phrase (RFC 9112 4)";
constexpr absl::string_view kFirstRule =
    "line 1: the status line must come first (RFC 9112 2.1)";
constexpr absl::string_view kLfRule = "a line must end in CR LF (RFC 9112 2.2)";
constexpr absl::string_view kCrRule =
    "CR must be followed by LF (RFC 9112 2.2)";
constexpr absl::string_view kControlRule =
    "control bytes are not allowed (RFC 9112 4, RFC 9110 5.5)";
constexpr absl::string_view kBlankRule =
    "a line must not begin with white space (RFC 9112 2.2, folding: 5.2)";
constexpr absl::string_view kColonRule =
    "a header line must have a colon (RFC 9112 5)";
constexpr absl::string_view kEmptyNameRule =
    "a header name must not be empty (RFC 9112 5)";
constexpr absl::string_view kSpaceRule =
    "white space must not come before the colon (RFC 9112 5.1)";
constexpr absl::string_view kTokenRule =
    "a header name must be a token (RFC 9110 5.1, 5.6.2)";

constexpr Broken kBrokenStatusLines[] = {
    {"HTTP/2", "HTTP/2.0 101 S\r\n", kVersionRule, "\"HTTP/2.0 101 S\""},
    {"HTTP/2 short", "HTTP/2 101 S\r\n", kVersionRule, "\"HTTP/2 101 S\""},
    {"HTTP/1.2", "HTTP/1.2 101 S\r\n", kVersionRule, "\"HTTP/1.2 101 S\""},
    {"HTTP/0.9", "HTTP/0.9 200 OK\r\n", kVersionRule, "\"HTTP/0.9 200 OK\""},
    {"a body as of HTTP/0.9", "<html>\r\n", kVersionRule, "\"<html>\""},
    {"01.1", "HTTP/01.1 101 S\r\n", kVersionRule, "\"HTTP/01.1"},
    {"11.1", "HTTP/11.1 101 S\r\n", kVersionRule, "\"HTTP/11.1"},
    {"1.01", "HTTP/1.01 101 S\r\n", kVersionRule, "\"HTTP/1.01"},
    {"1.10", "HTTP/1.10 101 S\r\n", kVersionRule, "\"HTTP/1.10"},
    {"lower case", "http/1.1 101 S\r\n", kVersionRule, "\"http/1.1 101 S\""},
    {"another protocol", "SSH-2.0-OpenSSH_9\r\n", kVersionRule, "\"SSH-2.0"},
    {"a space in front", " HTTP/1.1 101 S\r\n", kVersionRule, "\" HTTP/1.1"},
    {"a tab after the version", "HTTP/1.1\t101 S\r\n", kVersionRule,
     "\"HTTP/1.1?101 S\""},
    {"only the version", "HTTP/1.1\r\n", kVersionRule, "\"HTTP/1.1\""},
    {"only HTTP", "HTTP\r\n", kVersionRule, "\"HTTP\""},
    {"an empty line in front", "\r\n", kFirstRule, "an empty line"},
    {"a bare LF in front", "\n", kLfRule, "a bare LF"},
    {"no status code", "HTTP/1.1 \r\n", kStatusRule, "\"HTTP/1.1 \""},
    {"two digits", "HTTP/1.1 10\r\n", kStatusRule, "\"HTTP/1.1 10\""},
    {"two digits, reason", "HTTP/1.1 10 Sw\r\n", kStatusRule, "\"HTTP/1.1 10"},
    {"1010", "HTTP/1.1 1010 S\r\n", kStatusRule, "\"HTTP/1.1 1010 S\""},
    {"0101", "HTTP/1.1 0101 S\r\n", kStatusRule, "\"HTTP/1.1 0101 S\""},
    {"+101", "HTTP/1.1 +101 S\r\n", kStatusRule, "\"HTTP/1.1 +101 S\""},
    {"+10", "HTTP/1.1 +10 S\r\n", kStatusRule, "\"HTTP/1.1 +10 S\""},
    {"a letter", "HTTP/1.1 1O1 S\r\n", kStatusRule, "\"HTTP/1.1 1O1 S\""},
    {"hexadecimal", "HTTP/1.1 10a S\r\n", kStatusRule, "\"HTTP/1.1 10a S\""},
    {"099", "HTTP/1.1 099 S\r\n", kStatusRule, "\"HTTP/1.1 099 S\""},
    {"600", "HTTP/1.1 600 S\r\n", kStatusRule, "\"HTTP/1.1 600 S\""},
    {"two spaces before the code", "HTTP/1.1  101 S\r\n", kStatusRule,
     "\"HTTP/1.1  101 S\""},
    {"no space after the code", "HTTP/1.1 101\r\n", kStatusRule,
     "\"HTTP/1.1 101\""},
    {"a tab after the code", "HTTP/1.1 101\tS\r\n", kStatusRule,
     "\"HTTP/1.1 101?S\""},
    {"two spaces after the code", "HTTP/1.1 101  S\r\n", kReasonRule,
     "\"HTTP/1.1 101  S\""},
    {"a tab before the reason", "HTTP/1.1 101 \tS\r\n", kReasonRule,
     "\"HTTP/1.1 101 ?S\""},
    {"NUL in the reason", Raw("HTTP/1.1 101 S\0"), kControlRule, "byte 0x00"},
    {"a TLS alert", Raw("\x15"), kControlRule, "byte 0x15"},
    {"line end LF", "HTTP/1.1 101 S\n", kLfRule, "a bare LF"},
    {"bare CR", "HTTP/1.1 101 S\rU", kCrRule, "byte 0x55"},
    {"two CR", "HTTP/1.1 101 S\r\r", kCrRule, "byte 0x0d"},
};

#define OVOC_STATUS_LINE "HTTP/1.1 101 S\r\n"
constexpr Broken kBrokenFieldLines[] = {
    {"first line begins with space", OVOC_STATUS_LINE " X: 1\r\n", kBlankRule,
     "\" X: 1\""},
    {"first line begins with tab", OVOC_STATUS_LINE "\tX: 1\r\n", kBlankRule,
     "\"?X: 1\""},
    {"folded with space", OVOC_STATUS_LINE "X: 1\r\n 2\r\n", kBlankRule,
     "\" 2\""},
    {"folded with tab", OVOC_STATUS_LINE "X: 1\r\n\t2\r\n", kBlankRule,
     "\"?2\""},
    {"a line of one space", OVOC_STATUS_LINE " \r\n", kBlankRule, "\" \""},
    {"no colon", OVOC_STATUS_LINE "Upgrade websocket\r\n", kColonRule,
     "\"Upgrade websocket\""},
    {"empty name", OVOC_STATUS_LINE ": websocket\r\n", kEmptyNameRule,
     "\": websocket\""},
    {"space before the colon", OVOC_STATUS_LINE "Upgrade : websocket\r\n",
     kSpaceRule, "\"Upgrade : websocket\""},
    {"tab before the colon", OVOC_STATUS_LINE "Upgrade\t: websocket\r\n",
     kSpaceRule, "\"Upgrade?: websocket\""},
    {"space in the name", OVOC_STATUS_LINE "Up grade: websocket\r\n",
     kTokenRule, "\"Up grade\""},
    {"slash in the name", OVOC_STATUS_LINE "Up/grade: x\r\n", kTokenRule,
     "\"Up/grade\""},
    {"obs-text in the name",
     OVOC_STATUS_LINE "Upgr\xE4"
                      "de: x\r\n",
     kTokenRule, "\"Upgr?de\""},
    {"NUL in the name", Raw(OVOC_STATUS_LINE "Up\0"), kControlRule,
     "byte 0x00"},
    {"NUL in the value", Raw(OVOC_STATUS_LINE "Upgrade: web\0"), kControlRule,
     "byte 0x00"},
    {"escape in the value", OVOC_STATUS_LINE "Upgrade: \x1B", kControlRule,
     "byte 0x1b"},
    {"DEL in the value", OVOC_STATUS_LINE "Upgrade: \x7F", kControlRule,
     "byte 0x7f"},
    {"line end LF", OVOC_STATUS_LINE "Upgrade: websocket\n", kLfRule,
     "a bare LF"},
    {"empty line is a bare LF", OVOC_STATUS_LINE "X: 1\r\n\n", kLfRule,
     "a bare LF"},
    {"bare CR in the value", OVOC_STATUS_LINE "X: 1\rY", kCrRule, "byte 0x59"},
    {"two CR at the end", OVOC_STATUS_LINE "X: 1\r\r", kCrRule, "byte 0x0d"},
    {"empty line is CR and more", OVOC_STATUS_LINE "X: 1\r\n\rX", kCrRule,
     "byte 0x58"},
    {"CR then NUL", Raw(OVOC_STATUS_LINE "X: 1\r\0"), kCrRule, "byte 0x00"},
};
#undef OVOC_STATUS_LINE

void ExpectRefused(const Broken& row) {
  SCOPED_TRACE(row.name);
  const Outcome outcome = FeedWhole(row.bytes);
  EXPECT_EQ(outcome.result, Result::kError);
  EXPECT_EQ(outcome.consumed, row.bytes.size());
  EXPECT_THAT(outcome.message, HasSubstr(std::string(row.rule)));
  EXPECT_THAT(outcome.message, HasSubstr(absl::StrCat("; found ", row.found)));
  EXPECT_EQ(outcome.head, HeadText(ResponseHead()));
  // Nothing after the broken rule can mend it, nor is it consumed.
  const std::string more = absl::StrCat(row.bytes, "\r\nX: 1\r\n\r\n");
  EXPECT_EQ(FeedWhole(more), outcome);
  ExpectSameHoweverCut(more);
}

TEST(ResponseHeadTest, RefusesEveryOtherStatusLine) {
  for (const Broken& row : kBrokenStatusLines) {
    ExpectRefused(row);
  }
}

// RFC 9112 2.2 MUST: white space before the first field is refused
// RFC 9112 2.2 MUST: a bare CR is invalid
// RFC 9112 5.2 MUST: a folded line is read as if the fold were spaces (a
// deviation: it is refused)
TEST(ResponseHeadTest, RefusesEveryBrokenFieldLine) {
  for (const Broken& row : kBrokenFieldLines) {
    ExpectRefused(row);
  }
}

TEST(ResponseHeadTest, StaysFailedWithItsFirstError) {
  ResponseHeadParser parser;
  size_t consumed = 0;
  ASSERT_EQ(parser.Add(Bytes("HTTP/3"), &consumed), Result::kNeedMore);
  ASSERT_EQ(parser.Add(Bytes("\n"), &consumed), Result::kError);
  EXPECT_EQ(consumed, 1u);
  const absl::Status first = parser.status();
  EXPECT_EQ(first.code(), absl::StatusCode::kInvalidArgument);
  for (absl::string_view more :
       {kRecorded[0].head, Raw("\r\n\r\n"), Raw("\0"), Raw("")}) {
    consumed = 99;
    EXPECT_EQ(parser.Add(Bytes(more), &consumed), Result::kError);
    EXPECT_EQ(consumed, 0u);
    EXPECT_EQ(parser.status(), first);
  }
  EXPECT_EQ(parser.EndOfInput(), first);
  EXPECT_THAT(parser.head().fields, IsEmpty());
}

TEST(ResponseHeadTest, NamesTheLineThatIsBroken) {
  const Outcome outcome =
      FeedWhole("HTTP/1.1 101 S\r\nA: 1\r\nB: 2\r\nC 3\r\n\r\n");
  EXPECT_THAT(outcome.message, HasSubstr("response head, line 4: "));
}

// RFC 9112 2.2 MUST: the head is parsed as octets, not as Unicode text
TEST(ResponseHeadTest, DecidesOnEachOfTheBytesInReasonValueAndName) {
  for (int value = 0; value < 256; ++value) {
    SCOPED_TRACE(value);
    const std::string byte(1, static_cast<char>(value));
    const bool text = value == '\t' || (value >= 0x20 && value != 0x7F);
    const bool name_char =
        absl::ascii_isalnum(static_cast<unsigned char>(value)) ||
        std::string("!#$%&'*+-.^_`|~:").find(byte) != std::string::npos;
    const Result wanted = text ? Result::kDone : Result::kError;
    EXPECT_EQ(
        FeedWhole(absl::StrCat("HTTP/1.1 200 a", byte, "b\r\n\r\n")).result,
        wanted);
    EXPECT_EQ(
        FeedWhole(absl::StrCat("HTTP/1.1 200 OK\r\nX: a", byte, "b\r\n\r\n"))
            .result,
        wanted);
    EXPECT_EQ(
        FeedWhole(absl::StrCat("HTTP/1.1 200 OK\r\nX", byte, "Y: a\r\n\r\n"))
            .result,
        name_char ? Result::kDone : Result::kError);
  }
}

// HeadOfSize: a good head of exactly `size` bytes, with one long value.
std::string HeadOfSize(size_t size) {
  const std::string front = "HTTP/1.1 200 OK\r\nX: ";
  const std::string back = "\r\n\r\n";
  return absl::StrCat(
      front, std::string(size - front.size() - back.size(), 'a'), back);
}

TEST(ResponseHeadTest, TakesAHeadOfTheLimitAndNotOneByteMore) {
  const std::string at_limit = HeadOfSize(kMaxHeadBytes);
  ASSERT_EQ(at_limit.size(), 16384u);
  const Outcome taken = FeedWhole(at_limit);
  EXPECT_EQ(taken.result, Result::kDone);
  EXPECT_EQ(taken.consumed, kMaxHeadBytes);
  EXPECT_EQ(FeedWhole(absl::StrCat(at_limit, "frames")), taken);
  EXPECT_EQ(FeedBytewise(at_limit), taken);

  const std::string over_limit = HeadOfSize(kMaxHeadBytes + 1);
  const Outcome refused = FeedWhole(over_limit);
  EXPECT_EQ(refused.result, Result::kError);
  EXPECT_EQ(refused.consumed, kMaxHeadBytes + 1);
  EXPECT_THAT(refused.message,
              HasSubstr("the head may have at most 16384 bytes"));
  EXPECT_EQ(FeedBytewise(over_limit), refused);
}

TEST(ResponseHeadTest, RefusesAnEndlessLineAtTheLimit) {
  for (absl::string_view front :
       {"", "HTTP/1.1 101 ", "HTTP/1.1 101 S\r\n", "HTTP/1.1 101 S\r\nX: "}) {
    SCOPED_TRACE(front);
    const std::string endless =
        absl::StrCat(front, std::string(2 * kMaxHeadBytes, 'a'));
    EXPECT_EQ(FeedWhole(endless.substr(0, kMaxHeadBytes)).result,
              Result::kNeedMore);
    const Outcome outcome = FeedWhole(endless);
    EXPECT_EQ(outcome.result, Result::kError);
    EXPECT_EQ(outcome.consumed, kMaxHeadBytes + 1);
  }
}

std::string HeadOfLines(size_t lines) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (size_t i = 0; i < lines; ++i) {
    absl::StrAppend(&head, "X: ", i, "\r\n");
  }
  return absl::StrCat(head, "\r\n");
}

TEST(ResponseHeadTest, TakesSixtyFourHeaderLinesAndNotOneMore) {
  EXPECT_EQ(kMaxHeaderLines, 64u);
  const std::string at_limit = HeadOfLines(kMaxHeaderLines);
  const Outcome taken = FeedWhole(at_limit);
  EXPECT_EQ(taken.result, Result::kDone);
  EXPECT_EQ(taken.consumed, at_limit.size());

  const std::string over_limit = HeadOfLines(kMaxHeaderLines + 1);
  const Outcome refused = FeedWhole(over_limit);
  EXPECT_EQ(refused.result, Result::kError);
  // It is the 65th line that breaks the rule, not the blank line behind it.
  EXPECT_EQ(refused.consumed, over_limit.size() - 2);
  EXPECT_THAT(refused.message,
              HasSubstr("line 66: at most 64 header lines are allowed"));
  EXPECT_EQ(FeedBytewise(over_limit), refused);
}

TEST(ResponseHeadTest, GivesTheServerTenSeconds) {
  EXPECT_EQ(kUpgradeTimeout, absl::Seconds(10));
}

// RFC 9112 8 MUST: a response that the close cut short is incomplete
TEST(ResponseHeadTest, RefusesAHeadThatTheCloseCutsShortAnywhere) {
  const absl::string_view head = kRecorded[0].head;
  for (size_t size = 0; size < head.size(); ++size) {
    SCOPED_TRACE(size);
    ResponseHeadParser parser;
    size_t consumed = 0;
    ASSERT_EQ(parser.Add(Bytes(head.substr(0, size)), &consumed),
              Result::kNeedMore);
    const absl::Status status = parser.EndOfInput();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(absl::StrCat("closed before the empty line (RFC 9112 "
                                       "8); found ",
                                       size, " bytes")));
    // It is final: bytes from anywhere do not revive it.
    EXPECT_EQ(parser.Add(Bytes(head.substr(size)), &consumed), Result::kError);
    EXPECT_EQ(consumed, 0u);
    EXPECT_EQ(parser.EndOfInput(), status);
  }
}

// RFC 6455 4.1: header names are compared without regard to case
TEST(ResponseHeadTest, FindsValuesByNameInAnyCaseAndInOrder) {
  ResponseHead head;
  head.fields = {{"Upgrade", "a"},
                 {"x", "b"},
                 {"UPGRADE", "c"},
                 {"Upgrades", "d"},
                 {"upgrade", ""}};
  EXPECT_THAT(head.Values("uPGRADE"), ElementsAre("a", "c", ""));
  EXPECT_THAT(head.Values("X"), ElementsAre("b"));
  EXPECT_THAT(head.Values("Connection"), IsEmpty());
  EXPECT_THAT(head.Values(""), IsEmpty());
}

TEST(PrintableTest, ReplacesWhatIsNotPrintableAsciiAndCutsTheRest) {
  struct Row {
    absl::string_view name;
    std::string text;
    std::string shown;
  };
  const Row kRows[] = {
      {"empty", "", ""},
      {"plain", "Too Many Peers", "Too Many Peers"},
      {"first and last printable", " ~", " ~"},
      {"controls", std::string(Raw("a\0b\tc\x1B[1m\x7F")), "a?b?c?[1m?"},
      {"beyond ASCII", "\xC3\xA9\x80\xFF", "????"},
      {"at the limit", std::string(64, 'a'), std::string(64, 'a')},
      {"over the limit", std::string(65, 'a'), std::string(61, 'a') + "..."},
      {"far over", std::string(16000, '\n'), std::string(61, '?') + "..."},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(Printable(row.text), row.shown);
  }
}

TEST(PrintableTest, KeepsALongLineOutOfTheErrorMessage) {
  const Outcome outcome =
      FeedWhole(absl::StrCat("GET ", std::string(5000, '\xFF'), "z\r\n"));
  EXPECT_THAT(outcome.message, Not(HasSubstr("z\"")));
  EXPECT_THAT(outcome.message, HasSubstr("...\""));
  EXPECT_LT(outcome.message.size(), 250u);
}

TEST(PrintableTest, IsQuotedInMessages) {
  EXPECT_EQ(Quoted("a\x1B"), "\"a?\"");
  EXPECT_EQ(Quoted(""), "\"\"");
}

}  // namespace
}  // namespace ovoc::auth
