// SPDX-License-Identifier: Apache-2.0
//
// The edge over real sockets of the loopback, client and server in one thread.
#include "conformance/ovoc_server/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "conformance/ovoc_server/server_listener.h"
#include "conformance/ovoc_server/server_tls.h"
#include "conformance/ovoc_server/throwaway_certificate.h"
#include "gtest/gtest.h"
#include "netif/checksum.h"
#include "netif/ip_address.h"
#include "netif/linux/unique_fd.h"
#include "openssl/ssl.h"
#include "tunnel/report/log.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/tls_transport.h"
#include "tunnel/transport/transport.h"

namespace ovoc::conformance {
namespace {

using Bytes = std::vector<uint8_t>;
using tunnel::IoResult;

constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr size_t kManyClients = 500;

constexpr absl::string_view kRequest =
    "GET /tun HTTP/1.1\r\n"
    "Host: ovoc.example.net\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Authorization: Basic VlBOOjEyMzQ1Ng==\r\n"
    "\r\n";

// Keeps the log's lines.
class LineSink : public tunnel::LogSink {
 public:
  explicit LineSink(std::vector<std::string>* lines) : lines_(lines) {}
  bool Write(tunnel::LogLevel, absl::Time, absl::string_view text) override {
    lines_->emplace_back(text);
    return true;
  }

 private:
  std::vector<std::string>* const lines_;
};

// A packet of `size` bytes whose last is 0x42.
Bytes Packet(uint32_t source, uint32_t destination, size_t size) {
  Bytes packet(size, 0);
  packet[0] = 0x45;
  for (size_t i = 0; i < 4; ++i) {
    packet[12 + i] = static_cast<uint8_t>(source >> (24 - 8 * i));
    packet[16 + i] = static_cast<uint8_t>(destination >> (24 - 8 * i));
  }
  packet.back() = 0x42;
  return packet;
}

// An ICMP echo request from `source` to 169.254.0.1, checksums right.
Bytes EchoRequest(uint32_t source) {
  Bytes packet = Packet(source, 0xA9FE0001, 28);
  packet[3] = 28;  // total length
  packet[8] = 64;  // TTL
  packet[9] = 1;   // ICMP
  packet[20] = 8;  // echo request
  const uint16_t icmp =
      netif::InternetChecksum(absl::MakeConstSpan(packet).subspan(20));
  packet[22] = static_cast<uint8_t>(icmp >> 8);
  packet[23] = static_cast<uint8_t>(icmp & 0xff);
  const uint16_t header =
      netif::InternetChecksum(absl::MakeConstSpan(packet).first(20));
  packet[10] = static_cast<uint8_t>(header >> 8);
  packet[11] = static_cast<uint8_t>(header & 0xff);
  return packet;
}

// Masked with zeros; packets under 126 bytes.
std::string Framed(const Bytes& packet) {
  std::string frame = {'\x82', static_cast<char>(0x80 | packet.size()), 0, 0, 0,
                       0};
  frame.append(packet.begin(), packet.end());
  return frame;
}

// A client's socket, plain or TLS, and what it has received.
struct Client {
  std::unique_ptr<tunnel::Transport> transport;
  bool shaken = false;
  bool closed = false;
  std::string to_send;
  std::string received;

