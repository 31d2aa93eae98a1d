// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/check.h"

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/check/findings/check_facts.h"
#include "tunnel/check/findings/path_probe.h"
#include "tunnel/testing/loopback_server.h"
#include "tunnel/transport/direct_socket_maker.h"

namespace ovoc::tunnel {
namespace {

class CheckTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    server_ = std::make_unique<LoopbackServer>(loop_.get());
    config_.settings.servers = {
        {"127.0.0.1", netif::IpAddress::Parse("127.0.0.1")}};
    config_.settings.secured = false;
    config_.attempt.server = "127.0.0.1";
    config_.attempt.address = netif::IpAddress::Parse("127.0.0.1");
    config_.attempt.port = server_->port();
    config_.attempt.sockets = &sockets_;
    config_.sockets.server_port = server_->port();
    config_.attempt.session.host = "127.0.0.1";
    config_.attempt.session.user_agent = "test/1";
    server_->AnswerEchoes(1500);
  }

  // Runs a check to its end, which the login's time-out bounds.
  End Run() {
    config_.insecure = {{"WSTunSecured", "0"}};
    Check check(loop_.get(), &config_, surroundings_, &out_);
    absl::StatusOr<End> end = check.Run([](absl::Span<uint8_t> out) {
      std::fill(out.begin(), out.end(), uint8_t{7});
    });
    facts_ = check.facts();
    EXPECT_TRUE(end.ok()) << end.status();
    return end.ok() ? *std::move(end) : End{EndReason::kTimeout, end.status()};
  }

  // The lines of the report, without their times.
  std::vector<std::string> Report() const {
    std::vector<std::string> lines =
        absl::StrSplit(out_.str(), '\n', absl::SkipEmpty());
    for (std::string& line : lines) {
      EXPECT_TRUE(absl::EndsWith(line, " ms)")) << line;
      line.resize(std::min(line.size(), line.rfind(" (")));
    }
    return lines;
  }

  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<LoopbackServer> server_;
  TunnelConfig config_;
  DirectSocketMaker sockets_{&config_.sockets};
  std::vector<std::string> surroundings_;
  std::ostringstream out_;
  CheckFacts facts_;
};

TEST_F(CheckTest, SaysWhichWayItWentThroughAProxy) {
  AttemptProxy proxy;
  proxy.hop = {SocketPurpose::kProxy,
               "127.0.0.1",
               netif::IpAddress::Parse("127.0.0.1"),
               {},
               server_->port()};
  proxy.endpoint = "proxy.example:3128";
  config_.attempt.proxy = proxy;
  config_.sockets.proxy_port = server_->port();
  config_.attempt.session.host = "ovoc.example";
  config_.attempt.port = 8443;
  server_->TunnelNext("HTTP/1.1 200 OK\r\n\r\n");
  const End end = Run();
  EXPECT_EQ(end.reason, EndReason::kClosedByUs) << end.detail;
  const std::vector<std::string> report = Report();
  const std::string hop = absl::StrCat("127.0.0.1 port ", server_->port());
  EXPECT_NE(std::find(report.begin(), report.end(),
                      absl::StrCat("connected    ", hop)),
            report.end());
  EXPECT_NE(std::find(report.begin(), report.end(),
                      "proxy        proxy.example:3128 made a tunnel to "
                      "ovoc.example port 8443"),
            report.end());
}

TEST_F(CheckTest, WarnsOfAProxyThatWasPassedBy) {
  AttemptProxy proxy;
  proxy.hop = {SocketPurpose::kProxy,
               "127.0.0.1",
               netif::IpAddress::Parse("127.0.0.1"),
               {},
               1};
  proxy.endpoint = "127.0.0.1:1";
  proxy.fallback = AttemptProxy::Fallback::kDirect;
  config_.attempt.proxy = proxy;
  config_.sockets.proxy_port = 1;
  EXPECT_EQ(Run().reason, EndReason::kClosedByUs);
  ASSERT_FALSE(facts_.warnings.empty());
  EXPECT_EQ(facts_.warnings[0].name, "proxy_unreached");
  EXPECT_TRUE(absl::StartsWith(facts_.warnings[0].text, "proxy 127.0.0.1:1: "))
      << facts_.warnings[0].text;
}

