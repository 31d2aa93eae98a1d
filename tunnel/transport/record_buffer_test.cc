// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/record_buffer.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "openssl/err.h"
#include "tunnel/transport/byte_carrier.h"
#include "tunnel/transport/testing/test_identity.h"

namespace ovoc::tunnel {
namespace {

// One end of a TLS connection over a RecordBuffer.
struct End {
  explicit End(int fd)
      : socket(fd), records(std::make_unique<SocketCarrier>(fd)) {}

  netif::UniqueFd socket;
  RecordBuffer records;
  bssl::UniquePtr<SSL> ssl;
};

// SOCK_SEQPACKET keeps the bounds of what was sent with one call, so that the
// test can count the calls; a receive gives one of these at most.
class RecordBufferTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { signal(SIGPIPE, SIG_IGN); }

  void SetUp() override { Make(SOCK_STREAM); }

  void Make(int type) {
    std::array<int, 2> fds = {-1, -1};
    ASSERT_EQ(
        socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()),
        0);
    client_ = std::make_unique<End>(fds[0]);
    server_ = std::make_unique<End>(fds[1]);
    server_context_ =
        TestIdentity::Root("root").Issue("DNS:localhost").ServerContext();
    client_context_.reset(SSL_CTX_new(TLS_method()));
    client_->ssl.reset(SSL_new(client_context_.get()));
    server_->ssl.reset(SSL_new(server_context_.get()));
    SSL_set_connect_state(client_->ssl.get());
    SSL_set_accept_state(server_->ssl.get());
    for (End* const end : {client_.get(), server_.get()}) {
      SSL_set_mode(end->ssl.get(), SSL_MODE_ENABLE_PARTIAL_WRITE);
      end->records.Connect(end->ssl.get());
    }
  }

  void Connect() {
    for (int i = 0; i < 10; ++i) {
      for (End* const end : {client_.get(), server_.get()}) {
        end->records.AllowInput();
        SSL_do_handshake(end->ssl.get());
      }
    }
    ASSERT_FALSE(SSL_in_init(client_->ssl.get()));
    ASSERT_FALSE(SSL_in_init(server_->ssl.get()));
    EXPECT_EQ(ReadOnce(client_.get()), "");  // the session tickets
    EXPECT_FALSE(client_->records.has_input());
  }

  static std::string ReadOnce(End* end) {
    std::vector<char> out(1 << 17);
    end->records.AllowInput();
    const int count = SSL_read(end->ssl.get(), out.data(), 1 << 17);
    return {out.data(), static_cast<size_t>(count < 0 ? 0 : count)};
  }

  static std::string ReadAll(End* end) {
    std::string all;
    for (std::string piece = ReadOnce(end); !piece.empty();
         piece = ReadOnce(end)) {
      all += piece;
    }
    return all;
  }

  static void WriteRecord(End* end, const std::string& text) {
    ASSERT_TRUE(end->records.HasRoom());
    ASSERT_EQ(
        SSL_write(end->ssl.get(), text.data(), static_cast<int>(text.size())),
        static_cast<int>(text.size()));
  }

  // What waits in the end's socket, without taking it.
  static size_t Arrived(const End& end) {
    std::vector<char> out(1 << 20);
    const ssize_t size =
        recv(end.socket.get(), out.data(), out.size(), MSG_PEEK | MSG_DONTWAIT);
    return size < 0 ? 0 : static_cast<size_t>(size);
  }

  bssl::UniquePtr<SSL_CTX> server_context_;
  bssl::UniquePtr<SSL_CTX> client_context_;
  std::unique_ptr<End> client_;
  std::unique_ptr<End> server_;
};

TEST_F(RecordBufferTest, SendsNothingBeforeFlushButTheHandshake) {
  Connect();
  WriteRecord(client_.get(), "one");
  EXPECT_GT(client_->records.output_bytes(), 0u);
  EXPECT_EQ(Arrived(*server_), 0u);
  EXPECT_TRUE(client_->records.Flush());
  EXPECT_EQ(client_->records.output_bytes(), 0u);
  EXPECT_EQ(ReadAll(server_.get()), "one");
}

TEST_F(RecordBufferTest, SendsManyRecordsWithOneCall) {
  Make(SOCK_SEQPACKET);
  Connect();
  for (const char* const text : {"one", "two", "three"}) {
    WriteRecord(client_.get(), text);
  }
  EXPECT_TRUE(client_->records.Flush());
  const size_t all = Arrived(*server_);
  EXPECT_GT(all, 3u * 5);
  std::vector<char> out(all + 1);
  EXPECT_EQ(recv(server_->socket.get(), out.data(), out.size(), 0),
            static_cast<ssize_t>(all));
  EXPECT_EQ(Arrived(*server_), 0u) << "a second call";
}

TEST_F(RecordBufferTest, ReceivesManySmallRecordsWithOneCall) {
  Connect();
  std::string expected;
  for (int i = 0; i < 40; ++i) {
    const std::string text(static_cast<size_t>(1 + i * 37), 'r');
    WriteRecord(client_.get(), text);
    expected += text;
    EXPECT_TRUE(client_->records.Flush());
  }
  std::string received = ReadOnce(server_.get());
  EXPECT_EQ(received.size(), 1u) << "one record at a time";
  EXPECT_EQ(Arrived(*server_), 0u) << "the others were left in the socket";
  EXPECT_TRUE(server_->records.has_input());
  received += ReadAll(server_.get());
  EXPECT_EQ(received, expected);
  EXPECT_FALSE(server_->records.has_input());
}

