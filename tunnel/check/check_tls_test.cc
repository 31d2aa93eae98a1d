// SPDX-License-Identifier: Apache-2.0
//
// What a check says of TLS and of the server's certificate.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/trust_store.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "openssl/ssl.h"
#include "tunnel/check/check.h"
#include "tunnel/check/findings/check_facts.h"
#include "tunnel/config/tunnel_config.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/direct_socket_maker.h"
#include "tunnel/transport/testing/test_identity.h"
#include "tunnel/transport/tls_client.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
const absl::Time kFirst = absl::FromUnixSeconds(TestIdentity::kFirstSecond);
const absl::Time kRelease = kFirst + kDay;

class CheckTlsTest : public testing::Test {
 protected:
  void SetUp() override {
    signal(SIGPIPE, SIG_IGN);
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    Listen();
    config_.settings.servers = {
        {"127.0.0.1", netif::IpAddress::Parse("127.0.0.1")}};
    config_.attempt.server = "127.0.0.1";
    config_.attempt.address = netif::IpAddress::Parse("127.0.0.1");
    config_.attempt.sockets = &sockets_;
    config_.attempt.session.host = "127.0.0.1";
    config_.attempt.session.user_agent = "test/1";
  }

  void Listen() {
    sockaddr_in address = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {}};
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    ASSERT_EQ(bind(listener_.get(), generic, size), 0);
    ASSERT_EQ(listen(listener_.get(), 1), 0);
    ASSERT_EQ(getsockname(listener_.get(), generic, &size), 0);
    config_.attempt.port = ntohs(address.sin_port);
    config_.sockets.server_port = config_.attempt.port;
  }

  // In a process of its own: one handshake, and 401 to whatever is asked for.
  pid_t Serve() {
    const pid_t child = fork();
    if (child == 0) {
      const int client = accept(listener_.get(), nullptr, nullptr);
      SSL* const ssl = SSL_new(server_.get());
      SSL_set_fd(ssl, client);
      std::array<char, 4096> request;
      constexpr absl::string_view kAnswer = "HTTP/1.1 401 Unauthorized\r\n\r\n";
      if (SSL_accept(ssl) == 1 &&
          SSL_read(ssl, request.data(), static_cast<int>(request.size())) > 0) {
        SSL_write(ssl, kAnswer.data(), static_cast<int>(kAnswer.size()));
        SSL_shutdown(ssl);
        // Until the client has read it.
        while (read(client, request.data(), request.size()) > 0) {
        }
      }
      _exit(0);
    }
    return child;
  }

  // The client, which trusts `root`, at `now` by the machine's clock.
  void MakeClient(const TestIdentity& root, absl::Time now,
                  PeerVerification verification) {
    auth::CertificateVerifier::Options verifier_options;
    verifier_options.release_date = kRelease;
    auto roots = auth::TrustStore::FromPem(root.certificate_pem());
    ASSERT_TRUE(roots.ok()) << roots.status();
    auto verifier =
        auth::CertificateVerifier::Create(*std::move(roots), verifier_options);
    ASSERT_TRUE(verifier.ok()) << verifier.status();
    TlsClient::Options options;
    options.verification = verification;
    auto client = TlsClient::Create(std::move(options), *std::move(verifier),
                                    [now] { return now; });
    ASSERT_TRUE(client.ok()) << client.status();
    config_.tls = *std::move(client);
    config_.attempt.tls = config_.tls.get();
  }

  EndReason Run() {
    const pid_t server = Serve();
    Check check(loop_.get(), &config_, {}, &out_);
    const absl::StatusOr<End> end = check.Run([](absl::Span<uint8_t> out) {
      std::fill(out.begin(), out.end(), uint8_t{7});
    });
    facts_ = check.facts();
    kill(server, SIGKILL);
    waitpid(server, nullptr, 0);
    EXPECT_TRUE(end.ok()) << end.status();
    return end.ok() ? end->reason : EndReason::kTimeout;
  }

  // The line of the report that begins with `step`; empty if there is none.
  std::string Line(absl::string_view step) const {
    for (const absl::string_view line : absl::StrSplit(out_.str(), '\n')) {
      if (absl::StartsWith(line, step)) {
        return std::string(line.substr(0, line.rfind(" (")));
      }
    }
    return "";
  }

  const TestIdentity root_ = TestIdentity::Root("test root");
  const bssl::UniquePtr<SSL_CTX> server_ =
      root_.Issue("IP:127.0.0.1").ServerContext();
  const netif::UniqueFd listener_{
      socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::unique_ptr<EventLoop> loop_;
  TunnelConfig config_;
  DirectSocketMaker sockets_{&config_.sockets};
  std::ostringstream out_;
  CheckFacts facts_;
};

TEST_F(CheckTlsTest, SaysWhatWasAgreedUponAndWhoTheServerIs) {
  MakeClient(root_, kRelease + kDay, PeerVerification::kRequired);
  EXPECT_EQ(Run(), EndReason::kUnauthorized);
  EXPECT_TRUE(absl::StartsWith(Line("secured "), "secured      TLSv1.3 TLS_"))
      << out_.str();
  const std::string verified = Line("verified ");
  EXPECT_TRUE(absl::StartsWith(verified, "verified     subject "))
      << out_.str();
  EXPECT_TRUE(absl::StrContains(verified, "test root")) << verified;
  EXPECT_TRUE(absl::EndsWith(verified, ", expires 2036-01-01T00:00:00Z"))
      << verified;
  EXPECT_EQ(Line("NOT VERIFIED"), "");
  EXPECT_EQ(Line("clock wrong"), "");
  EXPECT_TRUE(facts_.warnings.empty());
  ASSERT_TRUE(facts_.certificate.has_value());
  EXPECT_TRUE(facts_.certificate->verified);
  EXPECT_EQ(facts_.certificate->summary.not_after,
            absl::FromUnixSeconds(TestIdentity::kLastSecond));
}

TEST_F(CheckTlsTest, SaysThatTheClockIsWrongAndWhichTimeCounted) {
  MakeClient(root_, kFirst - kDay, PeerVerification::kRequired);
  EXPECT_EQ(Run(), EndReason::kUnauthorized);
  EXPECT_EQ(Line("clock wrong"),
            "clock wrong  earlier than this release, so the certificate was "
            "checked as of 2026-01-02T00:00:00Z");
  EXPECT_NE(Line("verified "), "") << out_.str();
  ASSERT_EQ(facts_.warnings.size(), 1u);
  EXPECT_EQ(facts_.warnings[0].name, "clock_wrong");
}

TEST_F(CheckTlsTest, SaysWhatWouldBeWrongWhereNothingIsVerified) {
  MakeClient(TestIdentity::Root("another root"), kRelease + kDay,
             PeerVerification::kOff);
  EXPECT_EQ(Run(), EndReason::kUnauthorized);
  EXPECT_TRUE(absl::StartsWith(Line("NOT VERIFIED"), "NOT VERIFIED subject "))
      << out_.str();
  EXPECT_EQ(Line("verified "), "");
}

TEST_F(CheckTlsTest, ACertificateThatIsRefusedEndsItBeforeAnythingIsSent) {
  MakeClient(TestIdentity::Root("another root"), kRelease + kDay,
             PeerVerification::kRequired);
  EXPECT_EQ(Run(), EndReason::kCertificate);
  EXPECT_NE(Line("connected "), "") << out_.str();
  for (const absl::string_view step : {"secured", "verified", "NOT VERIFIED"}) {
    EXPECT_EQ(Line(step), "");
  }
}

}  // namespace
}  // namespace ovoc::tunnel
