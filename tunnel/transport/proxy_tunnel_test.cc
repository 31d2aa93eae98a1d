// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/proxy_tunnel.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/testing/fake_transport.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kRequest =
    "CONNECT ovoc.example:443 HTTP/1.1\r\nHost: ovoc.example:443\r\n\r\n";
constexpr absl::string_view kOpen =
    "HTTP/1.0 200 Connection established\r\nProxy-agent: tinyproxy\r\n\r\n";

class ProxyTunnelTest : public testing::Test, public ProxyTunnel::Observer {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    auto transport = std::make_unique<FakeTransport>();
    proxy_ = transport.get();
    proxy_->SetRoom(4096);
    tunnel_ = std::make_unique<ProxyTunnel>(loop_.get(), std::move(transport),
                                            auth::Secret::FromString(kRequest),
                                            nullptr, this, MonotonicNow());
  }

  void OnTunnelOpen(std::unique_ptr<Transport> transport) override {
    EXPECT_FALSE(over());
    opened_ = std::move(transport);
  }
  void OnTunnelFailed(ProxyFailure failure,
                      const absl::Status& detail) override {
    EXPECT_FALSE(over());
    failure_ = failure;
    detail_ = detail;
  }

  bool over() const { return opened_ != nullptr || failure_.has_value(); }

  // One round of the loop, which does not wait for long.
  void RunOnce() {
    EXPECT_TRUE(loop_->RunOnce(MonotonicNow() + absl::Milliseconds(50)).ok());
  }

  std::unique_ptr<EventLoop> loop_;
  FakeTransport* proxy_ = nullptr;
  std::unique_ptr<ProxyTunnel> tunnel_;
  std::unique_ptr<Transport> opened_;
  std::optional<ProxyFailure> failure_;
  absl::Status detail_;
};

TEST_F(ProxyTunnelTest, SendsTheRequestAndGivesTheTransportBack) {
  tunnel_->Start(MonotonicNow());
  EXPECT_EQ(proxy_->TakeWritten(), kRequest);
  EXPECT_FALSE(over());
  proxy_->PeerSends(kOpen);
  RunOnce();
  EXPECT_EQ(opened_.get(), proxy_);
  EXPECT_EQ(tunnel_->NextTime(), absl::InfiniteFuture());
  tunnel_->OnTime(absl::InfiniteFuture());
  tunnel_.reset();  // the transport does not go with it
  EXPECT_EQ(proxy_->shutdowns(), 0);
}

TEST_F(ProxyTunnelTest, AnAnswerMayComeInPieces) {
  tunnel_->Start(MonotonicNow());
  for (const char byte : kOpen) {
    EXPECT_FALSE(over());
    proxy_->PeerSends(std::string(1, byte));
    RunOnce();
  }
  EXPECT_EQ(opened_.get(), proxy_);
}

TEST_F(ProxyTunnelTest, ARequestMayGoInPieces) {
  proxy_->SetRoom(10);
  tunnel_->Start(MonotonicNow());
  std::string sent = proxy_->TakeWritten();
  EXPECT_EQ(sent, kRequest.substr(0, 10));
  proxy_->SetRoom(4096, 7);
  RunOnce();
  sent += proxy_->TakeWritten();
  EXPECT_EQ(sent, kRequest);
  proxy_->PeerSends(kOpen);
  RunOnce();
  EXPECT_EQ(opened_.get(), proxy_);
}

TEST_F(ProxyTunnelTest, ARefusalIsTold) {
  tunnel_->Start(MonotonicNow());
  proxy_->PeerSends("HTTP/1.1 403 Forbidden\r\n\r\n");
  RunOnce();
  EXPECT_EQ(failure_, ProxyFailure::kForbidden);
  EXPECT_EQ(detail_.message(), "the proxy answered HTTP 403 Forbidden");
}

TEST_F(ProxyTunnelTest, EachEndOfTheConnectionIsTold) {
  tunnel_->Start(MonotonicNow());
  proxy_->PeerEnds(IoResult::kClosed);
  RunOnce();
  EXPECT_EQ(failure_, ProxyFailure::kClosed);
}

TEST_F(ProxyTunnelTest, AResetIsTold) {
  tunnel_->Start(MonotonicNow());
  proxy_->PeerEnds(IoResult::kFailed, absl::AbortedError("read: reset"));
  RunOnce();
  EXPECT_EQ(failure_, ProxyFailure::kConnection);
  EXPECT_EQ(detail_, absl::AbortedError("read: reset"));
}

TEST_F(ProxyTunnelTest, AFailedWriteIsTold) {
  proxy_->FailWrites(absl::UnavailableError("write: no route"));
  tunnel_->Start(MonotonicNow());
  EXPECT_EQ(failure_, ProxyFailure::kConnection);
  EXPECT_EQ(detail_, absl::UnavailableError("write: no route"));
}

TEST_F(ProxyTunnelTest, AStallEndsAtTheLimit) {
  tunnel_->Start(MonotonicNow());
  const absl::Time limit = tunnel_->NextTime();
  EXPECT_GT(limit, MonotonicNow() + kProxyTimeout - absl::Seconds(5));
  tunnel_->OnTime(limit - absl::Nanoseconds(1));
  EXPECT_FALSE(over());
  tunnel_->OnTime(limit);
  EXPECT_EQ(failure_, ProxyFailure::kTimeout);
}

// With TLS to the proxy.

