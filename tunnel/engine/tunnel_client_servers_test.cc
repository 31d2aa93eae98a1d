// SPDX-License-Identifier: Apache-2.0
//
// A tunnel_client with two servers: 127.0.0.1 and 127.0.0.2.

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "netif/overlay.h"
#include "netif/testing/fake_tun_device.h"
#include "tunnel/engine/tunnel_client.h"
#include "tunnel/report/testing/memory_sink.h"
#include "tunnel/testing/loop_script.h"
#include "tunnel/testing/loopback_server.h"
#include "tunnel/transport/direct_socket_maker.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kBadGateway = "HTTP/1.1 502 Bad Gateway\r\n\r\n";
constexpr absl::string_view kUnauthorized = "HTTP/1.1 401 Unauthorized\r\n\r\n";

class LastProgress : public ProgressSink {
 public:
  void OnProgress(const Progress& progress) override { last_ = progress; }
  void OnSecured(const ServerIdentity& /*server*/) override {}
  const Progress& last() const { return last_; }

 private:
  Progress last_;
};

class TunnelClientServersTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    one_ = std::make_unique<LoopbackServer>(loop_.get());
    two_ = std::make_unique<LoopbackServer>(loop_.get(), 2, one_->port());
    socket_options_.server_port = one_->port();
    config_.settings.servers = {
        {"127.0.0.1", netif::IpAddress::Parse("127.0.0.1")},
        {"127.0.0.2", netif::IpAddress::Parse("127.0.0.2")}};
    config_.settings.interface = "ovoc0";
    config_.attempt.port = one_->port();
    config_.attempt.sockets = &sockets_;
    config_.attempt.session.user_agent = "test/1";
    script_.emplace(loop_.get(), [this] { client_->Stop(); });
  }
  void TearDown() override {
    script_.reset();
    client_.reset();
  }

  // To be called when the settings and the script are there.
  void RunToTheEnd() {
    client_ = std::make_unique<TunnelClient>(
        TunnelClient::Parts{
            loop_.get(), &reporter_,
            [this](absl::Span<uint8_t> out) {
              std::fill(out.begin(), out.end(), random_byte_);
            },
            [this](const Settings& settings, TunnelDevice::PacketTaker* taker) {
              return std::make_unique<TunnelDevice>(
                  loop_.get(), std::make_unique<netif::FakeTunDevice>(),
                  [](const netif::Overlay&) { return absl::OkStatus(); },
                  settings.interface, taker);
            },
            [this](TunnelConfig* config) {
              looks_.push_back(config->attempt.server);
            },
            absl::Milliseconds(5)},
        &config_);
    const absl::Status ran = client_->Run();
    EXPECT_TRUE(ran.ok()) << ran;
    EXPECT_TRUE(script_->done());
  }

  LoopScript::Condition UpTimes(int times) {
    return [this, times] { return CountLines(log_, "tunnel_up") == times; };
  }
  LoopScript::Condition Logged(const std::string& text) {
    return [this, text] { return CountLines(log_, text) > 0; };
  }
  LoopScript::Action Stop() {
    return [this] { client_->Stop(); };
  }
  static LoopScript::Action Disconnect(LoopbackServer* server) {
    return [server] { server->Disconnect(); };
  }

  std::vector<std::string> log_;
  Logger logger_{std::make_unique<MemorySink>(&log_), LogLevel::kDebug};
  LastProgress progress_;
  Reporter reporter_{&logger_, &progress_};
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<LoopbackServer> one_;
  std::unique_ptr<LoopbackServer> two_;
  SocketOptions socket_options_;
  DirectSocketMaker sockets_{&socket_options_};
  uint8_t random_byte_ = 0;         // 0: the shortest waits
  std::vector<std::string> looks_;  // around, for these servers
  TunnelConfig config_;
  std::unique_ptr<TunnelClient> client_;
  std::optional<LoopScript> script_;
};

