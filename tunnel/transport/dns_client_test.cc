// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/dns_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/lookup_failure.h"
#include "netif/dns/resolver_options.h"
#include "netif/dns/testing/dns_answer.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/transport/direct_socket_maker.h"

namespace ovoc::tunnel {
namespace {

using netif::DnsAnswer;
using netif::DnsMessage;
using netif::DnsType;
using netif::IpAddress;

using Bytes = std::vector<uint8_t>;

// Longer than any wait of a test that works.
constexpr absl::Duration kLimit = absl::Seconds(20);

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

// NameServer answers by UDP and TCP on one loopback port, from the event loop
// of the test. The answer is made by a function of the test; an empty one is
// silence.
class NameServer {
 public:
  enum class By { kUdp, kTcp };
  using Answer = std::function<Bytes(const DnsMessage&, const Bytes&, By)>;

  NameServer(EventLoop* loop, Answer answer)
      : loop_(loop), answer_(std::move(answer)) {
    // The port that UDP gets may be taken for TCP: then another.
    for (int i = 0; i < 20 && !Open(); ++i) {
    }
    EXPECT_TRUE(
        loop_->Watch(udp_.get(), EPOLLIN, [this](uint32_t) { OnDatagram(); })
            .ok());
    EXPECT_TRUE(
        loop_->Watch(tcp_.get(), EPOLLIN, [this](uint32_t) { OnConnection(); })
            .ok());
  }
  ~NameServer() {
    loop_->Unwatch(udp_.get());
    loop_->Unwatch(tcp_.get());
    for (const auto& [number, client] : clients_) {
      loop_->Unwatch(number);
    }
  }

  uint16_t port() const { return port_; }
  int udp_queries() const { return udp_queries_; }
  int tcp_queries() const { return tcp_queries_; }
  const std::set<uint16_t>& source_ports() const { return source_ports_; }

 private:
  bool Open() {
    sockaddr_in address = Loopback(0);
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    constexpr int kFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;
    udp_.Reset(socket(AF_INET, SOCK_DGRAM | kFlags, 0));
    tcp_.Reset(socket(AF_INET, SOCK_STREAM | kFlags, 0));
    if (bind(udp_.get(), generic, size) != 0 ||
        getsockname(udp_.get(), generic, &size) != 0) {
      return false;
    }
    port_ = ntohs(address.sin_port);
    return bind(tcp_.get(), generic, size) == 0 && listen(tcp_.get(), 8) == 0;
  }

  Bytes Reply(const Bytes& query, By by) {
    DnsMessage message;
    if (netif::DecodeDnsMessage(query, &message) != netif::DnsError::kNone ||
        !message.question.has_value()) {
      ADD_FAILURE() << "the client sent no question";
      return {};
    }
    return answer_(message, query, by);
  }

  void OnDatagram() {
    Bytes buffer(2048);
    sockaddr_in from = {};
    socklen_t from_size = sizeof(from);
    auto* const generic = reinterpret_cast<sockaddr*>(&from);
    const ssize_t size = recvfrom(udp_.get(), buffer.data(), buffer.size(), 0,
                                  generic, &from_size);
    if (size <= 0) {
      return;
    }
    buffer.resize(static_cast<size_t>(size));
    ++udp_queries_;
    source_ports_.insert(ntohs(from.sin_port));
    const Bytes reply = Reply(buffer, By::kUdp);
    if (!reply.empty()) {
      sendto(udp_.get(), reply.data(), reply.size(), 0, generic, from_size);
    }
  }

