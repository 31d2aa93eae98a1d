// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/reporter.h"

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "auth/trust_store.h"
#include "gtest/gtest.h"
#include "tunnel/report/testing/memory_sink.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/transport/testing/test_identity.h"
#include "tunnel/transport/tls_transport.h"

namespace ovoc::tunnel {
namespace {

netif::Ipv4Prefix Overlay() {
  return *netif::Ipv4Prefix::Parse("169.254.0.2/18");
}

netif::IpAddress Address(absl::string_view text) {
  return netif::IpAddress::Parse(text).value_or(netif::IpAddress());
}

// Keeps what it was told last.
class LastProgress : public ProgressSink {
 public:
  void OnProgress(const Progress& progress) override {
    last_ = progress;
    ++times_;
  }
  void OnSecured(const ServerIdentity& server) override { server_ = server; }
  const Progress& last() const { return last_; }
  const std::optional<ServerIdentity>& server() const { return server_; }
  int times() const { return times_; }

 private:
  Progress last_;
  std::optional<ServerIdentity> server_;
  int times_ = 0;
};

class ReporterTest : public testing::Test {
 protected:
  // The lines since the last call; `ms=` values, which vary, read as ms=N.
  std::vector<std::string> TakeLog() {
    std::vector<std::string> lines = std::exchange(log_, {});
    for (std::string& line : lines) {
      const size_t at = line.find(" ms=");
      if (at != std::string::npos) {
        size_t end = line.find(' ', at + 4);
        end = end == std::string::npos ? line.size() : end;
        line.replace(at, end - at, " ms=N");
      }
    }
    return lines;
  }

  void ExpectLine(const std::string& line) {
    EXPECT_EQ(TakeLog(), std::vector<std::string>{line});
  }
  const Progress& Last() const { return sink_.last(); }
  uint64_t Counter(const std::string& name) const {
    return Named(Last().totals)[name];
  }

