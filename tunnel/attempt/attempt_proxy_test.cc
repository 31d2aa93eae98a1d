// SPDX-License-Identifier: Apache-2.0
//
// An attempt through a proxy.

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "auth/secret.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/attempt/attempt.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/testing/loopback_server.h"
#include "tunnel/transport/direct_socket_maker.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(20);
constexpr absl::string_view kOpen =
    "HTTP/1.1 200 Connection established\r\n\r\n";

// Writes down what it is told, one word each.
class Observer : public Attempt::Observer, public Session::Sink {
 public:
  void OnHop(const Hop& hop, const absl::Status& why) override {
    Add(absl::StrCat(hop.is_proxy() ? "proxy " : "server ", hop.name));
    if (!why.ok()) {
      Add(why.message());
    }
  }
  void OnResolving() override { Add("resolving"); }
  void OnResolved(absl::Span<const netif::IpAddress>) override {}
  void OnConnecting(const netif::IpAddress&) override {}
  void OnConnected(const netif::IpAddress& address, absl::Duration) override {
    Add(absl::StrCat("connected ", address.ToString()));
  }
  void OnProxyOpen() override { Add("proxy open"); }
  void OnSecured(const TlsClientTransport*) override { Add("secured"); }
  void OnOpen(const netif::Ipv4Prefix&) override { Add("open"); }
  void OnPacket(absl::Span<const uint8_t>) override {}
  void OnEnd(const End& ended) override {
    Add("end");
    end = ended;
  }

  bool Saw(absl::string_view word) const {
    return std::find(words.begin(), words.end(), std::string(word)) !=
           words.end();
  }

  std::vector<std::string> words;
  std::optional<End> end;

 private:
  void Add(absl::string_view word) {
    EXPECT_FALSE(end.has_value()) << word << " after the end";
    words.emplace_back(word);
  }
};

// The proxy is 127.0.0.1, and leads to itself.
class AttemptProxyTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    server_ = std::make_unique<LoopbackServer>(loop_.get());
    options_.server = "ovoc.example";
    options_.port = 8443;
    options_.sockets = &sockets_;
    options_.session.host = "ovoc.example";
    options_.session.user_agent = "test/1";
    AttemptProxy proxy;
    proxy.hop = {SocketPurpose::kProxy,
                 "127.0.0.1",
                 netif::IpAddress::Parse("127.0.0.1"),
                 {},
                 server_->port()};
    proxy.endpoint = absl::StrCat("127.0.0.1:", server_->port());
    options_.proxy = proxy;
    socket_options_.proxy_port = server_->port();
    socket_options_.server_port = server_->port();
  }

  void Begin() {
    attempt_.reset();
    observer_ = Observer();
    attempt_ = std::make_unique<Attempt>(
        loop_.get(), options_,
        [](absl::Span<uint8_t> out) {
          std::fill(out.begin(), out.end(), uint8_t{7});
        },
        &observer_, &observer_);
    attempt_->Start(MonotonicNow());
  }
  bool RunUntil(absl::string_view word) {
    const absl::Time limit = MonotonicNow() + kLimit;
    while (!observer_.Saw(word)) {
      if (MonotonicNow() > limit || observer_.end.has_value() ||
          !loop_->RunOnce(std::min(limit, attempt_->NextTime())).ok()) {
        return false;
      }
      attempt_->OnTime(MonotonicNow());
    }
    return true;
  }
  void LogIn(absl::string_view value) {
    options_.proxy->authorization = [value = std::string(value)] {
      return auth::Secret::FromString(value);
    };
  }

  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<LoopbackServer> server_;
  SocketOptions socket_options_;
  DirectSocketMaker sockets_{&socket_options_};
  Attempt::Options options_;
  Observer observer_;
  std::unique_ptr<Attempt> attempt_;
};

