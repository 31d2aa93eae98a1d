// SPDX-License-Identifier: Apache-2.0
//
// An attempt through a proxy that is reached with TLS.

#include <signal.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "auth/certificate_verifier.h"
#include "auth/secret.h"
#include "auth/trust_store.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/attempt/attempt.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/testing/loopback_server.h"
#include "tunnel/testing/tls_front.h"
#include "tunnel/transport/direct_socket_maker.h"
#include "tunnel/transport/testing/test_identity.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(20);
constexpr absl::string_view kOpen =
    "HTTP/1.1 200 Connection established\r\n\r\n";
constexpr absl::string_view kLogin = "Basic cHJveHk6cHJveHk=";

struct Observer : Attempt::Observer, Session::Sink {
  void OnResolving() override {}
  void OnResolved(absl::Span<const netif::IpAddress>) override {}
  void OnConnecting(const netif::IpAddress&) override {}
  void OnConnected(const netif::IpAddress&, absl::Duration) override {
    connected = true;
  }
  void OnProxyOpen() override { proxy_open = true; }
  void OnSecured(const TlsClientTransport* tls) override { secured = tls; }
  void OnOpen(const netif::Ipv4Prefix&) override { open = true; }
  void OnPacket(absl::Span<const uint8_t>) override {}
  void OnEnd(const End& ended) override { end = ended; }

  bool connected = false;
  bool proxy_open = false;
  bool open = false;
  const TlsClientTransport* secured = nullptr;
  std::optional<End> end;
};

// The proxy is a TLS front end, "proxy.example", of a server that is a proxy
// and OVOC, and that speaks plain HTTP as both.
class AttemptTlsProxyTest : public testing::Test {
 protected:
  AttemptTlsProxyTest()
      : root_(TestIdentity::Root("proxy root")),
        context_(root_.Issue("DNS:proxy.example").ServerContext()) {}

  static void SetUpTestSuite() { signal(SIGPIPE, SIG_IGN); }

  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    server_ = std::make_unique<LoopbackServer>(loop_.get());
    front_ = std::make_unique<TlsFront>(loop_.get(), context_.get(),
                                        server_->port());
    tls_ = Client(root_);
    options_.server = "ovoc.example";
    options_.sockets = &sockets_;
    options_.session.host = "ovoc.example";
    AttemptProxy proxy;
    proxy.hop.purpose = SocketPurpose::kProxy;
    proxy.hop.name = "proxy.example";
    proxy.hop.known = {*netif::IpAddress::Parse("127.0.0.1")};
    proxy.endpoint = "proxy.example:8443";
    proxy.authorization = [] { return auth::Secret::FromString(kLogin); };
    options_.proxy = proxy;
    LeadTo(front_->port());
  }

  void LeadTo(uint16_t port) {
    options_.proxy->hop.port = port;
    socket_options_.proxy_port = port;
  }

  static std::unique_ptr<TlsClient> Client(const TestIdentity& root) {
    auth::CertificateVerifier::Options options;
    options.release_date = absl::FromUnixSeconds(TestIdentity::kFirstSecond);
    auto verifier = auth::CertificateVerifier::Create(
        *auth::TrustStore::FromPem(root.certificate_pem()), options);
    auto client = TlsClient::Create({}, *std::move(verifier), [] {
      return absl::FromUnixSeconds(TestIdentity::kFirstSecond + 86400);
    });
    EXPECT_TRUE(client.ok()) << client.status();
    return *std::move(client);
  }

  void Begin() {
    options_.proxy->tls = tls_.get();
    attempt_ = std::make_unique<Attempt>(
        loop_.get(), options_,
        [](absl::Span<uint8_t> out) {
          std::fill(out.begin(), out.end(), uint8_t{7});
        },
        &observer_, &observer_);
    attempt_->Start(MonotonicNow());
  }

  // Runs until `done`, the login or the end.
  void RunUntil(const std::function<bool()>& done) {
    const absl::Time limit = MonotonicNow() + kLimit;
    while (!done() && !observer_.open && !observer_.end.has_value() &&
           MonotonicNow() < limit) {
      ASSERT_TRUE(loop_->RunOnce(std::min(limit, attempt_->NextTime())).ok());
      attempt_->OnTime(MonotonicNow());
    }
  }

  void Run() {
    Begin();
    RunUntil([] { return false; });
  }

  // Runs until a server that says nothing by itself has the connection.
  void RunUntilAccepted(const LoopbackServer& server) {
    LeadTo(server.port());
    Begin();
    RunUntil(
        [this, &server] { return observer_.connected && server.connected(); });
    EXPECT_FALSE(observer_.end.has_value());
  }

  void ExpectRefused(EndCause cause, absl::string_view words) {
    ASSERT_TRUE(observer_.end.has_value());
    EXPECT_EQ(observer_.end->reason, EndReason::kProxy);
    EXPECT_EQ(CauseOf(observer_.end->detail), cause);
    EXPECT_TRUE(absl::StartsWith(observer_.end->detail.message(),
                                 "proxy proxy.example:8443: "))
        << observer_.end->detail;
    EXPECT_TRUE(absl::StrContains(observer_.end->detail.message(), words))
        << observer_.end->detail;
    EXPECT_EQ(server_->connect(), "") << "the login went out";
    EXPECT_FALSE(observer_.proxy_open);
  }

  const TestIdentity root_;
  const bssl::UniquePtr<SSL_CTX> context_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<LoopbackServer> server_;
  std::unique_ptr<TlsFront> front_;
  std::unique_ptr<TlsClient> tls_;
  SocketOptions socket_options_;
  DirectSocketMaker sockets_{&socket_options_};
  Attempt::Options options_;
  Observer observer_;
  std::unique_ptr<Attempt> attempt_;
};

