// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/reload_watch.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::Time kStart = absl::UnixEpoch();

class ReloadWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/watchXXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    path_ = absl::StrCat(pattern, "/status.json");
    signal(SIGHUP, SIG_IGN);  // from its first moment on
    child_ = fork();
    if (child_ == 0) {
      while (true) {
        pause();
      }
    }
  }
  void TearDown() override {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  void Write(absl::string_view events) {
    const std::string now = absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ",
                                             absl::Now(), absl::UTCTimeZone());
    std::string text = absl::StrCat(R"({"state":"waiting","updated":")", now,
                                    R"(","update_period_s":5,"pid":)", child_,
                                    R"(,"events":[)");
    if (!events.empty()) {
      absl::StrAppend(&text, R"({"time":")", now,
                      R"(","level":"info","event":"reload","text":")", events,
                      "\"}");
    }
    std::ofstream(path_) << text << "]}";
  }

  std::string path_;
  pid_t child_ = 0;
};

TEST_F(ReloadWatchTest, WithoutAClientThereIsNothingToWaitFor) {
  ReloadWatch watch(path_);
  const std::optional<ReloadWatch::Report> report = watch.Start(kStart);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->client, "none");
  EXPECT_TRUE(absl::StrContains(report->detail, "start the client"));
  EXPECT_EQ(watch.NextTime(), absl::InfiniteFuture());
}

TEST_F(ReloadWatchTest, TheOutcomeIsReportedWhenItIsThere) {
  Write("");
  ReloadWatch watch(path_);
  EXPECT_FALSE(watch.Start(kStart).has_value());
  EXPECT_EQ(watch.NextTime(), kStart + kReloadLook);
  EXPECT_FALSE(watch.OnTime(kStart).has_value()) << "it is not time";
  EXPECT_FALSE(watch.OnTime(kStart + kReloadLook).has_value());
  Write("result=ok tunnel=kept");
  const std::optional<ReloadWatch::Report> report =
      watch.OnTime(kStart + 2 * kReloadLook);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->client, "kept");
}

TEST_F(ReloadWatchTest, PatienceEnds) {
  Write("");
  ReloadWatch watch(path_);
  EXPECT_FALSE(watch.Start(kStart).has_value());
  const std::optional<ReloadWatch::Report> report =
      watch.OnTime(kStart + kReloadPatience + kReloadLook);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->client, "waits");
  EXPECT_EQ(report->detail,
            "no tunnel after 30 s; the state is waiting; look at status");
}

}  // namespace
}  // namespace ovoc::tunnel
