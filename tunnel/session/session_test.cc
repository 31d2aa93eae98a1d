// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/session.h"

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "auth/basic_credentials.h"
#include "auth/secret.h"
#include "gtest/gtest.h"
#include "netif/checksum.h"
#include "tunnel/session/testing/send_copy.h"

namespace ovoc::tunnel {
namespace {

using State = Session::State;

constexpr absl::string_view kKeyText = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455
constexpr absl::string_view kAnswer =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "X-Audc-OverlayIP: 169.254.0.2\r\n"
    "X-Audc-OverlayPrefix: 18\r\n"
    "\r\n";

constexpr uint32_t kOvoc = 0xA9FE0001;
constexpr uint32_t kDevice = 0xA9FE0002;
constexpr uint32_t kOther = 0xA9FE0003;

absl::Time At(double seconds) {
  return absl::UnixEpoch() + absl::Seconds(1000) + absl::Seconds(seconds);
}

std::string FromHex(absl::string_view hex) {
  return absl::HexStringToBytes(hex);
}

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// An IPv4 packet of `size` bytes with a right header checksum.
std::string Packet(uint32_t source, uint32_t destination, size_t size = 28) {
  std::string packet(size, '\0');
  packet[0] = 0x45;  // version 4, 5 words of header
  packet[2] = static_cast<char>(size >> 8);
  packet[3] = static_cast<char>(size & 0xff);
  packet[8] = 64;  // TTL
  packet[9] = 17;  // UDP
  for (size_t i = 0; i < 4; ++i) {
    packet[12 + i] = static_cast<char>(source >> (24 - 8 * i));
    packet[16 + i] = static_cast<char>(destination >> (24 - 8 * i));
  }
  const uint16_t sum = netif::InternetChecksum(Bytes(packet).first(20));
  packet[10] = static_cast<char>(sum >> 8);
  packet[11] = static_cast<char>(sum & 0xff);
  return packet;
}

// A server's frame: FIN, `opcode`, unmasked, shortest length.
std::string ServerFrame(int opcode, absl::string_view payload) {
  std::string frame(1, static_cast<char>(0x80 | opcode));
  if (payload.size() < 126) {
    frame += static_cast<char>(payload.size());
  } else {
    frame += static_cast<char>(126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size() & 0xff);
  }
  return absl::StrCat(frame, payload);
}

class RecordingSink : public Session::Sink {
 public:
  void OnOpen(const netif::Ipv4Prefix& overlay) override {
    EXPECT_EQ(opened, 0);
    ++opened;
    address = overlay.address().value();
    prefix_length = overlay.length();
  }
  void OnPacket(absl::Span<const uint8_t> packet) override {
    packets.emplace_back(packet.begin(), packet.end());
  }

  int opened = 0;
  uint32_t address = 0;
  int prefix_length = 0;
  std::vector<std::string> packets;
};

class SessionTest : public testing::Test {
 protected:
  SessionTest()
      : authorization_(auth::BasicCredentials::Create(
                           "VPN", auth::Secret::FromString("123456"))
                           .value()
                           .AuthorizationValue()) {
    options_.host = "ovoc.example.net";
    options_.authorization = &authorization_;
    options_.user_agent = "test/1";
  }

  Session& Begin() {
    session_ = Session::Create(
                   options_, auth::WebSocketKey::FromText(kKeyText).value(),
                   [this](absl::Span<uint8_t> out) {
                     for (uint8_t& byte : out) {
                       byte = next_random_++;
                     }
                   },
                   &sink_, At(0))
                   .value();
    return *session_;
  }

  // A session that is open, its request taken off the output.
  Session& BeginOpen() {
    Begin();
    TakeOutput();
    session_->OnBytes(Bytes(kAnswer), At(0));
    EXPECT_EQ(session_->state(), State::kOpen);
    return *session_;
  }

  std::string TakeOutput(double seconds = 0) {
    std::string text;
    for (auto left = session_->queued_bytes(); left > 0;) {
      const auto out = session_->output().subspan(0, left);
      left -= out.size();
      text.append(out.begin(), out.end());
      session_->ConsumeOutput(out.size(), At(seconds));
    }
    return text;
  }