  void OnConnection() {
    netif::UniqueFd fd(
        accept4(tcp_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    const int number = fd.get();
    if (fd.valid()) {
      clients_[number].fd = std::move(fd);
      EXPECT_TRUE(loop_
                      ->Watch(number, EPOLLIN,
                              [this, number](uint32_t) { OnStream(number); })
                      .ok());
    }
  }

  void OnStream(int number) {
    Client& client = clients_[number];
    std::array<uint8_t, 2048> buffer;
    const ssize_t size = recv(number, buffer.data(), buffer.size(), 0);
    if (size > 0) {
      client.bytes.insert(client.bytes.end(), buffer.data(),
                          buffer.data() + size);
      const Bytes& bytes = client.bytes;
      if (bytes.size() < 2 ||
          bytes.size() < size_t{2} + (size_t{bytes[0]} << 8 | bytes[1])) {
        return;
      }
      ++tcp_queries_;
      SendStream(number,
                 Reply(Bytes(bytes.begin() + 2, bytes.end()), By::kTcp));
    }
    loop_->Unwatch(number);
    clients_.erase(number);
  }

  // RFC 1035 4.2.2: two bytes of length, here in a segment of their own.
  static void SendStream(int fd, const Bytes& reply) {
    const std::array<uint8_t, 2> prefix = {
        static_cast<uint8_t>(reply.size() >> 8),
        static_cast<uint8_t>(reply.size() & 0xff)};
    send(fd, prefix.data(), prefix.size(), MSG_NOSIGNAL);
    send(fd, reply.data(), reply.size(), MSG_NOSIGNAL);
  }

  struct Client {
    netif::UniqueFd fd;
    Bytes bytes;
  };

  EventLoop* const loop_;
  const Answer answer_;
  netif::UniqueFd udp_;
  netif::UniqueFd tcp_;
  std::map<int, Client> clients_;
  uint16_t port_ = 0;
  int udp_queries_ = 0;
  int tcp_queries_ = 0;
  std::set<uint16_t> source_ports_;
};

// 192.0.2.7 for A, no record for AAAA.
Bytes OneAddress(const DnsMessage& message, const Bytes& query,
                 NameServer::By) {
  DnsAnswer answer(query);
  if (message.question->type == DnsType::kA) {
    answer.Address("ovoc.example", 60, "192.0.2.7");
  } else {
    answer.Soa("example");
  }
  return answer.Bytes();
}

class DnsClientTest : public testing::Test, private DnsClient::Observer {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
  }

  void Serve(NameServer::Answer answer) {
    server_ = std::make_unique<NameServer>(loop_.get(), std::move(answer));
    socket_options_.dns_port = server_->port();
  }

  void Start(absl::string_view name) {
    client_ = std::make_unique<DnsClient>(
        loop_.get(), options_, &sockets_,
        [this](absl::Span<uint8_t> out) {
          for (uint8_t& byte : out) {
            byte = next_random_++;
          }
        },
        static_cast<DnsClient::Observer*>(this));
    client_->Start(name, MonotonicNow());
  }

  bool Run(absl::string_view name) {
    Start(name);
    const absl::Time limit = MonotonicNow() + kLimit;
    while (!done_) {
      if (MonotonicNow() > limit ||
          !loop_->RunOnce(std::min(limit, client_->NextTime())).ok()) {
        return false;
      }
      client_->OnTime(MonotonicNow());
    }
    return true;
  }

  void OnAddresses(absl::Span<const IpAddress> addresses,
                   MoreAddresses more) override {
    EXPECT_FALSE(done_);
    addresses_.clear();
    for (const IpAddress& address : addresses) {
      addresses_.push_back(address.ToString());
    }
    ++reports_;
    done_ = more == MoreAddresses::kNone;
    if (stop_at_first_) {
      client_->Stop();
      done_ = true;
    }
  }
  void OnLookupFailed(const absl::Status& why) override {
    EXPECT_FALSE(done_);
    failure_ = why;
    done_ = true;
  }

  std::unique_ptr<EventLoop> loop_;
  DnsClient::Options options_ = {.servers = {*IpAddress::Parse("127.0.0.1")}};
  SocketOptions socket_options_;
  DirectSocketMaker sockets_{&socket_options_};
  std::unique_ptr<NameServer> server_;
  std::unique_ptr<DnsClient> client_;
  uint8_t next_random_ = 1;
  bool stop_at_first_ = false;
  bool done_ = false;
  int reports_ = 0;
  std::vector<std::string> addresses_;
  absl::Status failure_;
};

TEST_F(DnsClientTest, ResolvesANameByUdp) {
  Serve(OneAddress);
  ASSERT_TRUE(Run("ovoc.example"));
  EXPECT_TRUE(failure_.ok()) << failure_;
  EXPECT_EQ(addresses_, std::vector<std::string>{"192.0.2.7"});
  EXPECT_EQ(server_->udp_queries(), 2) << "AAAA and A";
  EXPECT_EQ(server_->tcp_queries(), 0);
  EXPECT_EQ(client_->NextTime(), absl::InfiniteFuture());
}

// RFC 5452 9.2 MUST: an unpredictable source port from a large range (drawn by
// the kernel, for each question anew)
TEST_F(DnsClientTest, AsksEachQuestionFromAPortOfItsOwn) {
  Serve(OneAddress);
  ASSERT_TRUE(Run("ovoc.example"));
  EXPECT_EQ(server_->source_ports().size(), 2u);
}

TEST_F(DnsClientTest, AsksByTcpWhenTheAnswerIsTruncated) {
  Serve([](const DnsMessage& message, const Bytes& query, NameServer::By by) {
    return by == NameServer::By::kUdp ? DnsAnswer(query).Truncated().Bytes()
                                      : OneAddress(message, query, by);
  });
  ASSERT_TRUE(Run("ovoc.example"));
  EXPECT_TRUE(failure_.ok()) << failure_;
  EXPECT_EQ(addresses_, std::vector<std::string>{"192.0.2.7"});
  EXPECT_EQ(server_->tcp_queries(), 2);
}

TEST_F(DnsClientTest, FailsWhenTheNameDoesNotExist) {
  Serve([](const DnsMessage&, const Bytes& query, NameServer::By) {
    return DnsAnswer(query)
        .Rcode(netif::DnsRcode::kNxDomain)
        .Soa("example")
        .Bytes();
  });
  ASSERT_TRUE(Run("ovoc.example"));
  EXPECT_TRUE(absl::IsNotFound(failure_)) << failure_;
  EXPECT_TRUE(addresses_.empty());
}

TEST_F(DnsClientTest, FailsWhenNobodyListens) {
  Serve(OneAddress);
  server_.reset();  // the port is closed again: ICMP says so
  Start("ovoc.example");
  for (int i = 0; i < 50 && !done_; ++i) {
    ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok());
    client_->OnTime(client_->NextTime());  // instants: nobody waits for them
  }
  EXPECT_TRUE(done_);
  EXPECT_TRUE(absl::IsUnavailable(failure_)) << failure_;
  EXPECT_EQ(client_->result().failure, netif::LookupFailure::kPortClosed);
  EXPECT_EQ(CauseOf(failure_), EndCause::kNameServerClosed);
  EXPECT_TRUE(absl::StrContains(failure_.message(),
                                "127.0.0.1 has its DNS port closed"))
      << failure_;
}

// The remedy goes by it: to allow port 53 helps nobody whom the server refuses.
TEST_F(DnsClientTest, SaysWhichFailureItWas) {
  const struct {
    netif::DnsRcode rcode;
    EndCause cause;
    absl::string_view text;
  } kCases[] = {
      {netif::DnsRcode::kRefused, EndCause::kNameServerRefuses,
       "no usable answer (127.0.0.1 answered REFUSED)"},
      {netif::DnsRcode::kServFail, EndCause::kNameServerFails,
       "no usable answer (127.0.0.1 answered SERVFAIL)"},
      {netif::DnsRcode::kNotImp, EndCause::kNameServersFailed,
       "no usable answer (127.0.0.1 answered NOTIMP)"},
      {netif::DnsRcode::kNxDomain, EndCause::kNoSuchName, "no such name"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.text);
    Serve([&c](const DnsMessage&, const Bytes& query, NameServer::By) {
      return DnsAnswer(query).Rcode(c.rcode).Soa("example").Bytes();
    });
    done_ = false;
    Start("ovoc.example");
    for (int i = 0; i < 50 && !done_; ++i) {
      for (int j = 0; j < 6; ++j) {  // a question, an answer, and what follows
        ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok());
      }
      if (!done_) {
        client_->OnTime(client_->NextTime());  // nobody waits for a round's end
      }
    }
    ASSERT_TRUE(done_);
    EXPECT_EQ(CauseOf(failure_), c.cause);
    EXPECT_TRUE(absl::StrContains(failure_.message(), c.text)) << failure_;
  }
}

TEST_F(DnsClientTest, AsksASilentServerAgainAndGivesUpAtTheDeadline) {
  Serve(
      [](const DnsMessage&, const Bytes&, NameServer::By) { return Bytes(); });
  Start("ovoc.example");
  // Instants are passed in: nobody waits for them.
  for (int i = 0; i < 50 && !done_; ++i) {
    client_->OnTime(client_->NextTime());
  }
  EXPECT_TRUE(done_);
  EXPECT_TRUE(absl::IsUnavailable(failure_)) << failure_;
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok());
  }
  EXPECT_GE(server_->udp_queries(), 4) << "each question more than once";
}

