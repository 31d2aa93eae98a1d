// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/settings_desk.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tunnel/manage/agent/agent_disk.h"
#include "tunnel/manage/agent/commit_keeper.h"

namespace ovoc::tunnel {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class KeptLog : public LogSink {
 public:
  explicit KeptLog(std::string* text) : text_(text) {}
  bool Write(LogLevel /*level*/, absl::Time /*wall*/,
             absl::string_view text) override {
    absl::StrAppend(text_, text, "\n");
    return true;
  }

 private:
  std::string* const text_;
};

class SettingsDeskTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/deskXXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = absl::StrCat(folder_, "/device.ini");
    WriteFile("WSTunServer = ovoc.example\nWSTunPassword = 'sesame'\n");
    absl::StatusOr<std::unique_ptr<CommitKeeper>> keeper = CommitKeeper::Open(
        AgentDisk(path_, absl::StrCat(folder_, "/state")), [this] {
          return ConfirmedCommit::Now{
              absl::UnixEpoch() + after_,
              absl::FromUnixSeconds(1'764'600'000) + after_};
        });
    ASSERT_TRUE(keeper.ok()) << keeper.status();
    absl::StatusOr<std::unique_ptr<SettingsDesk>> desk =
        SettingsDesk::Open(*std::move(keeper), Policy::kCompat, &logger_);
    ASSERT_TRUE(desk.ok()) << desk.status();
    desk_ = *std::move(desk);
  }

  void WriteFile(absl::string_view text) {
    std::ofstream(path_) << text;
    ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  }
  std::string Do(absl::string_view line) {
    uint64_t id = 0;
    const absl::StatusOr<AgentRequest> request = ReadAgentRequest(line, &id);
    EXPECT_TRUE(request.ok()) << request.status();
    DeskReply reply = desk_->Do(*request, "eve");
    notices_ = std::move(reply.notices);
    reload_ = reply.reload;
    return reply.answer.ToLine();
  }
  std::string Edit(absl::string_view name, absl::string_view value) {
    return Do(absl::StrCat(R"({"op":"edit","id":1,"name":")", name,
                           R"(","value":")", value, "\"}"));
  }

  std::string log_;
  Logger logger_{std::make_unique<KeptLog>(&log_), LogLevel::kInfo};
  std::string folder_;
  std::string path_;
  absl::Duration after_;
  std::unique_ptr<SettingsDesk> desk_;
  std::vector<AnswerObject> notices_;
  bool reload_ = false;
};

TEST_F(SettingsDeskTest, GetShowsWhatIsSetButTheSecrets) {
  EXPECT_EQ(Do(R"({"op":"get","id":4,"which":"running"})"),
            "{\"id\":4,\"ok\":true,\"which\":\"running\",\"settings\":["
            "{\"name\":\"WSTunServer\",\"value\":\"ovoc.example\"},"
            "{\"name\":\"WSTunPassword\",\"value\":\"(hidden)\"}],"
            "\"edited\":false}\n");
}

TEST_F(SettingsDeskTest, AnEditIsToldToOthersWithoutItsValue) {
  EXPECT_EQ(Edit("WSTunMtu", "1400"),
            "{\"id\":1,\"ok\":true,\"edited\":true}\n");
  ASSERT_EQ(notices_.size(), 1U);
  EXPECT_EQ(notices_[0].ToLine(),
            R"({"notice":"edit","who":"eve","name":"WSTunMtu"})"
            "\n");
  EXPECT_THAT(Do(R"({"op":"compare","id":2})"),
              HasSubstr(R"("lines":["+WSTunMtu = 1400"])"));
  EXPECT_THAT(Edit("WSTunMtu", "9"), HasSubstr("use 576 to 1500"));
  EXPECT_TRUE(notices_.empty());
  EXPECT_THAT(Do(R"({"op":"discard","id":3})"), HasSubstr("\"ok\":true"));
  EXPECT_FALSE(desk_->IsEdited());
}

