// SPDX-License-Identifier: Apache-2.0
#include "tunnel/reporter.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "auth/trust_store.h"
#include "gtest/gtest.h"
#include "tunnel/testing/memory_sink.h"
#include "tunnel/testing/test_certificate.h"
#include "tunnel/version.h"

namespace ovoc::tunnel {
namespace {

netif::IpAddress Address(absl::string_view text) {
  return netif::IpAddress::Parse(text).value_or(netif::IpAddress());
}

// The service manager's end: a datagram socket with an abstract name.
class Manager {
 public:
  Manager()
      : name_(absl::StrCat("@ovoc-reporter-test-", getpid())),
        fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    name_.copy(address.sun_path, name_.size());
    address.sun_path[0] = '\0';
    EXPECT_EQ(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address),
                   static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) +
                                          name_.size())),
              0);
  }
  const std::string& name() const { return name_; }

  // Every datagram since the last call, a blank between them.
  std::string TakeAll() const {
    std::string all;
    std::array<char, 512> buffer;
    ssize_t size = 0;
    while ((size = recv(fd_.get(), buffer.data(), buffer.size(), 0)) > 0) {
      all.append(buffer.data(), static_cast<size_t>(size)).append(" ");
    }
    return all;
  }

 private:
  const std::string name_;
  const netif::UniqueFd fd_;
};

class ReporterTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/reporter_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    path_ = folder_ + "/status.json";
    SdNotifyOptions options;
    options.socket = manager_.name();
    auto notify = SdNotify::Create(options);
    ASSERT_TRUE(notify.ok()) << notify.status();
    notify_.emplace(*std::move(notify));
    reporter_.emplace(&logger_, &*notify_, StatusFile(path_));
    config_.settings.server = "ovoc.example";
    config_.settings.interface = "ovoc0";
  }
  void TearDown() override {
    unlink(path_.c_str());
    rmdir(folder_.c_str());
  }

  std::string StatusText() const {
    std::ifstream file(path_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file),
                       std::istreambuf_iterator<char>());
  }

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
  void ExpectStatus(absl::string_view part) {
    EXPECT_TRUE(absl::StrContains(StatusText(), part)) << StatusText();
  }

  std::string folder_;
  std::string path_;
  Manager manager_;
  std::vector<std::string> log_;
  Logger logger_{std::make_unique<MemorySink>(&log_), LogLevel::kDebug};
  std::optional<SdNotify> notify_;
  std::optional<Reporter> reporter_;
  TunnelConfig config_;
};

TEST_F(ReporterTest, NamesTheStartAndEverythingInsecure) {
  config_.insecure = {{"WSTunSecured", "0"}, {"WSTunVerifyPeer", "0"}};
  config_.warnings = {"f.ini: others can read the password"};
  config_.vrf = "main-vrf";
  reporter_->Started(config_);
  EXPECT_EQ(
      TakeLog(),
      (std::vector<std::string>{
          absl::StrCat("info event=start version=", kVersion,
                       " policy=compat server=ovoc.example interface=ovoc0 "
                       "vrf=main-vrf"),
          "warning event=insecure setting=WSTunSecured value=0",
          "warning event=insecure setting=WSTunVerifyPeer value=0",
          "warning event=settings_warning "
          "detail=\"f.ini: others can read the password\""}));
  reporter_->Refresh();
  ExpectStatus("\"insecure\":[\"WSTunSecured=0\",\"WSTunVerifyPeer=0\"]");
  ExpectStatus("\"server\":\"ovoc.example\"");
  ExpectStatus(absl::StrCat("\"version\":\"", kVersion, "\""));
  ExpectStatus("\"policy\":\"compat\"");
}

