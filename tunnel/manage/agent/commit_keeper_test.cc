// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/commit_keeper.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

std::string Plain(const absl::StatusOr<auth::Secret>& text) {
  return text.ok()
             ? std::string(text->Reveal(auth::InsecureSecretAccess::Get()))
             : absl::StrCat("error: ", text.status().message());
}

class CommitKeeperTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/keeperXXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = absl::StrCat(folder_, "/device.ini");
    Restart();
  }

  // As after a crash: all that is known is on disk.
  void Restart() {
    absl::StatusOr<std::unique_ptr<CommitKeeper>> keeper = CommitKeeper::Open(
        AgentDisk(path_, absl::StrCat(folder_, "/state")), [this] {
          return ConfirmedCommit::Now{
              absl::UnixEpoch() + after_,
              absl::FromUnixSeconds(1'764'600'000) + after_};
        });
    ASSERT_TRUE(keeper.ok()) << keeper.status();
    keeper_ = *std::move(keeper);
  }
  void WriteFile(absl::string_view text) {
    std::ofstream(path_) << text;
    ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  }
  absl::Status Commit(absl::string_view text, int confirm = 0) {
    return keeper_->Commit(
        {.text = text, .who = "root", .comment = "why", .confirm = confirm});
  }

  std::string folder_;
  std::string path_;
  absl::Duration after_;
  std::unique_ptr<CommitKeeper> keeper_;
};

TEST_F(CommitKeeperTest, WithoutAFileThereIsNoCommit) {
  EXPECT_EQ(Plain(keeper_->ReadSettings()), "");
  EXPECT_TRUE(keeper_->history().commits().empty());
  EXPECT_EQ(Commit("a", 5).code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Commit("a").ok());
  EXPECT_EQ(Plain(keeper_->ReadSettings()), "a");
  EXPECT_EQ(keeper_->history().commits().size(), 1U);
}

TEST_F(CommitKeeperTest, WhatAnotherProgramWritesIsACommit) {
  WriteFile("a");
  EXPECT_EQ(Plain(keeper_->ReadSettings()), "a");
  EXPECT_EQ(Plain(keeper_->ReadSettings()), "a") << "the same";
  ASSERT_EQ(keeper_->history().commits().size(), 1U);
  ASSERT_TRUE(Commit("b").ok());
  WriteFile("c");
  Restart();
  EXPECT_EQ(Plain(keeper_->ReadSettings()), "c");
  EXPECT_EQ(keeper_->history().Back(0)->who, "another program");
  EXPECT_EQ(keeper_->history().Back(1)->who, "root");
  EXPECT_EQ(Plain(keeper_->ReadCommit(2)), "b");
}

TEST_F(CommitKeeperTest, AnUnconfirmedCommitIsUndone) {
  ASSERT_TRUE(Commit("a").ok());
  ASSERT_TRUE(Commit("b", 5).ok());
  EXPECT_EQ(Plain(keeper_->ReadSettings()), "b");
  after_ = absl::Minutes(5);
  ASSERT_TRUE(keeper_->pending().IsDue(keeper_->now().monotonic));
  EXPECT_EQ(Plain(keeper_->GoBack()), "a");
  EXPECT_EQ(Plain(keeper_->ReadSettings()), "a");
  EXPECT_EQ(keeper_->history().Back(0)->comment,
            "commit 2 was not confirmed in time");
  EXPECT_EQ(keeper_->pending().state(), ConfirmedCommit::State::kNone);
  Restart();
  EXPECT_EQ(keeper_->pending().state(), ConfirmedCommit::State::kNone);
}

TEST_F(CommitKeeperTest, ARestartForgetsNothing) {
  ASSERT_TRUE(Commit("a").ok());
  ASSERT_TRUE(Commit("b", 5).ok());
  after_ = absl::Minutes(2);
  Restart();
  EXPECT_EQ(keeper_->pending().number(), 2U);
  EXPECT_EQ(keeper_->pending().Left(keeper_->now().monotonic),
            absl::Minutes(3));
  after_ = absl::Hours(1);
  Restart();
  EXPECT_TRUE(keeper_->pending().IsDue(keeper_->now().monotonic));
  EXPECT_EQ(Plain(keeper_->GoBack()), "a");
}

TEST_F(CommitKeeperTest, AConfirmedCommitStays) {
  EXPECT_EQ(keeper_->Confirm().status().code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Commit("a").ok());
  ASSERT_TRUE(Commit("b", 5).ok());
  ASSERT_TRUE(Commit("c", 5).ok());
  EXPECT_EQ(keeper_->pending().back_to(), 1U);
  EXPECT_EQ(keeper_->Confirm().value(), 3U);
  Restart();
  EXPECT_EQ(keeper_->pending().state(), ConfirmedCommit::State::kNone);
  EXPECT_EQ(Plain(keeper_->ReadSettings()), "c");
}

TEST_F(CommitKeeperTest, ACommitForGoodConfirmsWhatWaits) {
  ASSERT_TRUE(Commit("a").ok());
  ASSERT_TRUE(Commit("b", 5).ok());
  ASSERT_TRUE(Commit("c").ok());
  Restart();
  EXPECT_EQ(keeper_->pending().state(), ConfirmedCommit::State::kNone);
}

TEST_F(CommitKeeperTest, ACommitThatCannotBeWrittenLeavesNothingToUndo) {
  ASSERT_TRUE(Commit("a").ok());
  ASSERT_EQ(mkdir((path_ + ".new").c_str(), 0700), 0);
  EXPECT_FALSE(Commit("b", 5).ok());
  EXPECT_EQ(Plain(keeper_->ReadSettings()), "a");
  Restart();
  EXPECT_EQ(keeper_->pending().state(), ConfirmedCommit::State::kNone);
}

TEST_F(CommitKeeperTest, WhatCannotBeUndoneIsTriedAgain) {
  ASSERT_TRUE(Commit("a").ok());
  ASSERT_TRUE(Commit("b", 1).ok());
  after_ = absl::Minutes(1);
  ASSERT_EQ(mkdir((path_ + ".new").c_str(), 0700), 0);
  EXPECT_FALSE(keeper_->GoBack().ok());
  EXPECT_FALSE(keeper_->pending().IsDue(keeper_->now().monotonic));
  after_ += absl::Seconds(10);
  EXPECT_TRUE(keeper_->pending().IsDue(keeper_->now().monotonic));
  ASSERT_EQ(rmdir((path_ + ".new").c_str()), 0);
  EXPECT_EQ(Plain(keeper_->GoBack()), "a");
}

TEST_F(CommitKeeperTest, SettingsThatAreGoneCannotBeGoneBackTo) {
  ASSERT_TRUE(Commit("a").ok());
  ASSERT_TRUE(Commit("b", 1).ok());
  ASSERT_EQ(unlink((folder_ + "/state/commit-1.ini").c_str()), 0);
  EXPECT_EQ(keeper_->GoBack().status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(keeper_->pending().state(), ConfirmedCommit::State::kNone);
  EXPECT_EQ(Plain(keeper_->ReadSettings()), "b");
}

}  // namespace
}  // namespace ovoc::tunnel
