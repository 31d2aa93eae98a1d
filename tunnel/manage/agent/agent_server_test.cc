// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/agent_server.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tunnel/manage/agent/agent_disk.h"
#include "tunnel/manage/agent/commit_keeper.h"

namespace ovoc::tunnel {
namespace {

using testing::HasSubstr;

class NoLog : public LogSink {
 public:
  bool Write(LogLevel /*level*/, absl::Time /*wall*/,
             absl::string_view /*text*/) override {
    return true;
  }
};

// The user who runs the test is root, or in no group of the agent's.
class AgentServerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = "/tmp/serverXXXXXX";  // a short path
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    const std::string settings = absl::StrCat(folder_, "/device.ini");
    std::ofstream(settings)
        << "WSTunServer = ovoc.example\nWSTunPassword = x\n";
    ASSERT_EQ(chmod(settings.c_str(), 0600), 0);
    loop_ = EventLoop::Create().value();
    desk_ = SettingsDesk::Open(
                CommitKeeper::Open(AgentDisk(settings, folder_ + "/state"),
                                   [] {
                                     return ConfirmedCommit::Now{MonotonicNow(),
                                                                 absl::Now()};
                                   })
                    .value(),
                Policy::kCompat, &logger_)
                .value();
    server_ = AgentServer::Open(loop_.get(), desk_.get(), &logger_,
                                {.socket = folder_ + "/agent.sock",
                                 .status_file = folder_ + "/status.json",
                                 .client = "/bin/false",
                                 .folder = folder_ + "/state",
                                 .admin_group = "no such group",
                                 .view_group = "nor this"})
                  .value();
  }
  netif::UniqueFd Connect() {
    netif::UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
    const std::string path = folder_ + "/agent.sock";
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, path.c_str(), path.size());
    EXPECT_EQ(connect(fd.get(), reinterpret_cast<const sockaddr*>(&address),
                      sizeof(address)),
              0);
    Run();
    return fd;
  }
  void Run() {
    for (int i = 0; i < 6; ++i) {
      server_->OnTime(MonotonicNow());
      ASSERT_TRUE(loop_->RunOnce(MonotonicNow()).ok());
    }
    server_->OnTime(MonotonicNow());
  }
  // Asks, and returns all that has come.
  std::string Ask(const netif::UniqueFd& fd, const std::string& line) {
    EXPECT_EQ(send(fd.get(), line.data(), line.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(line.size()));
    Run();
    return Got(fd);
  }
  static std::string Got(const netif::UniqueFd& fd) {
    std::array<char, 8192> buffer;
    const ssize_t size = recv(fd.get(), buffer.data(), buffer.size(), 0);
    return size > 0 ? std::string(buffer.data(), static_cast<size_t>(size))
                    : "";
  }

  Logger logger_{std::make_unique<NoLog>(), LogLevel::kInfo};
  std::string folder_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<SettingsDesk> desk_;
  std::unique_ptr<AgentServer> server_;
};

TEST_F(AgentServerTest, AStrangerGetsOneLine) {
  if (geteuid() == 0) {
    GTEST_SKIP() << "root is no stranger";
  }
  const netif::UniqueFd stranger = Connect();
  EXPECT_THAT(Got(stranger), HasSubstr("may not use the agent"));
}

TEST_F(AgentServerTest, SessionsKnowOfEachOther) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root is let in here";
  }
  const netif::UniqueFd first = Connect();
  EXPECT_THAT(Ask(first, "{\"op\":\"hello\",\"id\":1}\n"),
              HasSubstr("\"session\":1,\"who\":\"root (uid 0)\",\"access\":"
                        "\"change\",\"others\":[]"));
  netif::UniqueFd second = Connect();
  EXPECT_THAT(Got(first), HasSubstr("{\"notice\":\"joined\",\"who\":"));
  EXPECT_THAT(Ask(second, "{\"op\":\"hello\",\"id\":1}\n"),
              HasSubstr("\"others\":[{\"session\":1,"));
  Ask(second,
      "{\"op\":\"edit\",\"id\":2,\"name\":\"WSTunMtu\",\"value\":\"1400\"}\n");
  EXPECT_THAT(Got(first), HasSubstr("{\"notice\":\"edit\",\"who\":"));
  second.Reset();
  Run();
  EXPECT_THAT(Got(first), HasSubstr("{\"notice\":\"left\",\"who\":"));
}

TEST_F(AgentServerTest, ACommitWithoutAClientSaysSo) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root is let in here";
  }
  const netif::UniqueFd caller = Connect();
  Ask(caller,
      "{\"op\":\"edit\",\"id\":1,\"name\":\"WSTunMtu\",\"value\":\"1400\"}\n");
  const std::string got = Ask(caller, "{\"op\":\"commit\",\"id\":2}\n");
  EXPECT_THAT(got, HasSubstr("{\"id\":2,\"more\":true,\"progress\":"));
  EXPECT_THAT(got, HasSubstr("\"number\":2,\"client\":\"none\",\"detail\":"));
  EXPECT_THAT(Ask(caller, "{\"op\":\"status\",\"id\":3}\n"),
              HasSubstr("{\"id\":3,\"ok\":false,\"errors\":[\"status: "));
}

TEST_F(AgentServerTest, ATestGivesTheExitCode) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root is let in here";
  }
  const netif::UniqueFd caller = Connect();
  std::string got = Ask(caller, "{\"op\":\"test\",\"id\":1}\n");
  const absl::Time end = MonotonicNow() + absl::Seconds(20);
  while (got.empty() && MonotonicNow() < end) {
    Run();
    got = Got(caller);
  }
  EXPECT_EQ(got, "{\"id\":1,\"ok\":true,\"exit_code\":1}\n");
  EXPECT_NE(access((folder_ + "/state/candidate.ini").c_str(), F_OK), 0);
}

TEST_F(AgentServerTest, TooManySessionsAreToldToComeAgain) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root is let in here";
  }
  std::vector<netif::UniqueFd> sessions;
  for (size_t i = 0; i < kMaxAgentSessions; ++i) {
    sessions.push_back(Connect());
  }
  const netif::UniqueFd late = Connect();
  EXPECT_THAT(Got(late), HasSubstr("16 programs use the agent already"));
  sessions.pop_back();
  Run();
  const netif::UniqueFd next = Connect();
  EXPECT_THAT(Ask(next, "{\"op\":\"hello\",\"id\":1}\n"),
              HasSubstr("\"ok\":true"));
}

TEST_F(AgentServerTest, AWrongLineIsAnsweredAndTheNextOneTaken) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root is let in here";
  }
  const netif::UniqueFd caller = Connect();
  const std::string got =
      Ask(caller, "hello\n{\"op\":\"validate\",\"id\":5}\n");
  EXPECT_THAT(got, HasSubstr("{\"id\":0,\"ok\":false,\"errors\":[\"request: "));
  EXPECT_THAT(got, HasSubstr("{\"id\":5,\"ok\":true}\n"));
}

}  // namespace
}  // namespace ovoc::tunnel
