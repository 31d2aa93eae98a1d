// SPDX-License-Identifier: Apache-2.0
#include "tunnel/run_check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/sandbox/testing/in_process.h"
#include "tunnel/sandbox/worker_id.h"
#include "tunnel/settings/security_policy.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/testing/loopback_server.h"

namespace ovoc::tunnel {
namespace {

// What a check said, in the process of its own that it needs.
struct Said {
  int code = -1;       // of the process
  std::string why;     // of the outcome
  std::string report;  // with the times
};

class RunCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    if (kSanitized) {
      GTEST_SKIP() << "sanitizers make system calls of their own";
    }
    folder_ = testing::TempDir() + "/run_check_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    options_.settings = folder_ + "/f.ini";
    options_.id = kDefaultWorkerId;
    options_.violation = [](int) {};
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
  }
  void TearDown() override {
    unlink(options_.settings.c_str());
    rmdir(folder_.c_str());
  }

  // Settings for plain HTTP to a port of this machine.
  void MakeSettings(uint16_t port,
                    absl::string_view servers = "127.0.0.1") const {
    std::ofstream(options_.settings)
        << "WSTunServer = " << servers << "\nWSTunServerPort = " << port
        << "\nWSTunPassword = 's3cret'\nWSTunSecured = 0\n";
    ASSERT_EQ(chmod(options_.settings.c_str(), 0600), 0);
  }

  // Runs a check while the server, if there is one, does its part.
  Said Run() {
    std::array<int, 2> ends = {-1, -1};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    const netif::UniqueFd reading(ends[0]);
    netif::UniqueFd writing(ends[1]);
    const pid_t child = fork();
    if (child == 0) {
      std::ostringstream report;
      const Outcome outcome = RunCheck(options_, &report);
      const std::string text = outcome.why + '\0' + report.str();
      const bool written = write(writing.get(), text.data(), text.size()) ==
                           static_cast<ssize_t>(text.size());
      _exit(written ? static_cast<int>(outcome.code) : 100);
    }
    writing.Reset();
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
      EXPECT_TRUE(loop_->RunOnce(MonotonicNow() + absl::Milliseconds(20)).ok());
    }
    std::string text(16384, '\0');
    const ssize_t size = read(reading.get(), text.data(), text.size());
    text.resize(size > 0 ? static_cast<size_t>(size) : 0);
    EXPECT_FALSE(absl::StrContains(text, "s3cret")) << text;
    const size_t end = text.find('\0');
    EXPECT_NE(end, std::string::npos) << "no outcome, status " << status;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text.substr(0, end),
            end == std::string::npos ? "" : text.substr(end + 1)};
  }

  std::unique_ptr<EventLoop> loop_;
  std::string folder_;
  CheckOptions options_;
};

TEST_F(RunCheckTest, SettingsThatCannotBeReadAreNamed) {
  const Said said = Run();
  EXPECT_EQ(said.code, 3);
  EXPECT_EQ(said.why, absl::StrCat(options_.settings,
                                   ": file cannot be read: No such file or "
                                   "directory; check the path"));
  EXPECT_EQ(said.report, "");
}

TEST_F(RunCheckTest, ACertifiedBuildRefusesWhatItsPolicyDoes) {
  MakeSettings(443);
  options_.policy = Policy::kCertified;
  const Said said = Run();
  EXPECT_EQ(said.code, 3);
  EXPECT_TRUE(absl::StrContains(
      said.why, ": WSTunSecured: '0' is not allowed in a certified build"))
      << said.why;
  EXPECT_EQ(said.report, "");
}

TEST_F(RunCheckTest, AServerThatLetsTheClientInIsASuccess) {
  LoopbackServer server(loop_.get());
  server.AnswerEchoes(1500);
  MakeSettings(server.port());
  const Said said = Run();
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.why, "");
  for (const absl::string_view seen :
       {"INSECURE     WSTunSecured=0", "not secured  plain HTTP",
        "logged in    overlay address 169.254.0.2/32",
        "echo         169.254.0.1 answers",
        "packets      packets of up to 1500 bytes come back (WSTunMtu)",
        "closed       code 1000"}) {
    EXPECT_TRUE(absl::StrContains(said.report, seen)) << said.report;
  }
  EXPECT_TRUE(absl::StrContains(server.request(), "Authorization: Basic "));
}

TEST_F(RunCheckTest, AsJsonItIsOneObjectAndNothingElse) {
  LoopbackServer server(loop_.get());
  server.AnswerEchoes(1500);
  MakeSettings(server.port());
  options_.form = CheckForm::kJson;
  const Said said = Run();
  EXPECT_EQ(said.code, 0);
  EXPECT_TRUE(absl::StartsWith(
      said.report, "{\"schema_version\":1,\"exit_code\":0,\"reason\":null,"))
      << said.report;
  EXPECT_EQ(said.report.find('\n'), said.report.size() - 1);
  for (const absl::string_view seen :
       {"\"server\":\"127.0.0.1\",\"version\":", "\"WSTunSecured=0\"",
        "\"overlay_address\":\"169.254.0.2/32\"",
        "\"echo\":{\"verdict\":\"whole\",",
        "\"largest_bytes\":1500,\"lost_bytes\":null,\"mtu_bytes\":1500}"}) {
    EXPECT_TRUE(absl::StrContains(said.report, seen)) << said.report;
  }
}

