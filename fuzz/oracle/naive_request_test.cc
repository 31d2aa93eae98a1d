// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_request.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

using conformance::Tolerance;
using End = NaiveRequest::End;

End Strictly(absl::string_view text) {
  return ReadNaiveRequest(text, Tolerance::kStrict).end;
}

End AsNginx(absl::string_view text) {
  return ReadNaiveRequest(text, Tolerance::kNginx).end;
}

TEST(NaiveRequest, ReadsARequest) {
  const NaiveRequest read = ReadNaiveRequest(
      "GET /tun HTTP/1.1\r\nHost:ovoc\r\nX-A: \t b c \r\n\r\nmore",
      Tolerance::kStrict);
  EXPECT_EQ(read.end, End::kDone);
  EXPECT_EQ(read.consumed, 45u);
  EXPECT_EQ(read.method, "GET");
  EXPECT_EQ(read.target, "/tun");
  EXPECT_EQ(read.minor_version, 1);
  ASSERT_EQ(read.fields.size(), 2u);
  EXPECT_EQ(read.fields[0].second, "ovoc");
  EXPECT_EQ(read.fields[1].first, "X-A");
  EXPECT_EQ(read.fields[1].second, "b c");
}

TEST(NaiveRequest, AcceptsWhatBothMustAccept) {
  for (const absl::string_view text :
       {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.0\r\nA:\r\n\r\n",
        "!#$%&'*+-.^_`|~ * HTTP/1.9\r\nA:\x80\xff\r\n\r\n"}) {
    EXPECT_EQ(Strictly(text), End::kDone) << text;
    EXPECT_EQ(AsNginx(text), End::kDone) << text;
  }
}

TEST(NaiveRequest, RefusesWhatBothMustRefuse) {
  for (const absl::string_view text :
       {"GET  / HTTP/1.1\r\n", "GET /\r\n", " / HTTP/1.1\r\n",
        "GET / HTTP/2.0\r\n", "GET / HTTP/1.10\r\n", "GET / http/1.1\r\n",
        "G(T / HTTP/1.1\r\n", "GET /\x80 HTTP/1.1\r\n",
        "GET / HTTP/1.1 \r\n"}) {
    EXPECT_EQ(Strictly(text), End::kBroken) << text;
    EXPECT_EQ(AsNginx(text), End::kBroken) << text;
  }
}

TEST(NaiveRequest, PutsUpWithMoreAsNginxDoes) {
  const std::string line = "GET / HTTP/1.1\r\n";
  for (const std::string& text :
       {absl::StrCat("\r\n\n", line, "\r\n"), std::string("GET / HTTP/1.1\n\n"),
        absl::StrCat(line, "no colon\r\n\r\n"),
        absl::StrCat(line, "A: b\x01\r\n\r\n"),
        absl::StrCat(line, "A : b\r\n\r\n"),
        absl::StrCat(line, "A: b\r\n c\r\n\r\n")}) {
    EXPECT_EQ(Strictly(text), End::kBroken) << text;
    EXPECT_EQ(AsNginx(text), End::kDone) << text;
  }
  const std::string nul = absl::StrCat(line, std::string("A: \0\r\n", 6));
  EXPECT_EQ(AsNginx(nul), End::kBroken);
}

TEST(NaiveRequest, HasItsLimits) {
  const std::string line = "GET / HTTP/1.1\r\n";
  std::string lines = line;
  for (int i = 0; i < 98; ++i) {
    lines += "A:\r\n";
  }
  EXPECT_EQ(Strictly(absl::StrCat(lines, "\r\n")), End::kDone) << "100 lines";
  EXPECT_EQ(Strictly(absl::StrCat(lines, "A:\r\n\r\n")), End::kBroken);
  const std::string most(16384 - line.size() - 6, 'v');
  EXPECT_EQ(Strictly(absl::StrCat(line, "A:", most, "\r\n\r\n")), End::kDone);
  const NaiveRequest over = ReadNaiveRequest(
      absl::StrCat(line, "A:v", most, "\r\n\r\n"), Tolerance::kStrict);
  EXPECT_EQ(over.end, End::kBroken);
  EXPECT_EQ(over.consumed, 16385u);
}

TEST(NaiveRequest, IsOpenUntilItsEmptyLine) {
  EXPECT_EQ(Strictly(""), End::kOpen);
  EXPECT_EQ(Strictly("GET / HTTP/1.1\r\nA: b\r"), End::kOpen);
}

TEST(Serialize, GivesWhatWasRead) {
  const std::string text = "GET / HTTP/1.1\r\nA:b\r\nC:\r\n\r\n";
  conformance::RequestHeadParser parser(Tolerance::kStrict);
  size_t consumed = 0;
  const auto result = parser.Add(
      {reinterpret_cast<const uint8_t*>(text.data()), text.size()}, &consumed);
  EXPECT_EQ(Serialize(parser.head()), text);
  EXPECT_TRUE(SaysTheSame(parser, result, consumed,
                          ReadNaiveRequest(text, Tolerance::kStrict)));
  EXPECT_FALSE(SaysTheSame(parser, result, consumed,
                           ReadNaiveRequest("GET", Tolerance::kStrict)));
}

}  // namespace
}  // namespace ovoc::fuzz
