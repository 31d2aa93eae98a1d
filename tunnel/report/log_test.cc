// SPDX-License-Identifier: Apache-2.0

#include "tunnel/report/log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::tunnel {
namespace {

// 1795399200 is 2026-11-23 02:00:00 UTC.
const absl::Time kWall = absl::FromUnixMillis(1795399200123);

// A sink that keeps what it was given, outside of itself.
class ListSink : public LogSink {
 public:
  explicit ListSink(std::vector<std::string>* lines) : lines_(lines) {}
  bool Write(LogLevel level, absl::Time wall, absl::string_view text) override {
    lines_->push_back(
        absl::StrCat(LogTime(wall), "|", LogLevelName(level), "|", text));
    return true;
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

TEST(SyslogPriorityTest, IsTheSeverityOfSyslog) {
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
  EXPECT_TRUE(sink.Write(LogLevel::kInfo, kWall, "event=start"));
  EXPECT_EQ(pipe.Read(), "2026-11-23T02:00:00.123Z info event=start\n");
  EXPECT_TRUE(sink.Write(LogLevel::kError, kWall, "event=exit code=1"));
  EXPECT_EQ(pipe.Read(), "2026-11-23T02:00:00.123Z error event=exit code=1\n");
}

TEST(DescriptorSinkTest, DropsWholeLinesWhenTheReaderIsStuck) {
  Pipe pipe;
  DescriptorSink sink(pipe.write_end());
  const std::string text(1000, 'x');
  size_t taken = 0;
  for (int i = 0; i < 1000; ++i) {  // far more than a pipe holds
    taken += sink.Write(LogLevel::kInfo, kWall, text) ? 1 : 0;
  }
  std::string all;
  for (std::string part = pipe.Read(); !part.empty(); part = pipe.Read()) {
    all += part;
  }
  const std::string line = "2026-11-23T02:00:00.123Z info " + text + "\n";
  ASSERT_GT(all.size(), 0u);
  EXPECT_LT(all.size(), 1000 * line.size());
  EXPECT_EQ(all.size(), taken * line.size());
  EXPECT_EQ(all.size() % line.size(), 0u);
  EXPECT_EQ(all.substr(all.size() - line.size()), line);
}

TEST(DescriptorSinkTest, OutlivesAClosedDescriptor) {
  DescriptorSink sink(-1);
  EXPECT_FALSE(sink.Write(LogLevel::kInfo, kWall, "event=start"));
}

// The syslog daemon: a datagram socket in a folder of its own.
class SyslogSinkTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = "/tmp/ovoc_log_XXXXXX";  // short: it is a socket's address
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    path_ = folder_ + "/log";
  }
  void TearDown() override {
    unlink(path_.c_str());
    unlink((folder_ + "/link").c_str());
    rmdir(folder_.c_str());
  }

