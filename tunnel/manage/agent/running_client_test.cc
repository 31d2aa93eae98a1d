// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/running_client.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

class RunningClientTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/clientXXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    path_ = absl::StrCat(pattern, "/status.json");
    child_ = fork();
    if (child_ == 0) {
      signal(SIGHUP, SIG_DFL);
      pause();
      _exit(0);
    }
  }
  void TearDown() override {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
  }
  void Write(int pid, absl::Duration age) {
    const std::string updated = absl::FormatTime(
        "%Y-%m-%d%ET%H:%M:%E3SZ", absl::Now() - age, absl::UTCTimeZone());
    std::ofstream(path_) << R"({"state":"up","updated":")" << updated
                         << R"(","update_period_s":5,"pid":)" << pid << "}";
  }

  std::string path_;
  pid_t child_ = 0;
};

TEST_F(RunningClientTest, AFreshFileOfAProcessIsRead) {
  Write(child_, absl::ZeroDuration());
  const absl::StatusOr<ClientStatus> status = ReadClientStatus(path_);
  ASSERT_TRUE(status.ok()) << status.status();
  EXPECT_EQ(status->record.state, "up");
  EXPECT_EQ(status->record.pid, child_);
  EXPECT_EQ(status->text.front(), '{');
}

TEST_F(RunningClientTest, TheProcessGetsTheSignal) {
  Write(child_, absl::ZeroDuration());
  const absl::Status sent = ReloadClient(path_);
  ASSERT_TRUE(sent.ok()) << sent;
  int status = 0;
  ASSERT_EQ(waitpid(child_, &status, 0), child_);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGHUP);
  child_ = 0;
}

TEST_F(RunningClientTest, AStaleFileNamesNobody) {
  Write(child_, absl::Minutes(1));
  EXPECT_EQ(ReadClientStatus(path_).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(
      absl::StrContains(ReloadClient(path_).message(), ": no client runs: "));
  EXPECT_EQ(waitpid(child_, nullptr, WNOHANG), 0) << "it still runs";
}

TEST_F(RunningClientTest, AProcessThatEndedGetsNothing) {
  Write(child_, absl::ZeroDuration());
  kill(child_, SIGKILL);
  siginfo_t info = {};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOWAIT),
            0);
  EXPECT_EQ(ReloadClient(path_).code(), absl::StatusCode::kFailedPrecondition)
      << "a zombie";
}

TEST_F(RunningClientTest, AFileMayBeMissingOrNoStatus) {
  EXPECT_EQ(ReloadClient(path_).code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(absl::StrContains(ReadClientStatus(path_).status().message(),
                                "start the client with --status_file"));
  std::ofstream(path_) << "{}";
  EXPECT_EQ(ReadClientStatus(path_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace ovoc::tunnel