  std::vector<std::string> log_;
  Logger logger_{std::make_unique<MemorySink>(&log_), LogLevel::kDebug};
  LastProgress sink_;
  Reporter reporter_{&logger_, &sink_};
};

TEST_F(ReporterTest, TellsTheStepsOfAConnection) {
  reporter_.Resolving("ovoc.example");
  ExpectLine("info event=resolving name=ovoc.example");
  EXPECT_EQ(Last().state, TunnelState::kResolving);
  reporter_.Resolved("ovoc.example", NameSource::kDns,
                     {Address("192.0.2.1"), Address("2001:db8::1")});
  ExpectLine(
      "info event=resolved name=ovoc.example "
      "addresses=192.0.2.1,2001:db8::1 source=dns ms=N");
  reporter_.Connecting(Address("2001:db8::1"), 443);
  ExpectLine("info event=connecting address=[2001:db8::1]:443");
  EXPECT_EQ(Last().state, TunnelState::kConnecting);
  EXPECT_EQ(Last().server_address, "[2001:db8::1]:443");
  reporter_.Connected(Address("192.0.2.1"), 443, absl::Milliseconds(7));
  ExpectLine("info event=connected address=192.0.2.1:443 ms=N");
  EXPECT_EQ(Last().state, TunnelState::kHandshaking);
  EXPECT_EQ(Last().server_address, "192.0.2.1:443");
  reporter_.Secured(nullptr);  // plain HTTP
  EXPECT_FALSE(sink_.server().has_value());
  EXPECT_TRUE(TakeLog().empty());
  EXPECT_EQ(Last().state, TunnelState::kLoggingIn);
  EXPECT_FALSE(Last().overlay.has_value());
  EXPECT_FALSE(Last().certificate_checked_at.has_value());
}

// The name is in /etc/hosts: no name server is asked.
TEST_F(ReporterTest, TellsOfTheProxy) {
  reporter_.ProxyUnreached("proxy p:1: no connection to port 1");
  ExpectLine(
      "warning event=proxy_unreached detail=\"proxy p:1: no connection to port "
      "1\"");
  reporter_.ProxyOpen("proxy.example:3128", "ovoc.example", 8443);
  ExpectLine(
      "info event=proxy_open proxy=proxy.example:3128 server=ovoc.example "
      "port=8443 ms=N");
}

TEST_F(ReporterTest, NeitherATunnelNorAPauseIsTimeOfALookup) {
  const auto resolve = [this] {
    reporter_.Resolved("ovoc.example", NameSource::kDns,
                       {Address("192.0.2.1")});
  };
  const absl::string_view at_once =
      "info event=resolved name=ovoc.example addresses=192.0.2.1 source=dns "
      "ms=0";
  reporter_.Resolving("ovoc.example");
  absl::SleepFor(absl::Milliseconds(2));
  resolve();
  EXPECT_NE(log_.back(), at_once) << "name servers were asked";
  reporter_.Up(Overlay(), "ovoc0");
  absl::SleepFor(absl::Milliseconds(2));
  reporter_.Down({EndReason::kDeadPeer, absl::UnavailableError("60s")}, true,
                 "");
  reporter_.Waiting(EndReason::kDeadPeer, absl::Milliseconds(2));
  absl::SleepFor(absl::Milliseconds(2));
  resolve();
  EXPECT_EQ(log_.back(), at_once);
}

TEST_F(ReporterTest, LogsTheLoginAndTheTunnel) {
  reporter_.Up(Overlay(), "ovoc0");
  EXPECT_EQ(TakeLog(), (std::vector<std::string>{
                           "info event=logged_in ms=N",
                           "info event=tunnel_up overlay=169.254.0.2/18 "
                           "interface=ovoc0"}));
  EXPECT_EQ(Last().state, TunnelState::kUp);
  ASSERT_TRUE(Last().overlay.has_value());
  EXPECT_EQ(Last().overlay->ToString(), "169.254.0.2/18");
}

TEST_F(ReporterTest, SaysWhichServerItIsWhereThatIsAnotherOne) {
  reporter_.ToServer(0, "one.example");
  EXPECT_TRUE(TakeLog().empty()) << "it begins with the first";
  reporter_.Connecting(Address("192.0.2.1"), 443);
  TakeLog();
  reporter_.ToServer(1, "two.example");
  ExpectLine("info event=next_server server=two.example");
  reporter_.Refresh();
  EXPECT_EQ(Last().server, 1u);
  EXPECT_EQ(Last().server_address, "") << "that was the other's";
  reporter_.ToServer(1, "two.example");
  EXPECT_TRUE(TakeLog().empty());
  reporter_.Up(Overlay(), "ovoc0");
  EXPECT_EQ(TakeLog(), (std::vector<std::string>{
                           "info event=logged_in ms=N",
                           "info event=tunnel_up overlay=169.254.0.2/18 "
                           "interface=ovoc0 server=two.example"}));
}

TEST_F(ReporterTest, NobodyHearsOfATunnelThatIsUpAfterItsEnd) {
  reporter_.Up(Overlay(), "ovoc0");
  reporter_.Down({EndReason::kClosedByUs, absl::OkStatus()}, true, "");
  reporter_.Refresh();  // the last word of a worker that was asked to end
  EXPECT_EQ(Last().state, TunnelState::kWaiting);
  EXPECT_EQ(Last().reason, EndReason::kClosedByUs);
  EXPECT_FALSE(Last().overlay.has_value());
}

TEST_F(ReporterTest, SaysWhyATunnelWentDownAndWhenItIsTriedAgain) {
  reporter_.Up(Overlay(), "ovoc0");
  TakeLog();
  reporter_.Down({EndReason::kDeadPeer, absl::UnavailableError("60s")}, true,
                 "check the uplink");
  ExpectLine(
      "error event=tunnel_down reason=dead_peer detail=60s "
      "remedy=\"check the uplink\"");
  reporter_.Waiting(EndReason::kDeadPeer, absl::Milliseconds(1234));
  ExpectLine("info event=retry delay_ms=1234 reason=dead_peer");
  EXPECT_EQ(Last().state, TunnelState::kWaiting);
  EXPECT_EQ(Last().reason, EndReason::kDeadPeer);
  EXPECT_EQ(Last().detail, "60s");
  EXPECT_FALSE(Last().overlay.has_value());
  reporter_.Down({EndReason::kHttpStatus,
                  WithCause(absl::UnavailableError("no"), EndCause::kNotFound)},
                 false, "set WSTunServerPath");
  ExpectLine(
      "error event=attempt_failed reason=http_status detail=no "
      "remedy=\"set WSTunServerPath\"");
  reporter_.Refresh();
  reporter_.Refresh();
  EXPECT_EQ(Last().cause, EndCause::kNotFound);
  reporter_.Down({EndReason::kClosedByUs, absl::OkStatus()}, true, "");
  ExpectLine("info event=tunnel_down reason=closed detail=\"\"");
}

TEST_F(ReporterTest, SaysWhenTheNextAttemptBeginsUntilItDoes) {
  reporter_.Down({EndReason::kDeadPeer, absl::UnavailableError("60s")}, true,
                 "");
  const absl::Time before = absl::Now();
  reporter_.Waiting(EndReason::kDeadPeer, absl::Seconds(100));
  const absl::Time after = absl::Now();
  ASSERT_TRUE(Last().next_attempt.has_value());
  EXPECT_GE(*Last().next_attempt, before + absl::Seconds(100));
  EXPECT_LE(*Last().next_attempt, after + absl::Seconds(100));
  reporter_.Refresh();
  EXPECT_TRUE(Last().next_attempt.has_value());
  reporter_.Resolving("ovoc.example");
  EXPECT_FALSE(Last().next_attempt.has_value());
}

TEST_F(ReporterTest, CountsEachEndUnderItsReason) {
  reporter_.Down({EndReason::kUnauthorized, absl::OkStatus()}, false, "");
  reporter_.Down({EndReason::kDeadPeer, absl::OkStatus()}, true, "");
  reporter_.Down({EndReason::kUnauthorized, absl::OkStatus()}, false, "");
  reporter_.Refresh();
  EndCounts expected = {};
  expected[static_cast<size_t>(EndReason::kUnauthorized)] = 2;
  expected[static_cast<size_t>(EndReason::kDeadPeer)] = 1;
  EXPECT_EQ(Last().ends, expected);
}

TEST_F(ReporterTest, ARoundTripBelongsToOneTunnel) {
  reporter_.Measured(RoundTripTimes{absl::Milliseconds(3), {}, {}});
  reporter_.Refresh();
  ASSERT_TRUE(Last().round_trip.has_value());
  EXPECT_EQ(Last().round_trip->last, absl::Milliseconds(3));
  reporter_.Down({EndReason::kDeadPeer, absl::OkStatus()}, true, "");
  reporter_.Refresh();
  EXPECT_FALSE(Last().round_trip.has_value());
}

TEST_F(ReporterTest, ForgetsTheLastFailureOnceItIsUp) {
  reporter_.Down({EndReason::kDeadPeer, absl::UnavailableError("60s")}, true,
                 "");
  reporter_.Waiting(EndReason::kDeadPeer, absl::ZeroDuration());
  reporter_.Resolving("ovoc.example");
  EXPECT_EQ(Last().reason, EndReason::kDeadPeer) << "until it is mended";
  reporter_.Up(Overlay(), "ovoc0");
  EXPECT_FALSE(Last().reason.has_value());
  EXPECT_EQ(Last().detail, "");
}

TEST_F(ReporterTest, DebugHasQuestionsHandshakesPingsAndDrops) {
  reporter_.Question({SocketPurpose::kDnsUdp, Address("192.0.2.53")});
  ExpectLine("debug event=dns_question name_server=192.0.2.53 transport=udp");
  reporter_.Question({SocketPurpose::kDnsTcp, Address("2001:db8::53")});
  ExpectLine("debug event=dns_question name_server=2001:db8::53 transport=tcp");
  reporter_.Handshaking("ovoc.example");
  ExpectLine("debug event=tls_handshake name=ovoc.example");
  SessionCounters counters;
  reporter_.Count(counters, Reporter::SessionIs::kRunning);
  EXPECT_TRUE(TakeLog().empty());
  counters.pings_sent = 2;
  counters.pongs_received = 1;
  counters.packets_dropped_at_close = 7;
  reporter_.Count(counters, Reporter::SessionIs::kRunning);
  EXPECT_EQ(TakeLog(),
            (std::vector<std::string>{
                "debug event=counted counter=dropped_out_closing more=7",
                "debug event=counted counter=pings_sent more=2",
                "debug event=counted counter=pongs_received more=1"}));
  reporter_.Count(counters, Reporter::SessionIs::kOver);
  EXPECT_TRUE(TakeLog().empty()) << "nothing new";
  counters.pings_sent = 1;  // of the next session
  counters.pongs_received = 0;
  counters.packets_dropped_at_close = 0;
  reporter_.Count(counters, Reporter::SessionIs::kRunning);
  ExpectLine("debug event=counted counter=pings_sent more=1");
}

TEST_F(ReporterTest, ALogAboveDebugHasNoneOfThem) {
  Logger info(std::make_unique<MemorySink>(&log_), LogLevel::kInfo);
  Reporter reporter(&info, &sink_);
  reporter.Question({SocketPurpose::kDnsUdp, Address("192.0.2.53")});
  reporter.Handshaking("ovoc.example");
  SessionCounters counters;
  counters.pings_sent = 2;
  reporter.Count(counters, Reporter::SessionIs::kOver);
  EXPECT_TRUE(TakeLog().empty());
}

TEST_F(ReporterTest, AddsTheCountersOfAllSessions) {
  SessionCounters counters;
  counters.pings_sent = 3;
  reporter_.Count(counters, Reporter::SessionIs::kRunning);
  counters.pings_sent = 5;
  reporter_.Count(counters, Reporter::SessionIs::kRunning);
  EXPECT_EQ(sink_.times(), 0) << "counting alone tells nobody";
  reporter_.Refresh();
  EXPECT_EQ(sink_.times(), 1);
  EXPECT_EQ(Counter("pings_sent"), 5u);
  reporter_.Count(counters, Reporter::SessionIs::kOver);
  counters.pings_sent = 2;  // the next session
  reporter_.Count(counters, Reporter::SessionIs::kRunning);
  reporter_.Refresh();
  EXPECT_EQ(Counter("pings_sent"), 7u);
}

TEST_F(ReporterTest, TellsOfPacketsThatTheKernelRefused) {
  reporter_.CountRefusedWrites(4);
  reporter_.CountRefusedWrites(9);  // a total, no addition
  reporter_.Refresh();
  EXPECT_EQ(Last().device_refused_writes, 9u);
}

// Secured, after a TLS handshake that looks at the clock at `now`.
class ReporterTlsTest : public ReporterTest {
 protected:
  void Secure(absl::Time now, absl::string_view name) {
    const TestIdentity root = TestIdentity::Root("root");
    auth::CertificateVerifier::Options verifier_options;
    verifier_options.release_date =
        absl::FromUnixSeconds(TestIdentity::kFirstSecond);
    TlsClient::Options options;
    options.verification = PeerVerification::kOff;
    auto client = TlsClient::Create(
        std::move(options),
        auth::CertificateVerifier::Create(
            auth::TrustStore::FromPem(root.certificate_pem()).value(),
            verifier_options)
            .value(),
        [now] { return now; });
    ASSERT_TRUE(client.ok()) << client.status();
    std::array<int, 2> fds = {-1, -1};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                         fds.data()),
              0);
    netif::UniqueFd ours(fds[0]);
    const auto context = root.Issue("DNS:ovoc.example").ServerContext();
    bssl::UniquePtr<SSL> ssl(SSL_new(context.get()));
    SSL_set_accept_state(ssl.get());
    TlsTransport server(netif::UniqueFd(fds[1]), std::move(ssl));
    auto connection = (*client)->Connect(std::move(ours), name);
    ASSERT_TRUE(connection.ok());
    for (int i = 0; i < 10; ++i) {
      (void)(*connection)->Handshake();
      (void)server.Handshake();
    }
    ASSERT_TRUE((*connection)->verdict().has_value());
    reporter_.Secured(connection->get());
  }
};

