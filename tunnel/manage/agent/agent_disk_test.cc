// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/agent_disk.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
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

class AgentDiskTest : public testing::Test {
 protected:
  AgentDiskTest()
      : folder_(NewFolder()),
        disk_(absl::StrCat(folder_, "/device.ini"),
              absl::StrCat(folder_, "/state")) {}

  static std::string NewFolder() {
    std::string pattern = testing::TempDir() + "/diskXXXXXX";
    return mkdtemp(pattern.data()) != nullptr ? pattern : "";
  }
  static ConfirmedCommit::Now Now() {
    return {absl::FromUnixSeconds(100), absl::FromUnixSeconds(1'764'600'000)};
  }
  void Write(absl::string_view name, absl::string_view text, mode_t mode) {
    const std::string path = absl::StrCat(folder_, "/", name);
    std::ofstream(path) << text;
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
  }

  const std::string folder_;
  const AgentDisk disk_;
};

TEST_F(AgentDiskTest, TheFolderIsMadeForItsOwnerAlone) {
  ASSERT_TRUE(disk_.Prepare().ok());
  struct stat info = {};
  ASSERT_EQ(stat(disk_.folder().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0700U);
  EXPECT_TRUE(disk_.Prepare().ok()) << "again";
}

TEST_F(AgentDiskTest, AFolderThatOthersMayOpenIsRefused) {
  ASSERT_EQ(mkdir(disk_.folder().c_str(), 0700), 0);
  ASSERT_EQ(chmod(disk_.folder().c_str(), 0750), 0);
  EXPECT_TRUE(absl::StrContains(disk_.Prepare().message(), "run chmod 700"));
  const AgentDisk nowhere(disk_.settings(), folder_ + "/none/state");
  EXPECT_TRUE(absl::StartsWith(nowhere.Prepare().message(), "--state: "));
}

TEST_F(AgentDiskTest, TheSettingsAreReadAndWritten) {
  EXPECT_EQ(Plain(disk_.ReadSettings()), "") << "there are none";
  ASSERT_TRUE(disk_.WriteSettings("WSTunMtu = 1400\n").ok());
  EXPECT_EQ(Plain(disk_.ReadSettings()), "WSTunMtu = 1400\n");
  Write("device.ini", "x", 0666);
  EXPECT_TRUE(
      absl::StrContains(Plain(disk_.ReadSettings()), "/device.ini: file is "));
}

TEST_F(AgentDiskTest, TheHistoryIsReadAndWritten) {
  ASSERT_TRUE(disk_.Prepare().ok());
  CommitHistory history;
  EXPECT_EQ(disk_.ReadHistory()->ToText(), "");
  history.Add(absl::FromUnixSeconds(7), "root", "first");
  ASSERT_TRUE(disk_.WriteHistory(history).ok());
  EXPECT_EQ(disk_.ReadHistory()->ToText(), history.ToText());
  Write("state/history", "x", 0600);
  EXPECT_TRUE(absl::StrContains(disk_.ReadHistory().status().message(),
                                "/history: line 1 is none of the list of "
                                "commits; move the file away"));
}

TEST_F(AgentDiskTest, OldCommitsAreRemovedButForOne) {
  ASSERT_TRUE(disk_.Prepare().ok());
  CommitHistory history;
  for (uint64_t number = 1; number <= 15; ++number) {
    ASSERT_EQ(history.Add(absl::FromUnixSeconds(7), "root", ""), number);
    ASSERT_TRUE(disk_.WriteCommit(number, absl::StrCat(number)).ok());
  }
  Write("state/commit-x.ini", "", 0600);
  disk_.RemoveOldCommits(history, 2);
  EXPECT_EQ(Plain(disk_.ReadCommit(2)), "2");
  EXPECT_EQ(Plain(disk_.ReadCommit(5)), "5");
  EXPECT_EQ(Plain(disk_.ReadCommit(15)), "15");
  for (const uint64_t number : {1U, 3U, 4U, 16U}) {
    EXPECT_EQ(disk_.ReadCommit(number).status().code(),
              absl::StatusCode::kNotFound);
  }
  EXPECT_EQ(access((disk_.folder() + "/commit-x.ini").c_str(), F_OK), 0);
}

TEST_F(AgentDiskTest, WhatWaitsIsReadAndForgotten) {
  ASSERT_TRUE(disk_.Prepare().ok());
  ConfirmedCommit pending;
  pending.Begin(2, 1, 5, Now());
  ASSERT_TRUE(disk_.WritePending(pending).ok());
  EXPECT_EQ(disk_.ReadPending(Now())->ToText(), pending.ToText());
  pending.Confirm();
  ASSERT_TRUE(disk_.WritePending(pending).ok());
  EXPECT_EQ(disk_.ReadPending(Now())->state(), ConfirmedCommit::State::kNone);
  Write("state/pending", "x", 0600);
  EXPECT_TRUE(absl::StrContains(disk_.ReadPending(Now()).status().message(),
                                "/pending: it names no commit that waits"));
}

}  // namespace
}  // namespace ovoc::tunnel