TEST_F(ProxyTunnelTest, NothingIsAskedBeforeTheHandshakeIsOver) {
  proxy_->ScriptHandshake(IoResult::kWouldBlock);
  proxy_->ScriptHandshake(IoResult::kWouldBlock);
  tunnel_->Start(MonotonicNow());
  EXPECT_EQ(proxy_->TakeWritten(), "");
  proxy_->Wake();
  RunOnce();
  EXPECT_EQ(proxy_->TakeWritten(), "");
  RunOnce();
  EXPECT_EQ(proxy_->TakeWritten(), kRequest);
  EXPECT_FALSE(over());
}

TEST_F(ProxyTunnelTest, AHandshakeGoesOnWithoutAnEvent) {
  proxy_->ScriptHandshake(IoResult::kMore);
  tunnel_->Start(MonotonicNow());
  EXPECT_EQ(tunnel_->NextTime(), absl::InfinitePast());
  tunnel_->OnTime(MonotonicNow());
  EXPECT_EQ(proxy_->TakeWritten(), kRequest);
  EXPECT_GT(tunnel_->NextTime(), MonotonicNow());
}

TEST_F(ProxyTunnelTest, AHandshakeMayWaitForRoom) {
  proxy_->ScriptHandshake(IoResult::kWouldBlock);
  proxy_->SetWantsWrite(true);
  tunnel_->Start(MonotonicNow());
  EXPECT_EQ(proxy_->TakeWritten(), "");
  RunOnce();  // there is room
  EXPECT_EQ(proxy_->TakeWritten(), kRequest);
}

TEST_F(ProxyTunnelTest, ACertificateThatDoesNotVerifyIsTold) {
  proxy_->ScriptHandshake(IoResult::kFailed,
                          absl::UnauthenticatedError("no trusted CN=x"));
  tunnel_->Start(MonotonicNow());
  EXPECT_EQ(failure_, ProxyFailure::kCertificate);
  EXPECT_EQ(detail_, absl::UnauthenticatedError("no trusted CN=x"));
  EXPECT_EQ(proxy_->TakeWritten(), "");
}

TEST_F(ProxyTunnelTest, AnotherFailureOfTheHandshakeIsTold) {
  proxy_->ScriptHandshake(IoResult::kFailed,
                          absl::UnavailableError("TLS handshake: no TLS"));
  tunnel_->Start(MonotonicNow());
  EXPECT_EQ(failure_, ProxyFailure::kTls);
  EXPECT_EQ(tunnel_->NextTime(), absl::InfiniteFuture());
}

// TLS 1.3: the alert comes instead of the answer.
TEST_F(ProxyTunnelTest, AProxyThatWantsACertificateIsTold) {
  for (const EndCause cause :
       {EndCause::kCertificateWanted, EndCause::kCertificateRefused}) {
    failure_.reset();
    tunnel_.reset();  // before its loop
    SetUp();
    tunnel_->Start(MonotonicNow());
    proxy_->PeerEnds(IoResult::kFailed,
                     WithCause(absl::UnavailableError("alert"), cause));
    RunOnce();
    EXPECT_EQ(failure_, ProxyFailure::kTls);
    EXPECT_EQ(detail_.message(), "alert");
  }
}

TEST_F(ProxyTunnelTest, AnEndOfTheHandshakeIsTold) {
  proxy_->ScriptHandshake(IoResult::kClosed);
  tunnel_->Start(MonotonicNow());
  EXPECT_EQ(failure_, ProxyFailure::kTls);
  EXPECT_EQ(detail_.message(),
            "the proxy ended the connection in the TLS handshake");
}

TEST_F(ProxyTunnelTest, AHandshakeThatStallsEndsAtTheLimit) {
  proxy_->ScriptHandshake(IoResult::kWouldBlock);
  tunnel_->Start(MonotonicNow());
  const absl::Time limit = tunnel_->NextTime();
  tunnel_->OnTime(limit - absl::Nanoseconds(1));
  EXPECT_FALSE(over());
  tunnel_->OnTime(limit);
  EXPECT_EQ(failure_, ProxyFailure::kTls);
  EXPECT_EQ(detail_.message(), "the TLS handshake took more than 20s");
}

// They may come in a record of their own, of which no event tells.
TEST_F(ProxyTunnelTest, BytesBehindTheAnswerAreSeenInTheNextRecordToo) {
  tunnel_->Start(MonotonicNow());
  proxy_->PeerSends(kOpen);
  proxy_->PeerSends("x");
  proxy_->SetHasInput(true);
  RunOnce();
  EXPECT_EQ(failure_, ProxyFailure::kEarlyBytes);
}

// A session ticket, for one.
TEST_F(ProxyTunnelTest, ARecordWithoutBytesIsNoEarlyByte) {
  tunnel_->Start(MonotonicNow());
  proxy_->PeerSends(kOpen);
  proxy_->SetHasInput(true);
  RunOnce();
  EXPECT_EQ(opened_.get(), proxy_);
}

TEST_F(ProxyTunnelTest, AnAnswerGoesOnWithoutAnEvent) {
  tunnel_->Start(MonotonicNow());
  proxy_->PeerSends(kOpen.substr(0, 9));
  proxy_->PeerEnds(IoResult::kMore);
  RunOnce();
  proxy_->SetHasInput(true);
  RunOnce();
  EXPECT_EQ(tunnel_->NextTime(), absl::InfinitePast());
  proxy_->PeerSends(kOpen.substr(9));
  proxy_->PeerEnds(IoResult::kWouldBlock);
  tunnel_->OnTime(MonotonicNow());
  EXPECT_EQ(opened_.get(), proxy_);
}

}  // namespace
}  // namespace ovoc::tunnel
