// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/peer.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr absl::Time kStart = absl::FromUnixSeconds(1000);
constexpr absl::Time kWall = absl::FromUnixSeconds(1795358621);

// A request every server takes.
constexpr absl::string_view kRequest =
    "GET /tun HTTP/1.1\r\n"
    "Host: ovoc.example.net\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Authorization: Basic VlBOOjEyMzQ1Ng==\r\n"
    "\r\n";
constexpr absl::string_view kNoCredentials =
    "GET /tun HTTP/1.1\r\nHost: ovoc.example.net\r\n\r\n";

struct Packet {
  frame::FrameHeader head;
  Bytes bytes;
};

class FakeHost : public PeerHost {
 public:
  std::optional<OverlayLease> Admit(Peer*) override {
    if (full) {
      return std::nullopt;
    }
    ++admitted;
    return OverlayLease{netif::Ipv4Address::FromHostOrder(0xA9FE0002), 18};
  }
  void OnPacket(const Peer&, const frame::FrameHeader& head,
                absl::Span<const uint8_t> packet) override {
    packets.push_back({head, Bytes(packet.begin(), packet.end())});
  }
  void Leave(Peer*) override { ++left; }

  bool full = false;
  int admitted = 0;
  int left = 0;
  std::vector<Packet> packets;
};

// A peer with all that it needs, at an instant that the test moves.
class Bench {
 public:
  explicit Bench(ServerStyle style, Pongs pongs = Pongs::kAnswered) {
    options_.rules.style = style;
    options_.pongs = pongs;
    peer_ =
        std::make_unique<Peer>(&options_, &host_, [this] { ++wakes_; }, now_);
  }

  void Text(absl::string_view text) {
    peer_->OnBytes({reinterpret_cast<const uint8_t*>(text.data()), text.size()},
                   now_, kWall);
  }
  void Frame(const Bytes& bytes) { peer_->OnBytes(bytes, now_, kWall); }

  // Upgrades, and forgets the answer.
  void Upgrade() {
    Text(kRequest);
    EXPECT_TRUE(absl::StartsWith(Output(), "HTTP/1.1 101 "));
    EXPECT_TRUE(peer_->open());
  }

  // All that is queued, a string for each write.
  std::vector<std::string> Writes() {
    std::vector<std::string> writes;
    while (!peer_->NextWrite().empty()) {
      const absl::Span<const uint8_t> next = peer_->NextWrite();
      writes.emplace_back(next.begin(), next.end());
      peer_->Wrote(next.size());
    }
    return writes;
  }
  std::string Output() {
    std::string all;
    for (const std::string& write : Writes()) {
      all += write;
    }
    return all;
  }

  // Lets time pass as the server would.
  void Pass(absl::Duration time) {
    now_ += time;
    peer_->OnTime(now_);
  }

  Peer& peer() { return *peer_; }
  FakeHost& host() { return host_; }
  absl::Time now() const { return now_; }
  int wakes() const { return wakes_; }
  void Destroy() { peer_.reset(); }

 private:
  Peer::Options options_;
  FakeHost host_;
  absl::Time now_ = kStart;
  int wakes_ = 0;
  std::unique_ptr<Peer> peer_;
};

// A client's frame with the mask 01 02 03 04.
Bytes Masked(uint8_t first, const Bytes& payload) {
  Bytes frame = {first, static_cast<uint8_t>(0x80 | payload.size()), 1, 2, 3,
                 4};
  for (size_t i = 0; i < payload.size(); ++i) {
    frame.push_back(static_cast<uint8_t>(payload[i] ^ (i % 4 + 1)));
  }
  return frame;
}

std::string AsText(const Bytes& bytes) {
  return std::string(bytes.begin(), bytes.end());
}

frame::FrameHeader BinaryHead(size_t payload) {
  frame::FrameHeader head;
  head.payload_length = payload;
  return head;
}

constexpr ServerStyle kStyles[] = {ServerStyle::kStrict,
                                   ServerStyle::kLegacyDirect,
                                   ServerStyle::kLegacyNginx};

