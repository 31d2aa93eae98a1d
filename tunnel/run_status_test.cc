// SPDX-License-Identifier: Apache-2.0
#include "tunnel/run_status.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {
namespace {

// More than any process has (proc(5), pid_max), as far as a test can tell.
constexpr int kNobody = 4194304;

std::string StatusText(absl::string_view state, absl::Time updated, int pid) {
  return absl::StrCat(
      "{\"schema_version\":1,\"state\":\"", state, "\",\"updated\":\"",
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", updated, absl::UTCTimeZone()),
      "\",\"update_period_s\":5,\"pid\":", pid, ",\"exit_code\":null}\n");
}

class RunStatusTest : public testing::Test {
 protected:
  RunStatusTest() {
    path_ = absl::StrCat(testing::TempDir(), "/status_", getpid(), ".json");
    options_.file = path_;
  }
  ~RunStatusTest() override { (void)remove(path_.c_str()); }

  void Write(absl::string_view text) { std::ofstream(path_) << text; }

  StatusOutcome Run() {
    out_.str("");
    return RunStatus(options_, &out_);
  }

  std::string path_;
  StatusOptions options_;
  std::ostringstream out_;
};

TEST_F(RunStatusTest, SucceedsOnlyWhenTheTunnelIsUp) {
  Write(StatusText("up", absl::Now(), getpid()));
  const StatusOutcome up = Run();
  EXPECT_EQ(up.code, ExitCode::kDone);
  EXPECT_EQ(up.why, "");
  EXPECT_TRUE(absl::StartsWith(out_.str(), "tunnel   up\n")) << out_.str();
  Write(StatusText("waiting", absl::Now(), getpid()));
  EXPECT_EQ(Run().code, ExitCode::kNotUp);
  EXPECT_TRUE(absl::StartsWith(out_.str(), "tunnel   waiting\n"));
}

TEST_F(RunStatusTest, SaysThatAFileIsStale) {
  for (const std::string& text :
       {StatusText("up", absl::Now() - absl::Seconds(60), getpid()),
        StatusText("up", absl::Now(), kNobody)}) {
    Write(text);
    options_.form = StatusForm::kPeople;
    EXPECT_EQ(Run().code, ExitCode::kStale);
    EXPECT_TRUE(absl::StrContains(out_.str(), "\nstale       ")) << out_.str();
    options_.form = StatusForm::kJson;
    const StatusOutcome json = Run();
    EXPECT_EQ(json.code, ExitCode::kStale);
    EXPECT_TRUE(absl::StrContains(json.why, absl::StrCat(path_, " is stale: ")))
        << json.why;
    EXPECT_EQ(out_.str(), text);
  }
}

TEST_F(RunStatusTest, AProcessThatNobodyHasReapedDoesNotRun) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    _exit(0);
  }
  siginfo_t ended = {};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT),
            0);
  Write(StatusText("up", absl::Now(), child));
  EXPECT_EQ(Run().code, ExitCode::kStale);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
}

TEST_F(RunStatusTest, ShowsTheFormThatIsAskedFor) {
  const std::string text = StatusText("up", absl::Now(), getpid());
  Write(text);
  options_.form = StatusForm::kJson;
  EXPECT_EQ(Run().code, ExitCode::kDone);
  EXPECT_EQ(out_.str(), text);
  options_.form = StatusForm::kPrometheus;
  EXPECT_EQ(Run().code, ExitCode::kDone);
  EXPECT_TRUE(absl::StrContains(
      out_.str(),
      absl::StrCat("\novoc_tunnel_up{file=\"", options_.file, "\"} 1\n")));
}

