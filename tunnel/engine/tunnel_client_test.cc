// SPDX-License-Identifier: Apache-2.0
#include "tunnel/engine/tunnel_client.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "netif/linux/socket_address.h"
#include "netif/linux/unique_fd.h"
#include "netif/overlay.h"
#include "netif/testing/fake_tun_device.h"
#include "tunnel/report/testing/memory_sink.h"
#include "tunnel/testing/loop_script.h"
#include "tunnel/testing/loopback_server.h"
#include "tunnel/testing/test_packet.h"
#include "tunnel/transport/direct_socket_maker.h"

namespace ovoc::tunnel {
namespace {

std::string Hex(absl::Span<const uint8_t> bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

// Keeps what it was told last.
class LastProgress : public ProgressSink {
 public:
  void OnProgress(const Progress& progress) override {
    last_ = progress;
    ++times_;
  }
  void OnSecured(const ServerIdentity& /*server*/) override {}
  const Progress& last() const { return last_; }
  int times() const { return times_; }

 private:
  Progress last_;
  int times_ = 0;
};

// Accepts on [::1] and closes at once, as a load balancer without a server.
class UselessServer {
 public:
  UselessServer(EventLoop* loop, uint16_t port)
      : loop_(loop),
        listener_(
            socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    const netif::SocketAddress address(*netif::IpAddress::Parse("::1"), port);
    listens_ = listener_.valid() &&
               bind(listener_.get(), address.get(), address.size()) == 0 &&
               listen(listener_.get(), 8) == 0 &&
               loop->Watch(listener_.get(), EPOLLIN,
                           [this](uint32_t) {
                             netif::UniqueFd(
                                 accept4(listener_.get(), nullptr, nullptr, 0));
                             ++connections_;
                           })
                   .ok();
  }
  ~UselessServer() { loop_->Unwatch(listener_.get()); }
  bool listens() const { return listens_; }
  int connections() const { return connections_; }

 private:
  EventLoop* const loop_;
  netif::UniqueFd listener_;
  bool listens_ = false;
  int connections_ = 0;
};

class TunnelClientTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    server_ = std::make_unique<LoopbackServer>(loop_.get());
    socket_options_.server_port = server_->port();
    sockets_ = std::make_unique<DirectSocketMaker>(&socket_options_);
    config_ = MakeConfig();
    client_ = MakeClient();
    script_.emplace(loop_.get(), [this] { client_->Stop(); });
  }

  std::unique_ptr<TunnelClient> MakeClient() {
    return std::make_unique<TunnelClient>(
        TunnelClient::Parts{
            loop_.get(), &reporter_,
            [this](absl::Span<uint8_t> out) {
              std::fill(out.begin(), out.end(), random_byte_);
            },
            [this](const Settings& settings, TunnelDevice::PacketTaker* taker) {
              return OpenDevice(settings, taker);
            },
            [this](TunnelConfig* config) {
              EXPECT_EQ(config, config_.get());
              ++looks_around_;
            },
            absl::Milliseconds(5)},
        config_.get());
  }

  void TearDown() override {
    script_.reset();
    client_.reset();
  }

  std::unique_ptr<TunnelConfig> MakeConfig() const {
    auto config = std::make_unique<TunnelConfig>();
    config->settings.servers = {
        {"127.0.0.1", netif::IpAddress::Parse("127.0.0.1")}};
    config->settings.interface = "ovoc0";
    config->attempt.server = "127.0.0.1";
    config->attempt.address = netif::IpAddress::Parse("127.0.0.1");
    config->attempt.port = server_->port();
    config->attempt.sockets = sockets_.get();
    config->attempt.session.host = "127.0.0.1";
    config->attempt.session.user_agent = "test/1";
    return config;
  }

  absl::StatusOr<std::unique_ptr<TunnelDevice>> OpenDevice(
      const Settings& settings, TunnelDevice::PacketTaker* taker) {
    if (!open_status_.ok()) {
      return open_status_;
    }
    auto tun = std::make_unique<netif::FakeTunDevice>();
    tun_ = tun.get();
    ++devices_;
    return std::make_unique<TunnelDevice>(
        loop_.get(), std::move(tun),
        [this](const netif::Overlay& overlay) { return SetAddress(overlay); },
        settings.interface, taker);
  }