TEST_F(ReporterTlsTest, DescribesTheVerifiedCertificate) {
  Secure(absl::FromUnixSeconds(TestIdentity::kFirstSecond + 1), "ovoc.example");
  const std::vector<std::string> log = TakeLog();
  ASSERT_EQ(log.size(), 1u);
  EXPECT_TRUE(
      absl::StartsWith(log[0], "info event=verified tls=TLSv1.3 cipher=TLS_"))
      << log[0];
  EXPECT_TRUE(
      absl::EndsWith(log[0], " not_after=2036-01-01T00:00:00Z resumed=0 ms=N"))
      << log[0];
  EXPECT_FALSE(Last().certificate_checked_at.has_value());
  ASSERT_TRUE(sink_.server().has_value());
  const ServerIdentity& server = *sink_.server();
  EXPECT_EQ(server.version, "TLSv1.3");
  EXPECT_TRUE(absl::StartsWith(server.cipher, "TLS_")) << server.cipher;
  EXPECT_FALSE(server.group.empty()) << "TLS 1.3 always has one";
  EXPECT_FALSE(server.resumed);
  EXPECT_TRUE(server.verified);
  EXPECT_EQ(server.certificate.names, std::vector<std::string>{"ovoc.example"});
  EXPECT_EQ(server.certificate.not_after,
            absl::FromUnixSeconds(TestIdentity::kLastSecond));
  EXPECT_EQ(server.chain_not_after, server.certificate.not_after)
      << "the root ends at the same time";
}

