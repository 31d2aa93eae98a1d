// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/agent_session.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tunnel/manage/protocol/agent_request.h"

namespace ovoc::tunnel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class AgentSessionTest : public testing::Test {
 protected:
  void SetUp() override {
    loop_ = EventLoop::Create().value();
    std::array<int, 2> ends = {-1, -1};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()),
              0);
    other_.Reset(ends[1]);
    session_ = AgentSession::Start(
                   loop_.get(), netif::UniqueFd(ends[0]),
                   {.number = 7, .who = "eve", .access = Access::kView},
                   [this](AgentSession* session, std::string* line) {
                     lines_.push_back(*line);
                     if (answers_) {
                       session->Send(GoodAnswer(lines_.size()));
                     }
                   })
                   .value();
  }
  void Put(absl::string_view text) {
    ASSERT_EQ(send(other_.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  // A few turns, each of which ends at once if there is nothing to do.
  void Run() {
    for (int i = 0; i < 8; ++i) {
      ASSERT_TRUE(loop_->RunOnce(MonotonicNow()).ok());
      session_->OnTime(MonotonicNow());
    }
  }
  std::string Got() const {
    std::array<char, 4096> buffer;
    const ssize_t size = recv(other_.get(), buffer.data(), buffer.size(), 0);
    return size > 0 ? std::string(buffer.data(), static_cast<size_t>(size))
                    : "";
  }

  std::unique_ptr<EventLoop> loop_;
  netif::UniqueFd other_;
  std::unique_ptr<AgentSession> session_;
  std::vector<std::string> lines_;
  bool answers_ = true;
};

TEST_F(AgentSessionTest, EachLineIsAnswered) {
  Put("one\ntwo\nthr");
  Run();
  EXPECT_THAT(lines_, ElementsAre("one", "two"));
  EXPECT_EQ(Got(), "{\"id\":1,\"ok\":true}\n{\"id\":2,\"ok\":true}\n");
  Put("ee\n");
  Run();
  EXPECT_EQ(lines_.back(), "three");
  EXPECT_FALSE(session_->ended());
  EXPECT_EQ(session_->identity().who, "eve");
}

TEST_F(AgentSessionTest, ABusySessionTakesNoLine) {
  session_->SetBusy(true);
  Put("one\n");
  Run();
  EXPECT_THAT(lines_, IsEmpty());
  session_->SetBusy(false);
  Run();
  EXPECT_THAT(lines_, ElementsAre("one"));
}

TEST_F(AgentSessionTest, WhoSendsNothingMoreStillGetsTheAnswers) {
  Put("one\n");
  ASSERT_EQ(shutdown(other_.get(), SHUT_WR), 0);
  Run();
  EXPECT_EQ(Got(), "{\"id\":1,\"ok\":true}\n");
  EXPECT_TRUE(session_->ended());
}

TEST_F(AgentSessionTest, AnAnswerThatTakesItsTimeIsWaitedFor) {
  answers_ = false;
  Put("one\n");
  Run();
  session_->SetBusy(true);
  ASSERT_EQ(shutdown(other_.get(), SHUT_WR), 0);
  Run();
  EXPECT_FALSE(session_->ended());
  session_->Send(GoodAnswer(9));
  session_->SetBusy(false);
  Run();
  EXPECT_TRUE(session_->ended());
  EXPECT_EQ(Got(), "{\"id\":9,\"ok\":true}\n");
}

TEST_F(AgentSessionTest, WhoIsGoneEndsIt) {
  session_->SetBusy(true);
  other_.Reset();
  Run();
  EXPECT_TRUE(session_->ended());
}

TEST_F(AgentSessionTest, ALineThatIsTooLongEndsIt) {
  Put(std::string(kMaxRequestBytes + 1, 'x'));
  Run();
  EXPECT_TRUE(session_->ended());
  EXPECT_TRUE(absl::StrContains(Got(), "the line is too long"));
  EXPECT_THAT(lines_, IsEmpty());
}

TEST_F(AgentSessionTest, WhoReadsNothingIsLetGo) {
  const std::string text(64 * 1024, 'x');
  for (int i = 0; i < 64 && !session_->ended(); ++i) {
    AnswerObject answer = GoodAnswer(1);
    answer.AddText("text", text);
    session_->Send(answer);
  }
  EXPECT_TRUE(session_->ended());
}

TEST_F(AgentSessionTest, WhatIsUnreadIsSentLater) {
  const std::string text(400'000, 'x');
  AnswerObject answer = GoodAnswer(1);
  answer.AddText("text", text);
  session_->Send(answer);
  EXPECT_FALSE(session_->ended());
  std::string got;
  for (int i = 0; i < 1000 && !absl::EndsWith(got, "\n"); ++i) {
    got += Got();
    ASSERT_TRUE(loop_->RunOnce(MonotonicNow()).ok());
  }
  EXPECT_EQ(got, answer.ToLine());
}

TEST_F(AgentSessionTest, ABurstIsSlowedDown) {
  std::string text;
  for (int i = 0; i < kMaxRequestBurst + 1; ++i) {
    absl::StrAppend(&text, i, "\n");
  }
  answers_ = false;
  Put(text);
  ASSERT_TRUE(loop_->RunOnce(MonotonicNow()).ok());
  EXPECT_EQ(lines_.size(), static_cast<size_t>(kMaxRequestBurst));
  EXPECT_LT(session_->NextTime(), MonotonicNow() + absl::Seconds(1));
  session_->OnTime(MonotonicNow() + absl::Seconds(1));
  EXPECT_EQ(lines_.size(), static_cast<size_t>(kMaxRequestBurst) + 1);
}

}  // namespace
}  // namespace ovoc::tunnel