TEST_F(SettingsDeskTest, ACommitIsLoggedAndAsksForAReload) {
  Edit("WSTunMtu", "1400");
  EXPECT_EQ(Do(R"({"op":"commit","id":5,"comment":"why not"})"),
            "{\"id\":5,\"ok\":true,\"number\":2}\n");
  EXPECT_TRUE(reload_);
  EXPECT_THAT(log_, HasSubstr("event=commit number=2 who=eve "
                              "confirm_minutes=0 comment=\"why not\""));
  EXPECT_THAT(log_, Not(HasSubstr("sesame")));
  EXPECT_THAT(Do(R"({"op":"commit","id":6})"), HasSubstr("edit it first"));
  EXPECT_FALSE(reload_);
  EXPECT_THAT(Do(R"({"op":"history","id":7})"),
              StartsWith(R"({"id":7,"ok":true,"commits":[{"back":0,"number":2)"
                         R"(,"time":"2025-12-01T14:40:00Z","who":"eve",)"));
}

TEST_F(SettingsDeskTest, AWrongCandidateIsNotCommitted) {
  Do(R"({"op":"edit","id":1,"name":"WSTunServer","value":null})");
  for (const absl::string_view operation : {"validate", "commit"}) {
    EXPECT_THAT(Do(absl::StrCat("{\"op\":\"", operation, "\",\"id\":2}")),
                HasSubstr("WSTunServer: this required setting is missing"));
    EXPECT_FALSE(reload_);
  }
}

TEST_F(SettingsDeskTest, AChangeByAnotherProgramIsNotOverwrittenUnseen) {
  Edit("WSTunMtu", "1400");
  WriteFile("WSTunServer = other.example\nWSTunPassword = 'sesame'\n");
  EXPECT_THAT(Do(R"({"op":"commit","id":2})"),
              HasSubstr("another program has changed the settings"));
  EXPECT_THAT(Do(R"({"op":"compare","id":3})"),
              HasSubstr("\"-WSTunServer = other.example\""));
  EXPECT_THAT(Do(R"({"op":"commit","id":4})"), HasSubstr("\"ok\":true"));
}

TEST_F(SettingsDeskTest, WhatNobodyConfirmsIsUndone) {
  Edit("WSTunMtu", "1400");
  EXPECT_EQ(Do(R"({"op":"commit","id":1,"confirm":2})"),
            "{\"id\":1,\"ok\":true,\"number\":2,\"unconfirmed\":2,"
            "\"seconds_left\":120}\n");
  EXPECT_FALSE(desk_->OnTime().reload) << "it is not time";
  after_ = absl::Minutes(2);
  const DeskReply reply = desk_->OnTime();
  EXPECT_TRUE(reply.reload);
  ASSERT_EQ(reply.notices.size(), 1U);
  EXPECT_EQ(reply.notices[0].ToLine(),
            R"({"notice":"revert","who":"the agent","number":2,"back_to":1,)"
            R"("ok":true})"
            "\n");
  EXPECT_THAT(log_, HasSubstr("event=revert number=2 back_to=1\n"));
  EXPECT_FALSE(desk_->IsEdited());
  EXPECT_EQ(desk_->NextTime(), absl::InfiniteFuture());
}

TEST_F(SettingsDeskTest, ACommitWithoutChangesConfirmsWhatWaits) {
  EXPECT_THAT(Do(R"({"op":"confirm","id":1})"),
              HasSubstr("no commit waits for its confirmation"));
  Edit("WSTunMtu", "1400");
  Do(R"({"op":"commit","id":1,"confirm":2})");
  EXPECT_EQ(Do(R"({"op":"commit","id":2})"),
            "{\"id\":2,\"ok\":true,\"number\":2}\n");
  EXPECT_FALSE(reload_);
  EXPECT_EQ(desk_->NextTime(), absl::InfiniteFuture());
}

TEST_F(SettingsDeskTest, AnEarlierCommitBecomesTheCandidate) {
  EXPECT_THAT(Do(R"({"op":"rollback","id":1,"back":1})"),
              HasSubstr("there are not 1 commits before the last one"));
  Edit("WSTunMtu", "1400");
  Do(R"({"op":"commit","id":1})");
  EXPECT_EQ(Do(R"({"op":"rollback","id":2,"back":1})"),
            R"({"id":2,"ok":true,"number":1,"lines":["-WSTunMtu = 1400"]})"
            "\n");
  EXPECT_TRUE(desk_->IsEdited());
}

TEST_F(SettingsDeskTest, OtherOperationsAreNotTheDesks) {
  EXPECT_THAT(Do(R"({"op":"hello","id":1})"), HasSubstr("\"ok\":false"));
}

}  // namespace
}  // namespace ovoc::tunnel
