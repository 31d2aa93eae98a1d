// SPDX-License-Identifier: Apache-2.0
#include "tunnel/attempt/attempt.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/session/testing/send_copy.h"
#include "tunnel/testing/loopback_server.h"
#include "tunnel/testing/test_packet.h"
#include "tunnel/transport/direct_socket_maker.h"

namespace ovoc::tunnel {
namespace {

// Longer than any wait of a test that works.
constexpr absl::Duration kLimit = absl::Seconds(20);

std::string Hex(absl::Span<const uint8_t> bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

// Writes down what it is told, one word each.
class Observer : public Attempt::Observer, public Session::Sink {
 public:
  void OnResolving() override { Add("resolving"); }
  void OnResolved(absl::Span<const netif::IpAddress> addresses) override {
    Add(absl::StrCat("resolved ", addresses.size()));
  }
  void OnConnecting(const netif::IpAddress& address) override {
    Add(absl::StrCat("connecting ", address.ToString()));
  }
  void OnConnected(const netif::IpAddress& address,
                   absl::Duration took) override {
    EXPECT_GE(took, absl::ZeroDuration());
    Add(absl::StrCat("connected ", address.ToString()));
  }
  void OnSecured(const TlsClientTransport* tls) override {
    Add(tls == nullptr ? "plain" : "secured");
  }
  void OnOpen(const netif::Ipv4Prefix& overlay) override {
    Add(absl::StrCat("open ", overlay.ToString()));
  }
  void OnPacket(absl::Span<const uint8_t> packet) override {
    packets.push_back(Hex(packet));
  }
  void OnEnd(const End& ended) override {
    Add("end");
    end = ended;
  }

  bool Saw(absl::string_view word) const {
    return std::find(words.begin(), words.end(), std::string(word)) !=
           words.end();
  }

  std::vector<std::string> words;
  std::vector<std::string> packets;
  std::optional<End> end;

 private:
  void Add(absl::string_view word) {
    EXPECT_FALSE(end.has_value()) << word << " after the end";
    words.emplace_back(word);
  }
};

class AttemptTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    server_ = std::make_unique<LoopbackServer>(loop_.get());
    options_.server = "127.0.0.1";
    options_.address = netif::IpAddress::Parse("127.0.0.1");
    options_.port = server_->port();
    socket_options_.server_port = server_->port();
    options_.sockets = &sockets_;
    options_.session.host = "127.0.0.1";
    options_.session.shown_port = server_->port();
    options_.session.user_agent = "test/1";
  }

  // A new attempt, not begun.
  Attempt& Make() {
    attempt_.reset();
    observer_ = Observer();
    attempt_ = std::make_unique<Attempt>(
        loop_.get(), options_,
        [this](absl::Span<uint8_t> out) {
          for (uint8_t& byte : out) {
            byte = next_random_++;
          }
        },
        &observer_, &observer_);
    return *attempt_;
  }

  SendResult Send(const std::vector<uint8_t>& packet) {
    return SendCopy(packet, MonotonicNow(), attempt_->session());
  }