TEST_F(TunnelClientServersTest, StaysWithTheFirstIfThatWorks) {
  script_->When(UpTimes(1), Disconnect(one_.get())).When(UpTimes(2), Stop());
  RunToTheEnd();
  EXPECT_EQ(one_->connections(), 2);
  EXPECT_EQ(two_->connections(), 0);
  EXPECT_EQ(CountLines(log_, "next_server"), 0);
  EXPECT_EQ(CountLines(log_,
                       "tunnel_up overlay=169.254.0.2/32 "
                       "interface=ovoc0 server=127.0.0.1"),
            2);
}

TEST_F(TunnelClientServersTest, GoesOnToTheNextAtOnceAndSaysSo) {
  random_byte_ = 0xff;  // a wait would be seen
  one_->AnswerNext(kBadGateway);
  script_->When(UpTimes(1), [this] {
    EXPECT_EQ(progress_.last().server, 1u);
    EXPECT_EQ(progress_.last().server_address,
              absl::StrCat("127.0.0.2:", two_->port()));
    client_->Stop();
  });
  RunToTheEnd();
  EXPECT_EQ(one_->connections(), 1);
  EXPECT_EQ(two_->connections(), 1);
  EXPECT_EQ(looks_, (std::vector<std::string>{"127.0.0.1", "127.0.0.2"}));
  EXPECT_TRUE(absl::StrContains(one_->request(), "\r\nHost: 127.0.0.1"));
  EXPECT_TRUE(absl::StrContains(two_->request(), "\r\nHost: 127.0.0.2"));
  EXPECT_EQ(CountLines(log_, "event=retry"), 0);
  EXPECT_EQ(CountLines(log_, "info event=next_server server=127.0.0.2"), 1);
  EXPECT_EQ(CountLines(log_, "interface=ovoc0 server=127.0.0.2"), 1);
}

TEST_F(TunnelClientServersTest, WaitsOnceForBoth) {
  for (LoopbackServer* const server : {one_.get(), two_.get()}) {
    server->AnswerNext(kBadGateway);
    server->AnswerNext(kBadGateway);
  }
  script_->When(UpTimes(1), Stop());
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=attempt_failed reason=http_status"), 4);
  EXPECT_EQ(CountLines(log_, "event=retry"), 2);
  EXPECT_EQ(one_->connections(), 3) << "a round begins with the first";
  EXPECT_EQ(two_->connections(), 2);
}

// RFC 6761 6.3: localhost is [::1], where nobody listens, and 127.0.0.1.
TEST_F(TunnelClientServersTest, AFamilyWithoutAServerKeepsNobodyWaiting) {
  config_.settings.servers[0] = {"localhost"};
  one_->AnswerNext(kBadGateway);
  script_->When(UpTimes(1), Stop());
  RunToTheEnd();
  EXPECT_EQ(one_->connections(), 1);
  EXPECT_EQ(two_->connections(), 1);
  EXPECT_EQ(CountLines(log_, "event=retry"), 0);
}

TEST_F(TunnelClientServersTest, ANameWithoutAnAddressIsPassedOver) {
  config_.settings.servers[0] = {"no..name"};
  script_->When(UpTimes(1), Stop());
  RunToTheEnd();
  EXPECT_EQ(two_->connections(), 1);
  EXPECT_EQ(CountLines(log_, "event=attempt_failed reason=resolution"), 1);
  EXPECT_EQ(CountLines(log_, "event=retry"), 0);
}

TEST_F(TunnelClientServersTest, SoIsAnAddressWhereNobodyListens) {
  config_.settings.servers.insert(
      config_.settings.servers.begin(),
      {"127.0.0.3", netif::IpAddress::Parse("127.0.0.3")});
  one_->AnswerNext(kUnauthorized);
  script_->When(UpTimes(1), Stop());
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=attempt_failed reason=connection"), 1);
  EXPECT_EQ(CountLines(log_, "event=attempt_failed reason=unauthorized"), 1);
  EXPECT_EQ(one_->connections(), 1);
  EXPECT_EQ(two_->connections(), 1);
  EXPECT_EQ(CountLines(log_, "event=retry"), 0);
}

