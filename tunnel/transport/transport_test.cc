// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/transport.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/transport/decisions/send_window.h"
#include "tunnel/transport/testing/test_identity.h"
#include "tunnel/transport/tls_transport.h"

namespace ovoc::tunnel {
namespace {

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// So many bytes can be on their way on such a socket, or twice as many.
void SetBuffer(int fd) {
  const int bytes = 32768;
  EXPECT_EQ(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)), 0);
}

int UnsentLimit(int fd) {
  int value = 0;
  socklen_t size = sizeof(value);
  EXPECT_EQ(getsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &value, &size), 0);
  return value;
}

int Unsent(int fd) {
  int value = 0;
  EXPECT_EQ(ioctl(fd, SIOCOUTQNSD, &value), 0);
  return value;
}

// What all kinds of transport promise; with TLS once with the client's and once
// with the server's end under test, and with the client's in another TLS
// connection.
enum class Kind { kPlain, kTlsClient, kTlsServer, kTlsInTls };

class TransportTest : public testing::TestWithParam<Kind> {
 protected:
  static void SetUpTestSuite() { signal(SIGPIPE, SIG_IGN); }

  void SetUp() override {
    std::array<int, 2> fds = {-1, -1};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                         fds.data()),
              0);
    Make(netif::UniqueFd(fds[0]), netif::UniqueFd(fds[1]));
  }

  void Make(netif::UniqueFd ours, netif::UniqueFd theirs) {
    if (GetParam() == Kind::kPlain) {
      ours_ = std::make_unique<PlainTransport>(std::move(ours));
      theirs_ = std::make_unique<PlainTransport>(std::move(theirs));
      return;
    }
    server_context_ =
        TestIdentity::Root("root").Issue("DNS:localhost").ServerContext();
    client_context_.reset(SSL_CTX_new(TLS_method()));
    const bool client = GetParam() != Kind::kTlsServer;
    ours_ = client ? Client(std::move(ours)) : Server(std::move(ours));
    theirs_ = client ? Server(std::move(theirs)) : Client(std::move(theirs));
    if (GetParam() == Kind::kTlsInTls) {
      Connect();
      their_base_ = theirs_.get();
      ours_ = Client(std::move(ours_));
      theirs_ = Server(std::move(theirs_));
    }
  }

  // The same over TCP, where the peer's end takes little at once.
  void MakeTcp() {
    const netif::UniqueFd listener(
        socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    SetBuffer(listener.get());
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    ASSERT_EQ(bind(listener.get(), raw, size), 0);
    ASSERT_EQ(listen(listener.get(), 1), 0);
    ASSERT_EQ(getsockname(listener.get(), raw, &size), 0);
    netif::UniqueFd ours(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(connect(ours.get(), raw, size), 0);
    netif::UniqueFd theirs(accept4(listener.get(), nullptr, nullptr,
                                   SOCK_NONBLOCK | SOCK_CLOEXEC));
    ASSERT_TRUE(theirs.valid());
    ASSERT_EQ(fcntl(ours.get(), F_SETFL, O_NONBLOCK), 0);
    for (const int fd : {ours.get(), theirs.get()}) {
      const int on = 1;
      ASSERT_EQ(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), 0);
    }
    Make(std::move(ours), std::move(theirs));
  }

  std::unique_ptr<Transport> Client(TransportBase base) {
    bssl::UniquePtr<SSL> ssl(SSL_new(client_context_.get()));
    SSL_set_connect_state(ssl.get());
    return std::make_unique<TlsTransport>(std::move(base), std::move(ssl));
  }

  std::unique_ptr<Transport> Server(TransportBase base) {
    bssl::UniquePtr<SSL> ssl(SSL_new(server_context_.get()));
    SSL_set_accept_state(ssl.get());
    return std::make_unique<TlsTransport>(std::move(base), std::move(ssl));
  }

  bool tls() const { return GetParam() != Kind::kPlain; }

  // The peer sends bytes that our end gets as they are.
  void PeerSendsBare(absl::string_view text) {
    if (their_base_ == nullptr) {
      ASSERT_EQ(send(theirs_->fd(), text.data(), text.size(), 0),
                static_cast<ssize_t>(text.size()));
      return;
    }
    ASSERT_EQ(their_base_->WriteAll([&] { return Bytes(text); },
                                    [&](size_t n) { text.remove_prefix(n); }),
              IoResult::kDone);
  }

  // Whether a close_notify has come, which a bare FIN is not.
  bool HeardCloseNotify(Transport* transport) const {
    const SSL* const ssl = static_cast<TlsTransport*>(transport)->ssl();
    return (SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

  // Both handshakes, and the session tickets out of the way.
  void Connect() {
    IoResult ours = IoResult::kWouldBlock;
    IoResult theirs = IoResult::kWouldBlock;
    for (int i = 0;
         i < 20 && !(ours == IoResult::kDone && theirs == IoResult::kDone);
         ++i) {
      ours = ours_->Handshake();
      theirs = theirs_->Handshake();
    }
    ASSERT_EQ(ours, IoResult::kDone);
    ASSERT_EQ(theirs, IoResult::kDone);
    EXPECT_EQ(Read(ours_.get()), "kWouldBlock");
    EXPECT_EQ(Read(theirs_.get()), "kWouldBlock");
  }

  static std::string Name(IoResult result) {
    switch (result) {
      case IoResult::kDone:
        return "kDone";
      case IoResult::kMore:
        return "kMore";
      case IoResult::kWouldBlock:
        return "kWouldBlock";
      case IoResult::kClosed:
        return "kClosed";
      case IoResult::kFailed:
        return "kFailed";
    }
    return "?";
  }

  // What one Read gives: the bytes, or the name of the result.
  static std::string Read(Transport* transport, size_t at_most = 65536) {
    std::vector<uint8_t> buffer(at_most);
    size_t count = 99;
    const IoResult result = transport->Read(absl::MakeSpan(buffer), &count);
    EXPECT_EQ(result == IoResult::kDone, count > 0);
    return result == IoResult::kDone
               ? std::string(buffer.data(), buffer.data() + count)
               : Name(result);
  }

  // Reads until there is nothing more now.
  static std::string ReadAll(Transport* transport) {
    std::string all;
    for (;;) {
      const std::string piece = Read(transport);
      if (piece == "kWouldBlock") {
        return all;
      }
      all += piece;
      if (piece == "kClosed" || piece == "kFailed") {
        return all;
      }
    }
  }

  static std::string Write(Transport* transport, absl::string_view text) {
    size_t count = 99;
    IoResult result = transport->Write(Bytes(text), &count);
    EXPECT_EQ(result == IoResult::kDone, count > 0);
    if (result == IoResult::kDone) {
      result = transport->Flush();
    }
    return result == IoResult::kDone ? std::string(text.substr(0, count))
                                     : Name(result);
  }

  bssl::UniquePtr<SSL_CTX> server_context_;
  bssl::UniquePtr<SSL_CTX> client_context_;
  std::unique_ptr<Transport> ours_;
  std::unique_ptr<Transport> theirs_;
  Transport* their_base_ = nullptr;  // below theirs_; null if there is none
};

TEST_P(TransportTest, CarriesBytesBothWays) {
  Connect();
  EXPECT_EQ(Write(ours_.get(), "up"), "up");
  EXPECT_EQ(Write(theirs_.get(), "down"), "down");
  EXPECT_EQ(Read(theirs_.get()), "up");
  EXPECT_EQ(Read(ours_.get()), "down");
  EXPECT_TRUE(ours_->status().ok());
}

TEST_P(TransportTest, GivesTheRestOfAPieceToTheNextRead) {
  Connect();
  EXPECT_EQ(Write(theirs_.get(), "abcdef"), "abcdef");
  EXPECT_EQ(Read(ours_.get(), 4), "abcd");
  EXPECT_EQ(Read(ours_.get(), 4), "ef");
  EXPECT_EQ(Read(ours_.get(), 4), "kWouldBlock");
}

TEST_P(TransportTest, SaysWhatIsHereThoughTheSocketDoesNotTellOfIt) {
  Connect();
  EXPECT_FALSE(ours_->HasInput());
  EXPECT_EQ(Write(theirs_.get(), "abcdef"), "abcdef");
  EXPECT_EQ(Write(theirs_.get(), "second"), "second");
  EXPECT_FALSE(ours_->HasInput()) << "all of it is in the socket";
  EXPECT_EQ(Read(ours_.get(), 4), "abcd");
  EXPECT_EQ(ours_->HasInput(), tls());
  EXPECT_EQ(ReadAll(ours_.get()), "efsecond");
  EXPECT_FALSE(ours_->HasInput());
}

TEST_P(TransportTest, WritesInPartsAndGoesOnFromAnotherBuffer) {
  Connect();
  std::string text(1 << 20, '\0');  // more than the socket takes
  for (size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<char>(i * 7 % 251);
  }
  std::string received;
  size_t sent = 0;
  int blocked = 0;
  while (sent < text.size() && blocked < 10000) {
    const std::string elsewhere = text.substr(sent);  // moved with every call
    size_t count = 0;
    const IoResult result = ours_->Write(Bytes(elsewhere), &count);
    ASSERT_TRUE(result == IoResult::kDone || result == IoResult::kWouldBlock);
    sent += count;
    if (result == IoResult::kWouldBlock) {
      EXPECT_EQ(ours_->HasOutput(), tls());
      ++blocked;
      received += ReadAll(theirs_.get());
    }
  }
  while (ours_->Flush() == IoResult::kWouldBlock) {
    received += ReadAll(theirs_.get());
  }
  EXPECT_FALSE(ours_->HasOutput());
  received += ReadAll(theirs_.get());
  EXPECT_GT(blocked, 0);
  EXPECT_EQ(received.size(), text.size());
  EXPECT_TRUE(received == text);
}

TEST_P(TransportTest, EndsInOrder) {
  Connect();
  EXPECT_EQ(Write(theirs_.get(), "last"), "last");
  theirs_->Shutdown();
  EXPECT_EQ(Read(ours_.get()), "last");
  EXPECT_EQ(Read(ours_.get()), "kClosed");
  EXPECT_EQ(Read(ours_.get()), "kClosed");
  EXPECT_TRUE(ours_->status().ok());
  // Our half is still open.
  EXPECT_EQ(Write(ours_.get(), "answer"), "answer");
  EXPECT_EQ(Read(theirs_.get()), "answer");
}

TEST_P(TransportTest, TakesABareFinForAnEnd) {
  Connect();
  EXPECT_EQ(Write(theirs_.get(), "last"), "last");
  shutdown(theirs_->fd(), SHUT_WR);  // with TLS: no close_notify
  EXPECT_EQ(Read(ours_.get()), "last");
  EXPECT_EQ(Read(ours_.get()), "kClosed");
  EXPECT_TRUE(ours_->status().ok());
  EXPECT_FALSE(tls() && HeardCloseNotify(ours_.get()));
}

TEST_P(TransportTest, FailsForGoodOnAReset) {
  Connect();
  EXPECT_EQ(Write(ours_.get(), "unread"), "unread");
  theirs_.reset();  // closed with bytes unread: a reset
  EXPECT_EQ(Read(ours_.get()), "kFailed");
  EXPECT_TRUE(absl::IsAborted(ours_->status())) << ours_->status();
  EXPECT_TRUE(absl::StrContains(ours_->status().message(), "reset"))
      << ours_->status();
  const std::string first = ours_->status().ToString();
  EXPECT_EQ(Read(ours_.get()), "kFailed");
  EXPECT_EQ(Write(ours_.get(), "more"), "kFailed");
  EXPECT_EQ(ours_->status().ToString(), first);
  ours_->Shutdown();
}

TEST_P(TransportTest, FailsToWriteToAPeerThatIsGone) {
  Connect();
  theirs_.reset();
  EXPECT_EQ(Write(ours_.get(), "x"), "kFailed");
  EXPECT_TRUE(absl::IsAborted(ours_->status())) << ours_->status();
  EXPECT_EQ(Read(ours_.get()), "kFailed");
}

// RFC 9112 9.8 MUST: a closure alert is sent before closing
TEST_P(TransportTest, ShutdownEndsOurSideOnly) {
  Connect();
  ours_->Shutdown();
  EXPECT_EQ(Read(theirs_.get()), "kClosed");
  EXPECT_TRUE(!tls() || HeardCloseNotify(theirs_.get()));
  EXPECT_EQ(Write(theirs_.get(), "late"), "late");
  ours_->Shutdown();  // twice does no harm
}

TEST_P(TransportTest, KeepsLittleAheadOfASlowPath) {
  MakeTcp();
  Connect();
  EXPECT_EQ(UnsentLimit(ours_->fd()), int{SendWindow::kStartBytes});
  const std::vector<uint8_t> bytes(1000000, 'x');
  absl::Span<const uint8_t> rest = bytes;
  std::array<uint8_t, 1024> buffer;
  size_t left = 0;
  size_t most_ahead = 0;
  while (left < 200000) {
    const IoResult result = ours_->WriteAll(
        [&] { return rest; }, [&](size_t count) { rest.remove_prefix(count); });
    ASSERT_EQ(result, IoResult::kWouldBlock);
    const ssize_t taken =
        recv(theirs_->fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    left += static_cast<size_t>(std::max(taken, ssize_t{0}));
    if (left > 150000) {  // what was ahead at first has left
      const auto unsent = static_cast<size_t>(Unsent(ours_->fd()));
      most_ahead = std::max(most_ahead, unsent);
    }
    absl::SleepFor(absl::Milliseconds(5));
  }
  EXPECT_EQ(UnsentLimit(ours_->fd()), int{SendWindow::kMinBytes});
  // The kernel begins one more send while it is below the limit.
  EXPECT_LT(most_ahead, 3 * SendWindow::kMinBytes);
}

TEST_P(TransportTest, HandshakeWaitsForThePeersBytes) {
  if (!tls()) {
    EXPECT_EQ(ours_->Handshake(), IoResult::kDone);
    return;
  }
  EXPECT_EQ(ours_->Handshake(), IoResult::kWouldBlock);
  EXPECT_EQ(ours_->Handshake(), IoResult::kWouldBlock);
  EXPECT_FALSE(ours_->WantsWrite());
}

TEST_P(TransportTest, HandshakeWaitsForRoom) {
  if (!tls()) {
    return;
  }
  if (GetParam() == Kind::kTlsServer) {
    EXPECT_EQ(theirs_->Handshake(), IoResult::kWouldBlock);
  }
  // The socket is full before our first byte of the handshake.
  const std::string junk(4096, 'j');
  while (send(ours_->fd(), junk.data(), junk.size(), 0) > 0) {
  }
  EXPECT_EQ(ours_->Handshake(), IoResult::kWouldBlock);
  EXPECT_TRUE(ours_->WantsWrite());
}

// RFC 6455 4.1 MUST: all further communication runs through TLS
TEST_P(TransportTest, WritesNothingInTheOpen) {
  Connect();
  const std::string text = "GET /tun HTTP/1.1";
  EXPECT_EQ(Write(ours_.get(), text), text);
  std::array<char, 4096> wire;
  const ssize_t size =
      recv(theirs_->fd(), wire.data(), wire.size(), MSG_PEEK | MSG_DONTWAIT);
  ASSERT_GT(size, 0);
  const absl::string_view sent(wire.data(), static_cast<size_t>(size));
  EXPECT_EQ(absl::StrContains(sent, text), !tls());
  EXPECT_EQ(Read(theirs_.get()), text);
}

TEST_P(TransportTest, HandshakeNamesAPeerThatSpeaksNoTls) {
  if (!tls()) {
    return;
  }
  PeerSendsBare("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(ours_->Handshake(), IoResult::kFailed);
  EXPECT_TRUE(absl::IsUnavailable(ours_->status())) << ours_->status();
  EXPECT_TRUE(absl::StrContains(ours_->status().message(), "TLS handshake: "));
  EXPECT_EQ(ours_->Handshake(), IoResult::kFailed);
  EXPECT_EQ(Write(ours_.get(), "never in the open"), "kFailed");
  ours_->Shutdown();
}

// BoringSSL 14 takes an empty record after each warning, and a warning after
// each empty record, for ever; no key is needed to send them. A newer one
// counts the warnings and gives up in the first turn.
TEST_P(TransportTest, HandshakeLooksAtOneRecordsWorthOfBytesAtATime) {
  if (!tls()) {
    return;
  }
  const std::string pair = {22, 3, 1, 0, 0,  // handshake, no bytes
                            21, 3, 1, 0, 2,
                            1,  90};  // alert: warning, user_canceled
  std::string flood;
  while (flood.size() < 3 * kMaxRecordBytes) {
    flood += pair;
  }
  PeerSendsBare(flood);
  const IoResult first = ours_->Handshake();
  if (first == IoResult::kFailed) {
    EXPECT_TRUE(absl::StrContains(ours_->status().message(),
                                  "TOO_MANY_WARNING_ALERTS"));
    return;
  }
  EXPECT_EQ(first, IoResult::kMore);
  for (int turn = 2; turn <= 3; ++turn) {
    EXPECT_EQ(ours_->Handshake(), IoResult::kMore) << ours_->status();
  }
  EXPECT_EQ(ours_->Handshake(), IoResult::kWouldBlock);
}

TEST_P(TransportTest, HandshakeIsClosedByAPeerThatGoesAway) {
  if (!tls()) {
    return;
  }
  shutdown(theirs_->fd(), SHUT_WR);
  EXPECT_EQ(ours_->Handshake(), IoResult::kClosed);
}

INSTANTIATE_TEST_SUITE_P(Kinds, TransportTest,
                         testing::Values(Kind::kPlain, Kind::kTlsClient,
                                         Kind::kTlsServer, Kind::kTlsInTls),
                         [](const testing::TestParamInfo<Kind>& instance)
                             -> std::string {
                           switch (instance.param) {
                             case Kind::kPlain:
                               return "Plain";
                             case Kind::kTlsClient:
                               return "TlsClient";
                             case Kind::kTlsServer:
                               return "TlsServer";
                             case Kind::kTlsInTls:
                               return "TlsInTls";
                           }
                           return "?";
                         });

}  // namespace
}  // namespace ovoc::tunnel