  absl::Status SetAddress(const netif::Overlay& overlay) {
    if (address_status_.ok()) {
      addresses_.push_back(overlay.ToString());
    }
    return address_status_;
  }

  // Conditions and actions of scripts.
  LoopScript::Condition UpTimes(int times) {
    return [this, times] { return CountLines(log_, "tunnel_up") == times; };
  }
  LoopScript::Condition Logged(const std::string& text) {
    return [this, text] { return CountLines(log_, text) > 0; };
  }
  LoopScript::Action Stop() {
    return [this] { client_->Stop(); };
  }

  void RunToTheEnd() {
    const absl::Status ran = client_->Run();
    EXPECT_TRUE(ran.ok()) << ran;
    EXPECT_TRUE(script_->done());
  }

  std::vector<std::string> log_;
  Logger logger_{std::make_unique<MemorySink>(&log_), LogLevel::kDebug};
  LastProgress progress_;
  Reporter reporter_{&logger_, &progress_};
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<LoopbackServer> server_;
  SocketOptions socket_options_;
  std::unique_ptr<DirectSocketMaker> sockets_;
  absl::Status address_status_;          // of SetAddress
  std::vector<std::string> addresses_;   // that were set
  netif::FakeTunDevice* tun_ = nullptr;  // the newest, owned by the client
  int devices_ = 0;
  absl::Status open_status_;
  uint8_t random_byte_ = 0;  // 0: retries come at once
  int looks_around_ = 0;
  std::unique_ptr<TunnelConfig> config_;
  std::unique_ptr<TunnelClient> client_;
  std::optional<LoopScript> script_;
};

TEST_F(TunnelClientTest, SaysWhoClosedTheTunnelAndWhy) {
  script_->When(UpTimes(1),
                [this] { client_->Stop("the client closed it: SIGTERM"); });
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_,
                       "event=tunnel_down reason=closed detail=\"the "
                       "client closed it: SIGTERM\""),
            1);
}

TEST_F(TunnelClientTest, GivesTheDeviceItsAddressAndStopsWithCode1000) {
  script_->When(UpTimes(1), Stop());
  RunToTheEnd();
  EXPECT_EQ(addresses_, std::vector<std::string>{"169.254.0.2/32"});
  EXPECT_EQ(server_->TakeFrames(), std::vector<std::string>{"8803e8"});
  EXPECT_EQ(server_->connections(), 1);
  EXPECT_EQ(looks_around_, 1);
  EXPECT_FALSE(progress_.last().overlay.has_value());
  EXPECT_EQ(progress_.last().reason, EndReason::kClosedByUs);
  EXPECT_EQ(CountLines(log_, "event=retry"), 0);
}

TEST_F(TunnelClientTest, CarriesPacketsBetweenDeviceAndServer) {
  const std::vector<uint8_t> up = TestPacket(kTestDevice, kTestOvoc, 100);
  const std::vector<uint8_t> down = TestPacket(kTestOvoc, kTestDevice, 100);
  std::vector<std::string> frames;
  std::vector<std::vector<uint8_t>> received;
  script_
      ->When(UpTimes(1),
             [&] {
               tun_->HostSends(up);
               tun_->HostSends(up);
               server_->SendPacket(down);
             })
      .When(
          [&] {
            for (std::string& frame : server_->TakeFrames()) {
              frames.push_back(std::move(frame));
            }
            for (std::vector<uint8_t>& packet : tun_->TakeReceived()) {
              received.push_back(std::move(packet));
            }
            return frames.size() == 2 && !received.empty();
          },
          Stop());
  RunToTheEnd();
  const std::string frame = absl::StrCat("82", Hex(up));
  EXPECT_EQ(frames, (std::vector<std::string>{frame, frame}));
  EXPECT_EQ(received, std::vector<std::vector<uint8_t>>{down});
}

// RFC 6455 4.1 MUST: wait while another connection to the server is opened
TEST_F(TunnelClientTest, ComesBackAfterACloseAndAppliesTheNewAddress) {
  script_
      ->When(UpTimes(1),
             [this] {
               server_->SetOverlay("169.254.0.77");
               server_->Send(absl::string_view("\x88\x02\x03\xe8", 4));
             })
      .When(UpTimes(2), Stop());
  RunToTheEnd();
  EXPECT_EQ(addresses_,
            (std::vector<std::string>{"169.254.0.2/32", "169.254.0.77/32"}));
  EXPECT_EQ(devices_, 1) << "the device stays through all reconnects";
  EXPECT_EQ(CountLines(log_, "event=tunnel_down reason=closed_by_peer"), 1);
  EXPECT_EQ(CountLines(log_, "event=retry"), 1);
  EXPECT_EQ(server_->connections(), 2) << "the second after the first only";
}