TEST_F(DnsClientTest, IgnoresAnAnswerToAnotherQuestion) {
  Serve([](const DnsMessage& message, const Bytes& query, NameServer::By by) {
    Bytes answer = OneAddress(message, query, by);
    answer[0] ^= 0x55;  // the id
    return answer;
  });
  Start("ovoc.example");
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok());
  }
  EXPECT_FALSE(done_);
  EXPECT_EQ(reports_, 0);
}

// Sends `bytes` to the loopback port `to`, from `address` and a port.
void Forge(const char* address, uint16_t from, uint16_t to,
           const Bytes& bytes) {
  const netif::UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in source = Loopback(from);
  ASSERT_EQ(inet_pton(AF_INET, address, &source.sin_addr), 1);
  ASSERT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&source),
                 sizeof(source)),
            0);
  const sockaddr_in target = Loopback(to);
  ASSERT_EQ(sendto(fd.get(), bytes.data(), bytes.size(), 0,
                   reinterpret_cast<const sockaddr*>(&target), sizeof(target)),
            static_cast<ssize_t>(bytes.size()));
}

// RFC 5452 9.1 MUST: a response matches the query's addresses and ports
TEST_F(DnsClientTest, IgnoresAnAnswerFromAnotherAddressOrPort) {
  int forged = 0;
  Serve([&](const DnsMessage& message, const Bytes& query, NameServer::By by) {
    const Bytes answer =
        DnsAnswer(query).Address("ovoc.example", 60, "192.0.2.66").Bytes();
    for (uint16_t to : server_->source_ports()) {
      // Right in all but where it comes from, and there before the right one.
      Forge("127.0.0.1", 0, to, answer);
      Forge("127.0.0.2", server_->port(), to, answer);
      ++forged;
    }
    return OneAddress(message, query, by);
  });
  ASSERT_TRUE(Run("ovoc.example"));
  EXPECT_GE(forged, 2);
  EXPECT_TRUE(failure_.ok()) << failure_;
  EXPECT_EQ(addresses_, std::vector<std::string>{"192.0.2.7"});
}

