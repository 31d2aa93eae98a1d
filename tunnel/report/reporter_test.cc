// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/reporter.h"

#include <sys/socket.h>

#include <array>
#include <memory>
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
#include "tunnel/transport/testing/test_identity.h"

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
  const Progress& last() const { return last_; }
  int times() const { return times_; }

 private:
  Progress last_;
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
  reporter_.Resolved("ovoc.example",
                     {Address("192.0.2.1"), Address("2001:db8::1")});
  ExpectLine(
      "info event=resolved name=ovoc.example "
      "addresses=192.0.2.1,2001:db8::1 ms=N");
  reporter_.Connecting(Address("2001:db8::1"), 443);
  ExpectLine("info event=connecting address=[2001:db8::1]:443");
  EXPECT_EQ(Last().state, TunnelState::kConnecting);
  EXPECT_EQ(Last().server_address, "[2001:db8::1]:443");
  reporter_.Connected(Address("192.0.2.1"), 443, absl::Milliseconds(7));
  ExpectLine("info event=connected address=192.0.2.1:443 ms=N");
  EXPECT_EQ(Last().state, TunnelState::kHandshaking);
  EXPECT_EQ(Last().server_address, "192.0.2.1:443");
  reporter_.Secured(nullptr);  // plain HTTP
  EXPECT_TRUE(TakeLog().empty());
  EXPECT_EQ(Last().state, TunnelState::kLoggingIn);
  EXPECT_FALSE(Last().overlay.has_value());
  EXPECT_FALSE(Last().certificate_checked_at.has_value());
}

// The name is in /etc/hosts: no name server is asked.
TEST_F(ReporterTest, NeitherATunnelNorAPauseIsTimeOfALookup) {
  const auto resolve = [this] {
    reporter_.Resolved("ovoc.example", {Address("192.0.2.1")});
  };
  const absl::string_view at_once =
      "info event=resolved name=ovoc.example addresses=192.0.2.1 ms=0";
  reporter_.Resolving("ovoc.example");
  absl::SleepFor(absl::Milliseconds(2));
  resolve();
  EXPECT_NE(log_.back(), at_once) << "name servers were asked";
  reporter_.Up(Overlay(), "ovoc0");
  absl::SleepFor(absl::Milliseconds(2));
  reporter_.Down({EndReason::kDeadPeer, absl::UnavailableError("60s")}, true);
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

TEST_F(ReporterTest, NobodyHearsOfATunnelThatIsUpAfterItsEnd) {
  reporter_.Up(Overlay(), "ovoc0");
  reporter_.Down({EndReason::kClosedByUs, absl::OkStatus()}, true);
  reporter_.Refresh();  // the last word of a worker that was asked to end
  EXPECT_EQ(Last().state, TunnelState::kWaiting);
  EXPECT_EQ(Last().reason, EndReason::kClosedByUs);
  EXPECT_FALSE(Last().overlay.has_value());
}

TEST_F(ReporterTest, SaysWhyATunnelWentDownAndWhenItIsTriedAgain) {
  reporter_.Up(Overlay(), "ovoc0");
  TakeLog();
  reporter_.Down({EndReason::kDeadPeer, absl::UnavailableError("60s")}, true);
  ExpectLine("error event=tunnel_down reason=dead_peer detail=60s");
  reporter_.Waiting(EndReason::kDeadPeer, absl::Milliseconds(1234));
  ExpectLine("info event=retry delay_ms=1234 reason=dead_peer");
  EXPECT_EQ(Last().state, TunnelState::kWaiting);
  EXPECT_EQ(Last().reason, EndReason::kDeadPeer);
  EXPECT_EQ(Last().detail, "60s");
  EXPECT_FALSE(Last().overlay.has_value());
  reporter_.Down({EndReason::kUnauthorized, absl::UnauthenticatedError("no")},
                 false);
  ExpectLine("error event=attempt_failed reason=unauthorized detail=no");
  reporter_.Down({EndReason::kClosedByUs, absl::OkStatus()}, true);
  ExpectLine("info event=tunnel_down reason=closed detail=\"\"");
}

TEST_F(ReporterTest, ForgetsTheLastFailureOnceItIsUp) {
  reporter_.Down({EndReason::kDeadPeer, absl::UnavailableError("60s")}, true);
  reporter_.Waiting(EndReason::kDeadPeer, absl::ZeroDuration());
  reporter_.Resolving("ovoc.example");
  EXPECT_EQ(Last().reason, EndReason::kDeadPeer) << "until it is mended";
  reporter_.Up(Overlay(), "ovoc0");
  EXPECT_FALSE(Last().reason.has_value());
  EXPECT_EQ(Last().detail, "");
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
}

TEST_F(ReporterTlsTest, WarnsOfACertificateThatDidNotVerify) {
  Secure(absl::FromUnixSeconds(TestIdentity::kFirstSecond + 1),
         "other.example");
  const std::vector<std::string> log = TakeLog();
  ASSERT_EQ(log.size(), 1u);
  EXPECT_TRUE(absl::StartsWith(log[0], "warning event=unverified ")) << log[0];
  EXPECT_TRUE(absl::StrContains(log[0], " detail=")) << log[0];
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
