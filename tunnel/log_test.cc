// SPDX-License-Identifier: Apache-2.0

#include "tunnel/log.h"

#include <fcntl.h>
#include <syslog.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

// 1795399200 is 2026-11-23 02:00:00 UTC.
const absl::Time kWall = absl::FromUnixMillis(1795399200123);

// A sink that keeps what it was given, outside of itself.
class ListSink : public LogSink {
 public:
  explicit ListSink(std::vector<std::string>* lines) : lines_(lines) {}
  void Write(LogLevel level, absl::Time wall, absl::string_view text) override {
    lines_->push_back(
        absl::StrCat(LogTime(wall), "|", LogLevelName(level), "|", text));
  }

 private:
  std::vector<std::string>* lines_;
};

// Pipe is a pair of non-blocking descriptors.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe2(fds_, O_CLOEXEC | O_NONBLOCK), 0); }
  ~Pipe() {
    close(fds_[0]);
    close(fds_[1]);
  }
  int write_end() const { return fds_[1]; }
  std::string Read() {
    char buffer[8192];
    const ssize_t count = read(fds_[0], buffer, sizeof(buffer));
    return count > 0 ? std::string(buffer, static_cast<size_t>(count)) : "";
  }

 private:
  int fds_[2] = {-1, -1};
};

TEST(LogLevelTest, HasTheNamesOfTheFlag) {
  EXPECT_EQ(LogLevelName(LogLevel::kDebug), "debug");
  EXPECT_EQ(LogLevelName(LogLevel::kInfo), "info");
  EXPECT_EQ(LogLevelName(LogLevel::kWarning), "warning");
  EXPECT_EQ(LogLevelName(LogLevel::kError), "error");
  EXPECT_EQ(ParseLogLevel("debug"), LogLevel::kDebug);
  EXPECT_EQ(ParseLogLevel("info"), LogLevel::kInfo);
  EXPECT_EQ(ParseLogLevel("warning"), LogLevel::kWarning);
  EXPECT_EQ(ParseLogLevel("error"), LogLevel::kError);
  EXPECT_EQ(ParseLogLevel("Info"), std::nullopt);
  EXPECT_EQ(ParseLogLevel("unknown"), std::nullopt);
  EXPECT_EQ(ParseLogLevel(""), std::nullopt);
}

TEST(LogLevelTest, MapsToTheSeverityOfSyslog) {
  EXPECT_EQ(SyslogPriority(LogLevel::kDebug), LOG_DEBUG);
  EXPECT_EQ(SyslogPriority(LogLevel::kInfo), LOG_INFO);
  EXPECT_EQ(SyslogPriority(LogLevel::kWarning), LOG_WARNING);
  EXPECT_EQ(SyslogPriority(LogLevel::kError), LOG_ERR);
}

TEST(LogTimeTest, IsUtcWithMilliseconds) {
  EXPECT_EQ(LogTime(kWall), "2026-11-23T02:00:00.123Z");
  EXPECT_EQ(LogTime(absl::UnixEpoch()), "1970-01-01T00:00:00.000Z");
  // Rounded down, as a clock does.
  EXPECT_EQ(LogTime(kWall + absl::Microseconds(999)),
            "2026-11-23T02:00:00.123Z");
}

TEST(LoggerTest, PassesOnWhatHasTheLeastLevel) {
  std::vector<std::string> lines;
  Logger logger(std::make_unique<ListSink>(&lines), LogLevel::kWarning,
                [] { return kWall; });
  logger.Log(LogLevel::kDebug, LogLine("a"));
  logger.Log(LogLevel::kInfo, LogLine("b"));
  logger.Log(LogLevel::kWarning, LogLine("c").Add("k", "v"));
  logger.Log(LogLevel::kError, LogLine("d"));
  EXPECT_EQ(lines, (std::vector<std::string>{
                       "2026-11-23T02:00:00.123Z|warning|event=c k=v",
                       "2026-11-23T02:00:00.123Z|error|event=d"}));
  EXPECT_FALSE(logger.IsOn(LogLevel::kInfo));
  EXPECT_TRUE(logger.IsOn(LogLevel::kWarning));
}

TEST(LoggerTest, TakesTheTimeOfEachLine) {
  std::vector<std::string> lines;
  absl::Time now = kWall;
  Logger logger(std::make_unique<ListSink>(&lines), LogLevel::kDebug,
                [&now] { return now; });
  logger.Log(LogLevel::kDebug, LogLine("a"));
  now += absl::Seconds(61);
  logger.Log(LogLevel::kDebug, LogLine("b"));
  EXPECT_EQ(lines, (std::vector<std::string>{
                       "2026-11-23T02:00:00.123Z|debug|event=a",
                       "2026-11-23T02:01:01.123Z|debug|event=b"}));
}

TEST(DescriptorSinkTest, WritesTimeLevelAndText) {
  Pipe pipe;
  DescriptorSink sink(pipe.write_end());
  sink.Write(LogLevel::kInfo, kWall, "event=start");
  EXPECT_EQ(pipe.Read(), "2026-11-23T02:00:00.123Z info event=start\n");
  sink.Write(LogLevel::kError, kWall, "event=exit code=1");
  EXPECT_EQ(pipe.Read(), "2026-11-23T02:00:00.123Z error event=exit code=1\n");
}

TEST(DescriptorSinkTest, DropsWholeLinesWhenTheReaderIsStuck) {
  Pipe pipe;
  DescriptorSink sink(pipe.write_end());
  const std::string text(1000, 'x');
  for (int i = 0; i < 1000; ++i) {  // far more than a pipe holds
    sink.Write(LogLevel::kInfo, kWall, text);
  }
  std::string all;
  for (std::string part = pipe.Read(); !part.empty(); part = pipe.Read()) {
    all += part;
  }
  const std::string line = "2026-11-23T02:00:00.123Z info " + text + "\n";
  ASSERT_GT(all.size(), 0u);
  EXPECT_LT(all.size(), 1000 * line.size());
  EXPECT_EQ(all.size() % line.size(), 0u);
  EXPECT_EQ(all.substr(all.size() - line.size()), line);
}

TEST(DescriptorSinkTest, OutlivesAClosedDescriptor) {
  DescriptorSink sink(-1);
  sink.Write(LogLevel::kInfo, kWall, "event=start");
}

TEST(SyslogSinkTest, TakesLinesWithAndWithoutADaemonThere) {
  SyslogSink sink("ovoc-test");
  sink.Write(LogLevel::kDebug, kWall, "event=test detail=\"%s%n\"");
}

}  // namespace
}  // namespace ovoc::tunnel
