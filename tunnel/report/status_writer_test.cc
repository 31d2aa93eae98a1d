// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/status_writer.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/report/testing/memory_sink.h"

namespace ovoc::tunnel {
namespace {

// The clock stands until a test moves it.
class StatusWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/status_writer_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    path_ = folder_ + "/status.json";
    Use(path_);
  }
  void TearDown() override {
    unlink(path_.c_str());
    rmdir(folder_.c_str());
  }

  void Use(const std::string& path) {
    writer_.emplace(&logger_, StatusFile(path), [this] { return now_; });
  }
  void Log() { logger_.Log(LogLevel::kInfo, LogLine("x")); }
  std::string Text() const {
    std::ifstream file(path_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file),
                       std::istreambuf_iterator<char>());
  }

  std::string folder_;
  std::string path_;
  absl::Time now_ = absl::UnixEpoch() + absl::Hours(1);
  std::vector<std::string> log_;
  Logger logger_{std::make_unique<MemorySink>(&log_), LogLevel::kDebug};
  std::optional<StatusWriter> writer_;
};

TEST_F(StatusWriterTest, WithoutNewsNothingIsDue) {
  EXPECT_EQ(writer_->NextWrite(), absl::InfiniteFuture());
  now_ += absl::Hours(1);
  EXPECT_FALSE(writer_->IsDue());
}

TEST_F(StatusWriterTest, TheFirstNewsAreDueAtOnce) {
  writer_->HaveNews();
  EXPECT_TRUE(writer_->IsDue());
}

TEST_F(StatusWriterTest, NewsWaitUntilTheLastWritingIsASecondAgo) {
  writer_->Write("a");
  const absl::Time written = now_;
  now_ += absl::Milliseconds(10);
  writer_->HaveNews();
  EXPECT_EQ(writer_->NextWrite(), written + absl::Seconds(1));
  EXPECT_FALSE(writer_->IsDue());
  now_ = written + absl::Milliseconds(999);
  EXPECT_FALSE(writer_->IsDue());
  now_ = written + absl::Seconds(1);
  EXPECT_TRUE(writer_->IsDue());
  writer_->Write("b");
  EXPECT_FALSE(writer_->IsDue()) << "the news are in the file";
  EXPECT_EQ(writer_->NextWrite(), absl::InfiniteFuture());
}

// A worker in somebody else's hands may tell 50 times a second.
TEST_F(StatusWriterTest, SteadyNewsAreWrittenOnceASecond) {
  int writings = 0;
  for (int i = 0; i < 500; ++i) {
    writer_->HaveNews();
    if (writer_->IsDue()) {
      writer_->Write("x");
      ++writings;
    }
    now_ += absl::Milliseconds(20);
  }
  EXPECT_EQ(writings, 10);
}

TEST_F(StatusWriterTest, WriteItselfDoesNotWait) {
  writer_->Write("a");
  writer_->Write("b");
  EXPECT_EQ(Text(), "b");
}

TEST_F(StatusWriterTest, LinesThatTheLoggerKeepsAreNews) {
  writer_->Write("a");
  Log();
  EXPECT_EQ(writer_->NextWrite(), absl::InfiniteFuture()) << "nothing is kept";
  logger_.KeepHistory();
  Log();
  EXPECT_EQ(writer_->NextWrite(), now_ + absl::Seconds(1));
  logger_.Log(LogLevel::kDebug, LogLine("y"));
  now_ += absl::Seconds(1);
  writer_->Write("b");
  logger_.Log(LogLevel::kDebug, LogLine("y"));
  EXPECT_EQ(writer_->NextWrite(), absl::InfiniteFuture());
}

TEST_F(StatusWriterTest, WithoutAFileNothingIsDue) {
  writer_->HaveNews();
  writer_->DropFile();
  EXPECT_FALSE(writer_->has_file());
  EXPECT_EQ(writer_->NextWrite(), absl::InfiniteFuture());
  writer_->Write("x");
  EXPECT_EQ(Text(), "");
}

TEST_F(StatusWriterTest, SaysOnceThatItFailsAndOnceThatItWorks) {
  path_ = folder_ + "/missing/status.json";
  Use(path_);
  logger_.KeepHistory();
  writer_->Write("x");
  EXPECT_TRUE(writer_->failed());
  EXPECT_EQ(writer_->NextWrite(), now_ + absl::Seconds(1))
      << "the line about it is news";
  writer_->Write("x");
  EXPECT_EQ(CountLines(log_, "error event=status_file_failed"), 1);
  EXPECT_EQ(writer_->NextWrite(), absl::InfiniteFuture());
  ASSERT_EQ(mkdir((folder_ + "/missing").c_str(), 0700), 0);
  writer_->Write("x");
  writer_->Write("x");
  EXPECT_FALSE(writer_->failed());
  EXPECT_EQ(CountLines(log_, "info event=status_file_works"), 1);
  unlink(path_.c_str());
  rmdir((folder_ + "/missing").c_str());
}

}  // namespace
}  // namespace ovoc::tunnel
