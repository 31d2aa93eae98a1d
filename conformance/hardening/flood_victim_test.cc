// SPDX-License-Identifier: Apache-2.0
#include "conformance/hardening/flood_victim.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "conformance/hardening/record_forger.h"
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

// RFC 6455 5.5.3: the answer to the last of some pings is one to all.
TEST_F(FloodVictimTest, ALaterPongAnswersEarlierPings) {
  std::string pings;
  std::thread client([&] {
    Write(kRequest);
    Read();
    while (pings.size() < 9) {
      pings += Read();
    }
    Write({"\x8a\x81\0\0\0\0\x02", 7});  // to the third
  });
  EXPECT_TRUE(victim_->Login().ok());
  EXPECT_TRUE(victim_->Ping());
  EXPECT_TRUE(victim_->Ping());
  EXPECT_TRUE(victim_->Ping());
  EXPECT_TRUE(victim_->Settle());
  client.join();
  EXPECT_EQ(pings, std::string("\x89\x01\x00\x89\x01\x01\x89\x01\x02", 9));
  EXPECT_EQ(victim_->pongs(), 3u);
}

TEST_F(FloodVictimTest, OtherFramesAreNoPongs) {
  std::thread client([&] {
    Write(kRequest);
    Read();
    Read();
    Write({"\x81\x81\0\0\0\0\0", 7});    // a text of one byte
    Write({"\x8a\x80\0\0\0\0", 6});      // a pong without one
    Write({"\x8a\x82\0\0\0\0\0\0", 8});  // and with two
    Write({"\x8a\x81\0\0\0\0\0", 7});    // the one that was asked for
  });
  EXPECT_TRUE(victim_->Login().ok());
  EXPECT_TRUE(victim_->Ping());
  EXPECT_TRUE(victim_->Settle());
  client.join();
  EXPECT_EQ(victim_->pongs(), 1u);
}

TEST_F(FloodVictimTest, APongThatComesInBytesIsOne) {
  std::thread client([&] {
    Write(kRequest);
    Read();
    Read();
    // Under a mask of its own: 0x5A ^ 0x5A is the mark 0.
    for (const char byte : std::string("\x8a\x81\x5a\1\2\3\x5a", 7)) {
      Write({&byte, 1});
    }
  });
  EXPECT_TRUE(victim_->Login().ok());
  EXPECT_TRUE(victim_->Ping());
  EXPECT_TRUE(victim_->Settle());
  client.join();
  EXPECT_EQ(victim_->pongs(), 1u);
}

TEST_F(FloodVictimTest, WithoutAPingThereIsNothingToWaitFor) {
  std::thread client([&] {
    Write(kRequest);
    Read();
  });
  EXPECT_TRUE(victim_->Login().ok());
  client.join();
  EXPECT_TRUE(victim_->Settle());
  EXPECT_EQ(victim_->pongs(), 0u);
  EXPECT_EQ(victim_->worst(), absl::ZeroDuration());
}

// More than any socket buffer holds: the rest is sent as the client reads.
TEST_F(FloodVictimTest, AllIsSentToAClientThatReads) {
  constexpr size_t kRecords = 100;
  const std::vector<uint8_t> payload(16384, 'f');
  size_t received = 0;
  std::thread client([&] {
    Write(kRequest);
    Read();
    while (received < kRecords * payload.size()) {
      const std::string text = Read();
      if (text.empty() || text.find_first_not_of('f') != std::string::npos) {
        break;
      }
      received += text.size();
    }
  });
  EXPECT_TRUE(victim_->Login().ok());
  std::vector<uint8_t> records;
  for (size_t i = 0; i < kRecords; ++i) {
    victim_->forger()->Append(RecordType::kApplicationData, payload, &records);
  }
  EXPECT_TRUE(victim_->Send(records));
  client.join();
  EXPECT_EQ(received, kRecords * payload.size());
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