  void StartDaemon() {
    daemon_.Reset(
        socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
    ASSERT_EQ(bind(daemon_.get(), reinterpret_cast<const sockaddr*>(&address),
                   sizeof(address)),
              0);
  }
  void StopDaemon() {
    daemon_.Reset();
    unlink(path_.c_str());
  }
  // One datagram; empty when there is none.
  std::string Take() const {
    char buffer[4096];
    const ssize_t size = recv(daemon_.get(), buffer, sizeof(buffer), 0);
    return size > 0 ? std::string(buffer, static_cast<size_t>(size)) : "";
  }
  static std::string Expected(int priority, absl::string_view text) {
    return absl::StrCat(
        "<", priority, ">",
        absl::FormatTime("%b %e %H:%M:%S", kWall, absl::LocalTimeZone()),
        " ovoc-test[", getpid(), "]: ", text);
  }

  std::string folder_;
  std::string path_;
  netif::UniqueFd daemon_;
};

TEST_F(SyslogSinkTest, WritesTheFormOfSyslog) {
  StartDaemon();
  SyslogSink sink("ovoc-test", path_);
  const absl::string_view text = "event=test detail=\"%s%n\"";
  // Facility daemon is 3: 24 and the severity.
  EXPECT_TRUE(sink.Write(LogLevel::kDebug, kWall, text));
  EXPECT_EQ(Take(), Expected(31, text));
  EXPECT_TRUE(sink.Write(LogLevel::kInfo, kWall, text));
  EXPECT_EQ(Take(), Expected(30, text));
  EXPECT_TRUE(sink.Write(LogLevel::kWarning, kWall, text));
  EXPECT_EQ(Take(), Expected(28, text));
  EXPECT_TRUE(sink.Write(LogLevel::kError, kWall, text));
  EXPECT_EQ(Take(), Expected(27, text));
  EXPECT_EQ(Take(), "");
}

TEST_F(SyslogSinkTest, PutsTheDayInTwoPlaces) {
  StartDaemon();
  SyslogSink sink("p", path_);
  // RFC 3164 4.1.2: a day of one digit behind a blank.
  const absl::Time wall = absl::FromCivil(
      absl::CivilSecond(2026, 2, 3, 4, 5, 6), absl::LocalTimeZone());
  EXPECT_TRUE(sink.Write(LogLevel::kInfo, wall, "x"));
  EXPECT_EQ(Take(), absl::StrCat("<30>Feb  3 04:05:06 p[", getpid(), "]: x"));
}

TEST_F(SyslogSinkTest, FindsADaemonThatWasStartedAnew) {
  StartDaemon();
  SyslogSink sink("ovoc-test", path_);
  StopDaemon();
  EXPECT_FALSE(sink.Write(LogLevel::kInfo, kWall, "lost"));
  StartDaemon();
  EXPECT_TRUE(sink.Write(LogLevel::kInfo, kWall, "event=found"));
  EXPECT_EQ(Take(), Expected(30, "event=found"));
  StopDaemon();
  StartDaemon();
  EXPECT_TRUE(sink.Write(LogLevel::kInfo, kWall, "event=again"));
  EXPECT_EQ(Take(), Expected(30, "event=again")) << "not even one is lost";
}

TEST_F(SyslogSinkTest, FindsItBehindALinkThatIsGoneByThen) {
  StartDaemon();
  const std::string link = folder_ + "/link";
  ASSERT_EQ(symlink(path_.c_str(), link.c_str()), 0);
  SyslogSink sink("ovoc-test", link);
  unlink(link.c_str());
  StopDaemon();
  StartDaemon();
  EXPECT_TRUE(sink.Write(LogLevel::kInfo, kWall, "event=found"));
  EXPECT_EQ(Take(), Expected(30, "event=found"));
}

TEST_F(SyslogSinkTest, FindsItFromAnEmptyRoot) {
  StartDaemon();
  SyslogSink sink("ovoc-test", path_);
  StopDaemon();
  StartDaemon();
  const pid_t child = fork();
  if (child == 0) {
    // As EnterEmptyRoot leaves it: the machine's root is the working folder.
    const std::string empty = folder_ + "/root";
    if (mkdir(empty.c_str(), 0700) != 0 || chdir("/") != 0 ||
        chroot(empty.c_str()) != 0) {
      _exit(2);
    }
    _exit(sink.Write(LogLevel::kInfo, kWall, "event=found") ? 0 : 3);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  rmdir((folder_ + "/root").c_str());
  if (status != 0) {
    GTEST_SKIP() << "needs root, for chroot(2)";
  }
  EXPECT_TRUE(absl::EndsWith(Take(), ": event=found"));
}

TEST_F(SyslogSinkTest, FindsADaemonThatWasStartedLater) {
  SyslogSink sink("ovoc-test", path_);
  EXPECT_FALSE(sink.Write(LogLevel::kInfo, kWall, "lost"));
  StartDaemon();
  EXPECT_TRUE(sink.Write(LogLevel::kInfo, kWall, "event=found"));
  EXPECT_EQ(Take(), Expected(30, "event=found"));
}

// As /dev/log leads to /run/systemd/journal/dev-log.
TEST_F(SyslogSinkTest, FindsItLaterFromAnEmptyRootBehindAnAbsoluteLink) {
  const std::string link = folder_ + "/link";
  SyslogSink sink("ovoc-test", link);
  StartDaemon();
  ASSERT_EQ(symlink(path_.c_str(), link.c_str()), 0);
  const pid_t child = fork();
  if (child == 0) {
    const std::string empty = folder_ + "/root";
    if (mkdir(empty.c_str(), 0700) != 0 || chdir("/") != 0 ||
        chroot(empty.c_str()) != 0) {
      _exit(2);
    }
    _exit(sink.Write(LogLevel::kInfo, kWall, "event=found") ? 0 : 3);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  rmdir((folder_ + "/root").c_str());
  if (WEXITSTATUS(status) == 2) {
    GTEST_SKIP() << "needs root, for chroot(2)";
  }
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(absl::EndsWith(Take(), ": event=found"));
}

TEST_F(SyslogSinkTest, LosesLinesWithoutADaemon) {
  SyslogSink none("ovoc-test", path_);
  EXPECT_FALSE(none.Write(LogLevel::kInfo, kWall, "lost"));
  StartDaemon();
  SyslogSink sink("ovoc-test", path_);
  StopDaemon();
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(sink.Write(LogLevel::kInfo, kWall, "lost"));
  }
}

TEST_F(SyslogSinkTest, IsNotHeldUpByADaemonThatDoesNotRead) {
  StartDaemon();
  SyslogSink sink("ovoc-test", path_);
  int said = 0;
  for (int i = 0; i < 2000; ++i) {  // far more than its queue holds
    said += sink.Write(LogLevel::kInfo, kWall, absl::StrCat("n=", i)) ? 1 : 0;
  }
  int taken = 0;
  for (std::string line = Take(); !line.empty(); line = Take()) {
    EXPECT_EQ(line, Expected(30, absl::StrCat("n=", taken++)));
  }
  EXPECT_GT(taken, 0);
  EXPECT_LT(taken, 2000);
  EXPECT_EQ(taken, said);
  EXPECT_TRUE(sink.Write(LogLevel::kInfo, kWall, "event=room"));
  EXPECT_EQ(Take(), Expected(30, "event=room"));
}

// A sink that has room when the test says so.
class TightSink : public LogSink {
 public:
  TightSink(const bool* has_room, std::vector<std::string>* lines)
      : has_room_(has_room), lines_(lines) {}
  bool Write(LogLevel, absl::Time, absl::string_view text) override {
    if (*has_room_) {
      lines_->emplace_back(text);
    }
    return *has_room_;
  }

 private:
  const bool* const has_room_;
  std::vector<std::string>* const lines_;
};

TEST(LoggerTest, SaysWhatWasLostAsSoonAsThereIsRoom) {
  std::vector<std::string> lines;
  bool has_room = false;
  Logger logger(std::make_unique<TightSink>(&has_room, &lines),
                LogLevel::kInfo);
  logger.Log(LogLevel::kDebug, LogLine("quiet"));
  logger.Log(LogLevel::kInfo, LogLine("a"));
  logger.Relay(LogLevel::kError, "event=b");
  logger.Settle();
  EXPECT_EQ(logger.dropped(), 2u);
  has_room = true;
  logger.Log(LogLevel::kInfo, LogLine("c"));
  logger.Log(LogLevel::kInfo, LogLine("d"));
  EXPECT_EQ(lines, (std::vector<std::string>{"event=log_dropped lines=2",
                                             "event=c", "event=d"}));
  EXPECT_EQ(logger.dropped(), 2u);
}

TEST(LoggerTest, SaysItWithoutAnotherLineToo) {
  std::vector<std::string> lines;
  bool has_room = false;
  Logger logger(std::make_unique<TightSink>(&has_room, &lines),
                LogLevel::kInfo);
  logger.Log(LogLevel::kInfo, LogLine("a"));
  has_room = true;
  logger.Settle();
  logger.Settle();
  EXPECT_EQ(lines, std::vector<std::string>{"event=log_dropped lines=1"});
}

TEST(LoggerTest, MarksTheLineOfAnotherProcess) {
  std::vector<std::string> lines;
  Logger logger(std::make_unique<ListSink>(&lines), LogLevel::kInfo,
                [] { return kWall; });
  logger.Relay(LogLevel::kDebug, "event=quiet");
  logger.Relay(LogLevel::kError, "event=x key=\"a b\"");
  EXPECT_EQ(
      lines,
      std::vector<std::string>{
          "2026-11-23T02:00:00.123Z|error|from=worker event=x key=\"a b\""});
}

// A sink that loses every line.
class FullSink : public LogSink {
 public:
  bool Write(LogLevel, absl::Time, absl::string_view) override { return false; }
};

TEST(LoggerHistoryTest, KeepsLinesThatTheSinkLosesAsWell) {
  Logger logger(std::make_unique<FullSink>(), LogLevel::kInfo);
  logger.Log(LogLevel::kInfo, LogLine("before"));
  EXPECT_EQ(logger.history(), nullptr);
  logger.KeepHistory();
  logger.Log(LogLevel::kDebug, LogLine("too_low"));
  logger.Log(LogLevel::kInfo, LogLine("own"));
  logger.Relay(LogLevel::kError, "event=other");
  ASSERT_NE(logger.history(), nullptr);
  const std::deque<Event>& events = logger.history()->events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].name, "own");
  EXPECT_EQ(events[1].name, "other");
  EXPECT_EQ(events[1].text, "from=worker");
}

}  // namespace
}  // namespace ovoc::tunnel