TEST(PeerTest, AnswersTheRequestWhereverItIsCut) {
  for (const ServerStyle style : kStyles) {
    Bench whole(style);
    whole.Text(kRequest);
    const std::string answer = whole.Output();
    EXPECT_TRUE(absl::StartsWith(answer, "HTTP/1.1 101 "));
    EXPECT_TRUE(absl::StrContains(answer, "X-Audc-OverlayIP: 169.254.0.2\r\n"));
    for (size_t cut = 1; cut < kRequest.size(); ++cut) {
      Bench bench(style);
      bench.Text(kRequest.substr(0, cut));
      EXPECT_EQ(bench.Output(), "");
      EXPECT_FALSE(bench.peer().open());
      bench.Text(kRequest.substr(cut));
      EXPECT_EQ(bench.Output(), answer) << cut;
      EXPECT_EQ(bench.host().admitted, 1);
    }
  }
}

TEST(PeerTest, TakesFramesThatCameWithTheRequest) {
  for (const ServerStyle style : kStyles) {
    Bench bench(style);
    bench.Text(absl::StrCat(kRequest, AsText(Masked(0x82, {7, 8, 9}))));
    ASSERT_EQ(bench.host().packets.size(), 1u);
    EXPECT_EQ(bench.host().packets[0].bytes, (Bytes{7, 8, 9}));
  }
}

TEST(PeerTest, TheAnswerIsAWriteOfItsOwn) {
  for (const ServerStyle style : kStyles) {
    Bench bench(style);
    bench.Text(kRequest);
    const Bytes packet = {1, 2, 3};
    EXPECT_TRUE(bench.peer().SendPacket(BinaryHead(3), packet, bench.now()));
    EXPECT_TRUE(bench.peer().SendPacket(BinaryHead(3), packet, bench.now()));
    const std::vector<std::string> writes = bench.Writes();
    // tun-ws writes packet by packet, the strict server what there is.
    ASSERT_EQ(writes.size(), style == ServerStyle::kStrict ? 2u : 3u);
    EXPECT_TRUE(absl::EndsWith(writes[0], "\r\n\r\n"));
    EXPECT_TRUE(absl::StartsWith(writes[1], AsText({0x82, 3, 1, 2, 3})));
  }
}

TEST(PeerTest, SaysWhenTheQueueStopsBeingEmpty) {
  Bench bench(ServerStyle::kStrict);
  bench.Text(kRequest);
  EXPECT_EQ(bench.wakes(), 1);
  bench.peer().SendPacket(BinaryHead(1), Bytes{1}, bench.now());
  EXPECT_EQ(bench.wakes(), 1);
  bench.Output();
  bench.peer().SendPacket(BinaryHead(1), Bytes{1}, bench.now());
  EXPECT_EQ(bench.wakes(), 2);
}

TEST(PeerTest, AFullPoolIsAnsweredAsEachServerDoes) {
  const struct {
    ServerStyle style;
    const char* status;
    bool ended;
  } kCases[] = {
      {ServerStyle::kStrict, "HTTP/1.1 409 Too Many Peers\r\n", true},
      {ServerStyle::kLegacyDirect, "HTTP/1.0 409 Too Many Peers\r\n", true},
      {ServerStyle::kLegacyNginx, "HTTP/1.1 409 Too Many Peers\r\n", false},
  };
  for (const auto& c : kCases) {
    Bench bench(c.style);
    bench.host().full = true;
    bench.Text(kRequest);
    EXPECT_TRUE(absl::StartsWith(bench.Output(), c.status));
    EXPECT_EQ(bench.peer().ended(), c.ended);
    EXPECT_EQ(bench.host().left, 0);
  }
}

TEST(PeerTest, NginxTakesAnotherRequestAfterARefusal) {
  Bench bench(ServerStyle::kLegacyNginx);
  bench.Text(absl::StrCat(kNoCredentials, kRequest));
  const std::vector<std::string> writes = bench.Writes();
  ASSERT_EQ(writes.size(), 2u);
  EXPECT_TRUE(absl::StartsWith(writes[0], "HTTP/1.1 401 Unauthorized\r\n"));
  EXPECT_TRUE(absl::StartsWith(writes[1], "HTTP/1.1 101 "));
}