TEST_F(TunnelClientServersTest, KeepsTheOneThatWorksAfterALoss) {
  one_->AnswerNext(kBadGateway);
  script_->When(UpTimes(1), Disconnect(two_.get())).When(UpTimes(2), Stop());
  RunToTheEnd();
  EXPECT_EQ(one_->connections(), 1);
  EXPECT_EQ(two_->connections(), 2);
  EXPECT_EQ(CountLines(log_, "event=retry"), 1) << "a loss has its wait";
}

// Its keeper has noted which one works.
TEST_F(TunnelClientServersTest, AnotherWorkerBeginsWithTheOneThatWorked) {
  SelectServer(1, &config_);
  script_->When(UpTimes(1), Stop());
  RunToTheEnd();
  EXPECT_EQ(one_->connections(), 0);
  EXPECT_EQ(two_->connections(), 1);
}

TEST_F(TunnelClientServersTest, ReturnsToTheFirstIfTheSettingsSaySo) {
  config_.settings.server_revert = true;
  one_->AnswerNext(kBadGateway);
  script_->When(UpTimes(1), Disconnect(two_.get())).When(UpTimes(2), Stop());
  RunToTheEnd();
  EXPECT_EQ(one_->connections(), 2);
  EXPECT_EQ(two_->connections(), 1);
  EXPECT_EQ(CountLines(log_, "event=next_server server=127.0.0.1"), 1);
}

// It is asked again after half a minute, as a server alone would be.
TEST_F(TunnelClientServersTest, LeavesAServerAloneThatRefusesTheLogin) {
  config_.settings.server_revert = true;
  one_->AnswerNext(kUnauthorized);
  script_->When(UpTimes(1), Disconnect(two_.get())).When(UpTimes(2), Stop());
  RunToTheEnd();
  EXPECT_EQ(one_->connections(), 1);
  EXPECT_EQ(two_->connections(), 2);
}

TEST_F(TunnelClientServersTest, LeavesAServerAloneForAsLongAsItSays) {
  one_->AnswerNext("HTTP/1.1 503 No\r\nRetry-After: 120\r\n\r\n");
  two_->AnswerNext(kBadGateway);
  two_->AnswerNext(kBadGateway);
  script_->When(UpTimes(1), Stop());
  RunToTheEnd();
  EXPECT_EQ(one_->connections(), 1);
  EXPECT_EQ(two_->connections(), 3);
  EXPECT_EQ(CountLines(log_, "event=retry"), 2);
  EXPECT_EQ(CountLines(log_, "retry_after_s"), 0) << "nobody waits for it";
}

TEST_F(TunnelClientServersTest, WaitsForTheFirstOfThoseThatWantToBeLeftAlone) {
  one_->AnswerNext("HTTP/1.1 503 No\r\nRetry-After: 120\r\n\r\n");
  two_->AnswerNext(kUnauthorized);  // 30 s at least
  script_->When(Logged("event=retry"), Stop());
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=retry delay_ms=30000 reason=unauthorized"),
            1);
}

// AddressOrder::kMaxEarlyLosses
TEST_F(TunnelClientServersTest, GoesOnFromAServerThatEndsEachTunnelSoon) {
  script_->When(UpTimes(1), Disconnect(one_.get()))
      .When(UpTimes(2), Disconnect(one_.get()))
      .When(UpTimes(3), Disconnect(one_.get()))
      .When(UpTimes(4), Stop());
  RunToTheEnd();
  EXPECT_EQ(one_->connections(), 3);
  EXPECT_EQ(two_->connections(), 1);
}

}  // namespace
}  // namespace ovoc::tunnel