TEST_F(CheckTest, PrintsALinePerStepAndClosesWithCode1000) {
  const End end = Run();
  EXPECT_EQ(end.reason, EndReason::kClosedByUs) << end.detail;
  const std::string port = absl::StrCat("127.0.0.1 port ", server_->port());
  EXPECT_EQ(Report(), (std::vector<std::string>{
                          "INSECURE     WSTunSecured=0",
                          absl::StrCat("connecting   ", port),
                          absl::StrCat("connected    ", port),
                          "not secured  plain HTTP (WSTunSecured=0)",
                          "logged in    overlay address 169.254.0.2/32",
                          "clock        not compared, since the server's "
                          "answer has no Date",
                          "echo         169.254.0.1 answers",
                          "packets      packets of up to 1500 bytes come back "
                          "(WSTunMtu)",
                          "closed       code 1000",
                      }));
  const std::vector<std::string> frames = server_->TakeFrames();
  ASSERT_EQ(frames.size(), 8u);
  EXPECT_EQ(frames.back(), "8803e8");
  // An echo request of 84 bytes, from the overlay address to OVOC.
  EXPECT_TRUE(absl::StartsWith(frames[0],
                               "824500005400004000"
                               "4001e6a9"
                               "a9fe0002a9fe0001"
                               "0800"))
      << frames[0];
  EXPECT_EQ(frames[6].size(), 2 * (1 + 1500u));
  EXPECT_EQ(server_->connections(), 1);
}

TEST_F(CheckTest, PrintsTheAddressesOfAName) {
  config_.settings.servers = {{"localhost"}};
  config_.attempt.server = "localhost";
  config_.attempt.address.reset();
  EXPECT_EQ(Run().reason, EndReason::kClosedByUs);
  const std::vector<std::string> report = Report();
  ASSERT_GE(report.size(), 2u);
  EXPECT_EQ(report[1], "resolved     localhost to ::1, 127.0.0.1");
}

// The log and the status of a run have them under "insecure".
TEST_F(CheckTest, PrintsWhatIsInsecureInTheMachinesOwnSettings) {
  surroundings_ = {"net.ipv4.conf.eth0.rp_filter=2",
                   "net.ipv4.conf.eth1.rp_filter=0"};
  Run();
  EXPECT_EQ(Report()[1], "insecure     net.ipv4.conf.eth0.rp_filter=2");
  EXPECT_EQ(Report()[2], "insecure     net.ipv4.conf.eth1.rp_filter=0");
  EXPECT_EQ(Report()[3],
            "what to do   set rp_filter of these interfaces and of "
            "net.ipv4.conf.all to 1 with sysctl, or load the nftables file "
            "that comes with the client");
}

TEST_F(CheckTest, PrintsTheWarningsOfTheSettingsFile) {
  config_.warnings = {"f.ini: others can read the password"};
  Run();
  EXPECT_EQ(Report()[1], "warning      f.ini: others can read the password");
}

TEST_F(CheckTest, EndsWithTheReasonOfARefusal) {
  server_->AnswerNext("HTTP/1.1 401 Unauthorized\r\n\r\n");
  const End end = Run();
  EXPECT_EQ(end.reason, EndReason::kUnauthorized);
  EXPECT_EQ(end.detail.message(), "HTTP 401 Unauthorized");
  EXPECT_EQ(server_->connections(), 1) << "one attempt, no retry";
  const std::vector<std::string> report = Report();
  EXPECT_EQ(report.back(), "not secured  plain HTTP (WSTunSecured=0)");
}