  // Runs attempt and server until `done`; false when that does not come.
  bool RunUntil(const std::function<bool()>& done) {
    const absl::Time limit = MonotonicNow() + kLimit;
    while (!done()) {
      if (MonotonicNow() > limit ||
          !loop_->RunOnce(std::min(limit, attempt_->NextTime())).ok()) {
        return false;
      }
      attempt_->OnTime(MonotonicNow());
    }
    return true;
  }
  bool RunUntilEnd() {
    return RunUntil([this] { return observer_.end.has_value(); });
  }
  bool RunUntilOpen() {
    Make().Start(MonotonicNow());
    return RunUntil([this] {
      return observer_.Saw("open 169.254.0.2/32") || observer_.end.has_value();
    });
  }

  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<LoopbackServer> server_;
  SocketOptions socket_options_;
  DirectSocketMaker sockets_{&socket_options_};
  Attempt::Options options_;
  uint8_t next_random_ = 1;
  Observer observer_;
  std::unique_ptr<Attempt> attempt_;
};

// RFC 6455 4.1 MUST: connect, send the handshake, read the answer
TEST_F(AttemptTest, TellsEachStepInOrder) {
  ASSERT_TRUE(RunUntilOpen());
  EXPECT_EQ(observer_.words, (std::vector<std::string>{
                                 "connecting 127.0.0.1", "connected 127.0.0.1",
                                 "plain", "open 169.254.0.2/32"}));
  EXPECT_TRUE(absl::StartsWith(
      server_->request(), absl::StrCat("GET /tun HTTP/1.1\r\nHost: 127.0.0.1:",
                                       server_->port(), "\r\n")))
      << server_->request();
  ASSERT_NE(attempt_->session(), nullptr);
  EXPECT_EQ(attempt_->session()->state(), Session::State::kOpen);
}

TEST_F(AttemptTest, CarriesPacketsBothWays) {
  ASSERT_TRUE(RunUntilOpen());
  const std::vector<uint8_t> up = TestPacket(kTestDevice, kTestOvoc, 1500);
  const std::vector<uint8_t> down = TestPacket(kTestOvoc, kTestDevice, 1500);
  EXPECT_EQ(Send(up), SendResult::kQueued);
  attempt_->connection()->Flush(MonotonicNow());
  server_->SendPacket(down);
  std::vector<std::string> frames;
  ASSERT_TRUE(RunUntil([&] {
    for (std::string& frame : server_->TakeFrames()) {
      frames.push_back(std::move(frame));
    }
    return !frames.empty() && !observer_.packets.empty();
  }));
  EXPECT_EQ(frames, std::vector<std::string>{absl::StrCat("82", Hex(up))});
  EXPECT_EQ(observer_.packets, std::vector<std::string>{Hex(down)});
}

// RFC 6455 4.1 MUST: the nonce is selected randomly for each connection.
TEST_F(AttemptTest, DrawsAKeyForEachConnection) {
  ASSERT_TRUE(RunUntilOpen());
  const std::string first = server_->request();
  ASSERT_TRUE(RunUntilOpen());
  EXPECT_EQ(server_->connections(), 2);
  EXPECT_NE(server_->request(), first);
}

TEST_F(AttemptTest, ClosesInOrder) {
  ASSERT_TRUE(RunUntilOpen());
  attempt_->Close(MonotonicNow());
  ASSERT_TRUE(RunUntilEnd());
  EXPECT_EQ(observer_.end->reason, EndReason::kClosedByUs);
  EXPECT_TRUE(observer_.end->detail.ok());
  // 1000, normal closure.
  EXPECT_EQ(server_->TakeFrames(), std::vector<std::string>{"8803e8"});
}

struct RefusalCase {
  absl::string_view answer;
  EndReason reason;
};

TEST_F(AttemptTest, EndsWithTheReasonOfTheServersRefusal) {
  const RefusalCase kCases[] = {
      {"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n\r\n",
       EndReason::kUnauthorized},
      {"HTTP/1.0 409 Too Many Peers\r\n\r\n", EndReason::kNoFreeAddress},
      {"HTTP/1.1 502 Bad Gateway\r\n\r\n", EndReason::kHttpStatus},
      {"", EndReason::kHandshake},  // just closes
  };
  for (const RefusalCase& c : kCases) {
    server_->AnswerNext(c.answer);
    Make().Start(MonotonicNow());
    ASSERT_TRUE(RunUntilEnd()) << c.answer;
    EXPECT_EQ(observer_.end->reason, c.reason) << c.answer;
    EXPECT_EQ(Send(TestPacket(kTestDevice, kTestOvoc)), SendResult::kNotOpen);
  }
}

TEST_F(AttemptTest, EndsWhenTheServerGoesAway) {
  ASSERT_TRUE(RunUntilOpen());
  server_->Disconnect();
  ASSERT_TRUE(RunUntilEnd());
  EXPECT_EQ(observer_.end->reason, EndReason::kPeerGone);
  EXPECT_EQ(attempt_->NextTime(), absl::InfiniteFuture());
}

// RFC 6455 4.1 MUST: fail when the connection cannot be opened
TEST_F(AttemptTest, NamesWhatHappenedAtARefusedPort) {
  server_.reset();
  Make().Start(MonotonicNow());
  ASSERT_TRUE(RunUntilEnd());
  EXPECT_EQ(observer_.end->reason, EndReason::kConnection);
  EXPECT_TRUE(absl::StrContains(observer_.end->detail.message(), "127.0.0.1"));
  EXPECT_TRUE(absl::StrContains(observer_.end->detail.message(), "refused"))
      << observer_.end->detail;
}

TEST_F(AttemptTest, ConnectsToTheAddressesOfAName) {
  // RFC 6761 6.3: no name server is asked for this one. Nobody listens on ::1.
  options_.server = "localhost";
  options_.address.reset();
  ASSERT_TRUE(RunUntilOpen());
  ASSERT_GE(observer_.words.size(), 2u);
  EXPECT_EQ(observer_.words[0], "resolving");
  EXPECT_EQ(observer_.words[1], "resolved 2");
  EXPECT_TRUE(observer_.Saw("connected 127.0.0.1"));
}

TEST_F(AttemptTest, ANameThatCannotBeAskedForEndsIt) {
  options_.server = "no..name";
  options_.address.reset();
  Make().Start(MonotonicNow());
  ASSERT_TRUE(observer_.end.has_value());
  EXPECT_EQ(observer_.end->reason, EndReason::kResolution);
  EXPECT_FALSE(observer_.Saw("connecting 127.0.0.1"));
}

// "127.0.0.1 is unreachable" alone sends nobody to an empty resolv.conf.
TEST_F(AttemptTest, SaysWhyThisMachineWasAskedForTheName) {
  options_.server = "ovoc.example";
  options_.address.reset();
  options_.dns.servers = {*netif::IpAddress::Parse("127.0.0.1")};
  socket_options_.dns_port = 1;  // nobody listens there
  Make().Start(MonotonicNow());
  for (int i = 0; i < 50 && !observer_.end.has_value(); ++i) {
    ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok());
    attempt_->OnTime(attempt_->NextTime());  // instants: nobody waits for them
  }
  ASSERT_TRUE(observer_.end.has_value());
  EXPECT_EQ(observer_.end->reason, EndReason::kResolution);
  EXPECT_TRUE(
      absl::EndsWith(observer_.end->detail.message(),
                     "; 127.0.0.1 is also asked if neither DNSPriServerIP nor "
                     "/etc/resolv.conf has a usable name server"))
      << observer_.end->detail;
  EXPECT_EQ(CauseOf(observer_.end->detail), EndCause::kNameServerClosed);
}

TEST_F(AttemptTest, SaysNothingAfterACloseWhileItConnects) {
  Make().Start(MonotonicNow());
  attempt_->Close(MonotonicNow());
  ASSERT_TRUE(observer_.end.has_value());
  EXPECT_EQ(observer_.end->reason, EndReason::kClosedByUs);
  // The connection is there now; the observer fails the test if it hears so.
  const absl::Time until = MonotonicNow() + absl::Milliseconds(20);
  while (MonotonicNow() < until) {
    ASSERT_TRUE(loop_->RunOnce(until).ok());
    attempt_->OnTime(MonotonicNow());
  }
  EXPECT_TRUE(server_->request().empty());
}

TEST_F(AttemptTest, SendsNothingBeforeItIsOpen) {
  Make().Start(MonotonicNow());
  EXPECT_EQ(attempt_->connection(), nullptr);
  EXPECT_EQ(attempt_->session(), nullptr) << "what would take a packet";
  ASSERT_TRUE(RunUntil([this] { return attempt_->session() != nullptr; }));
  EXPECT_EQ(Send(TestPacket(kTestDevice, kTestOvoc)), SendResult::kNotOpen);
}

}  // namespace
}  // namespace ovoc::tunnel