TEST_F(ReporterTest, TellsTheStepsOfAConnection) {
  reporter_->Resolving("ovoc.example");
  ExpectLine("info event=resolving name=ovoc.example");
  ExpectStatus("\"state\":\"resolving\"");
  reporter_->Resolved("ovoc.example",
                      {Address("192.0.2.1"), Address("2001:db8::1")});
  ExpectLine(
      "info event=resolved name=ovoc.example "
      "addresses=192.0.2.1,2001:db8::1 ms=N");
  reporter_->Connecting(Address("2001:db8::1"), 443);
  ExpectLine("info event=connecting address=[2001:db8::1]:443");
  ExpectStatus("\"state\":\"connecting\"");
  reporter_->Connected(Address("192.0.2.1"), 443, absl::Milliseconds(7));
  ExpectLine("info event=connected address=192.0.2.1:443 ms=N");
  ExpectStatus("\"state\":\"handshaking\"");
  ExpectStatus("\"server_address\":\"192.0.2.1:443\"");
  reporter_->Secured(nullptr);  // plain HTTP
  EXPECT_TRUE(TakeLog().empty());
  ExpectStatus("\"state\":\"logging_in\"");
  ExpectStatus("\"overlay_address\":null");
}

TEST_F(ReporterTest, TellsTheServiceManagerWhenItIsUp) {
  reporter_->Resolving("ovoc.example");
  EXPECT_FALSE(absl::StrContains(manager_.TakeAll(), "READY=1"));
  reporter_->Up({0xA9FE0002, 18}, "ovoc0");
  ExpectStatus("\"state\":\"up\"");
  ExpectStatus("\"overlay_address\":\"169.254.0.2/18\"");
  ExpectStatus("\"reason\":null");
  const std::string told = manager_.TakeAll();
  EXPECT_TRUE(absl::StrContains(told, "READY=1")) << told;
  EXPECT_TRUE(absl::StrContains(told, "169.254.0.2/18")) << told;
}

TEST_F(ReporterTest, LogsTheLoginAndTheTunnel) {
  reporter_->Up({0xA9FE0002, 18}, "ovoc0");
  EXPECT_EQ(TakeLog(), (std::vector<std::string>{
                           "info event=logged_in ms=N",
                           "info event=tunnel_up overlay=169.254.0.2/18 "
                           "interface=ovoc0"}));
}

TEST_F(ReporterTest, SaysWhyATunnelWentDownAndWhenItIsTriedAgain) {
  reporter_->Up({0xA9FE0002, 18}, "ovoc0");
  TakeLog();
  reporter_->Down({EndReason::kDeadPeer, absl::UnavailableError("60s")}, true);
  ExpectLine("error event=tunnel_down reason=dead_peer detail=60s");
  reporter_->Waiting(EndReason::kDeadPeer, absl::Milliseconds(1234));
  ExpectLine("info event=retry delay_ms=1234 reason=dead_peer");
  ExpectStatus("\"state\":\"waiting\"");
  ExpectStatus("\"reason\":\"dead_peer\"");
  ExpectStatus("\"detail\":\"60s\"");
  ExpectStatus("\"overlay_address\":null");
  reporter_->Down({EndReason::kUnauthorized, absl::UnauthenticatedError("no")},
                  false);
  ExpectLine("error event=attempt_failed reason=unauthorized detail=no");
  reporter_->Down({EndReason::kClosedByUs, absl::OkStatus()}, true);
  ExpectLine("info event=tunnel_down reason=closed detail=\"\"");
}

TEST_F(ReporterTest, WritesOverTheStatusOfAProcessThatWasKilled) {
  std::ofstream(path_) << "{\"state\":\"up\"}\n";
  reporter_->Started(config_);
  ExpectStatus("\"state\":\"stopped\"");
  ExpectStatus("\"server\":\"ovoc.example\"");
}

TEST_F(ReporterTest, AReloadMakesNobodyReadyWhoWasNotBefore) {
  reporter_->Reloading();
  reporter_->Reloaded(config_);
  reporter_->ReloadRefused("f.ini:1: found nothing");
  EXPECT_EQ(manager_.TakeAll(), "");
}