TEST_F(DnsClientTest, KeepsLifetimesForWhoAsks) {
  Serve(OneAddress);
  ASSERT_TRUE(Run("ovoc.example"));
  ASSERT_EQ(client_->result().addresses.size(), 1u);
  EXPECT_EQ(client_->result().addresses[0].ttl, absl::Seconds(60));
  EXPECT_EQ(client_->result().failure, netif::LookupFailure::kNone);
}

TEST_F(DnsClientTest, KeepsWhyThereIsNoAddressInOneWord) {
  Serve([](const DnsMessage&, const Bytes& query, NameServer::By) {
    return DnsAnswer(query).Soa("example").Bytes();
  });
  ASSERT_TRUE(Run("ovoc.example"));
  EXPECT_EQ(client_->result().failure, netif::LookupFailure::kNoData);
  EXPECT_EQ(client_->result().status, failure_);
}

TEST_F(DnsClientTest, AsksForOneFamilyWhenOneIsWanted) {
  options_.families = netif::AddressFamilies::kIpv4;
  Serve(OneAddress);
  ASSERT_TRUE(Run("ovoc.example"));
  EXPECT_EQ(addresses_, std::vector<std::string>{"192.0.2.7"});
  EXPECT_EQ(server_->udp_queries(), 1);
}

TEST_F(DnsClientTest, NeedsNoServerForLocalhost) {
  ASSERT_TRUE(Run("localhost"));
  EXPECT_EQ(addresses_, (std::vector<std::string>{"::1", "127.0.0.1"}));
}

TEST_F(DnsClientTest, SaysSoWhenThereIsNoServerToAsk) {
  options_.servers.clear();
  Start("ovoc.example");
  EXPECT_TRUE(done_);
  EXPECT_TRUE(absl::IsUnavailable(failure_)) << failure_;
  EXPECT_TRUE(absl::StartsWith(failure_.message(), "there is no name server"))
      << failure_;
}

TEST_F(DnsClientTest, RefusesWhatIsNoName) {
  Start("no..name");
  EXPECT_TRUE(done_);
  EXPECT_FALSE(failure_.ok());
  EXPECT_EQ(client_->NextTime(), absl::InfiniteFuture());
}

TEST_F(DnsClientTest, MayBeStoppedFromWithinAReport) {
  stop_at_first_ = true;
  Serve(OneAddress);
  ASSERT_TRUE(Run("ovoc.example"));
  EXPECT_EQ(reports_, 1);
  client_->OnTime(MonotonicNow() + absl::Hours(1));
  ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok());
}

TEST_F(DnsClientTest, SaysNothingOnceStopped) {
  Serve(OneAddress);
  Start("ovoc.example");
  client_->Stop();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok());
  }
  EXPECT_FALSE(done_);
  EXPECT_EQ(reports_, 0);
}

}  // namespace
}  // namespace ovoc::tunnel