TEST_F(RecordBufferTest, CarriesRecordsOfEverySizeHoweverTheyAreCut) {
  Connect();
  std::string expected;
  std::string received;
  for (size_t size = 1; size <= 16384; size += 331) {
    const std::string text(size, static_cast<char>('a' + size % 26));
    WriteRecord(client_.get(), text);
    expected += text;
    if (size % 3 == 0) {
      ASSERT_TRUE(client_->records.Flush());
      received += ReadAll(server_.get());
    }
    while (!client_->records.HasRoom()) {
      ASSERT_TRUE(client_->records.Flush());
      received += ReadAll(server_.get());
    }
  }
  EXPECT_TRUE(client_->records.Flush());
  received += ReadAll(server_.get());
  EXPECT_EQ(received.size(), expected.size());
  EXPECT_TRUE(received == expected);
}

TEST_F(RecordBufferTest, GivesOneRecordsWorthAtATimeAndSaysThatItHeldBack) {
  Connect();
  std::array<uint8_t, 4096> bytes = {};
  size_t sent = 0;
  while (sent < 3 * kMaxRecordBytes) {
    const ssize_t size =
        send(client_->socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    ASSERT_GT(size, 0);
    sent += static_cast<size_t>(size);
  }
  BIO* const bio = SSL_get_rbio(server_->ssl.get());
  size_t taken = 0;
  for (int turn = 1; turn <= 3; ++turn) {
    server_->records.AllowInput();
    EXPECT_FALSE(server_->records.held_back());
    int size = 1;
    while (size > 0) {
      size = BIO_read(bio, bytes.data(), 1000);
      taken += size > 0 ? static_cast<size_t>(size) : 0;
    }
    EXPECT_TRUE(BIO_should_read(bio)) << "the stream goes on";
    EXPECT_TRUE(server_->records.held_back());
    EXPECT_EQ(taken, static_cast<size_t>(turn) * kMaxRecordBytes);
  }
}

TEST_F(RecordBufferTest, HasNotHeldBackWhatIsNotThere) {
  Connect();
  WriteRecord(client_.get(), "one");
  EXPECT_TRUE(client_->records.Flush());
  EXPECT_EQ(ReadAll(server_.get()), "one");
  EXPECT_FALSE(server_->records.held_back());
}

TEST_F(RecordBufferTest, KeepsRoomForARecordWhileItSaysSo) {
  Connect();
  int records = 0;
  const std::string full(16384, 'x');
  while (client_->records.HasRoom()) {
    WriteRecord(client_.get(), full);
    ++records;
  }
  EXPECT_GE(records, 4);
  EXPECT_LE(records, 5) << "what waits is bounded";
}

// As a long flight of the handshake does, which nobody asks HasRoom for.
TEST_F(RecordBufferTest, SendsByItselfWhatLeavesNoRoomAndSaysWhenItCannot) {
  Connect();
  const std::string full(16384, 'x');
  size_t written = 0;
  int result = 1;
  while (result > 0) {
    ERR_clear_error();
    result = SSL_write(client_->ssl.get(), full.data(),
                       static_cast<int>(full.size()));
    written += result > 0 ? static_cast<size_t>(result) : 0;
  }
  EXPECT_EQ(SSL_get_error(client_->ssl.get(), result), SSL_ERROR_WANT_WRITE);
  EXPECT_GT(Arrived(*server_), 0u);
  EXPECT_EQ(ReadAll(server_.get()).size() % full.size(), 0u);
  EXPECT_GT(written, 6 * full.size());
  server_.reset();
  result =
      SSL_write(client_->ssl.get(), full.data(), static_cast<int>(full.size()));
  EXPECT_EQ(SSL_get_error(client_->ssl.get(), result), SSL_ERROR_SYSCALL);
}

TEST_F(RecordBufferTest, AFullSocketIsNoFailureAndLosesNothing) {
  Connect();
  const std::string full(16384, 'x');
  size_t written = 0;
  while (client_->records.output_bytes() == 0) {
    WriteRecord(client_.get(), full);
    written += full.size();
    ASSERT_TRUE(client_->records.Flush());
  }
  std::string received = ReadAll(server_.get());
  EXPECT_LT(received.size(), written);
  EXPECT_TRUE(client_->records.Flush());
  EXPECT_EQ(client_->records.output_bytes(), 0u);
  received += ReadAll(server_.get());
  EXPECT_EQ(received.size(), written);
}

TEST_F(RecordBufferTest, SaysThatTheSocketHasFailed) {
  Connect();
  server_.reset();
  WriteRecord(client_.get(), "to nobody");
  EXPECT_FALSE(client_->records.Flush());
  EXPECT_EQ(errno, EPIPE);
}

TEST_F(RecordBufferTest, GivesWhatCameBeforeTheEndOfTheStream) {
  Connect();
  WriteRecord(client_.get(), "last");
  EXPECT_TRUE(client_->records.Flush());
  client_.reset();
  EXPECT_EQ(ReadOnce(server_.get()), "last");
  std::array<char, 16> out;
  server_->records.AllowInput();
  errno = 0;
  EXPECT_EQ(SSL_read(server_->ssl.get(), out.data(), out.size()), 0);
  EXPECT_EQ(SSL_get_error(server_->ssl.get(), 0), SSL_ERROR_SYSCALL);
}

}  // namespace
}  // namespace ovoc::tunnel