// The name is no name on this machine: nobody but the proxy looks it up.
TEST_F(AttemptProxyTest, TheProxyLeadsToTheServer) {
  server_->TunnelNext(kOpen);
  Begin();
  ASSERT_TRUE(RunUntil("open")) << observer_.end->detail;
  EXPECT_EQ(observer_.words,
            (std::vector<std::string>{"proxy 127.0.0.1", "connected 127.0.0.1",
                                      "proxy open", "secured", "open"}));
  EXPECT_EQ(server_->connect(),
            "CONNECT ovoc.example:8443 HTTP/1.1\r\n"
            "Host: ovoc.example:8443\r\n"
            "User-Agent: test/1\r\n"
            "\r\n");
  EXPECT_TRUE(absl::StartsWith(server_->request(), "GET /tun HTTP/1.1\r\n"));
  EXPECT_EQ(server_->connections(), 1);
}

// Each hears its own login only.
TEST_F(AttemptProxyTest, TheLoginAtTheProxyIsForTheProxyOnly) {
  LogIn("Basic cHJveHk6cHJveHk=");
  options_.authorization = [] {
    return auth::Secret::FromString("Basic b3ZvYzpvdm9j");
  };
  server_->TunnelNext(kOpen);
  Begin();
  ASSERT_TRUE(RunUntil("open")) << observer_.end->detail;
  EXPECT_TRUE(absl::StrContains(
      server_->connect(), "Proxy-Authorization: Basic cHJveHk6cHJveHk=\r\n"));
  EXPECT_FALSE(absl::StrContains(server_->connect(), "b3ZvYzpvdm9j"));
  EXPECT_TRUE(absl::StrContains(server_->request(), "Basic b3ZvYzpvdm9j"));
  EXPECT_FALSE(absl::StrContains(server_->request(), "cHJveHk6"));
}

struct Refusal {
  absl::string_view answer;
  EndReason reason;
  EndCause cause;
};

TEST_F(AttemptProxyTest, EndsWithTheReasonOfTheProxysRefusal) {
  LogIn("Basic cHJveHk6cHJveHk=");
  options_.proxy->fallback = AttemptProxy::Fallback::kDirect;  // never here
  const Refusal kCases[] = {
      {"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
       EndReason::kProxyLogin, EndCause::kProxyLoginWrong},
      {"HTTP/1.1 403 Forbidden\r\n\r\n", EndReason::kProxy,
       EndCause::kProxyForbids},
      {"HTTP/1.1 502 Bad Gateway\r\n\r\n", EndReason::kProxy,
       EndCause::kProxyNoServer},
      {"HTTP/1.1 405 No\r\n\r\n", EndReason::kProxy, EndCause::kProxyRefuses},
      {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>",
       EndReason::kProxy, EndCause::kProxyWebPage},
      {"SSH-2.0-OpenSSH_9.2\r\n\r\n", EndReason::kProxy,
       EndCause::kProxyNotHttp},
      {"HTTP/1.1 200 OK\r\n\r\nx", EndReason::kProxy,
       EndCause::kProxyEarlyBytes},
      {"", EndReason::kProxy, EndCause::kProxyClosed},
  };
  for (const Refusal& refusal : kCases) {
    server_->AnswerNext(refusal.answer);
    Begin();
    ASSERT_TRUE(RunUntil("end")) << refusal.answer;
    EXPECT_EQ(observer_.end->reason, refusal.reason) << refusal.answer;
    EXPECT_EQ(CauseOf(observer_.end->detail), refusal.cause) << refusal.answer;
    EXPECT_TRUE(
        absl::StartsWith(observer_.end->detail.message(), "proxy 127.0.0.1:"))
        << observer_.end->detail;
    EXPECT_FALSE(observer_.Saw("secured")) << refusal.answer;
  }
}

TEST_F(AttemptProxyTest, A407WithoutALoginIsAnotherCause) {
  server_->AnswerNext("HTTP/1.1 407 Log in\r\n\r\n");
  Begin();
  ASSERT_TRUE(RunUntil("end"));
  EXPECT_EQ(CauseOf(observer_.end->detail), EndCause::kProxyWantsLogin);
}

