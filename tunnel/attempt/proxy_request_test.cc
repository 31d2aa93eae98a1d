// SPDX-License-Identifier: Apache-2.0
#include "tunnel/attempt/proxy_request.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "auth/secret.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/proxy_tunnel.h"

namespace ovoc::tunnel {
namespace {

class ProxyRequestTest : public testing::Test, public ProxyTunnel::Observer {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    std::array<int, 2> fds = {-1, -1};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                         fds.data()),
              0);
    ours_ = netif::UniqueFd(fds[0]);
    proxy_ = netif::UniqueFd(fds[1]);
    options_.session.host = "ovoc.example";
    options_.session.user_agent = "test/1";
    options_.port = 8443;
    options_.proxy = AttemptProxy();
  }

  void OnTunnelOpen(std::unique_ptr<Transport>) override {}
  void OnTunnelFailed(ProxyFailure, const absl::Status&) override {}

  ProxyRequest Make() {
    return MakeProxyRequest(options_, loop_.get(), std::move(ours_), this,
                            MonotonicNow());
  }

  // What the proxy gets.
  std::string Sent() {
    std::array<char, 4096> bytes;
    const ssize_t size =
        recv(proxy_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    return {bytes.data(), static_cast<size_t>(std::max(size, ssize_t{0}))};
  }

  std::unique_ptr<EventLoop> loop_;
  netif::UniqueFd ours_;
  netif::UniqueFd proxy_;
  AttemptOptions options_;
};

TEST_F(ProxyRequestTest, AsksForTheServerAndSaysNothingBeforeTheStart) {
  const ProxyRequest request = Make();
  ASSERT_NE(request.tunnel, nullptr);
  EXPECT_EQ(request.login, ProxyLogin::kNone);
  EXPECT_EQ(Sent(), "");
  request.tunnel->Start(MonotonicNow());
  const std::string sent = Sent();
  EXPECT_TRUE(absl::StartsWith(sent, "CONNECT ovoc.example:8443 HTTP/1.1\r\n"))
      << sent;
  EXPECT_FALSE(absl::StrContains(sent, "Proxy-Authorization"));
}

TEST_F(ProxyRequestTest, HoldsTheLoginIfThereIsOne) {
  options_.proxy->authorization = [] {
    return auth::Secret::FromString("Basic cHJveHk6cHJveHk=");
  };
  const ProxyRequest request = Make();
  ASSERT_NE(request.tunnel, nullptr);
  EXPECT_EQ(request.login, ProxyLogin::kSent);
  request.tunnel->Start(MonotonicNow());
  EXPECT_TRUE(absl::StrContains(
      Sent(), "\r\nProxy-Authorization: Basic cHJveHk6cHJveHk=\r\n"));
}

TEST_F(ProxyRequestTest, ALoginThatIsEmptyIsNone) {
  options_.proxy->authorization = [] { return auth::Secret::FromString(""); };
  const ProxyRequest request = Make();
  ASSERT_NE(request.tunnel, nullptr);
  EXPECT_EQ(request.login, ProxyLogin::kNone);
}

TEST_F(ProxyRequestTest, WithoutTheLoginThereIsNoRequest) {
  options_.proxy->authorization = []() -> absl::StatusOr<auth::Secret> {
    return absl::UnavailableError("the keeper is gone");
  };
  const ProxyRequest request = Make();
  EXPECT_EQ(request.tunnel, nullptr);
  EXPECT_EQ(request.failure.reason, EndReason::kProxyLogin);
  EXPECT_EQ(request.failure.detail.message(), "the keeper is gone");
}

TEST_F(ProxyRequestTest, AHostThatNoRequestCanHoldIsAFailure) {
  options_.session.host = "two words";
  const ProxyRequest request = Make();
  EXPECT_EQ(request.tunnel, nullptr);
  EXPECT_EQ(request.failure.reason, EndReason::kProxy);
  EXPECT_FALSE(request.failure.detail.ok());
}

}  // namespace
}  // namespace ovoc::tunnel