TEST_F(ReporterTest, TellsAReloadWithItsResult) {
  reporter_->Up({0xA9FE0002, 18}, "ovoc0");
  TakeLog();
  manager_.TakeAll();
  reporter_->Reloading();
  EXPECT_TRUE(absl::StrContains(manager_.TakeAll(), "RELOADING=1"));
  reporter_->ReloadRefused("f.ini:1: found nothing");
  ExpectLine(
      "error event=reload result=refused detail=\"f.ini:1: found nothing\"");
  EXPECT_TRUE(absl::StrContains(manager_.TakeAll(), "READY=1"));
  config_.settings.server = "other.example";
  reporter_->Reloaded(config_);
  ExpectLine("info event=reload result=ok");
  EXPECT_TRUE(absl::StrContains(manager_.TakeAll(), "READY=1"));
  reporter_->Refresh();
  ExpectStatus("\"server\":\"other.example\"");
}

TEST_F(ReporterTest, TellsTheStop) {
  reporter_->Stopping("SIGTERM");
  ExpectLine("info event=stop reason=SIGTERM");
  EXPECT_TRUE(absl::StrContains(manager_.TakeAll(), "STOPPING=1"));
  reporter_->Stopped();
  ExpectStatus("\"state\":\"stopped\"");
}

TEST_F(ReporterTest, AddsTheCountersOfAllSessions) {
  SessionCounters counters;
  counters.pings_sent = 3;
  reporter_->Count(counters, Reporter::SessionIs::kRunning);
  counters.pings_sent = 5;
  reporter_->Count(counters, Reporter::SessionIs::kRunning);
  reporter_->Refresh();
  ExpectStatus("\"pings_sent\":5");
  reporter_->Count(counters, Reporter::SessionIs::kOver);
  counters.pings_sent = 2;  // the next session
  reporter_->Count(counters, Reporter::SessionIs::kRunning);
  reporter_->Refresh();
  ExpectStatus("\"pings_sent\":7");
}

TEST_F(ReporterTest, ComplainsOnceOfAStatusFileThatCannotBeWritten) {
  reporter_.emplace(&logger_, &*notify_,
                    StatusFile(folder_ + "/missing/status.json"));
  reporter_->Refresh();
  reporter_->Refresh();
  EXPECT_EQ(CountLines(log_, "error event=status_file_failed"), 1);
}

TEST_F(ReporterTest, KeepsNoStatusFileUnlessAsked) {
  reporter_.emplace(&logger_, &*notify_, std::nullopt);
  reporter_->Stopped();
  EXPECT_EQ(StatusText(), "");
  EXPECT_TRUE(log_.empty());
}

// Secured, after a TLS handshake that looks at the clock at `now`.
class ReporterTlsTest : public ReporterTest {
 protected:
  void Secure(absl::Time now, absl::string_view name) {
    const TestCertificate root = TestCertificate::Root("root");
    auth::CertificateVerifier::Options verifier_options;
    verifier_options.release_date =
        absl::FromUnixSeconds(TestCertificate::kFirstSecond);
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
    reporter_->Secured(connection->get());
  }
};

TEST_F(ReporterTlsTest, DescribesTheVerifiedCertificate) {
  Secure(absl::FromUnixSeconds(TestCertificate::kFirstSecond + 1),
         "ovoc.example");
  const std::vector<std::string> log = TakeLog();
  ASSERT_EQ(log.size(), 1u);
  EXPECT_TRUE(
      absl::StartsWith(log[0], "info event=verified tls=TLSv1.3 cipher=TLS_"))
      << log[0];
  EXPECT_TRUE(
      absl::EndsWith(log[0], " not_after=2036-01-01T00:00:00Z resumed=0 ms=N"))
      << log[0];
  ExpectStatus("\"certificate_checked_at\":null");
}

TEST_F(ReporterTlsTest, WarnsOfACertificateThatDidNotVerify) {
  Secure(absl::FromUnixSeconds(TestCertificate::kFirstSecond + 1),
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
  ExpectStatus("\"certificate_checked_at\":\"2026-01-01T00:00:00.000Z\"");
}

}  // namespace
}  // namespace ovoc::tunnel