// The login went well, so OVOC may have its reasons.
TEST_F(CheckTest, AnOvocThatAnswersNoEchoIsAWarning) {
  server_->AnswerEchoes(0);
  EXPECT_EQ(Run().reason, EndReason::kClosedByUs);
  const std::vector<std::string> report = Report();
  ASSERT_GE(report.size(), 2u);
  EXPECT_TRUE(absl::StartsWith(report[report.size() - 2],
                               "warning      169.254.0.1 answers no echo "
                               "through the tunnel; "))
      << out_.str();
  EXPECT_EQ(report.back(), "closed       code 1000");
  ASSERT_EQ(facts_.warnings.size(), 1u);
  EXPECT_EQ(facts_.warnings[0].name, "no_echo");
  EXPECT_EQ(server_->TakeFrames().size(), 4u) << "three echoes and a Close";
}

TEST_F(CheckTest, TheLargestPacketThatComesBackIsFound) {
  server_->AnswerEchoes(1409);
  EXPECT_EQ(Run().reason, EndReason::kClosedByUs);
  ASSERT_TRUE(facts_.path.has_value());
  EXPECT_EQ(facts_.path->verdict, PathFindings::Verdict::kSmaller);
  EXPECT_EQ(facts_.path->largest_bytes, 1409u);
  ASSERT_EQ(facts_.warnings.size(), 1u);
  EXPECT_EQ(facts_.warnings[0].name, "packet_size");
}

TEST_F(CheckTest, TheMtuOfTheSettingsIsTheLargestThatIsTried) {
  config_.attempt.session.mtu_bytes = 1300;
  EXPECT_EQ(Run().reason, EndReason::kClosedByUs);
  ASSERT_TRUE(facts_.path.has_value());
  EXPECT_EQ(facts_.path->verdict, PathFindings::Verdict::kWhole);
  EXPECT_EQ(facts_.path->largest_bytes, 1300u);
  EXPECT_TRUE(facts_.warnings.empty());
}

TEST_F(CheckTest, AServersClockThatIsFarOffIsAWarning) {
  server_->SetFields("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  EXPECT_EQ(Run().reason, EndReason::kClosedByUs);
  ASSERT_EQ(facts_.warnings.size(), 1u);
  EXPECT_EQ(facts_.warnings[0].name, "clock");
  ASSERT_TRUE(facts_.clock.has_value());
  EXPECT_EQ(facts_.clock->server, absl::FromUnixSeconds(784111777));
  EXPECT_LT(facts_.clock->difference, absl::Hours(-24 * 365 * 30));
}

TEST_F(CheckTest, AServersClockThatIsRightIsNone) {
  server_->SetFields(
      absl::StrCat("Date: ",
                   absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now(),
                                    absl::UTCTimeZone()),
                   "\r\n"));
  EXPECT_EQ(Run().reason, EndReason::kClosedByUs);
  EXPECT_TRUE(facts_.warnings.empty());
  ASSERT_TRUE(facts_.clock.has_value());
  EXPECT_LT(absl::AbsDuration(facts_.clock->difference), absl::Seconds(30));
}

TEST_F(CheckTest, ATunnelThatEndsWhileItIsTriedIsAWarning) {
  server_->EndAtEcho();
  EXPECT_EQ(Run().reason, EndReason::kClosedByUs);
  ASSERT_EQ(facts_.warnings.size(), 1u);
  EXPECT_EQ(facts_.warnings[0].name, "tunnel_ended");
  EXPECT_TRUE(absl::StrContains(facts_.warnings[0].text, ": peer_closed: "))
      << facts_.warnings[0].text;
}

TEST_F(CheckTest, EndsWhenNobodyListens) {
  server_.reset();
  const End end = Run();
  EXPECT_EQ(end.reason, EndReason::kConnection);
  EXPECT_TRUE(absl::StrContains(end.detail.message(), "refused")) << end.detail;
}

}  // namespace
}  // namespace ovoc::tunnel
