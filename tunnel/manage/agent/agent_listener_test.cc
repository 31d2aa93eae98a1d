// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/agent_listener.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

class AgentListenerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = "/tmp/listenerXXXXXX";  // a short path
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    path_ = absl::StrCat(pattern, "/agent.sock");
    loop_ = EventLoop::Create().value();
  }
  absl::StatusOr<std::unique_ptr<AgentListener>> Open() {
    return AgentListener::Open(loop_.get(), path_, [this](netif::UniqueFd fd) {
      accepted_ = std::move(fd);
    });
  }
  netif::UniqueFd Connect() const {
    netif::UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, path_.c_str(), path_.size());
    if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address),
                sizeof(address)) != 0) {
      fd.Reset();
    }
    return fd;
  }

  std::string path_;
  std::unique_ptr<EventLoop> loop_;
  netif::UniqueFd accepted_;
};

TEST_F(AgentListenerTest, WhoConnectsIsHandedOver) {
  const auto listener = Open();
  ASSERT_TRUE(listener.ok()) << listener.status();
  struct stat info = {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0666U);
  const netif::UniqueFd other = Connect();
  ASSERT_TRUE(other.valid());
  ASSERT_TRUE(loop_->RunOnce(MonotonicNow() + absl::Seconds(5)).ok());
  EXPECT_TRUE(accepted_.valid());
}

TEST_F(AgentListenerTest, TheSocketIsRemovedAtTheEnd) {
  {
    ASSERT_TRUE(Open().ok());
  }
  EXPECT_NE(access(path_.c_str(), F_OK), 0);
}

TEST_F(AgentListenerTest, WhatAKilledAgentHasLeftIsReplaced) {
  {
    const netif::UniqueFd old(socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, path_.c_str(), path_.size());
    ASSERT_EQ(bind(old.get(), reinterpret_cast<const sockaddr*>(&address),
                   sizeof(address)),
              0);
  }
  EXPECT_TRUE(Open().ok());
}

TEST_F(AgentListenerTest, AnAgentThatRunsIsNotReplaced) {
  const auto first = Open();
  ASSERT_TRUE(first.ok());
  const auto second = Open();
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(absl::StrContains(second.status().message(), "an agent runs at"));
  EXPECT_TRUE(Connect().valid());
}

TEST_F(AgentListenerTest, AFileIsNotReplaced) {
  std::ofstream(path_) << "mine";
  EXPECT_TRUE(absl::StrContains(Open().status().message(), "is no socket"));
  EXPECT_EQ(access(path_.c_str(), F_OK), 0);
}

TEST_F(AgentListenerTest, APathMayBeImpossible) {
  path_ = std::string(200, 'x');
  EXPECT_TRUE(absl::StrContains(Open().status().message(), "has 200 bytes"));
  path_ = "/nowhere/agent.sock";
  EXPECT_TRUE(absl::StartsWith(Open().status().message(),
                               "--socket: /nowhere/agent.sock: bind: "));
}

}  // namespace
}  // namespace ovoc::tunnel