  // The client's frames in the output: first byte and unmasked payload in hex.
  std::vector<std::string> TakeFrames(double seconds = 0) {
    std::string out = TakeOutput(seconds);
    std::vector<std::string> frames;
    while (out.size() >= 6) {
      EXPECT_TRUE(out[1] & 0x80) << "unmasked";
      size_t length = out[1] & 0x7f;
      size_t at = 2;
      if (length == 126) {
        length = static_cast<size_t>(static_cast<uint8_t>(out[2])) << 8 |
                 static_cast<uint8_t>(out[3]);
        at = 4;
      }
      const std::string mask = out.substr(at, 4);
      std::string payload = out.substr(at + 4, length);
      for (size_t i = 0; i < payload.size(); ++i) {
        payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
      }
      frames.push_back(absl::StrCat(absl::BytesToHexString(out.substr(0, 1)),
                                    absl::BytesToHexString(payload)));
      masks_.push_back(mask);
      out.erase(0, at + 4 + length);
    }
    EXPECT_TRUE(out.empty());
    return frames;
  }

  auth::Secret authorization_;
  Session::Options options_;
  RecordingSink sink_;
  std::unique_ptr<Session> session_;
  std::vector<std::string> masks_;
  uint8_t next_random_ = 1;
};

TEST_F(SessionTest, BeginsWithTheUpgradeRequest) {
  const Session& session = Begin();
  EXPECT_EQ(session.state(), State::kLoggingIn);
  EXPECT_EQ(TakeOutput(),
            "GET /tun HTTP/1.1\r\n"
            "Host: ovoc.example.net\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
            "User-Agent: test/1\r\n"
            "Authorization: Basic VlBOOjEyMzQ1Ng==\r\n"
            "\r\n");
}

TEST_F(SessionTest, WipesTheRequestOnceItIsWritten) {
  const Session& session = Begin();
  const absl::Span<const uint8_t> storage = session.output();
  session_->ConsumeOutput(storage.size(), At(0));
  EXPECT_EQ(std::string(storage.begin(), storage.end()),
            std::string(storage.size(), '\0'));
}

TEST_F(SessionTest, WipesARequestThatIsNeverWritten) {
  Session& session = Begin();
  session.ConsumeOutput(10, At(0));
  const absl::Span<const uint8_t> storage = session.output();
  ASSERT_FALSE(storage.empty());
  session.OnStreamEnd(absl::UnavailableError("write: Broken pipe"));
  EXPECT_TRUE(session.output().empty());
  EXPECT_EQ(std::string(storage.begin(), storage.end()),
            std::string(storage.size(), '\0'));
}

TEST_F(SessionTest, OpensOnAGoodAnswer) {
  BeginOpen();
  EXPECT_EQ(sink_.opened, 1);
  EXPECT_EQ(sink_.address, kDevice);
  EXPECT_EQ(sink_.prefix_length, 32);
}

TEST_F(SessionTest, OpensAtEveryCutOfTheAnswer) {
  for (size_t cut = 0; cut <= kAnswer.size(); ++cut) {
    sink_ = RecordingSink();
    Session& session = Begin();
    session.OnBytes(Bytes(kAnswer.substr(0, cut)), At(0));
    session.OnBytes(Bytes(kAnswer.substr(cut)), At(0));
    EXPECT_EQ(session.state(), State::kOpen) << cut;
    EXPECT_EQ(sink_.opened, 1) << cut;
  }
}

TEST_F(SessionTest, KeepsFramesInTheSegmentOfTheAnswer) {
  const std::string packet = Packet(kOvoc, kDevice);
  Begin().OnBytes(Bytes(absl::StrCat(kAnswer, ServerFrame(2, packet))), At(0));
  EXPECT_EQ(sink_.packets, std::vector<std::string>{packet});
}

// RFC 6455 6.1 MUST: data is sent in the state OPEN only
TEST_F(SessionTest, SendsNothingInsideBeforeTheAnswerIsVerified) {
  Session& session = Begin();
  TakeOutput();
  EXPECT_EQ(SendCopy(Bytes(Packet(kDevice, kOvoc)), At(0), &session),
            SendResult::kNotOpen);
  EXPECT_TRUE(session.output().empty());
}

struct RefusalCase {
  absl::string_view name;
  absl::string_view answer;
  EndReason reason;
};

TEST_F(SessionTest, EndsWithTheReasonOfTheRefusal) {
  const RefusalCase kCases[] = {
      {"wrong password", "HTTP/1.1 401 Unauthorized\r\n\r\n",
       EndReason::kUnauthorized},
      {"pool exhausted", "HTTP/1.0 409 Too Many Peers\r\n\r\n",
       EndReason::kNoFreeAddress},
      {"wrong path", "HTTP/1.1 404 Not Found\r\n\r\n", EndReason::kHttpStatus},
      {"daemon down", "HTTP/1.1 502 Bad Gateway\r\n\r\n",
       EndReason::kHttpStatus},
      {"no upgrade", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
       EndReason::kHandshake},
      {"no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", EndReason::kHandshake},
  };
  for (const RefusalCase& c : kCases) {
    Session& session = Begin();
    session.OnBytes(Bytes(c.answer), At(0));
    ASSERT_EQ(session.state(), State::kClosed) << c.name;
    EXPECT_EQ(session.end()->reason, c.reason) << c.name;
    EXPECT_FALSE(session.end()->detail.ok()) << c.name;
    // A later answer changes nothing.
    session.OnBytes(Bytes(kAnswer), At(0));
    EXPECT_EQ(session.state(), State::kClosed) << c.name;
  }
  EXPECT_EQ(sink_.opened, 0);
}

TEST_F(SessionTest, GivesTheAnswerTenSeconds) {
  Session& session = Begin();
  EXPECT_EQ(session.NextTime(), At(10));
  session.OnBytes(Bytes(kAnswer.substr(0, 50)), At(9));
  session.OnTime(At(9.9));
  EXPECT_EQ(session.state(), State::kLoggingIn);
  session.OnTime(At(10));
  ASSERT_EQ(session.state(), State::kClosed);
  EXPECT_EQ(session.end()->reason, EndReason::kTimeout);
}

TEST_F(SessionTest, NamesAnAnswerThatWasCutShort) {
  Session& session = Begin();
  session.OnBytes(Bytes(kAnswer.substr(0, 50)), At(0));
  session.OnStreamEnd(absl::OkStatus());
  EXPECT_EQ(session.end()->reason, EndReason::kHandshake);
  EXPECT_FALSE(session.end()->detail.ok());
}

TEST_F(SessionTest, AResetDuringTheLoginIsAConnectionFailure) {
  Session& session = Begin();
  session.OnStreamEnd(absl::UnavailableError("Connection reset by peer"));
  EXPECT_EQ(session.end()->reason, EndReason::kConnection);
}

TEST_F(SessionTest, MasksEveryPacketAnew) {
  // RFC 6455 5.3 MUST: a fresh masking key for every frame
  Session& session = BeginOpen();
  const std::string packet = Packet(kDevice, kOvoc);
  EXPECT_EQ(SendCopy(Bytes(packet), At(1), &session), SendResult::kQueued);
  EXPECT_EQ(SendCopy(Bytes(packet), At(1), &session), SendResult::kQueued);
  const std::string expected =
      absl::StrCat("82", absl::BytesToHexString(packet));
  EXPECT_EQ(TakeFrames(), (std::vector<std::string>{expected, expected}));
  ASSERT_EQ(masks_.size(), 2u);
  EXPECT_NE(masks_[0], masks_[1]);
}

TEST_F(SessionTest, DropsPacketsAgainstThePolicyAndCountsThem) {
  Session& session = BeginOpen();
  EXPECT_EQ(SendCopy(Bytes(Packet(kOther, kOvoc)), At(1), &session),
            SendResult::kDropped);
  // An IPv6 router solicitation of the kernel: version 6, 48 bytes.
  EXPECT_EQ(
      SendCopy(Bytes(FromHex("60") + std::string(47, '\0')), At(1), &session),
      SendResult::kDropped);
  session.OnBytes(Bytes(ServerFrame(2, Packet(kOther, kDevice))), At(1));
  EXPECT_TRUE(TakeOutput().empty());
  EXPECT_TRUE(sink_.packets.empty());
  const netif::PolicyCounters counters = session.counters().packets;
  EXPECT_EQ(counters.outbound.packets(netif::DropReason::kWrongSource), 1u);
  EXPECT_EQ(counters.outbound.packets(netif::DropReason::kIpv6), 1u);
  EXPECT_EQ(counters.inbound.packets(netif::DropReason::kWrongSource), 1u);
}

TEST_F(SessionTest, SmallPacketsAndAnswersGoAheadOfAFile) {
  Session& session = BeginOpen();
  const std::string segment = Packet(kDevice, kOvoc, 1500);
  size_t segments = 0;
  for (; SendCopy(Bytes(segment), At(1), &session) == SendResult::kQueued;) {
    ++segments;
  }
  EXPECT_EQ(SendCopy(Bytes(segment), At(1), &session), SendResult::kNoRoom);
  std::string request = Packet(kDevice, kOvoc, 100);  // SNMP, say
  request[23] = '\xA1';                               // the port
  EXPECT_EQ(SendCopy(Bytes(request), At(1), &session), SendResult::kQueued);
  session.OnBytes(Bytes("\x89\x01x"), At(2));
  const std::vector<std::string> frames = TakeFrames();
  ASSERT_EQ(frames.size(), segments + 2);
  EXPECT_EQ(frames[0], absl::StrCat("82", absl::BytesToHexString(request)));
  EXPECT_EQ(frames[2], "8a78") << "a frame of the file has its turn before";
}

TEST_F(SessionTest, CountsPacketsThatAreGivenUp) {
  Session& session = BeginOpen();
  session.DropPacket(1500);
  session.DropPacket(100);
  const netif::TrafficCounters& out = session.counters().packets.outbound;
  EXPECT_EQ(out.packets(netif::DropReason::kQueueFull), 2u);
  EXPECT_EQ(out.bytes(netif::DropReason::kQueueFull), 1600u);
}

TEST_F(SessionTest, TakesNoPacketAboveTheMtuAndCountsIt) {
  options_.mtu_bytes = 1400;
  Session& session = BeginOpen();
  bool written = false;
  const auto write = [&written](absl::Span<uint8_t>) { written = true; };
  EXPECT_EQ(session.SendPacket({1401, 0, write}, At(1)), SendResult::kDropped);
  EXPECT_FALSE(written) << "there may be no room for it, ever";
  EXPECT_EQ(
      session.counters().packets.outbound.packets(netif::DropReason::kTooLong),
      1u);
  EXPECT_EQ(SendCopy(Bytes(Packet(kDevice, kOvoc, 1400)), At(1), &session),
            SendResult::kQueued);
}

TEST_F(SessionTest, HasAPacketWrittenWhereItIsSentFrom) {
  Session& session = BeginOpen();
  const std::string packet = Packet(kDevice, kOvoc, 100);
  size_t room = 0;
  const auto write = [&](absl::Span<uint8_t> place) {
    room = place.size();
    std::copy(packet.begin(), packet.end(), place.begin());
  };
  EXPECT_EQ(session.SendPacket({packet.size(), 0, write}, At(1)),
            SendResult::kQueued);
  EXPECT_EQ(room, packet.size());
  EXPECT_EQ(TakeFrames(), std::vector<std::string>{absl::StrCat(
                              "82", absl::BytesToHexString(packet))});
}

TEST_F(SessionTest, LetsOtherDevicesInWhenPeerToPeerIsOn) {
  options_.overlay.reach = netif::OverlayReach::kHosts;
  BeginOpen().OnBytes(Bytes(ServerFrame(2, Packet(kOther, kDevice))), At(1));
  EXPECT_EQ(sink_.packets.size(), 1u);
}

TEST_F(SessionTest, SaysWhenItsQueueIsFullAndGoesOnWhenItIsWritten) {
  Session& session = BeginOpen();
  const std::string packet = Packet(kDevice, kOvoc, 1500);
  int queued = 0;
  while (SendCopy(Bytes(packet), At(1), &session) == SendResult::kQueued) {
    ASSERT_LT(++queued, 1000);
  }
  EXPECT_EQ(SendCopy(Bytes(packet), At(1), &session), SendResult::kNoRoom);
  EXPECT_LE(session.queued_bytes(), options_.output_bytes);
  EXPECT_EQ(TakeFrames().size(), static_cast<size_t>(queued));
  EXPECT_EQ(SendCopy(Bytes(packet), At(1), &session), SendResult::kQueued);
}

TEST_F(SessionTest, AnswersAPingWithItsPayload) {
  // RFC 6455 5.5.2 MUST: a Ping is answered with a Pong.
  // RFC 6455 5.5.3 MUST: the Pong has the application data of the Ping.
  Session& session = BeginOpen();
  session.OnBytes(Bytes(ServerFrame(9, "abc")), At(1));
  EXPECT_EQ(TakeFrames(), std::vector<std::string>{"8a616263"});
  EXPECT_EQ(session.counters().pings_received, 1u);
}

TEST_F(SessionTest, AFloodOfPingsLeavesRoomForTheCloseAndAnswersTheLatest) {
  Session& session = BeginOpen();
  const std::string payload(125, 'x');
  for (int i = 0; i < 5000; ++i) {
    session.OnBytes(Bytes(ServerFrame(9, payload)), At(1));
  }
  session.OnBytes(Bytes(ServerFrame(9, "last")), At(1));
  EXPECT_LE(session.queued_bytes(), FrameQueue::kAheadBytes);
  EXPECT_GT(session.counters().pings_unanswered, 4000u);
  TakeOutput();
  EXPECT_EQ(TakeFrames(), std::vector<std::string>{"8a6c617374"});
}

TEST_F(SessionTest, TakesAPongThatEchoesNothing) {
  Session& session = BeginOpen();
  session.OnBytes(Bytes(FromHex("8a00")), At(1));
  EXPECT_EQ(session.state(), State::kOpen);
  EXPECT_EQ(session.counters().pongs_received, 1u);
}

TEST_F(SessionTest, MeasuresThePingsThatAreAnswered) {
  Session& session = BeginOpen();
  session.OnBytes(Bytes(FromHex("8a00")), At(1));
  EXPECT_FALSE(session.round_trip().has_value()) << "nobody asked";
  session.OnTime(At(17));
  ASSERT_EQ(TakeFrames(17), std::vector<std::string>{"89"});
  session.OnBytes(Bytes(FromHex("8a0161")), At(17.125));
  EXPECT_FALSE(session.round_trip().has_value()) << "not of our ping";
  session.OnBytes(Bytes(FromHex("8a00")), At(17.25));
  ASSERT_TRUE(session.round_trip().has_value());
  EXPECT_EQ(session.round_trip()->last, absl::Milliseconds(250));
  EXPECT_EQ(session.round_trip()->smoothed, absl::Milliseconds(250));
}

TEST_F(SessionTest, PingsWhenItHasBeenIdleAndDiesOfSilence) {
  Session& session = BeginOpen();
  for (double second : {17, 34, 51}) {
    EXPECT_EQ(session.NextTime(), At(second));
    session.OnTime(At(second));
    EXPECT_EQ(TakeFrames(second), std::vector<std::string>{"89"});
  }
  session.OnTime(At(60));
  ASSERT_EQ(session.state(), State::kClosed);
  EXPECT_EQ(session.end()->reason, EndReason::kDeadPeer);
}

TEST_F(SessionTest, ASkippedFrameWithoutEndDoesNotCountAsLife) {
  Session& session = BeginOpen();
  // A binary frame that says it is 2^62 bytes long.
  session.OnBytes(Bytes(FromHex("827f4000000000000000")), At(1));
  for (int second = 2; second <= 61; ++second) {
    session.OnBytes(Bytes(FromHex("8a00")), At(second));  // swallowed by it
    session.OnTime(At(second));
  }
  ASSERT_EQ(session.state(), State::kClosed);
  EXPECT_EQ(session.end()->reason, EndReason::kDeadPeer);
}

TEST_F(SessionTest, AFullQueueDoesNotKeepADeadPeerAlive) {
  Session& session = BeginOpen();
  const std::string packet = Packet(kDevice, kOvoc, 1500);
  while (SendCopy(Bytes(packet), At(1), &session) == SendResult::kQueued) {
  }
  for (int second = 2; second <= 60; ++second) {
    session.OnTime(At(second));
  }
  EXPECT_EQ(session.end()->reason, EndReason::kDeadPeer);
}

TEST_F(SessionTest, ClosesWith1000AndWaitsForTheOtherEnd) {
  Session& session = BeginOpen();
  session.Close(At(5));
  EXPECT_EQ(session.state(), State::kClosing);
  EXPECT_EQ(TakeFrames(), std::vector<std::string>{"8803e8"});
  EXPECT_EQ(session.NextTime(), At(9));
  // RFC 6455 5.5.1 MUST NOT: data frames after the Close.
  EXPECT_EQ(SendCopy(Bytes(Packet(kDevice, kOvoc)), At(5), &session),
            SendResult::kNotOpen);
  session.OnBytes(Bytes(ServerFrame(8, FromHex("03e8"))), At(6));
  EXPECT_EQ(session.state(), State::kClosed);
  EXPECT_EQ(session.end()->reason, EndReason::kClosedByUs);
  EXPECT_TRUE(session.output().empty());
}

TEST_F(SessionTest, ClosesRightBehindTheFrameInProgress) {
  Session& session = BeginOpen();
  const std::string packet = Packet(kDevice, kOvoc, 1400);
  size_t queued = 0;
  while (SendCopy(Bytes(packet), At(1), &session) == SendResult::kQueued) {
    ++queued;
  }
  session.ConsumeOutput(1, At(2));
  session.Close(At(2));
  EXPECT_EQ(session.queued_bytes(), 1400u + 8 - 1 + 8)
      << "what is left of the first packet, and the Close";
  EXPECT_EQ(session.counters().packets_dropped_at_close, queued - 1);
}

TEST_F(SessionTest, GoesOnWithOtherTimesOfTheKeepAlive) {
  Session& session = BeginOpen();
  KeepAlive::Options times = options_.keep_alive;
  times.ping_after = absl::Seconds(3);
  times.dead_after = absl::Seconds(8);
  session.Tune(times);
  EXPECT_EQ(session.NextTime(), At(3));
  session.OnTime(At(3));
  EXPECT_EQ(TakeFrames(3), std::vector<std::string>{"89"});
  session.OnTime(At(8));
  ASSERT_EQ(session.state(), State::kClosed);
  EXPECT_TRUE(absl::StrContains(session.end()->detail.message(), "8s"));
}

TEST_F(SessionTest, AServerThatJustDropsTheConnectionIsAnAnswerToOurClose) {
  Session& session = BeginOpen();
  session.Close(At(5));
  session.OnStreamEnd(absl::OkStatus());
  EXPECT_EQ(session.end()->reason, EndReason::kClosedByUs);
}

TEST_F(SessionTest, DoesNotWaitLongForAnAnswerToItsClose) {
  Session& session = BeginOpen();
  session.Close(At(5));
  session.OnTime(At(8.9));
  EXPECT_EQ(session.state(), State::kClosing);
  session.OnTime(At(9));
  EXPECT_EQ(session.end()->reason, EndReason::kClosedByUs);
}

TEST_F(SessionTest, AnswersTheServersCloseWithItsCode) {
  // RFC 6455 5.5.1 MUST: a Close is answered with a Close.
  Session& session = BeginOpen();
  session.OnBytes(Bytes(ServerFrame(8, FromHex("03e9") + "bye")), At(1));
  EXPECT_EQ(session.end()->reason, EndReason::kClosedByPeer);
  EXPECT_TRUE(absl::StrContains(session.end()->detail.message(), "1001"));
  // RFC 6455 5.5.1 MUST NOT: the reason in a Close is shown to users
  EXPECT_FALSE(absl::StrContains(session.end()->detail.message(), "bye"));
  EXPECT_EQ(TakeFrames(), std::vector<std::string>{"8803e9"});
}

TEST_F(SessionTest, AnswersAnEmptyCloseWithAnEmptyOne) {
  Session& session = BeginOpen();
  session.OnBytes(Bytes(FromHex("8800")), At(1));
  EXPECT_EQ(session.end()->reason, EndReason::kClosedByPeer);
  EXPECT_EQ(TakeFrames(), std::vector<std::string>{"88"});
}

struct FrameErrorCase {
  absl::string_view name;
  absl::string_view hex;
};

TEST_F(SessionTest, FailsOnWhatNoOtherDeviceCanCause) {
  // RFC 6455 7.1.7 MUST: a connection that is failed is closed (with 1002)
  const FrameErrorCase kCases[] = {
      {"reserved opcode 3", "8300"},
      {"reserved opcode 11", "8b00"},
      {"masked frame", "828401020304deadbeef"},
      {"fragmented ping", "0900"},
      {"ping of 126 bytes", "897e007e"},
      {"Close of one byte", "880103"},
      {"Close with code 1005", "880203ed"},
  };
  for (const FrameErrorCase& c : kCases) {
    sink_ = RecordingSink();
    Session& session = BeginOpen();
    session.OnBytes(Bytes(FromHex(c.hex)), At(1));
    ASSERT_EQ(session.state(), State::kClosed) << c.name;
    EXPECT_EQ(session.end()->reason, EndReason::kProtocolError) << c.name;
    EXPECT_EQ(TakeFrames(), std::vector<std::string>{"8803ea"}) << c.name;
    session.OnBytes(Bytes(ServerFrame(2, Packet(kOvoc, kDevice))), At(1));
    EXPECT_TRUE(sink_.packets.empty()) << c.name;
  }
}

TEST_F(SessionTest, StaysUpOnWhatAnotherDeviceCanCause) {
  Session& session = BeginOpen();
  const std::string good = Packet(kOvoc, kDevice);
  const std::string frames =
      absl::StrCat(FromHex("c202"), "ab",  // RSV1
                   FromHex("8102"), "ab",  // text
                   FromHex("0202"), "ab",  // a fragment whose rest never comes
                   ServerFrame(2, good));
  session.OnBytes(Bytes(frames), At(1));
  EXPECT_EQ(session.state(), State::kOpen);
  EXPECT_EQ(sink_.packets, std::vector<std::string>{good});
  const frame::FrameCounters counters = session.counters().frames;
  EXPECT_EQ(counters.skipped_reserved_bits, 1u);
  EXPECT_EQ(counters.skipped_text, 1u);
  EXPECT_EQ(counters.dropped_unfinished_message, 1u);
}

TEST_F(SessionTest, SkipsAMessageThatIsLongerThanTheOptionSays) {
  options_.max_message_bytes = 100;
  Session& session = BeginOpen();
  const std::string longest = Packet(kOvoc, kDevice, 100);
  session.OnBytes(Bytes(ServerFrame(2, Packet(kOvoc, kDevice, 101))), At(1));
  session.OnBytes(Bytes(ServerFrame(2, longest)), At(1));
  EXPECT_EQ(sink_.packets, std::vector<std::string>{longest});
  EXPECT_EQ(session.counters().frames.skipped_too_long, 1u);
}

TEST_F(SessionTest, AStreamThatEndsWithoutACloseIsThePeersDoing) {
  Session& session = BeginOpen();
  session.OnStreamEnd(absl::OkStatus());
  EXPECT_EQ(session.end()->reason, EndReason::kPeerGone);
}

TEST_F(SessionTest, AResetIsAConnectionFailure) {
  Session& session = BeginOpen();
  session.OnStreamEnd(absl::UnavailableError("Connection reset by peer"));
  EXPECT_EQ(session.end()->reason, EndReason::kConnection);
}

TEST_F(SessionTest, TheFirstEndStays) {
  Session& session = BeginOpen();
  session.OnBytes(Bytes(FromHex("8300")), At(1));
  session.OnStreamEnd(absl::UnavailableError("reset"));
  session.Close(At(2));
  session.OnTime(At(100));
  EXPECT_EQ(session.end()->reason, EndReason::kProtocolError);
  EXPECT_EQ(session.NextTime(), absl::InfiniteFuture());
}

TEST_F(SessionTest, RefusesARequestThatCannotBeMade) {
  options_.host = "ovoc example";
  EXPECT_FALSE(Session::Create(
                   options_, auth::WebSocketKey::FromText(kKeyText).value(),
                   [](absl::Span<uint8_t>) {}, &sink_, At(0))
                   .ok());
}

}  // namespace
}  // namespace ovoc::tunnel