TEST_F(RunStatusTest, SaysWhatIsWrongWithAFile) {
  struct Case {
    std::string text;
    absl::string_view part;
  };
  const Case kCases[] = {
      {"WSTunServer = a\n", " is no status file of the client: as JSON, at "},
      {"{}", " is no status file of the client: it has no key 'state'; name "},
      {"{\"schema_version\":2}", " has schema_version 2, and this client "},
      {std::string(300'000, ' '), " has more than 262144 bytes; "},
      {std::string("\xff\xfe{\0", 4), " is UTF-16 text; "},
  };
  options_.form = StatusForm::kJson;
  for (const Case& c : kCases) {
    Write(c.text);
    const StatusOutcome outcome = Run();
    EXPECT_EQ(outcome.code, ExitCode::kStatusFile);
    EXPECT_TRUE(absl::StartsWith(outcome.why,
                                 absl::StrCat("--status: ", path_, c.part)))
        << outcome.why;
    EXPECT_EQ(outcome.why.find('\n'), std::string::npos);
    EXPECT_EQ(out_.str(), "") << "not even a part of it";
  }
}

TEST_F(RunStatusTest, SaysWhenThereIsNoFile) {
  const StatusOutcome none = Run();
  EXPECT_EQ(none.code, ExitCode::kStatusFile);
  EXPECT_EQ(none.why,
            absl::StrCat("--status: ", path_,
                         " cannot be read: No such file or directory; start "
                         "the client with --status_file, or name its file "
                         "with --status=FILE"));
  EXPECT_EQ(out_.str(), "");
  options_.form = StatusForm::kPrometheus;
  EXPECT_EQ(Run().code, ExitCode::kStatusFile);
  EXPECT_TRUE(absl::StrContains(
      out_.str(),
      absl::StrCat("\novoc_tunnel_up{file=\"", options_.file, "\"} 0\n")));
}

// A pipe that nobody writes to would hold it for ever.
TEST_F(RunStatusTest, ReadsARegularFileOnly) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_TRUE(absl::StrContains(Run().why, " is not a regular file; "));
  ASSERT_EQ(remove(path_.c_str()), 0);
  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  EXPECT_TRUE(absl::StrContains(Run().why, " is a directory; "));
  ASSERT_EQ(rmdir(path_.c_str()), 0);
  ASSERT_EQ(symlink("/dev/null", path_.c_str()), 0);
  EXPECT_TRUE(absl::StrContains(Run().why, " is not a regular file; "));
}

TEST_F(RunStatusTest, WaitsUntilTheTimeIsOver) {
  Write(StatusText("waiting", absl::Now(), getpid()));
  options_.wait_up = absl::Seconds(1);
  const absl::Time begin = MonotonicNow();
  const StatusOutcome outcome = Run();
  EXPECT_GE(MonotonicNow() - begin, options_.wait_up);
  EXPECT_EQ(outcome.code, ExitCode::kNotUp);
  EXPECT_EQ(outcome.why, "--wait_up: the tunnel was not up within 1 s");
}

TEST_F(RunStatusTest, DoesNotWaitForATunnelThatIsUp) {
  Write(StatusText("up", absl::Now(), getpid()));
  options_.wait_up = absl::Hours(1);
  EXPECT_EQ(Run().code, ExitCode::kDone);
}

// The file may not even be there when the wait begins.
TEST_F(RunStatusTest, EndsTheWaitWhenTheTunnelComesUp) {
  options_.wait_up = absl::Hours(1);
  const pid_t writer = fork();
  ASSERT_GE(writer, 0);
  if (writer == 0) {
    absl::SleepFor(absl::Milliseconds(300));
    const std::string beside = path_ + ".tmp";
    std::ofstream(beside) << StatusText("up", absl::Now(), getppid());
    _exit(rename(beside.c_str(), path_.c_str()));
  }
  EXPECT_EQ(Run().code, ExitCode::kDone);
}

TEST_F(RunStatusTest, ColoursWhatPeopleSee) {
  Write(StatusText("up", absl::Now(), getpid()));
  options_.colour = Colour::kAnsi;
  EXPECT_EQ(Run().code, ExitCode::kDone);
  EXPECT_TRUE(absl::StartsWith(out_.str(), "tunnel   \x1b[32mup\x1b[0m\n"))
      << out_.str();
  options_.form = StatusForm::kJson;
  Run();
  EXPECT_EQ(out_.str().find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace ovoc::tunnel