TEST(PeerTest, NginxStopsServingWhoSendsRequestsAndReadsNothing) {
  Bench bench(ServerStyle::kLegacyNginx);
  for (int i = 0; i < 10000 && !bench.peer().ended(); ++i) {
    bench.Text(kNoCredentials);
  }
  EXPECT_TRUE(bench.peer().ended());
  EXPECT_EQ(bench.peer().end(), PeerEnd::kRefused);
  EXPECT_LE(bench.Output().size(), kMaxPeerOutputBytes);
}

// However full of refusals that nobody read the queue is: no tunnel without its
// 101.
TEST(PeerTest, NginxOpensNoTunnelWhoseAnswerHasNoRoom) {
  constexpr absl::string_view kWrongPath =
      "GET / HTTP/1.1\r\nHost: ovoc.example.net\r\n\r\n";
  Peer::Options options;
  options.rules.style = ServerStyle::kLegacyNginx;
  options.max_output_bytes = 8192;
  const auto feed = [](Peer& peer, absl::string_view text) {
    peer.OnBytes({reinterpret_cast<const uint8_t*>(text.data()), text.size()},
                 kStart, kWall);
  };
  for (int sum = 0; sum < 30 * 30; ++sum) {
    FakeHost host;
    Peer peer(&options, &host, nullptr, kStart);
    for (int i = 0; i < sum / 30; ++i) {
      feed(peer, kNoCredentials);
    }
    for (int i = 0; i < sum % 30; ++i) {
      feed(peer, kWrongPath);
    }
    feed(peer, kRequest);
    bool is_answered = false;
    for (; !peer.NextWrite().empty(); peer.Wrote(peer.NextWrite().size())) {
      const absl::Span<const uint8_t> next = peer.NextWrite();
      is_answered = absl::StartsWith(
          {reinterpret_cast<const char*>(next.data()), next.size()},
          "HTTP/1.1 101 ");
    }
    EXPECT_EQ(peer.open(), is_answered) << sum;
    EXPECT_EQ(host.admitted - host.left, is_answered ? 1 : 0) << sum;
  }
}

TEST(PeerTest, StrictAndDirectCloseAfterARefusal) {
  Bench strict(ServerStyle::kStrict);
  strict.Text(kNoCredentials);
  EXPECT_TRUE(absl::StartsWith(strict.Output(), "HTTP/1.1 401 "));
  EXPECT_EQ(strict.peer().end(), PeerEnd::kRefused);
  Bench direct(ServerStyle::kLegacyDirect);
  direct.Text(kNoCredentials);  // without a key either: recording 15
  EXPECT_EQ(direct.Output(), "");
  EXPECT_TRUE(direct.peer().ended());
}

TEST(PeerTest, NoRequestAtAllIsABadRequestOrNoAnswer) {
  const struct {
    ServerStyle style;
    const char* start;
  } kCases[] = {{ServerStyle::kStrict, "HTTP/1.1 400 Bad Request\r\n"},
                {ServerStyle::kLegacyDirect, ""},
                {ServerStyle::kLegacyNginx, "HTTP/1.1 400 Bad Request\r\n"}};
  for (const auto& c : kCases) {
    Bench bench(c.style);
    bench.Text("nonsense\r\n");
    EXPECT_TRUE(absl::StartsWith(bench.Output(), c.start));
    EXPECT_TRUE(bench.peer().ended());
  }
}