TEST_F(ReporterTlsTest, WarnsOfACertificateThatDidNotVerify) {
  Secure(absl::FromUnixSeconds(TestIdentity::kFirstSecond + 1),
         "other.example");
  const std::vector<std::string> log = TakeLog();
  ASSERT_EQ(log.size(), 1u);
  EXPECT_TRUE(absl::StartsWith(log[0], "warning event=unverified ")) << log[0];
  EXPECT_TRUE(absl::StrContains(log[0], " detail=")) << log[0];
  ASSERT_TRUE(sink_.server().has_value());
  EXPECT_FALSE(sink_.server()->verified);
  EXPECT_EQ(sink_.server()->chain_not_after, std::nullopt);
}

TEST_F(ReporterTlsTest, WarnsOfAClockThatIsWrong) {
  Secure(absl::FromUnixSeconds(0), "ovoc.example");
  const std::vector<std::string> log = TakeLog();
  ASSERT_EQ(log.size(), 2u);
  EXPECT_TRUE(absl::StartsWith(log[0], "warning event=clock_wrong ")) << log[0];
  EXPECT_TRUE(absl::StrContains(log[0], "checked_at=2026-01-01T00:00:00Z"));
  EXPECT_TRUE(absl::StartsWith(log[1], "info event=verified ")) << log[1];
  EXPECT_EQ(Last().certificate_checked_at,
            absl::FromUnixSeconds(TestIdentity::kFirstSecond));
}

}  // namespace
}  // namespace ovoc::tunnel
