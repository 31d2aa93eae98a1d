// SPDX-License-Identifier: Apache-2.0
#include "tunnel/told_run.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tunnel/settings/security_policy.h"

namespace ovoc::tunnel {
namespace {

class ToldRunTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/told_run_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    line_.status_file = folder_ + "/status.json";
  }
  void TearDown() override {
    unlink(line_.status_file.c_str());
    unlink((folder_ + "/stderr").c_str());
    rmdir(folder_.c_str());
  }

  // What comes onto standard error by a run with this outcome.
  std::string ErrorsOf(const Outcome& outcome) {
    const std::string path = folder_ + "/stderr";
    const int kept = dup(STDERR_FILENO);
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    EXPECT_EQ(dup2(file, STDERR_FILENO), STDERR_FILENO);
    EXPECT_EQ(RunTold(line_, Policy::kCertified,
                      [&outcome](const ToldRun&) { return outcome; }),
              static_cast<int>(outcome.code));
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(file);
    return Text(path);
  }
  static std::string Text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file),
                       std::istreambuf_iterator<char>());
  }

  std::string folder_;
  CommandLine line_;
};

TEST_F(ToldRunTest, SeveralErrorsHaveALineEachAndOneInTheLog) {
  const std::string errors = ErrorsOf({ExitCode::kSettings, "one\ntwo"});
  EXPECT_TRUE(absl::EndsWith(errors, "client: one\nclient: two\n")) << errors;
  EXPECT_TRUE(absl::StrContains(errors, "detail=\"one (and 1 other error)\"\n"))
      << errors;
  EXPECT_TRUE(absl::StrContains(Text(line_.status_file),
                                "\"one (and 1 other error)\""));
}

TEST_F(ToldRunTest, AFailureIsInLogStatusAndOnStandardError) {
  const std::string errors =
      ErrorsOf({ExitCode::kSettings, "f.ini:1: WSTunServer: it is missing"});
  EXPECT_TRUE(absl::EndsWith(errors,
                             "Z error event=exit code=3 reason=settings "
                             "detail=\"f.ini:1: WSTunServer: it is missing\"\n"
                             "client: f.ini:1: WSTunServer: it is missing\n"))
      << errors;
  const std::string status = Text(line_.status_file);
  EXPECT_TRUE(absl::StartsWith(
      status,
      "{\"schema_version\":1,\"state\":\"stopped\",\"reason\":\"settings\","
      "\"detail\":\"f.ini:1: WSTunServer: it is missing\""))
      << status;
  EXPECT_TRUE(absl::EndsWith(
      status, absl::StrCat("\"pid\":", getpid(), ",\"exit_code\":3}\n")))
      << status;
  EXPECT_TRUE(absl::StrContains(status, "\"policy\":\"certified\"")) << status;
}

// It came up, and logged at each write that there was no status.
TEST_F(ToldRunTest, DoesNotRunWithAStatusFileThatCannotBe) {
  line_.status_file = folder_ + "/pipe";
  ASSERT_EQ(mkfifo(line_.status_file.c_str(), 0600), 0);
  bool ran = false;
  EXPECT_EQ(RunTold(line_, Policy::kCertified,
                    [&ran](const ToldRun&) {
                      ran = true;
                      return Outcome{ExitCode::kDone, ""};
                    }),
            2);
  EXPECT_FALSE(ran);
  struct stat info = {};
  ASSERT_EQ(lstat(line_.status_file.c_str(), &info), 0);
  EXPECT_TRUE(S_ISFIFO(info.st_mode));
  const std::string errors = ErrorsOf({ExitCode::kUsage, ""});
  EXPECT_TRUE(absl::StrContains(errors, "client: --status_file: /")) << errors;
  EXPECT_TRUE(absl::StrContains(
      errors, "/pipe is a pipe, which the status file would replace; name "))
      << errors;
}

// The file was replaced by the status, the password in it included.
TEST_F(ToldRunTest, DoesNotReplaceTheSettingsFile) {
  line_.settings = line_.status_file;
  std::ofstream(line_.settings) << "WSTunServer = a.example\n";
  const std::string errors = ErrorsOf({ExitCode::kUsage, "not called"});
  EXPECT_TRUE(absl::EndsWith(
      errors, absl::StrCat("client: --status_file: '", line_.status_file,
                           "' is the settings file; choose another path\n")))
      << errors;
  EXPECT_EQ(Text(line_.settings), "WSTunServer = a.example\n");
}

TEST_F(ToldRunTest, AFailureDoesNotReplaceAFileThatTheSettingsName) {
  line_.settings = folder_ + "/a.ini";
  std::ofstream(line_.settings)
      << "WSTunBogus = 1\nTLSTrustedRoots = " << line_.status_file << "\n";
  std::ofstream(line_.status_file) << "roots";
  ErrorsOf({ExitCode::kSandbox, "why"});
  EXPECT_EQ(Text(line_.status_file), "roots");
  unlink(line_.settings.c_str());
}

TEST_F(ToldRunTest, AnOrderlyEndIsToldInTheLogAlone) {
  const std::string errors = ErrorsOf({ExitCode::kDone, ""});
  EXPECT_TRUE(absl::EndsWith(errors, "Z info event=exit code=0 reason=done\n"))
      << errors;
  EXPECT_FALSE(absl::StrContains(errors, "client:"));
  EXPECT_TRUE(absl::StrContains(Text(line_.status_file), "\"exit_code\":0"));
}

TEST_F(ToldRunTest, TheReaderOfStandardErrorMayBeGoneOrAsleep) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_GT(fcntl(ends[1], F_SETPIPE_SZ, 4096), 0);
  const std::string noise(4096, 'x');
  ASSERT_EQ(write(ends[1], noise.data(), noise.size()), 4096);
  const int kept = dup(STDERR_FILENO);
  dup2(ends[1], STDERR_FILENO);
  RunTold(line_, Policy::kCertified, [](const ToldRun& told) {
    for (int i = 0; i < 1000; ++i) {
      told.logger->Log(LogLevel::kInfo, LogLine("x"));
    }
    return Outcome{ExitCode::kInternal, "why"};
  });
  dup2(kept, STDERR_FILENO);
  close(kept);
  const std::string status = Text(line_.status_file);
  // The noise and the line of the exit, which the file has instead.
  EXPECT_TRUE(absl::StrContains(status, "\"log_lines_dropped\":1001"))
      << status;
  EXPECT_TRUE(absl::StrContains(status, "\"event\":\"exit\"")) << status;
  EXPECT_TRUE(absl::StrContains(status, "\"reason\":\"internal\""));
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace ovoc::tunnel