TEST(PeerTest, LegacyTakesEveryDataFrameForAPacket) {
  const struct {
    const char* name;
    Bytes frame;
    Bytes forwarded_head;
  } kCases[] = {
      {"binary", {0x82, 0x01, 0xaa}, {0x82, 0x01}},
      {"text", {0x81, 0x01, 0xaa}, {0x81, 0x01}},
      {"fragment", {0x02, 0x01, 0xaa}, {0x02, 0x01}},
      {"continuation", {0x80, 0x01, 0xaa}, {0x80, 0x01}},
      {"RSV1", {0xc2, 0x01, 0xaa}, {0xc2, 0x01}},
      {"masked", {0x82, 0x81, 0xff, 0, 0, 0, 0x55}, {0x82, 0x01}},
      {"16-bit length", {0x82, 0x7e, 0, 1, 0xaa}, {0x82, 0x7e, 0, 1}},
      {"64-bit length",
       {0x82, 0x7f, 0, 0, 0, 0, 0, 0, 0, 1, 0xaa},
       {0x82, 0x7f, 0, 0, 0, 0, 0, 0, 0, 1}},
  };
  for (const auto& c : kCases) {
    Bench from(ServerStyle::kLegacyDirect);
    from.Upgrade();
    from.Frame(c.frame);
    ASSERT_EQ(from.host().packets.size(), 1u) << c.name;
    const Packet& packet = from.host().packets[0];
    EXPECT_EQ(packet.bytes, Bytes{0xaa}) << c.name;
    // Passed on with the opcode and the length form it came with.
    Bench to(ServerStyle::kLegacyDirect);
    to.Upgrade();
    EXPECT_TRUE(to.peer().SendPacket(packet.head, packet.bytes, to.now()));
    EXPECT_EQ(to.Output(), AsText(c.forwarded_head) + "\xaa") << c.name;
  }
}

TEST(PeerTest, LegacyAnswersAnyPingWithAnEmptyPong) {
  for (const Bytes& ping : {Bytes{0x89, 0x00}, Bytes{0x89, 0x03, 'a', 'b', 'c'},
                            Masked(0x89, {'a', 'b', 'c'}), Bytes{0x09, 0x00}}) {
    Bench bench(ServerStyle::kLegacyNginx);
    bench.Upgrade();
    bench.Frame(ping);
    EXPECT_EQ(bench.Output(), AsText({0x8a, 0x00}));
    EXPECT_TRUE(bench.peer().open());
  }
}

TEST(PeerTest, LegacyDropsTheConnectionWithoutAReply) {
  const struct {
    const char* name;
    Bytes frame;
    PeerEnd end;
  } kCases[] = {
      {"close", Masked(0x88, {0x03, 0xe8}), PeerEnd::kCloseFrame},
      {"opcode 3", Masked(0x83, {'x'}), PeerEnd::kProtocolError},
      {"opcode 7", {0x87, 0x00}, PeerEnd::kProtocolError},
      {"opcode 11", {0x8b, 0x00}, PeerEnd::kProtocolError},
      {"opcode 15", {0x8f, 0x00}, PeerEnd::kProtocolError},
  };
  for (const auto& c : kCases) {
    Bench bench(ServerStyle::kLegacyDirect);
    bench.Upgrade();
    Bytes bytes = c.frame;
    bytes.insert(bytes.end(), {0x89, 0x00});  // never looked at
    bench.Frame(bytes);
    EXPECT_EQ(bench.Output(), "") << c.name;
    ASSERT_TRUE(bench.peer().ended()) << c.name;
    EXPECT_EQ(bench.peer().end(), c.end) << c.name;
    EXPECT_EQ(bench.peer().close_code() == frame::CloseCode::kNormal,
              c.end == PeerEnd::kCloseFrame)
        << c.name;
    EXPECT_EQ(bench.host().left, 1) << c.name;
  }
}

TEST(PeerTest, LegacyIgnoresPongs) {
  Bench bench(ServerStyle::kLegacyDirect);
  bench.Upgrade();
  bench.Frame(Masked(0x8a, {}));
  EXPECT_EQ(bench.Output(), "");
  EXPECT_TRUE(bench.peer().open());
}

TEST(PeerTest, StrictEchoesPingsAndPutsFragmentsTogether) {
  Bench bench(ServerStyle::kStrict);
  bench.Upgrade();
  bench.Frame(Masked(0x89, {'a', 'b', 'c'}));
  EXPECT_EQ(bench.Output(), AsText({0x8a, 3, 'a', 'b', 'c'}));
  bench.Frame(Masked(0x02, {1, 2}));
  bench.Frame(Masked(0x89, {}));
  bench.Frame(Masked(0x80, {3}));
  EXPECT_EQ(bench.Output(), AsText({0x8a, 0}));
  ASSERT_EQ(bench.host().packets.size(), 1u);
  EXPECT_EQ(bench.host().packets[0].bytes, (Bytes{1, 2, 3}));
  EXPECT_EQ(bench.host().packets[0].head, BinaryHead(3));
}

