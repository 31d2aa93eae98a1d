// SPDX-License-Identifier: Apache-2.0
#include "conformance/hardening/flood_victim.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "conformance/ovoc_server/server_tls.h"
#include "conformance/ovoc_server/throwaway_certificate.h"
#include "gtest/gtest.h"
#include "openssl/ssl.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kRequest =
    "GET /tun HTTP/1.1\r\n"
    "Host: ovoc.example\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "\r\n";

// A client in a thread of its own, as the victim waits for it.
class FloodVictimTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { signal(SIGPIPE, SIG_IGN); }

  void SetUp() override {
    std::array<int, 2> fds = {-1, -1};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()),
              0);
    ASSERT_EQ(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
    const ThrowawayCertificate pair = MakeThrowawayCertificate();
    auto context = MakeServerTls(pair.certificate, pair.private_key);
    ASSERT_TRUE(context.ok()) << context.status();
    context_ = *std::move(context);
    victim_ =
        std::make_unique<FloodVictim>(netif::UniqueFd(fds[0]), context_.get());
    socket_.Reset(fds[1]);
    client_context_.reset(SSL_CTX_new(TLS_method()));
    ssl_.reset(SSL_new(client_context_.get()));
    SSL_set_fd(ssl_.get(), socket_.get());
    SSL_set_connect_state(ssl_.get());
  }

  void Write(absl::string_view text) {
    EXPECT_EQ(SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())),
              static_cast<int>(text.size()));
  }

  std::string Read() {
    std::array<char, 4096> out;
    const int size = SSL_read(ssl_.get(), out.data(), out.size());
    return {out.data(), static_cast<size_t>(size < 0 ? 0 : size)};
  }

  bssl::UniquePtr<SSL_CTX> context_;
  std::unique_ptr<FloodVictim> victim_;
  netif::UniqueFd socket_;
  bssl::UniquePtr<SSL_CTX> client_context_;
  bssl::UniquePtr<SSL> ssl_;
};

TEST_F(FloodVictimTest, LogsInAndTimesAPong) {
  std::string answer;
  std::string ping;
  std::string end;
  std::thread client([&] {
    Write(kRequest);
    answer = Read();
    ping = Read();
    Write({"\x8a\x81\0\0\0\0\0", 7});  // a pong, masked with zeros
    end = Read();
  });
  EXPECT_TRUE(victim_->Login().ok());
  EXPECT_TRUE(victim_->Ping());
  EXPECT_TRUE(victim_->Settle());
  std::vector<uint8_t> record;
  victim_->forger()->Append(RecordType::kApplicationData, {'e'}, &record);
  EXPECT_TRUE(victim_->Send(record));
  client.join();
  EXPECT_TRUE(absl::StartsWith(answer, "HTTP/1.1 101 ")) << answer;
  EXPECT_TRUE(absl::StrContains(answer, "X-Audc-OverlayIP: 169.254.0.2\r\n"))
      << answer;
  EXPECT_EQ(ping, std::string("\x89\x01\0", 3));
  EXPECT_EQ(end, "e");
  EXPECT_EQ(victim_->pongs(), 1u);
  EXPECT_LT(victim_->worst(), absl::Seconds(3));
}

TEST_F(FloodVictimTest, SaysThatTheClientHasGone) {
  std::thread client([&] {
    Write(kRequest);
    Read();
    ssl_.reset();
    socket_.Reset();
  });
  EXPECT_TRUE(victim_->Login().ok());
  client.join();
  EXPECT_FALSE(victim_->Ping() && victim_->Settle());
}

TEST_F(FloodVictimTest, TakesNoOtherRequest) {
  std::thread client([&] {
    Write("GET / HTTP/1.1\r\n\r\n");
    Read();
  });
  EXPECT_FALSE(victim_->Login().ok());
  client.join();
}

}  // namespace
}  // namespace ovoc::conformance