TEST_F(RunCheckTest, AsJsonARefusalIsInTheObjectToo) {
  LoopbackServer server(loop_.get());
  server.AnswerNext("HTTP/1.1 401 Unauthorized\r\n\r\n");
  MakeSettings(server.port());
  options_.form = CheckForm::kJson;
  const Said said = Run();
  EXPECT_EQ(said.code, 7);
  EXPECT_TRUE(absl::StartsWith(said.why, "check failed: unauthorized: "));
  EXPECT_TRUE(absl::StartsWith(
      said.report,
      "{\"schema_version\":1,\"exit_code\":7,\"reason\":\"unauthorized\","
      "\"detail\":\"HTTP 401 Unauthorized"))
      << said.report;
  EXPECT_TRUE(
      absl::StrContains(said.report, "\"remedy\":\"check WSTunUsername"))
      << said.report;
}

// No server was tried then.
TEST_F(RunCheckTest, AsJsonSettingsThatCannotBeReadAreAReason) {
  options_.form = CheckForm::kJson;
  const Said said = Run();
  EXPECT_EQ(said.code, 3);
  EXPECT_TRUE(absl::StartsWith(
      said.report, absl::StrCat("{\"schema_version\":1,\"exit_code\":3,"
                                "\"reason\":\"settings\",\"detail\":\"",
                                options_.settings)))
      << said.report;
  EXPECT_TRUE(absl::EndsWith(said.report, ",\"servers\":[]}\n"));
}

TEST_F(RunCheckTest, ARefusalHasItsReasonAndWhatToLookAt) {
  struct Case {
    absl::string_view answer;
    int code;
    absl::string_view why;
  };
  constexpr Case kCases[] = {
      {"HTTP/1.1 401 Unauthorized\r\n\r\n", 7,
       "check failed: unauthorized: HTTP 401 Unauthorized; a password of "
       "6 characters was sent; what to do: check WSTunUsername (VPN) and "
       "WSTunPassword"},
      {"HTTP/1.1 409 Conflict\r\n\r\n", 8,
       "; what to do: OVOC has no overlay address left for this device: have "
       "its range "
       "widened, or devices removed that are not in use"},
      {"HTTP/1.1 404 Not Found\r\n\r\n", 9,
       "; what to do: there is no tunnel at /tun (WSTunServerPath); the "
       "manual's path is "
       "tun"},
  };
  LoopbackServer server(loop_.get());
  MakeSettings(server.port());
  for (const Case& c : kCases) {
    server.AnswerNext(c.answer);
    const Said said = Run();
    EXPECT_EQ(said.code, c.code) << said.why;
    EXPECT_TRUE(absl::StartsWith(said.why, "check failed: ")) << said.why;
    EXPECT_TRUE(absl::EndsWith(said.why, c.why)) << said.why;
  }
}

TEST_F(RunCheckTest, EachServerIsTriedAndOneIsEnough) {
  LoopbackServer server(loop_.get());  // on 127.0.0.1 only
  MakeSettings(server.port(), "127.0.0.2, 127.0.0.1, 127.0.0.3");
  const Said said = Run();
  EXPECT_EQ(said.code, 0) << said.why;
  EXPECT_EQ(said.why, "");
  EXPECT_EQ(server.connections(), 1);
  size_t place = 0;
  for (const char* const seen :
       {"server       127.0.0.2 (1 of 3)\n", "INSECURE     WSTunSecured=0",
        "failed       connection: ", "server       127.0.0.1 (2 of 3)\n",
        "logged in    overlay address 169.254.0.2/32",
        "server       127.0.0.3 (3 of 3)\n", "failed       connection: ",
        "in use       127.0.0.1, the first server that works\n"}) {
    place = said.report.find(seen, place);
    ASSERT_NE(place, std::string::npos) << seen << " in: " << said.report;
  }
  EXPECT_EQ(said.report.find("INSECURE"), said.report.rfind("INSECURE"));
}

TEST_F(RunCheckTest, IfNoServerWorksTheFirstFailureIsTheOutcome) {
  LoopbackServer server(loop_.get());
  server.AnswerNext("HTTP/1.1 401 Unauthorized\r\n\r\n");
  MakeSettings(server.port(), "127.0.0.1,127.0.0.2");
  const Said said = Run();
  EXPECT_EQ(said.code, 7) << said.why;
  EXPECT_TRUE(
      absl::StartsWith(said.why, "check failed: 127.0.0.1: unauthorized: "))
      << said.why;
  EXPECT_TRUE(absl::StrContains(said.report, "failed       unauthorized: "));
  EXPECT_TRUE(absl::StrContains(said.report, "failed       connection: "));
  EXPECT_FALSE(absl::StrContains(said.report, "in use"));
  EXPECT_TRUE(absl::EndsWith(
      said.why, "; what to do: check WSTunUsername (VPN) and WSTunPassword"))
      << said.why;
  // Each server has its own in the report.
  EXPECT_TRUE(absl::StrContains(
      said.report, "what to do   check WSTunUsername (VPN) and WSTunPassword"))
      << said.report;
  EXPECT_TRUE(absl::StrContains(
      said.report, absl::StrCat("what to do   nothing listens on port ",
                                server.port(), " there")))
      << said.report;
}

TEST_F(RunCheckTest, APortWhereNobodyListensIsNamed) {
  // It is bound, so that nobody else can listen there.
  const netif::UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {}};
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size),
            0);
  ASSERT_EQ(getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size),
            0);
  MakeSettings(ntohs(address.sin_port));
  const Said said = Run();
  EXPECT_EQ(said.code, 5);
  EXPECT_TRUE(absl::StartsWith(said.why, "check failed: connection: "))
      << said.why;
  EXPECT_TRUE(absl::EndsWith(
      said.why,
      absl::StrCat("no connection to port ", ntohs(address.sin_port),
                   ": 127.0.0.1: connect: Connection refused; what to "
                   "do: nothing listens on port ",
                   ntohs(address.sin_port),
                   " there, or a firewall refuses it: check "
                   "WSTunServer and WSTunServerPort")))
      << said.why;
}

}  // namespace
}  // namespace ovoc::tunnel
