// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/request_head.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using Result = RequestHeadParser::Result;

// What AudioCodes' own client sends.
constexpr absl::string_view kLegacyRequest =
    "GET /tun HTTP/1.1\r\n"
    "Host: ovoc.example:8080\r\n"
    "Authorization: Basic VlBOOjEyMzQ1Ng==\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Key: LDMgkU0GOy6IWg==\r\n"
    "\r\n";

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

Result AddText(RequestHeadParser& parser, absl::string_view text,
               size_t* consumed) {
  return parser.Add(Bytes(text), consumed);
}

TEST(RequestHeadTest, ReadsTheRequestOfTheLegacyClientInBothWays) {
  for (const Tolerance tolerance : {Tolerance::kStrict, Tolerance::kNginx}) {
    RequestHeadParser parser(tolerance);
    size_t consumed = 0;
    EXPECT_FALSE(parser.started());
    ASSERT_EQ(AddText(parser, kLegacyRequest, &consumed), Result::kDone)
        << parser.status();
    EXPECT_TRUE(parser.started());
    EXPECT_EQ(consumed, kLegacyRequest.size());
    const RequestHead& head = parser.head();
    EXPECT_EQ(head.method, "GET");
    EXPECT_EQ(head.target, "/tun");
    EXPECT_EQ(head.minor_version, 1);
    ASSERT_EQ(head.fields.size(), 5u);
    EXPECT_EQ(head.fields[0].name, "Host");
    EXPECT_EQ(head.fields[0].value, "ovoc.example:8080");
    EXPECT_EQ(head.First("sec-websocket-key"), "LDMgkU0GOy6IWg==");
    EXPECT_EQ(head.First("Sec-WebSocket-Version"), std::nullopt);
  }
}

TEST(RequestHeadTest, ReadsTheSameWhereverItIsCut) {
  for (size_t cut = 0; cut <= kLegacyRequest.size(); ++cut) {
    RequestHeadParser parser(Tolerance::kStrict);
    size_t consumed = 0;
    const Result first =
        AddText(parser, kLegacyRequest.substr(0, cut), &consumed);
    EXPECT_EQ(consumed, cut);
    EXPECT_EQ(first,
              cut == kLegacyRequest.size() ? Result::kDone : Result::kNeedMore);
    EXPECT_EQ(AddText(parser, kLegacyRequest.substr(cut), &consumed),
              Result::kDone);
    EXPECT_EQ(consumed, kLegacyRequest.size() - cut);
    EXPECT_EQ(parser.head().fields.size(), 5u);
  }
}

TEST(RequestHeadTest, LeavesWhatFollowsTheBlankLineToTheCaller) {
  RequestHeadParser parser(Tolerance::kNginx);
  size_t consumed = 0;
  const std::string text = absl::StrCat(kLegacyRequest, "\n\r\n\x89");
  EXPECT_EQ(AddText(parser, text, &consumed), Result::kDone);
  EXPECT_EQ(consumed, kLegacyRequest.size());
  EXPECT_EQ(AddText(parser, "more", &consumed), Result::kDone);
  EXPECT_EQ(consumed, 0u);
}

TEST(RequestHeadTest, StrictRefusesWhatNginxLetsPass) {
  const struct {
    const char* name;
    std::string text;
    size_t nginx_fields;
  } kCases[] = {
      {"empty line before the request", "\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n",
       1},
      {"bare LF", "GET / HTTP/1.1\nA: b\n\n", 1},
      {"space before the colon", "GET / HTTP/1.1\r\nA : b\r\nC: d\r\n\r\n", 1},
      {"line without a colon", "GET / HTTP/1.1\r\nA\r\nC: d\r\n\r\n", 1},
      {"empty name", "GET / HTTP/1.1\r\n: b\r\n\r\n", 0},
      {"folded line", "GET / HTTP/1.1\r\nA: b\r\n c: d\r\n\r\n", 1},
      {"control character", "GET / HTTP/1.1\r\nA: b\x01\r\n\r\n", 0},
      {"CR in a value", "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", 0},
  };
  for (const auto& c : kCases) {
    size_t consumed = 0;
    RequestHeadParser strict(Tolerance::kStrict);
    EXPECT_EQ(AddText(strict, c.text, &consumed), Result::kError) << c.name;
    EXPECT_FALSE(strict.status().ok()) << c.name;
    RequestHeadParser nginx(Tolerance::kNginx);
    EXPECT_EQ(AddText(nginx, c.text, &consumed), Result::kDone) << c.name;
    EXPECT_EQ(nginx.head().fields.size(), c.nginx_fields) << c.name;
  }
}