  // Does what can be done without waiting.
  void Turn() {
    if (!shaken && transport->Handshake() == IoResult::kDone) {
      shaken = true;
    }
    if (!shaken || closed) {
      return;
    }
    size_t count = 0;
    while (!to_send.empty() &&
           transport->Write({reinterpret_cast<const uint8_t*>(to_send.data()),
                             to_send.size()},
                            &count) == IoResult::kDone) {
      to_send.erase(0, count);
    }
    (void)transport->Flush();
    Bytes buffer(65536);
    IoResult result = IoResult::kDone;
    while ((result = transport->Read(absl::MakeSpan(buffer), &count)) ==
           IoResult::kDone) {
      received.append(buffer.begin(),
                      buffer.begin() + static_cast<std::ptrdiff_t>(count));
    }
    closed = result != IoResult::kWouldBlock;
  }
};

class ServerTest : public testing::Test {
 protected:
  void StartServer(Server::Options options) {
    absl::StatusOr<std::unique_ptr<tunnel::EventLoop>> loop =
        tunnel::EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    log_ = std::make_unique<tunnel::Logger>(std::make_unique<LineSink>(&lines_),
                                            tunnel::LogLevel::kDebug);
    absl::StatusOr<netif::UniqueFd> listener =
        OpenListener(*ParseListenAddress("127.0.0.1:0"));
    ASSERT_TRUE(listener.ok()) << listener.status();
    address_ = *LocalAddress(listener->get());
    absl::StatusOr<std::unique_ptr<Server>> server = Server::Create(
        std::move(options), *std::move(listener), loop_.get(), log_.get());
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  void StartServer(ServerStyle style) {
    Server::Options options;
    options.peer.rules.style = style;
    options.user = "VPN";
    StartServer(std::move(options));
  }

  // A socket on its way to the server.
  netif::UniqueFd Connect() {
    netif::UniqueFd fd(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    to.sin_port = htons(address_.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(
        connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)),
        0);
    fcntl(fd.get(), F_SETFL, O_NONBLOCK);
    return fd;
  }

  Client PlainClient() {
    Client client;
    client.transport = std::make_unique<tunnel::PlainTransport>(Connect());
    client.to_send = std::string(kRequest);
    return client;
  }

  // Lets everybody work until `ready`, or patience ends.
  template <typename Ready>
  bool Until(std::vector<Client*> clients, Ready ready) {
    const absl::Time end = tunnel::MonotonicNow() + kPatience;
    while (!ready()) {
      if (tunnel::MonotonicNow() > end) {
        return false;
      }
      for (Client* client : clients) {
        client->Turn();
      }
      EXPECT_TRUE(
          server_->RunOnce(tunnel::MonotonicNow() + absl::Milliseconds(1))
              .ok());
    }
    return true;
  }

  // Waits until a client has its 101, and forgets that.
  bool Upgrade(Client& client) {
    const bool done = Until(
        {&client}, [&] { return absl::EndsWith(client.received, "\r\n\r\n"); });
    EXPECT_TRUE(absl::StartsWith(client.received, "HTTP/1.1 101 "));
    client.received.clear();
    return done;
  }

  bool HasLine(absl::string_view start, absl::string_view part) const {
    for (const std::string& line : lines_) {
      if (absl::StartsWith(line, start) && absl::StrContains(line, part)) {
        return true;
      }
    }
    return false;
  }

  std::vector<std::string> lines_;
  std::unique_ptr<tunnel::EventLoop> loop_;
  std::unique_ptr<tunnel::Logger> log_;
  ListenAddress address_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, CarriesPacketsOfTwoDevicesAndAnswersEchoRequests) {
  for (const ServerStyle style :
       {ServerStyle::kStrict, ServerStyle::kLegacyDirect,
        ServerStyle::kLegacyNginx}) {
    lines_.clear();
    server_.reset();
    StartServer(style);
    Client a = PlainClient();
    ASSERT_TRUE(Upgrade(a));
    Client b = PlainClient();
    ASSERT_TRUE(Upgrade(b));
    EXPECT_TRUE(HasLine("event=peer_up", "overlay=169.254.0.2"));
    EXPECT_TRUE(HasLine("event=peer_up", "overlay=169.254.0.3"));
    a.to_send = Framed(Packet(0xA9FE0002, 0xA9FE0003, 40));
    ASSERT_TRUE(Until({&a, &b}, [&] { return b.received.size() == 42; }));
    EXPECT_EQ(b.received.back(), 0x42);
    b.to_send = Framed(EchoRequest(0xA9FE0003));
    b.received.clear();
    ASSERT_TRUE(Until({&a, &b}, [&] { return b.received.size() == 30; }));
    EXPECT_EQ(b.received[22], 0);  // echo reply
    EXPECT_TRUE(a.received.empty());
  }
}

TEST_F(ServerTest, SaysWhyAPeerIsGoneAndGivesItsAddressAway) {
  StartServer(ServerStyle::kStrict);
  Client a = PlainClient();
  ASSERT_TRUE(Upgrade(a));
  a.to_send = std::string("\x88\x80\0\0\0\0", 6);  // Close without a code
  ASSERT_TRUE(Until({&a}, [&] { return a.closed; }));
  EXPECT_EQ(a.received, std::string("\x88\0", 2));
  a.transport.reset();
  ASSERT_TRUE(Until({}, [&] { return server_->connection_count() == 0; }));
  EXPECT_TRUE(HasLine("event=peer_down", "reason=close_frame"));
  EXPECT_EQ(server_->hub().peer_count(), 0u);
  Client b = PlainClient();
  ASSERT_TRUE(Upgrade(b));
  b.transport.reset();
  ASSERT_TRUE(Until({}, [&] { return server_->connection_count() == 0; }));
  EXPECT_TRUE(HasLine("event=peer_down", "reason=peer_closed"));
}

TEST_F(ServerTest, RefusesAndCloses) {
  StartServer(ServerStyle::kStrict);
  Client client = PlainClient();
  client.to_send = "GET /tun HTTP/1.1\r\nHost: a\r\n\r\n";
  ASSERT_TRUE(Until({&client}, [&] { return client.closed; }));
  EXPECT_TRUE(absl::StartsWith(client.received, "HTTP/1.1 401 "));
  client.transport.reset();
  ASSERT_TRUE(Until({}, [&] { return server_->connection_count() == 0; }));
  EXPECT_TRUE(HasLine("event=peer_refused", "reason=refused"));
}

TEST_F(ServerTest, SpeaksTls) {
  const ThrowawayCertificate pem = MakeThrowawayCertificate();
  absl::StatusOr<bssl::UniquePtr<SSL_CTX>> context =
      MakeServerTls(pem.certificate, pem.private_key);
  ASSERT_TRUE(context.ok()) << context.status();
  Server::Options options;
  options.tls = *std::move(context);
  StartServer(std::move(options));
  const bssl::UniquePtr<SSL_CTX> client_context(
      SSL_CTX_new(TLS_client_method()));
  bssl::UniquePtr<SSL> ssl(SSL_new(client_context.get()));
  SSL_set_connect_state(ssl.get());
  Client client;
  client.transport =
      std::make_unique<tunnel::TlsTransport>(Connect(), std::move(ssl));
  client.to_send = std::string(kRequest);
  ASSERT_TRUE(Upgrade(client));
  client.to_send = Framed(EchoRequest(0xA9FE0002));
  ASSERT_TRUE(Until({&client}, [&] { return client.received.size() == 30; }));
  // A client that speaks no TLS is dropped.
  Client plain = PlainClient();
  ASSERT_TRUE(Until({&plain}, [&] { return plain.closed; }));
  ASSERT_TRUE(Until({}, [&] { return server_->connection_count() == 1; }));
  EXPECT_TRUE(HasLine("event=peer_refused", "reason=transport"));
}

TEST_F(ServerTest, StopsWithAGoodbye) {
  StartServer(ServerStyle::kStrict);
  Client client = PlainClient();
  ASSERT_TRUE(Upgrade(client));
  server_->Stop();
  ASSERT_TRUE(Until({&client}, [&] { return client.closed; }));
  EXPECT_EQ(client.received, "\x88\x02\x03\xe9");  // Close 1001
  // The client goes on holding its side: the server does not wait for it long.
  ASSERT_TRUE(Until({}, [&] { return server_->connection_count() == 0; }));
  EXPECT_TRUE(HasLine("event=peer_down", "reason=stopped"));
}

TEST_F(ServerTest, CarriesFiveHundredClientsAtOnce) {
  // Both ends are in this process: two descriptors a client.
  rlimit files = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
  StartServer(ServerStyle::kStrict);
  std::vector<Client> clients;
  std::vector<Client*> all;
  for (size_t i = 0; i < kManyClients; ++i) {
    clients.push_back(PlainClient());
  }
  for (Client& client : clients) {
    all.push_back(&client);
  }
  ASSERT_TRUE(
      Until(all, [&] { return server_->hub().peer_count() == kManyClients; }));
  ASSERT_TRUE(Until(all, [&] {
    for (const Client& client : clients) {
      if (!absl::EndsWith(client.received, "\r\n\r\n")) {
        return false;
      }
    }
    return true;
  }));
  for (Client& client : clients) {
    const size_t at = client.received.find("X-Audc-OverlayIP: ") + 18;
    const std::string text =
        client.received.substr(at, client.received.find('\r', at) - at);
    client.received.clear();
    client.to_send =
        Framed(EchoRequest(netif::Ipv4Address::Parse(text)->value()));
  }
  EXPECT_TRUE(Until(all, [&] {
    for (const Client& client : clients) {
      if (client.received.size() != 30) {
        return false;
      }
    }
    return true;
  }));
  EXPECT_EQ(server_->hub().counters().to_device, kManyClients);
}

}  // namespace
}  // namespace ovoc::conformance