TEST_F(TunnelClientTest, GoesOnTryingAfterARefusal) {
  server_->AnswerNext("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  server_->AnswerNext("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  script_->When(UpTimes(1), Stop());
  RunToTheEnd();
  EXPECT_EQ(server_->connections(), 3);
  EXPECT_EQ(CountLines(log_, "event=attempt_failed reason=http_status"), 2);
}

// RFC 6761 6.3: [::1] and 127.0.0.1, without asking a name server.
TEST_F(TunnelClientTest, StartsWithTheOtherAddressAfterAFailure) {
  UselessServer useless(loop_.get(), server_->port());
  if (!useless.listens()) {
    GTEST_SKIP() << "there is no [::1] here";
  }
  config_->settings.servers = {{"localhost"}};
  script_
      ->When(
          UpTimes(1),
          [this] { server_->Send(absl::string_view("\x88\x02\x03\xe8", 4)); })
      .When(UpTimes(2),
            [this] {  // it stays first after a tunnel that was up
              server_->AnswerNext("HTTP/1.1 409 Conflict\r\n\r\n");
              server_->Disconnect();
            })
      .When(Logged("reason=no_free_address"), Stop());
  RunToTheEnd();
  EXPECT_EQ(useless.connections(), 1) << "the first attempt only";
  EXPECT_EQ(CountLines(log_, "event=connecting address=[::1]"), 1);
}

TEST_F(TunnelClientTest, ComesBackOverTheSpreadAfterTheServersEnd) {
  random_byte_ = 0xff;  // the longest wait
  config_->settings.reconnect_spread = absl::Seconds(77);
  client_ = MakeClient();
  script_->When(UpTimes(1), [this] { server_->Disconnect(); })
      .When(Logged("event=retry"), Stop());
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=retry delay_ms=77000 reason=peer_closed"),
            1);
}

TEST_F(TunnelClientTest, AFailedAttemptIsRepeatedSoonWhateverTheSpread) {
  random_byte_ = 0xff;
  config_->settings.reconnect_spread = absl::Seconds(77);
  client_ = MakeClient();
  server_->AnswerNext("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  script_->When(Logged("event=retry"), Stop());
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=retry delay_ms=1000 reason=http_status"),
            1);
}

TEST_F(TunnelClientTest, WaitsAsLongAsTheServerSays) {
  random_byte_ = 0xff;
  for (const absl::string_view status : {"429 Too Many", "503 Unavailable"}) {
    log_.clear();
    client_ = MakeClient();
    script_.emplace(loop_.get(), [this] { client_->Stop(); });
    server_->AnswerNext(
        absl::StrCat("HTTP/1.1 ", status, "\r\nRetry-After: 120\r\n\r\n"));
    script_->When(Logged("event=retry"), Stop());
    RunToTheEnd();
    EXPECT_EQ(CountLines(log_,
                         "event=retry delay_ms=130000 reason=http_status "
                         "retry_after_s=120"),
              1);
  }
}

TEST_F(TunnelClientTest, IsNeverEarlierThanTold) {
  server_->AnswerNext("HTTP/1.1 503 No\r\nRetry-After: 1\r\n\r\n");
  script_->When(UpTimes(1), Stop());
  const absl::Time begin = MonotonicNow();
  RunToTheEnd();
  EXPECT_GE(MonotonicNow() - begin, absl::Seconds(1));
}

TEST_F(TunnelClientTest, ARetryAfterThatIsGarbageCountsForNothing) {
  for (const absl::string_view fields :
       {"Retry-After: -5\r\n", "Retry-After: 5, 6\r\n",
        "Retry-After: 5\r\nRetry-After: 5\r\n"}) {
    log_.clear();
    client_ = MakeClient();
    script_.emplace(loop_.get(), [this] { client_->Stop(); });
    server_->AnswerNext(absl::StrCat("HTTP/1.1 503 No\r\n", fields, "\r\n"));
    script_->When(UpTimes(1), Stop());
    RunToTheEnd();
    EXPECT_EQ(CountLines(log_, "retry_after_s"), 0) << fields;
    EXPECT_EQ(CountLines(log_, "warning event=retry_after_ignored detail="), 1)
        << fields;
  }
}