TEST(RequestHeadTest, BothRefuseWhatIsNoRequest) {
  const struct {
    const char* name;
    std::string text;
  } kCases[] = {
      {"HTTP/0.9", "GET /\r\n\r\n"},
      {"HTTP/2", "GET / HTTP/2.0\r\n\r\n"},
      {"no minor version", "GET / HTTP/1\r\n\r\n"},
      {"long minor version", "GET / HTTP/1.10\r\n\r\n"},
      {"lower-case version", "GET / http/1.1\r\n\r\n"},
      {"two spaces", "GET  / HTTP/1.1\r\n\r\n"},
      {"trailing space", "GET / HTTP/1.1 \r\n\r\n"},
      {"no method", " / HTTP/1.1\r\n\r\n"},
      {"method no token", "G(T / HTTP/1.1\r\n\r\n"},
      {"tab in the target", "GET /\t HTTP/1.1\r\n\r\n"},
      {"TLS record", "\x16\x03\x01\x02\n"},
      {"NUL in a value",
       absl::StrCat("GET / HTTP/1.1\r\nA: ", std::string(1, '\0'), "\r\n\r\n")},
  };
  for (const auto& c : kCases) {
    for (const Tolerance tolerance : {Tolerance::kStrict, Tolerance::kNginx}) {
      RequestHeadParser parser(tolerance);
      size_t consumed = 0;
      EXPECT_EQ(AddText(parser, c.text, &consumed), Result::kError) << c.name;
      EXPECT_TRUE(absl::StartsWith(parser.status().message(), "request head:"))
          << c.name;
      // Sticky, and nothing more is consumed.
      EXPECT_EQ(AddText(parser, kLegacyRequest, &consumed), Result::kError);
      EXPECT_EQ(consumed, 0u) << c.name;
    }
  }
}

TEST(RequestHeadTest, HoldsTheByteLimit) {
  const std::string start = "GET / HTTP/1.1\r\nA: ";
  const std::string end = "\r\n\r\n";
  const size_t room = kMaxRequestHeadBytes - start.size() - end.size();
  for (const size_t extra : {size_t{0}, size_t{1}}) {
    RequestHeadParser parser(Tolerance::kStrict);
    size_t consumed = 0;
    const std::string text =
        absl::StrCat(start, std::string(room + extra, 'b'), end);
    EXPECT_EQ(AddText(parser, text, &consumed),
              extra == 0 ? Result::kDone : Result::kError);
  }
}

TEST(RequestHeadTest, HoldsTheLineLimit) {
  for (const size_t extra : {size_t{0}, size_t{1}}) {
    std::string text = "GET / HTTP/1.1\r\n";
    // The request line and the blank line count too.
    for (size_t i = 0; i + 2 < kMaxRequestLines + extra; ++i) {
      absl::StrAppend(&text, "A: b\r\n");
    }
    absl::StrAppend(&text, "\r\n");
    RequestHeadParser parser(Tolerance::kStrict);
    size_t consumed = 0;
    EXPECT_EQ(AddText(parser, text, &consumed),
              extra == 0 ? Result::kDone : Result::kError);
  }
}

TEST(RequestHeadTest, EndlessEmptyLinesEndAtTheLimit) {
  RequestHeadParser parser(Tolerance::kNginx);
  size_t consumed = 0;
  EXPECT_EQ(AddText(parser, std::string(kMaxRequestLines, '\n'), &consumed),
            Result::kNeedMore);
  EXPECT_EQ(AddText(parser, "\n", &consumed), Result::kError);
}

TEST(RequestHeadTest, FindsNamesAndTokensWithoutRegardToCase) {
  RequestHeadParser parser(Tolerance::kStrict);
  size_t consumed = 0;
  ASSERT_EQ(AddText(parser,
                    "GET / HTTP/1.0\r\n"
                    "connection: keep-alive, UPGRADE\r\n"
                    "Connection:\tclose\t\r\n"
                    "Empty:\r\n"
                    "\r\n",
                    &consumed),
            Result::kDone);
  const RequestHead& head = parser.head();
  EXPECT_EQ(head.minor_version, 0);
  EXPECT_EQ(head.Count("CONNECTION"), 2u);
  EXPECT_EQ(head.Count("Upgrade"), 0u);
  EXPECT_TRUE(head.HasToken("Connection", "upgrade"));
  EXPECT_TRUE(head.HasToken("Connection", "close"));
  EXPECT_TRUE(head.HasToken("Connection", "keep-alive"));
  EXPECT_FALSE(head.HasToken("Connection", "keep"));
  EXPECT_FALSE(head.HasToken("Upgrade", "websocket"));
  EXPECT_EQ(head.First("empty"), "");
}

}  // namespace
}  // namespace ovoc::conformance