// OVOC without TLS: what the session says goes through the proxy's TLS only.
TEST_F(AttemptTlsProxyTest, TheLoginAndTheTunnelGoThroughTls) {
  server_->TunnelNext(kOpen);
  Run();
  ASSERT_TRUE(observer_.open) << observer_.end->detail;
  EXPECT_EQ(front_->handshakes(), 1);
  EXPECT_TRUE(absl::StrContains(server_->connect(), kLogin));
  EXPECT_TRUE(absl::StartsWith(server_->request(), "GET /tun HTTP/1.1\r\n"));
  EXPECT_EQ(observer_.secured, nullptr) << "no TLS of OVOC's own";
}

// The same with TLS to OVOC, in the proxy's.
TEST_F(AttemptTlsProxyTest, TlsToTheServerIsWithinThatToTheProxy) {
  const TestIdentity root = TestIdentity::Root("ovoc root");
  const auto context = root.Issue("DNS:ovoc.example").ServerContext();
  TlsFront ovoc(loop_.get(), context.get(), server_->port());
  const auto tls = Client(root);
  options_.tls = tls.get();
  TlsFront front(loop_.get(), context_.get(), ovoc.port());
  front.AnswerConnect(kOpen);
  LeadTo(front.port());
  Run();
  ASSERT_TRUE(observer_.open) << observer_.end->detail;
  ASSERT_NE(observer_.secured, nullptr);
  EXPECT_TRUE(observer_.secured->verdict()->ok());
  EXPECT_EQ(front.handshakes(), 1);
  EXPECT_EQ(ovoc.handshakes(), 1);
}

TEST_F(AttemptTlsProxyTest, AnUnknownRootIsRefusedBeforeTheLogin) {
  tls_ = Client(TestIdentity::Root("another root"));
  Run();
  ExpectRefused(EndCause::kProxyCertificate, "proxy root");
}

TEST_F(AttemptTlsProxyTest, ACertificateForAnotherNameIsRefused) {
  options_.proxy->hop.name = "gate.example";
  Run();
  ExpectRefused(EndCause::kProxyCertificate, "gate.example");
}

TEST_F(AttemptTlsProxyTest, AProxyWithoutTlsIsAnotherCause) {
  RunUntilAccepted(*server_);
  server_->Send("HTTP/1.1 400 Bad Request\r\n\r\n");
  RunUntil([] { return false; });
  ExpectRefused(EndCause::kProxyTls, "the answer is not TLS");
}

TEST_F(AttemptTlsProxyTest, AProxyThatClosesInTheHandshakeIsTold) {
  RunUntilAccepted(*server_);
  server_->Disconnect();
  RunUntil([] { return false; });
  ExpectRefused(EndCause::kProxyTls, "TLS handshake");
}

TEST_F(AttemptTlsProxyTest, AHandshakeThatStallsEndsItAfterItsTime) {
  RunUntilAccepted(*server_);
  attempt_->OnTime(attempt_->NextTime());
  ExpectRefused(EndCause::kProxyTls, "took more than 20s");
}

}  // namespace
}  // namespace ovoc::tunnel