TEST(PeerTest, StrictClosesWithTheCodeOfTheBrokenRule) {
  const struct {
    const char* name;
    Bytes frame;
    Bytes close;  // what is answered
    PeerEnd end;
  } kCases[] = {
      {"close 1000",
       Masked(0x88, {0x03, 0xe8}),
       {0x88, 2, 0x03, 0xe8},
       PeerEnd::kCloseFrame},
      {"close without a code",
       Masked(0x88, {}),
       {0x88, 0},
       PeerEnd::kCloseFrame},
      {"close with a reason",
       Masked(0x88, {0x0b, 0xb8, 'x'}),
       {0x88, 2, 0x0b, 0xb8},
       PeerEnd::kCloseFrame},
      // RFC 6455 5.1: a server closes on a frame that is not masked; 1002.
      {"not masked",
       {0x82, 1, 0xaa},
       {0x88, 2, 0x03, 0xea},
       PeerEnd::kProtocolError},
      {"RSV1",
       Masked(0xc2, {1}),
       {0x88, 2, 0x03, 0xea},
       PeerEnd::kProtocolError},
      {"opcode 3",
       Masked(0x83, {1}),
       {0x88, 2, 0x03, 0xea},
       PeerEnd::kProtocolError},
      // 1003: the tunnel carries no text.
      {"text",
       Masked(0x81, {'a'}),
       {0x88, 2, 0x03, 0xeb},
       PeerEnd::kProtocolError},
      // 1009: no IPv4 packet is this long.
      {"65536 bytes",
       {0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4},
       {0x88, 2, 0x03, 0xf1},
       PeerEnd::kProtocolError},
  };
  for (const auto& c : kCases) {
    Bench bench(ServerStyle::kStrict);
    bench.Upgrade();
    bench.Frame(c.frame);
    EXPECT_EQ(bench.Output(), AsText(c.close)) << c.name;
    ASSERT_TRUE(bench.peer().ended()) << c.name;
    EXPECT_EQ(bench.peer().end(), c.end) << c.name;
    EXPECT_EQ(bench.host().left, 1) << c.name;
    // Nothing after the end has any effect.
    bench.Frame(Masked(0x89, {}));
    EXPECT_EQ(bench.Output(), "") << c.name;
    EXPECT_FALSE(bench.peer().SendPacket(BinaryHead(1), Bytes{1}, bench.now()));
  }
}

TEST(PeerTest, PongsCanBeTurnedOff) {
  for (const ServerStyle style : kStyles) {
    Bench bench(style, Pongs::kOff);
    bench.Upgrade();
    bench.Frame(Masked(0x89, {1}));
    EXPECT_EQ(bench.Output(), "");
    EXPECT_TRUE(bench.peer().open());
  }
}

TEST(PeerTest, SilenceEndsTheTunnelAfter61Seconds) {
  for (const ServerStyle style :
       {ServerStyle::kStrict, ServerStyle::kLegacyDirect}) {
    Bench bench(style);
    bench.Upgrade();
    bench.Pass(absl::Seconds(40));
    bench.Frame(Masked(0x8a, {}));  // even a pong is a sign of life
    // What is sent is none.
    bench.peer().SendPacket(BinaryHead(1), Bytes{1}, bench.now());
    bench.Output();
    bench.Pass(absl::Milliseconds(60999));
    EXPECT_TRUE(bench.peer().open());
    EXPECT_EQ(bench.peer().NextTime(), bench.now() + absl::Milliseconds(1));
    bench.Pass(absl::Milliseconds(1));
    ASSERT_TRUE(bench.peer().ended());
    EXPECT_EQ(bench.peer().end(), PeerEnd::kIdle);
    // 1001 from the strict server, nothing from tun-ws.
    EXPECT_EQ(bench.Output(), style == ServerStyle::kStrict
                                  ? AsText({0x88, 2, 0x03, 0xe9})
                                  : "");
  }
}

