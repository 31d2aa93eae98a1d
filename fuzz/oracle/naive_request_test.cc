// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_request.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "conformance/ovoc_server/request_head.h"
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

using Result = conformance::RequestHeadParser::Result;

// A parser that has read a text, and what it said last.
struct Parsed {
  explicit Parsed(absl::string_view text, Tolerance tolerance)
      : parser(tolerance) {
    result =
        parser.Add({reinterpret_cast<const uint8_t*>(text.data()), text.size()},
                   &consumed);
  }

  bool SaysTheSameAs(const NaiveRequest& naive) const {
    return SaysTheSame(parser, result, consumed, naive);
  }

  conformance::RequestHeadParser parser;
  Result result = Result::kNeedMore;
  size_t consumed = 0;
};

struct Change {
  const char* name;
  void (*make)(NaiveRequest*);
};

// Each is what a parser with one fault would differ in.
constexpr Change kChanges[] = {
    {"one byte more", [](NaiveRequest* n) { ++n->consumed; }},
    {"one byte less", [](NaiveRequest* n) { --n->consumed; }},
    {"it goes on", [](NaiveRequest* n) { n->end = End::kOpen; }},
    {"it is broken", [](NaiveRequest* n) { n->end = End::kBroken; }},
    {"method", [](NaiveRequest* n) { n->method = "get"; }},
    {"target", [](NaiveRequest* n) { n->target = "/tun?"; }},
    {"version", [](NaiveRequest* n) { n->minor_version = 0; }},
    {"the case of a name", [](NaiveRequest* n) { n->fields[0].first = "a"; }},
    {"a value", [](NaiveRequest* n) { n->fields[0].second = "b "; }},
    {"a field is missing", [](NaiveRequest* n) { n->fields.pop_back(); }},
    {"a field too many",
     [](NaiveRequest* n) { n->fields.push_back(n->fields[0]); }},
    {"order", [](NaiveRequest* n) { std::swap(n->fields[0], n->fields[2]); }},
};

TEST(SaysTheSame, SeesEachDifference) {
  constexpr absl::string_view kText =
      "GET /tun HTTP/1.1\r\nA: b\r\nC: d\r\na: e\r\n\r\nGET";
  for (const Tolerance tolerance : {Tolerance::kStrict, Tolerance::kNginx}) {
    const Parsed parsed(kText, tolerance);
    const NaiveRequest right = ReadNaiveRequest(kText, tolerance);
    ASSERT_EQ(right.fields.size(), 3u);
    EXPECT_TRUE(parsed.SaysTheSameAs(right));
    for (const Change& change : kChanges) {
      NaiveRequest wrong = right;
      change.make(&wrong);
      EXPECT_FALSE(parsed.SaysTheSameAs(wrong)) << change.name;
    }
  }
}

TEST(SaysTheSame, TellsTheThreeEndsApart) {
  const std::string texts[] = {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n",
                               "GET /\r\n"};
  for (const std::string& text : texts) {
    Parsed parsed(text, Tolerance::kStrict);
    const NaiveRequest right = ReadNaiveRequest(text, Tolerance::kStrict);
    EXPECT_TRUE(parsed.SaysTheSameAs(right)) << text;
    for (const End end : {End::kOpen, End::kDone, End::kBroken}) {
      NaiveRequest wrong = right;
      wrong.end = end;
      EXPECT_EQ(parsed.SaysTheSameAs(wrong), end == right.end) << text;
    }
    // The last result counts too.
    for (const Result result :
         {Result::kNeedMore, Result::kDone, Result::kError}) {
      const bool is_right = result == parsed.result;
      EXPECT_EQ(SaysTheSame(parsed.parser, result, parsed.consumed, right),
                is_right)
          << text;
    }
  }
}

TEST(SaysTheSame, OfNothingTheParserHasNotStarted) {
  const Parsed parsed("", Tolerance::kNginx);
  EXPECT_TRUE(parsed.SaysTheSameAs(ReadNaiveRequest("", Tolerance::kNginx)));
  EXPECT_FALSE(parsed.SaysTheSameAs(ReadNaiveRequest("G", Tolerance::kNginx)));
}

TEST(NaiveRequest, CutAnywhereItIsOpen) {
  const std::string text = "\r\nGET / HTTP/1.1\nA: b\r\nno colon\n\n";
  for (size_t size = 0; size < text.size(); ++size) {
    const NaiveRequest read =
        ReadNaiveRequest(text.substr(0, size), Tolerance::kNginx);
    EXPECT_EQ(read.end, End::kOpen) << size;
    EXPECT_EQ(read.consumed, size);
  }
  EXPECT_EQ(AsNginx(text), End::kDone);
  EXPECT_EQ(AsNginx(text + "more"), End::kDone);
}

TEST(NaiveRequest, EmptyLinesInFrontCountAsLines) {
  const std::string request = "GET / HTTP/1.1\r\n\r\n";
  EXPECT_EQ(AsNginx(std::string(98, '\n') + request), End::kDone);
  EXPECT_EQ(AsNginx(std::string(99, '\n') + request), End::kBroken);
  EXPECT_EQ(AsNginx(std::string(101, '\n')), End::kBroken);
  EXPECT_EQ(AsNginx(std::string(100, '\n')), End::kOpen);
}

TEST(NaiveRequest, PassedOverLinesAreNoFields) {
  const NaiveRequest read = ReadNaiveRequest(
      "GET / HTTP/1.1\r\nno colon\r\nA : b\r\nC:d\r\n e\r\n\r\n",
      Tolerance::kNginx);
  ASSERT_EQ(read.fields.size(), 1u);
  EXPECT_EQ(read.fields[0].first, "C");
  EXPECT_EQ(read.fields[0].second, "d") << "no folding";
}

}  // namespace
}  // namespace ovoc::fuzz
