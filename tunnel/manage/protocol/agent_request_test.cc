// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/protocol/agent_request.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

AgentRequest Good(absl::string_view line) {
  uint64_t id = 0;
  const absl::StatusOr<AgentRequest> read = ReadAgentRequest(line, &id);
  EXPECT_TRUE(read.ok()) << line << ": " << read.status();
  return read.ok() ? *read : AgentRequest();
}

std::string Why(absl::string_view line, uint64_t* id) {
  const absl::StatusOr<AgentRequest> read = ReadAgentRequest(line, id);
  EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument) << line;
  return std::string(read.status().message());
}

std::string Why(absl::string_view line) {
  uint64_t id = 0;
  return Why(line, &id);
}

TEST(AgentRequestTest, EachOperationIsRead) {
  const struct {
    const char* line;
    AgentOperation operation;
  } kCases[] = {
      {R"({"op":"hello","id":1})", AgentOperation::kHello},
      {R"({"op":"get","id":1})", AgentOperation::kGet},
      {R"({"op":"edit","id":1,"name":"a","value":"b"})", AgentOperation::kEdit},
      {R"({"op":"validate","id":1})", AgentOperation::kValidate},
      {R"({"op":"compare","id":1})", AgentOperation::kCompare},
      {R"({"op":"commit","id":1})", AgentOperation::kCommit},
      {R"({"op":"confirm","id":1})", AgentOperation::kConfirm},
      {R"({"op":"rollback","id":1,"back":1})", AgentOperation::kRollback},
      {R"({"op":"discard","id":1})", AgentOperation::kDiscard},
      {R"({"op":"test","id":1})", AgentOperation::kTest},
      {R"({"op":"status","id":1})", AgentOperation::kStatus},
      {R"({"op":"history","id":1})", AgentOperation::kHistory},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Good(c.line).operation, c.operation) << c.line;
  }
  ASSERT_EQ(AgentRules().size(), std::size(kCases));
  for (size_t i = 0; i < std::size(kCases); ++i) {
    EXPECT_EQ(AgentRules()[i].operation, kCases[i].operation);
  }
}

TEST(AgentRequestTest, TheKeysOfAnOperationAreRead) {
  EXPECT_FALSE(Good(R"({"op":"get","id":1,"which":"candidate"})").running);
  EXPECT_TRUE(Good(R"({"op":"get","id":1,"which":"running"})").running);
  const AgentRequest edit =
      Good(R"({"id":9007199254740991,"op":"edit","name":"a","value":"b\nc"})");
  EXPECT_EQ(edit.id, 9007199254740991U);
  EXPECT_EQ(edit.name, "a");
  EXPECT_EQ(edit.value, "b\nc");
  EXPECT_FALSE(Good(R"({"op":"edit","id":1,"name":"a","value":null})").value);
  EXPECT_EQ(Good(R"({"op":"edit","id":1,"name":"a","value":""})").value, "");
  const AgentRequest commit =
      Good(R"({"op":"commit","id":1,"confirm":1440,"comment":"c d"})");
  EXPECT_EQ(commit.confirm, 1440);
  EXPECT_EQ(commit.comment, "c d");
  EXPECT_EQ(Good(R"({"op":"commit","id":1})").confirm, 0);
  EXPECT_EQ(Good(R"({"op":"rollback","id":1,"back":10})").back, 10U);
}

TEST(AgentRequestTest, WhatIsWrongIsSaid) {
  const struct {
    const char* line;
    const char* why;
  } kCases[] = {
      {"", "request: the line is no JSON from byte 1 on; send one JSON object"},
      {"[]", "request: the line is an array and no object; send one JSON"},
      {R"({"op":"get"})", "request: the key \"id\" is missing; add a number"},
      {R"({"op":"get","id":0})", "request: \"id\" is no whole number from 1"},
      {R"({"op":"get","id":"1"})", "request: \"id\" is no whole number from 1"},
      {R"({"op":"get","id":9007199254740992})",
       "request: \"id\" is no whole number from 1 to 9007199254740991; use"},
      {R"({"id":1})",
       "request: the key \"op\" with a text is missing; use one "
       "of hello get edit"},
      {R"({"id":1,"op":3})", "request: the key \"op\" with a text is missing"},
      {R"({"id":1,"op":"Get"})",
       "request: the \"op\" is not known; use one of "
       "hello get edit"},
      {R"({"id":1,"op":"get","what":"x"})",
       "request: get has a key that it does not know; use op, id, which"},
      {R"({"id":1,"op":"discard","name":"x"})",
       "request: discard has a key that it does not know; use op, id"},
      {R"({"id":1,"op":"edit","name":"x"})",
       "request: edit needs the key \"value\"; add it"},
      {R"({"id":1,"op":"edit","value":"x"})",
       "request: edit needs the key \"name\"; add it"},
      {R"({"id":1,"op":"edit","name":1,"value":"x"})",
       "request: \"name\" is no text; put it in quotes"},
      {R"({"id":1,"op":"edit","name":"x","value":1})",
       "request: \"value\" is neither a text nor null"},
      {R"({"id":1,"op":"get","which":"both"})",
       "request: \"which\" is neither of both; use candidate or running"},
      {R"({"id":1,"op":"commit","confirm":0})",
       "request: \"confirm\" is no whole number from 1 to 1440; use one"},
      {R"({"id":1,"op":"commit","confirm":1441})",
       "request: \"confirm\" is no whole number from 1 to 1440; use one"},
      {R"({"id":1,"op":"commit","comment":null})",
       "request: \"comment\" is no text; put it in quotes"},
      {R"({"id":1,"op":"rollback","back":11})",
       "request: \"back\" is no whole number from 1 to 10; use one"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Why(c.line), StartsWith(c.why)) << c.line;
  }
}

TEST(AgentRequestTest, TheIdIsKnownWhereverItCanBe) {
  uint64_t id = 0;
  Why(R"({"id":7,"op":"none"})", &id);
  EXPECT_EQ(id, 7U);
  Why(R"({"id":8,"op":"edit"})", &id);
  EXPECT_EQ(id, 8U);
  Why("{", &id);
  EXPECT_EQ(id, 0U);
}

TEST(AgentRequestTest, NoMessageHasAValue) {
  for (const absl::string_view line :
       {R"({"id":1,"op":"edit","name":"WSTunPassword","value":"sesame","x":1})",
        R"({"id":1,"op":"sesame"})", R"({"id":1,"op":"edit","value":"sesame)",
        R"({"id":1,"op":"get","which":"sesame"})"}) {
    EXPECT_THAT(Why(line), Not(HasSubstr("sesame"))) << line;
  }
}

TEST(AgentRequestTest, ALineThatIsTooLongIsNotRead) {
  const std::string line =
      absl::StrCat(R"({"id":1,"op":"commit","comment":")",
                   std::string(kMaxRequestBytes, 'x'), "\"}");
  EXPECT_THAT(Why(line), HasSubstr("bytes; use at most 16384"));
}

}  // namespace
}  // namespace ovoc::tunnel
