// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/echo_connection.h"

#include <sys/socket.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "auth/upgrade_request.h"
#include "conformance/websocket/echo_end.h"
#include "conformance/websocket/echo_session.h"
#include "conformance/websocket/echo_test_server.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::conformance {
namespace {

using Connection = EchoTestServer::Connection;
using Reason = EchoEnd::Reason;

constexpr absl::string_view kClose1000("\x88\x02\x03\xE8", 4);
// RSV bits set, a rule broken.
constexpr absl::string_view kBroken("\xF1\x00", 2);
// The masks are all zero: see Run.
constexpr absl::string_view kClientClose1000("\x88\x82\0\0\0\0\x03\xE8", 8);

// The head of a 64-bit length.
std::string LongHead(char first, char second, size_t size) {
  std::string head = {first, second};
  for (int shift = 56; shift >= 0; shift -= 8) {
    head.push_back(static_cast<char>(size >> shift));
  }
  return head;
}

class EchoConnectionTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = tunnel::EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    auth::UpgradeRequestOptions options;
    options.host = "h";
    options.subprotocol = "";
    auto request = auth::UpgradeRequest::Create(options);
    ASSERT_TRUE(request.ok()) << request.status();
    request_ = std::make_unique<auth::UpgradeRequest>(*std::move(request));
  }

  EchoEnd Run(uint16_t port) {
    target_.addresses = {
        netif::IpAddress(netif::Ipv4Address::FromHostOrder(0x7F000001))};
    target_.port = port;
    EchoConnection connection(loop_.get(), &target_, request_.get(), options_,
                              [](absl::Span<uint8_t> out) {
                                std::fill(out.begin(), out.end(), uint8_t{0});
                              });
    const absl::StatusOr<EchoEnd> end = connection.Run();
    EXPECT_TRUE(end.ok()) << end.status();
    text_ = connection.text();
    return end.ok() ? *end : EchoEnd();
  }

  std::unique_ptr<tunnel::EventLoop> loop_;
  std::unique_ptr<auth::UpgradeRequest> request_;
  EchoConnection::Target target_;
  EchoConnection::Options options_;
  std::string text_;
};

TEST_F(EchoConnectionTest, EchoesAndCloses) {
  std::string sent;
  EchoTestServer server({[&](Connection& client) {
    client.Send("\x81\x05Hello");
    sent = client.Read(11);
    client.Send(kClose1000);
    sent += client.Read(8);
  }});
  EXPECT_EQ(Describe(Run(server.port())), "closed by the server, code 1000");
  server.Join();
  EXPECT_EQ(sent, absl::StrCat("\x81\x85", std::string(4, '\0'), "Hello",
                               kClientClose1000));
}

TEST_F(EchoConnectionTest, KeepsTheTextThatWasAskedFor) {
  options_.task = EchoSession::Task::kReadOne;
  EchoTestServer server({[&](Connection& client) {
    client.Send(
        "\x81\x03"
        "301");
    client.ReadToEnd();
  }});
  options_.limits.close = absl::ZeroDuration();
  EXPECT_EQ(Run(server.port()).reason, Reason::kWeClosed);
  EXPECT_EQ(text_, "301");
}

// The server sends all of it before it reads a byte: were the client to stop
// reading while the socket takes no more, both would wait for ever.
TEST_F(EchoConnectionTest, ReadsOnWhileTheServerDoesNotRead) {
  constexpr size_t kBytes = 16 * 1024 * 1024;
  const std::string payload(kBytes, 'x');
  bool same = false;
  EchoTestServer server({[&](Connection& client) {
    client.Send(LongHead('\x82', '\x7F', kBytes) + payload);
    client.Send(LongHead('\x82', '\x7F', kBytes) + payload);
    client.Send(kClose1000);
    const std::string head =
        LongHead('\x82', '\xFF', kBytes) + std::string(4, '\0');
    same = client.Read(14) == head && client.Read(kBytes) == payload &&
           client.Read(14) == head && client.Read(kBytes) == payload &&
           client.Read(8) == kClientClose1000;
  }});
  EXPECT_EQ(Run(server.port()).reason, Reason::kServerClosed);
  server.Join();
  EXPECT_TRUE(same);
}

TEST_F(EchoConnectionTest, SendsTheRestToAServerThatClosedItsHalf) {
  constexpr size_t kBytes = 8 * 1024 * 1024;
  const std::string payload(kBytes, 'y');
  size_t received = 0;
  EchoTestServer server({[&](Connection& client) {
    client.Send(LongHead('\x82', '\x7F', kBytes) + payload);
    client.EndSending();
    received = client.Read(kBytes + 100).size();
  }});
  EXPECT_EQ(Run(server.port()).reason, Reason::kStreamEnd);
  server.Join();
  EXPECT_EQ(received, kBytes + 14);
}

TEST_F(EchoConnectionTest, WaitsForTheServerToEndTheStreamAfterAFailure) {
  options_.limits.close = absl::Seconds(20);
  std::string rest;
  EchoTestServer server({[&](Connection& client) {
    client.Send(absl::StrCat("\x81\x02ok", kBroken, "that nobody reads"));
    rest = client.Read(8 + 8);
    client.Send(absl::string_view("\x89\x00", 2));
    client.EndSending();
    rest += client.ReadToEnd();
  }});
  const EchoEnd end = Run(server.port());
  server.Join();
  EXPECT_EQ(end.reason, Reason::kBrokenRule);
  EXPECT_TRUE(end.detail.ok())
      << "it was the server that ended the stream: " << end.detail;
  EXPECT_EQ(rest, absl::StrCat("\x81\x82", std::string(4, '\0'), "ok\x88\x82",
                               std::string(4, '\0'), "\x03\xEA"));
}

TEST_F(EchoConnectionTest, DropsAServerThatDoesNotEndTheStream) {
  options_.limits.close = absl::Milliseconds(20);
  std::string rest;
  EchoTestServer server({[&](Connection& client) {
    client.Send(kBroken);
    rest = client.ReadToEnd();
  }});
  const EchoEnd end = Run(server.port());
  server.Join();
  EXPECT_EQ(end.reason, Reason::kBrokenRule);
  EXPECT_TRUE(absl::IsDeadlineExceeded(end.detail)) << end.detail;
  EXPECT_EQ(rest.size(), 8u);
}

// One that floods must not keep the clock from being looked at.
TEST_F(EchoConnectionTest, DropsAServerThatSendsForEver) {
  options_.limits.close = absl::Milliseconds(20);
  EchoTestServer server({[&](Connection& client) {
    client.Send(kBroken);
    const std::string flood(1 << 20, 'x');
    for (int i = 0; i < 100000 && !client.Read(8).empty(); ++i) {
      client.Send(flood);
    }
  }});
  EXPECT_EQ(Run(server.port()).reason, Reason::kBrokenRule);
}

TEST_F(EchoConnectionTest, GivesUpASilentServer) {
  // Long enough for the handshake on a busy machine: it has the same limit.
  options_.limits.silence = absl::Seconds(2);
  EchoTestServer server({[&](Connection& client) { client.ReadToEnd(); }});
  EXPECT_EQ(Run(server.port()).reason, Reason::kTimeout);
}

TEST_F(EchoConnectionTest, SaysWhyThereIsNoConnection) {
  uint16_t port = 0;
  {
    EchoTestServer server({});
    port = server.port();
  }
  const EchoEnd end = Run(port);
  EXPECT_EQ(end.reason, Reason::kNotConnected);
  EXPECT_TRUE(absl::StrContains(end.detail.message(), "Connection refused"))
      << end.detail;
}

}  // namespace
}  // namespace ovoc::conformance
