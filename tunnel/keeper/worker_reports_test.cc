// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_reports.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tunnel/report/testing/memory_sink.h"

namespace ovoc::tunnel {
namespace {

constexpr int kPid = 4242;

class WorkerReportsTest : public testing::Test {
 protected:
  absl::Status Take(const WorkerMessage& message) {
    return reports_.Take(message, kPid, now_, &record_);
  }
  void Log(const std::string& text) {
    EXPECT_TRUE(Take(LogRecord{LogLevel::kInfo, text}).ok());
  }

  std::vector<std::string> log_;
  Logger logger_{std::make_unique<MemorySink>(&log_), LogLevel::kInfo};
  SdNotify notify_ = SdNotify::Create(SdNotifyOptions()).value();
  StatusPublisher publisher_{&logger_, &notify_, std::nullopt};
  WorkerReports reports_{&logger_, &publisher_};
  WorkerRecord record_;
  absl::Time now_ = absl::FromUnixSeconds(1000);
};

TEST_F(WorkerReportsTest, EachKindGoesToItsPlace) {
  EXPECT_TRUE(Take(WorkerReady{{4, LockedMemory::kAll}}).ok());
  EXPECT_TRUE(record_.ready());
  EXPECT_EQ(log_, std::vector<std::string>{
                      "info event=worker pid=4242 landlock=4 locked=all"});
  Progress progress;
  progress.state = TunnelState::kUp;
  EXPECT_TRUE(Take(progress).ok());
  now_ += absl::Minutes(2);
  EXPECT_TRUE(Take(progress).ok());
  EXPECT_EQ(record_.TimeUp(), absl::Minutes(2));
  EXPECT_TRUE(Take(LastWord{"x"}).ok());
  EXPECT_EQ(record_.Describe(11 << 8), "exit code 11; its last message: x");
}

TEST_F(WorkerReportsTest, ReadyComesOnce) {
  EXPECT_TRUE(Take(WorkerReady{}).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(Take(WorkerReady{})));
  EXPECT_EQ(log_.size(), 1u);
}

// Whatever a worker writes, its line does not begin as the keeper's do.
TEST_F(WorkerReportsTest, ALineOfAWorkerCannotPassForTheKeepers) {
  for (const char* text :
       {"event=start policy=certified", " event=start policy=certified",
        "event=a event=start", "from=keeper event=start",
        "2026-11-23T02:00:00.123Z info event=start policy=certified"}) {
    log_.clear();
    Log(text);
    EXPECT_EQ(log_, std::vector<std::string>{
                        absl::StrCat("info from=worker ", text)});
  }
}

TEST_F(WorkerReportsTest, AFloodIsCutAndCounted) {
  for (int i = 0; i < 10000; ++i) {
    Log("event=x");
  }
  EXPECT_EQ(CountLines(log_, "event=x"), 500);
  EXPECT_EQ(CountLines(log_, "event=worker_log_dropped"), 1) << "once a minute";
  EXPECT_EQ(log_.back(), "warning event=worker_log_dropped lines=1");
  now_ += absl::Seconds(59);
  Log("event=y");
  EXPECT_EQ(CountLines(log_, "event=worker_log_dropped"), 1);
  now_ += absl::Seconds(1);
  EXPECT_TRUE(Take(Progress()).ok()) << "said without another line, too";
  EXPECT_EQ(CountLines(log_, "event=worker_log_dropped"), 2);
  EXPECT_GE(CountLines(log_, "lines=9499"), 1);
}

TEST_F(WorkerReportsTest, ADayOfAFloodDoesNotFillADisk) {
  size_t bytes = 0;
  for (int second = 0; second < 24 * 3600; ++second) {
    now_ += absl::Seconds(1);
    log_.clear();
    for (int i = 0; i < 3; ++i) {
      Log(std::string(kMaxLogLineBytes, 'x'));
    }
    for (const std::string& line : log_) {
      bytes += line.size();
    }
  }
  EXPECT_LE(bytes, 7u << 20);
}

TEST_F(WorkerReportsTest, WhatTheLogDoesNotTakeCostsNothing) {
  for (int i = 0; i < 10000; ++i) {
    EXPECT_TRUE(Take(LogRecord{LogLevel::kDebug, "event=quiet"}).ok());
  }
  Log("event=x");
  EXPECT_EQ(log_, std::vector<std::string>{"info from=worker event=x"});
}

}  // namespace
}  // namespace ovoc::tunnel