TEST_F(AttemptProxyTest, AProxyThatCannotBeReachedEndsIt) {
  server_.reset();
  Begin();
  ASSERT_TRUE(RunUntil("end"));
  EXPECT_EQ(observer_.end->reason, EndReason::kProxy);
  EXPECT_EQ(CauseOf(observer_.end->detail), EndCause::kProxyUnreached);
  EXPECT_TRUE(absl::StrContains(observer_.end->detail.message(), "refused"))
      << observer_.end->detail;
}

TEST_F(AttemptProxyTest, WithAFallbackTheServerIsTriedDirectly) {
  options_.proxy->fallback = AttemptProxy::Fallback::kDirect;
  options_.proxy->hop.port = 1;  // nobody listens there
  socket_options_.proxy_port = 1;
  options_.server = "127.0.0.1";
  options_.address = netif::IpAddress::Parse("127.0.0.1");
  Begin();
  ASSERT_TRUE(RunUntil("open")) << observer_.end->detail;
  ASSERT_EQ(observer_.words.size(), 6u);
  EXPECT_EQ(observer_.words[0], "proxy 127.0.0.1");
  EXPECT_EQ(observer_.words[1], "server 127.0.0.1");
  EXPECT_TRUE(absl::StrContains(observer_.words[2], "refused"));
  EXPECT_EQ(observer_.words[5], "open");
  EXPECT_EQ(server_->connect(), "");
}

TEST_F(AttemptProxyTest, AFallbackIsForAProxysNameToo) {
  options_.proxy->fallback = AttemptProxy::Fallback::kDirect;
  options_.proxy->hop.name = "no..name";
  options_.proxy->hop.address.reset();
  options_.server = "127.0.0.1";
  options_.address = netif::IpAddress::Parse("127.0.0.1");
  Begin();
  ASSERT_TRUE(RunUntil("open")) << observer_.end->detail;
  EXPECT_TRUE(observer_.Saw("resolving"));
  EXPECT_TRUE(observer_.Saw("server 127.0.0.1"));
}

TEST_F(AttemptProxyTest, ASilentProxyEndsItAfterItsTime) {
  server_->TunnelNext("");  // nothing
  Begin();
  const absl::Time limit = MonotonicNow() + kLimit;
  while (server_->connect().empty() && MonotonicNow() < limit) {
    ASSERT_TRUE(loop_->RunOnce(attempt_->NextTime()).ok());
    attempt_->OnTime(MonotonicNow());
  }
  EXPECT_FALSE(observer_.end.has_value());
  attempt_->OnTime(attempt_->NextTime());
  ASSERT_TRUE(observer_.end.has_value());
  EXPECT_EQ(CauseOf(observer_.end->detail), EndCause::kProxySilent);
  EXPECT_EQ(attempt_->NextTime(), absl::InfiniteFuture());
}

TEST_F(AttemptProxyTest, AnAttemptCanBeClosedWhileTheProxyIsAsked) {
  server_->TunnelNext("");
  Begin();
  ASSERT_TRUE(RunUntil("connected 127.0.0.1"));
  attempt_->Close(MonotonicNow());
  ASSERT_TRUE(observer_.end.has_value());
  EXPECT_EQ(observer_.end->reason, EndReason::kClosedByUs);
  server_->Send(kOpen);  // too late
  const absl::Time until = MonotonicNow() + absl::Milliseconds(20);
  while (MonotonicNow() < until) {
    ASSERT_TRUE(loop_->RunOnce(until).ok());
    attempt_->OnTime(MonotonicNow());
  }
  EXPECT_FALSE(observer_.Saw("proxy open"));
}

TEST_F(AttemptProxyTest, WithoutALoginFromTheKeeperNothingIsAsked) {
  options_.proxy->authorization = []() -> absl::StatusOr<auth::Secret> {
    return absl::UnavailableError("no login");
  };
  Begin();
  ASSERT_TRUE(RunUntil("end"));
  EXPECT_EQ(observer_.end->reason, EndReason::kProxyLogin);
  EXPECT_EQ(server_->connect(), "");
}

}  // namespace
}  // namespace ovoc::tunnel