TEST_F(TunnelClientTest, GoesOnWithOtherTimes) {
  random_byte_ = 0xff;
  script_
      ->When(UpTimes(1),
             [this] {
               client_->Tune(
                   {absl::Seconds(1), absl::Seconds(9), absl::Seconds(99)});
             })
      .When(  // a ping, long before the default of 17 s
          [this] {
            return server_->TakeFrames() == std::vector<std::string>{"89"};
          },
          [this] { server_->Disconnect(); })
      .When(Logged("event=retry"), Stop());
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=retry delay_ms=99000"), 1);
  EXPECT_EQ(server_->connections(), 1);
}

TEST_F(TunnelClientTest, StopsWhileItWaits) {
  random_byte_ = 0xff;  // the longest wait: half a minute and more after a 401
  server_->AnswerNext("HTTP/1.1 401 Unauthorized\r\n\r\n");
  script_->When(Logged("event=retry"), Stop());
  const absl::Time begin = MonotonicNow();
  RunToTheEnd();
  EXPECT_LT(MonotonicNow() - begin, absl::Seconds(15));
  EXPECT_EQ(server_->connections(), 1);
}

TEST_F(TunnelClientTest, LooksAroundBeforeEachAttempt) {
  server_->AnswerNext("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  script_
      ->When(UpTimes(1),
             [this] {
               EXPECT_EQ(looks_around_, 2);
               server_->Send(absl::string_view("\x88\x02\x03\xe8", 4));
             })
      .When(UpTimes(2), Stop());
  RunToTheEnd();
  EXPECT_EQ(looks_around_, 3);
}

TEST_F(TunnelClientTest, GivesSignsOfLifeWhileItIsUp) {
  int told = 0;
  script_->When(UpTimes(1), [&] { told = progress_.times(); })
      .When([&] { return progress_.times() >= told + 3; }, Stop());
  RunToTheEnd();
}

TEST_F(TunnelClientTest, GivesSignsOfLifeWhileItWaits) {
  random_byte_ = 0xff;  // the longest wait
  server_->AnswerNext("HTTP/1.1 401 Unauthorized\r\n\r\n");
  int told = 0;
  script_->When(Logged("event=retry"), [&] { told = progress_.times(); })
      .When([&] { return progress_.times() >= told + 3; }, Stop());
  RunToTheEnd();
  EXPECT_EQ(server_->connections(), 1);
}

TEST_F(TunnelClientTest, CountsThePacketsOfTheRunningSession) {
  script_
      ->When(UpTimes(1),
             [this] { tun_->HostSends(TestPacket(kTestDevice, kTestOvoc)); })
      .When(
          [this] { return Named(progress_.last().totals)["packets_out"] == 1; },
          Stop());
  RunToTheEnd();
}

TEST_F(TunnelClientTest, AnInterfaceThatCannotBeConfiguredIsNoTunnel) {
  address_status_ = absl::PermissionDeniedError("RTM_NEWADDR: no");
  script_
      ->When(Logged("event=attempt_failed reason=interface"),
             [this] { address_status_ = absl::OkStatus(); })
      .When(UpTimes(1), Stop());
  RunToTheEnd();
  EXPECT_GE(CountLines(log_, "RTM_NEWADDR: no"), 1);
  EXPECT_EQ(CountLines(log_, "event=tunnel_down"), 1) << "the one that was up";
}

TEST_F(TunnelClientTest, EndsWhenThereIsNoDevice) {
  open_status_ = absl::PermissionDeniedError("needs CAP_NET_ADMIN");
  EXPECT_EQ(client_->Run(), open_status_);
  EXPECT_EQ(server_->connections(), 0);
}

TEST_F(TunnelClientTest, EndsInOrderWhenTheDeviceIsLost) {
  const absl::Status removed = absl::FailedPreconditionError("it was removed");
  script_->When(UpTimes(1), [&] { tun_->SetReadError(removed); });
  EXPECT_EQ(client_->Run(), removed);
  EXPECT_EQ(server_->TakeFrames(), std::vector<std::string>{"8803e8"});
}

}  // namespace
}  // namespace ovoc::tunnel