TEST(PeerTest, NginxCutsATunnelThatIsSilentBothWaysAfter60Seconds) {
  Bench bench(ServerStyle::kLegacyNginx);
  bench.Upgrade();
  bench.Pass(absl::Milliseconds(59999));
  EXPECT_TRUE(bench.peer().open());
  bench.Pass(absl::Milliseconds(1));
  EXPECT_TRUE(bench.peer().ended());
  // A packet for the client keeps nginx, but tun-ws hears nothing all the same.
  Bench busy(ServerStyle::kLegacyNginx);
  busy.Upgrade();
  busy.Pass(absl::Seconds(30));
  busy.peer().SendPacket(BinaryHead(1), Bytes{1}, busy.now());
  busy.Pass(absl::Milliseconds(30999));
  EXPECT_TRUE(busy.peer().open());
  busy.Pass(absl::Milliseconds(1));
  EXPECT_TRUE(busy.peer().ended());
}

TEST(PeerTest, AnUnfinishedRequestEndsAfter60Seconds) {
  for (const ServerStyle style : kStyles) {
    Bench bench(style);
    bench.Pass(absl::Seconds(30));
    bench.Text("GET /tun");
    bench.Pass(absl::Milliseconds(29999));
    EXPECT_FALSE(bench.peer().ended());
    bench.Pass(absl::Milliseconds(1));
    ASSERT_TRUE(bench.peer().ended());
    EXPECT_EQ(bench.peer().end(), PeerEnd::kRequestTimeout);
    EXPECT_EQ(bench.peer().NextTime(), absl::InfiniteFuture());
  }
}

TEST(PeerTest, AFullQueueDropsPacketsButNotPongs) {
  for (const ServerStyle style : kStyles) {
    Bench bench(style);
    bench.Upgrade();
    const Bytes packet(1500, 0x11);
    size_t queued = 0;
    while (bench.peer().SendPacket(BinaryHead(1500), packet, bench.now())) {
      ++queued;
      ASSERT_LT(queued, 1000u);
    }
    EXPECT_EQ(bench.peer().dropped_full(), 1u);
    bench.Frame(Masked(0x89, {}));
    const std::string output = bench.Output();
    EXPECT_LE(output.size(), kMaxPeerOutputBytes);
    EXPECT_EQ(output.size(), queued * 1504 + 2);
    EXPECT_TRUE(absl::EndsWith(output, AsText({0x8a, 0})));
    EXPECT_TRUE(bench.peer().SendPacket(BinaryHead(1500), packet, bench.now()));
  }
}

TEST(PeerTest, APingFloodThatReadsNothingStaysWithinTheQueue) {
  Bench bench(ServerStyle::kStrict);
  bench.Upgrade();
  const Bytes ping = Masked(0x89, Bytes(125, 0x22));
  for (int i = 0; i < 10000; ++i) {
    bench.Frame(ping);
  }
  EXPECT_TRUE(bench.peer().open());
  const std::string output = bench.Output();
  EXPECT_LE(output.size(), kMaxPeerOutputBytes);
  EXPECT_EQ(output.size() % 127, 0u);
}

TEST(PeerTest, StoppingSaysGoodbyeOnlyWhereTheRealOneDoes) {
  for (const ServerStyle style : kStyles) {
    Bench bench(style);
    bench.Upgrade();
    bench.peer().Stop();
    EXPECT_EQ(bench.peer().end(), PeerEnd::kStopped);
    EXPECT_EQ(bench.Output(), style == ServerStyle::kStrict
                                  ? AsText({0x88, 2, 0x03, 0xe9})
                                  : "");
  }
}

TEST(PeerTest, TheAddressGoesBackOnceHoweverItEnds) {
  Bench closed(ServerStyle::kStrict);
  closed.Upgrade();
  closed.peer().OnStreamEnd(PeerEnd::kPeerClosed);
  closed.peer().OnStreamEnd(PeerEnd::kTransport);
  EXPECT_EQ(closed.peer().end(), PeerEnd::kPeerClosed);
  closed.Destroy();
  EXPECT_EQ(closed.host().left, 1);
  Bench destroyed(ServerStyle::kStrict);
  destroyed.Upgrade();
  destroyed.Destroy();
  EXPECT_EQ(destroyed.host().left, 1);
  Bench never(ServerStyle::kStrict);
  never.Destroy();
  EXPECT_EQ(never.host().left, 0);
}

}  // namespace
}  // namespace ovoc::conformance
