// SPDX-License-Identifier: Apache-2.0
#include "tunnel/attempt/connection.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/session/testing/send_copy.h"
#include "tunnel/testing/test_packet.h"
#include "tunnel/transport/testing/fake_transport.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kKeyText = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455
constexpr absl::string_view kAnswer =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "X-Audc-OverlayIP: 169.254.0.2\r\n"
    "X-Audc-OverlayPrefix: 18\r\n"
    "\r\n";

std::vector<uint8_t> Packet(size_t bytes = 28) {
  return TestPacket(kTestDevice, kTestOvoc, bytes);
}

class ConnectionTest : public testing::Test,
                       protected Connection::Observer,
                       protected Session::Sink {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    session_options_.host = "ovoc.example";
    session_options_.user_agent = "test/1";
    auto transport = std::make_unique<FakeTransport>();
    transport_ = transport.get();
    connection_ = std::make_unique<Connection>(
        loop_.get(), std::move(transport),
        [this](absl::Time now) { return MakeSession(now); },
        static_cast<Connection::Observer*>(this));
    start_ = MonotonicNow();
  }

  absl::StatusOr<std::unique_ptr<Session>> MakeSession(absl::Time now) {
    ++sessions_made_;
    return Session::Create(
        session_options_, auth::WebSocketKey::FromText(kKeyText).value(),
        [](absl::Span<uint8_t> out) {
          std::fill(out.begin(), out.end(), uint8_t{0});
        },
        this, now);
  }

  // One batch of events that are there already.
  void RunReady() { ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok()); }

  void Open() {
    connection_->Start(start_);
    transport_->TakeWritten();  // the request
    transport_->PeerSends(kAnswer);
    RunReady();
    ASSERT_EQ(opened_, 1);
  }

  SendResult Send(const std::vector<uint8_t>& packet) {
    return SendCopy(packet, start_, connection_->session());
  }

  // Connection::Observer.
  void OnSecured() override { ++secured_; }
  void OnConnectionEnd(const End& end) override {
    EXPECT_FALSE(end_.has_value());
    end_ = end;
  }
  // Session::Sink.
  void OnOpen(const netif::Ipv4Prefix&) override { ++opened_; }
  void OnPacket(absl::Span<const uint8_t>) override { ++packets_; }
  void OnReadEnd() override {
    ++read_ends_;
    packets_at_read_end_ = packets_;
  }

  std::unique_ptr<EventLoop> loop_;
  Session::Options session_options_;
  FakeTransport* transport_ = nullptr;  // owned by connection_
  std::unique_ptr<Connection> connection_;
  absl::Time start_;
  int sessions_made_ = 0;
  int secured_ = 0;
  int opened_ = 0;
  int packets_ = 0;
  int read_ends_ = 0;
  int packets_at_read_end_ = 0;
  std::optional<End> end_;
};

// RFC 6455 4.1 MUST: the opening handshake is sent once connected
TEST_F(ConnectionTest, SendsTheRequestOnceTheHandshakeIsOver) {
  connection_->Start(start_);
  EXPECT_EQ(secured_, 1);
  EXPECT_EQ(sessions_made_, 1);
  const std::string request = transport_->TakeWritten();
  EXPECT_TRUE(absl::StartsWith(request, "GET /tun HTTP/1.1\r\n")) << request;
  EXPECT_TRUE(absl::EndsWith(request, "\r\n\r\n")) << request;
}

// RFC 6455 4.1 MUST: the TLS handshake comes before the opening handshake
TEST_F(ConnectionTest, MakesNoSessionBeforeTheHandshakeIsOver) {
  transport_->ScriptHandshake(IoResult::kWouldBlock);
  transport_->ScriptHandshake(IoResult::kWouldBlock);
  connection_->Start(start_);
  transport_->Wake();
  RunReady();
  EXPECT_EQ(transport_->handshakes(), 2);
  EXPECT_EQ(sessions_made_, 0);
  EXPECT_EQ(secured_, 0);
  EXPECT_EQ(connection_->session(), nullptr);
  EXPECT_EQ(transport_->writes(), 0);
  RunReady();
  EXPECT_EQ(sessions_made_, 1);
  EXPECT_GT(transport_->writes(), 0);
}

TEST_F(ConnectionTest, WaitsForWhatTheHandshakeWants) {
  transport_->ScriptHandshake(IoResult::kWouldBlock);
  transport_->ScriptHandshake(IoResult::kWouldBlock);
  connection_->Start(start_);
  RunReady();  // an eventfd is always writable, and not readable yet
  EXPECT_EQ(transport_->handshakes(), 1);
  transport_->SetWantsWrite(true);
  transport_->Wake();
  RunReady();
  EXPECT_EQ(transport_->handshakes(), 2);
  RunReady();
  EXPECT_EQ(transport_->handshakes(), 3) << "woken by EPOLLOUT";
  EXPECT_EQ(secured_, 1);
}

// RFC 6455 4.1 MUST: fail when the TLS handshake fails
TEST_F(ConnectionTest, ACertificateThatDoesNotVerifyIsAReasonOfItsOwn) {
  transport_->ScriptHandshake(IoResult::kFailed,
                              absl::UnauthenticatedError("certificate 0: no"));
  connection_->Start(start_);
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kCertificate);
  EXPECT_EQ(end_->detail.message(), "certificate 0: no");
  EXPECT_EQ(sessions_made_, 0);
  EXPECT_EQ(secured_, 0);
  EXPECT_EQ(transport_->writes(), 0) << "no credentials left";
}

TEST_F(ConnectionTest, AnyOtherHandshakeFailureIsTheConnections) {
  transport_->ScriptHandshake(IoResult::kWouldBlock);
  transport_->ScriptHandshake(IoResult::kFailed,
                              absl::UnavailableError("TLS handshake: x"));
  connection_->Start(start_);
  transport_->Wake();
  RunReady();
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kConnection);
  EXPECT_EQ(CauseOf(end_->detail), EndCause::kTlsFailed);
  EXPECT_EQ(sessions_made_, 0);
}

TEST_F(ConnectionTest, AHandshakeThatKnowsItsCauseKeepsIt) {
  transport_->ScriptHandshake(
      IoResult::kFailed,
      WithCause(absl::UnavailableError("x"), EndCause::kNotTls));
  connection_->Start(start_);
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(CauseOf(end_->detail), EndCause::kNotTls);
}

TEST_F(ConnectionTest, AnEndInTheHandshakeIsTheConnections) {
  transport_->ScriptHandshake(IoResult::kClosed);
  connection_->Start(start_);
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kConnection);
  EXPECT_TRUE(absl::StrContains(end_->detail.message(), "TLS handshake"));
  EXPECT_EQ(CauseOf(end_->detail), EndCause::kTlsFailed);
  EXPECT_EQ(sessions_made_, 0);
}

TEST_F(ConnectionTest, GivesTheHandshakeTenSeconds) {
  transport_->ScriptHandshake(IoResult::kWouldBlock);
  connection_->Start(start_);
  EXPECT_EQ(connection_->NextTime(), start_ + absl::Seconds(10));
  connection_->OnTime(start_ + absl::Seconds(9.9));
  EXPECT_FALSE(end_.has_value());
  connection_->OnTime(start_ + absl::Seconds(10));
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kConnection);
  EXPECT_TRUE(absl::IsDeadlineExceeded(end_->detail));
  EXPECT_EQ(CauseOf(end_->detail), EndCause::kTlsStalled);
  EXPECT_EQ(connection_->NextTime(), absl::InfiniteFuture());
  connection_->OnTime(start_ + absl::Seconds(99));
  transport_->Wake();
  RunReady();
  EXPECT_EQ(transport_->handshakes(), 1) << "no longer watched";
}

TEST_F(ConnectionTest, TheAnswerHasItsOwnTenSecondsAfterTheHandshake) {
  connection_->Start(start_);
  EXPECT_EQ(connection_->NextTime(), start_ + absl::Seconds(10));
  connection_->OnTime(start_ + absl::Seconds(10));
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kTimeout);
  EXPECT_EQ(transport_->shutdowns(), 1);
}

// RFC 6455 4.1 MUST: fail when one of them is invalid (host, port, resource)
TEST_F(ConnectionTest, ARequestThatCannotBeMadeEndsIt) {
  session_options_.host = "no host";
  connection_->Start(start_);
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kHandshake);
  EXPECT_EQ(transport_->writes(), 0);
}

TEST_F(ConnectionTest, WritesTheRequestInParts) {
  transport_->SetRoom(SIZE_MAX, 7);
  connection_->Start(start_);
  EXPECT_TRUE(absl::EndsWith(transport_->TakeWritten(), "\r\n\r\n"));
  EXPECT_GT(transport_->writes(), 10);
}

TEST_F(ConnectionTest, GoesOnWithTheRequestWhenTheSocketTakesMore) {
  transport_->SetRoom(30);
  connection_->Start(start_);
  std::string request = transport_->TakeWritten();
  EXPECT_EQ(request.size(), 30u);
  RunReady();  // EPOLLOUT, but still no room
  transport_->SetRoom(SIZE_MAX);
  RunReady();
  request += transport_->TakeWritten();
  EXPECT_TRUE(absl::StartsWith(request, "GET /tun HTTP/1.1\r\nHost: "));
  EXPECT_TRUE(absl::EndsWith(request, "\r\n\r\n"));
  const int writes = transport_->writes();
  RunReady();
  EXPECT_EQ(transport_->writes(), writes) << "EPOLLOUT is not watched now";
}

TEST_F(ConnectionTest, ReadsWhatCameWithTheEndOfTheHandshake) {
  transport_->SetHasInput(true);  // the socket will not tell of it
  connection_->Start(start_);
  EXPECT_EQ(connection_->NextTime(), absl::InfinitePast());
  transport_->PeerSends(kAnswer);
  connection_->OnTime(start_);
  EXPECT_EQ(opened_, 1);
  EXPECT_NE(connection_->NextTime(), absl::InfinitePast());
}

TEST_F(ConnectionTest, OpensWhenTheAnswerComesInPieces) {
  connection_->Start(start_);
  for (size_t i = 0; i < kAnswer.size(); ++i) {
    transport_->PeerSends(kAnswer.substr(i, 1));
    RunReady();
  }
  EXPECT_EQ(opened_, 1);
  EXPECT_EQ(Send(Packet()), SendResult::kQueued);
}

// RFC 9112 6.1 MUST: close after HTTP/1.0 with Transfer-Encoding
// RFC 9112 6.3 MUST: an invalid Content-Length cannot be recovered from
// RFC 9112 6.3 MUST: close when fewer octets come than announced
// RFC 9112 6.3 MUST NOT: what follows the answer is taken for another
// RFC 9112 9.6 MUST: close after an answer with "close", send no more requests
TEST_F(ConnectionTest, EndsAfterAnyAnswerButTheUpgrade) {
  const struct {
    const char* name;
    const char* fields_and_body;
  } kCases[] = {
      {"HTTP/1.0 with Transfer-Encoding",
       "HTTP/1.0 404 X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"no number", "HTTP/1.1 404 X\r\nContent-Length: x\r\n\r\n"},
      {"two numbers", "HTTP/1.1 404 X\r\nContent-Length: 1, 2\r\n\r\nab"},
      {"fewer octets", "HTTP/1.1 404 X\r\nContent-Length: 9\r\n\r\nabc"},
      {"more octets", "HTTP/1.1 404 X\r\nContent-Length: 1\r\n\r\nabc"},
      {"a bad chunk",
       "HTTP/1.1 404 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"},
      {"close", "HTTP/1.1 404 X\r\nConnection: close\r\n\r\n"},
      {"nothing of that", "HTTP/1.1 404 X\r\n\r\n"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    end_.reset();
    connection_.reset();  // before the loop, which SetUp makes anew
    SetUp();
    connection_->Start(start_);
    transport_->TakeWritten();  // the request
    const int writes = transport_->writes();
    transport_->PeerSends(absl::StrCat(c.fields_and_body, kAnswer));
    RunReady();
    ASSERT_TRUE(end_.has_value());
    EXPECT_EQ(end_->reason, EndReason::kHttpStatus);
    EXPECT_EQ(transport_->shutdowns(), 1);
    EXPECT_EQ(transport_->writes(), writes) << "another request";
  }
  EXPECT_EQ(opened_, 0) << "the second answer was read";
}

// RFC 6455 6.1 MUST: the frames go out over the connection
TEST_F(ConnectionTest, QueuesPacketsUntilFlush) {
  Open();
  const int writes = transport_->writes();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(Send(Packet()), SendResult::kQueued);
  }
  EXPECT_EQ(transport_->writes(), writes);
  connection_->Flush(start_);
  EXPECT_EQ(transport_->writes(), writes + 1) << "one write for the burst";
  EXPECT_EQ(transport_->TakeWritten().size(), 10u * (2 + 4 + 28));
}

// A frame of the server's with a packet for this device.
std::string PacketFrame() {
  const std::vector<uint8_t> packet = TestPacket(kTestOvoc, kTestDevice, 28);
  return absl::StrCat("\x82\x1c", std::string(packet.begin(), packet.end()));
}

TEST_F(ConnectionTest, SaysWhenNoMorePacketsFollow) {
  Open();
  const int before = read_ends_;
  transport_->PeerSends(PacketFrame());
  transport_->PeerSends(PacketFrame() + PacketFrame());
  RunReady();
  EXPECT_EQ(packets_, 3);
  EXPECT_EQ(read_ends_, before + 1) << "once for all that was there";
  EXPECT_EQ(packets_at_read_end_, 3);
}

TEST_F(ConnectionTest, SaysSoAtTheEndOfTheStreamToo) {
  Open();
  transport_->PeerSends(PacketFrame());
  transport_->PeerEnds(IoResult::kClosed);
  RunReady();
  EXPECT_EQ(packets_at_read_end_, 1);
  EXPECT_TRUE(end_.has_value());
}

TEST_F(ConnectionTest, ComesBackToWhatItLeftUnreadWithoutTheSocketsWord) {
  Open();
  for (int i = 0; i < 40; ++i) {
    transport_->PeerSends(PacketFrame());
  }
  RunReady();
  EXPECT_LT(packets_, 40) << "the others have their turn";
  const int first = packets_;
  EXPECT_EQ(connection_->NextTime(), absl::InfinitePast());
  connection_->OnTime(start_);  // no event of the socket
  EXPECT_GT(packets_, first);
  while (connection_->NextTime() == absl::InfinitePast()) {
    connection_->OnTime(start_);
  }
  EXPECT_EQ(packets_, 40);
  EXPECT_EQ(packets_at_read_end_, 40);
}

TEST_F(ConnectionTest, LeavesTheRestToTheNextTurnWhenReadingTakesLong) {
  Open();
  for (int i = 0; i < 12; ++i) {
    transport_->PeerSends(PacketFrame());
  }
  transport_->SetReadTime(absl::Milliseconds(11));
  RunReady();
  EXPECT_GE(packets_, 1);
  EXPECT_LE(packets_, 2) << "22 ms are over then";
  EXPECT_EQ(connection_->NextTime(), absl::InfinitePast());
  transport_->SetReadTime(absl::ZeroDuration());
  connection_->OnTime(start_);
  EXPECT_EQ(packets_, 12);
}

// A flood of TLS records without any data in them, behind a packet.
TEST_F(ConnectionTest, ComesBackToInputThatHasComeToNothing) {
  Open();
  transport_->PeerSends(PacketFrame());
  transport_->PeerEnds(IoResult::kMore);
  RunReady();
  EXPECT_EQ(packets_, 1);
  EXPECT_EQ(read_ends_, 2) << "one for the answer";
  EXPECT_EQ(connection_->NextTime(), absl::InfinitePast());
  connection_->OnTime(start_);
  EXPECT_EQ(read_ends_, 3) << "one attempt a turn";
  transport_->PeerEnds(IoResult::kWouldBlock);
  connection_->OnTime(start_);
  EXPECT_GT(connection_->NextTime(), start_);
  EXPECT_FALSE(end_.has_value());
}

TEST_F(ConnectionTest, AsksAPeerThatSendsOnlyRecordsWithoutDataAndLeavesIt) {
  Open();
  transport_->PeerEnds(IoResult::kMore);
  RunReady();
  for (int second = 1; second <= 120 && !end_.has_value(); ++second) {
    connection_->OnTime(start_ + absl::Seconds(second));
  }
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kDeadPeer);
}

TEST_F(ConnectionTest, GoesOnWithAHandshakeWithoutTheSocketsWord) {
  transport_->ScriptHandshake(IoResult::kMore);
  transport_->ScriptHandshake(IoResult::kMore);
  transport_->ScriptHandshake(IoResult::kWouldBlock);
  connection_->Start(start_);
  EXPECT_EQ(transport_->handshakes(), 1);
  EXPECT_EQ(connection_->NextTime(), absl::InfinitePast());
  connection_->OnTime(start_);
  EXPECT_EQ(transport_->handshakes(), 2);
  connection_->OnTime(start_);
  EXPECT_EQ(transport_->handshakes(), 3);
  EXPECT_EQ(connection_->NextTime(), start_ + absl::Seconds(10));
  EXPECT_EQ(sessions_made_, 0);
}

TEST_F(ConnectionTest, AHandshakeThatNeverEndsHasTenSecondsAllTheSame) {
  transport_->ScriptHandshake(IoResult::kMore);
  connection_->Start(start_);
  connection_->OnTime(start_ + absl::Seconds(10));
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kConnection);
  EXPECT_EQ(transport_->handshakes(), 1) << "no work after the deadline";
}

TEST_F(ConnectionTest, AnswersAPing) {
  Open();
  transport_->PeerSends(absl::string_view("\x89\x01x", 3));
  RunReady();
  // FIN and pong, masked and 1 byte, the mask of zeros, the payload.
  EXPECT_EQ(transport_->TakeWritten(), std::string("\x8a\x81\0\0\0\0x", 7));
}

TEST_F(ConnectionTest, TakesNoMoreThanItsQueueAndGoesOnWhenTheSocketDoes) {
  Open();
  transport_->SetRoom(0);
  size_t queued = 0;
  while (Send(Packet(1500)) == SendResult::kQueued) {
    ++queued;
  }
  EXPECT_GT(queued, 60u);
  EXPECT_EQ(Send(Packet(1500)), SendResult::kNoRoom);
  connection_->Flush(start_);
  EXPECT_EQ(Send(Packet(1500)), SendResult::kNoRoom);
  transport_->SetRoom(SIZE_MAX);
  RunReady();  // the socket says that it takes bytes
  EXPECT_TRUE(connection_->session()->output().empty());
  EXPECT_EQ(transport_->TakeWritten().size(), queued * (2 + 2 + 4 + 1500));
  EXPECT_EQ(Send(Packet(1500)), SendResult::kQueued);
}

TEST_F(ConnectionTest, WaitsForTheSocketWhileTheTransportHoldsWhatItTook) {
  Open();
  transport_->HoldBack(true);
  EXPECT_EQ(Send(Packet()), SendResult::kQueued);
  connection_->Flush(start_);
  EXPECT_TRUE(connection_->session()->output().empty()) << "it was taken";
  EXPECT_EQ(Send(Packet()), SendResult::kQueued);
  connection_->Flush(start_);
  EXPECT_FALSE(connection_->session()->output().empty())
      << "behind what is held, the rest stays where a Pong goes before it";
  EXPECT_EQ(transport_->TakeWritten(), "");
  transport_->HoldBack(false);
  RunReady();  // the socket is writable, and watched for that
  EXPECT_EQ(transport_->TakeWritten().size(), 2u * (2 + 4 + 28));
}

TEST_F(ConnectionTest, CountsAPacketThatIsGivenUp) {
  Open();
  connection_->session()->DropPacket(1500);
  EXPECT_EQ(connection_->session()->counters().packets.outbound.packets(
                netif::DropReason::kQueueFull),
            1u);
}

TEST_F(ConnectionTest, EndsWhenAWriteFails) {
  Open();
  transport_->FailWrites(absl::UnavailableError("write: Broken pipe"));
  Send(Packet());
  connection_->Flush(start_);
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kConnection);
  EXPECT_EQ(end_->detail.message(), "write: Broken pipe");
}

TEST_F(ConnectionTest, EndsWhenTheStreamEnds) {
  Open();
  transport_->PeerEnds(IoResult::kClosed);
  RunReady();
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kPeerGone);
}

// RFC 6455 7.2.1 MUST: fail when the transport is lost
TEST_F(ConnectionTest, EndsWhenAReadFails) {
  Open();
  transport_->PeerEnds(IoResult::kFailed, absl::UnavailableError("reset"));
  RunReady();
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kConnection);
  EXPECT_EQ(end_->detail.message(), "reset");
}

// RFC 6455 5.5.1 MUST: the connection is closed after a Close each way
TEST_F(ConnectionTest, AnswersAPeersCloseBeforeItEnds) {
  Open();
  transport_->PeerSends(absl::string_view("\x88\x02\x03\xe8", 4));
  RunReady();
  EXPECT_EQ(transport_->TakeWritten(),
            std::string("\x88\x82\0\0\0\0\x03\xe8", 8));
  EXPECT_EQ(transport_->shutdowns(), 1);
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kClosedByPeer);
}

// RFC 6455 7.1.2 MUST: a closing handshake begins with a Close frame
TEST_F(ConnectionTest, ClosesInOrder) {
  Open();
  connection_->Close(start_);
  EXPECT_EQ(transport_->TakeWritten(),
            std::string("\x88\x82\0\0\0\0\x03\xe8", 8));
  EXPECT_FALSE(end_.has_value());
  transport_->PeerEnds(IoResult::kClosed);
  RunReady();
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kClosedByUs);
}

// A line of 32 kbit/s, whose socket is full of what was given to it before: the
// queue of 112 KiB would need half a minute.
TEST_F(ConnectionTest, ClosesInOrderBehindAFullQueueOnASlowLine) {
  Open();
  transport_->SetRoom(0);
  const std::vector<uint8_t> packet = TestPacket(kTestDevice, kTestOvoc, 1400);
  while (Send(packet) == SendResult::kQueued) {
  }
  transport_->SetRoom(100);
  connection_->Flush(start_);
  connection_->Close(start_);
  std::string written = transport_->TakeWritten();
  absl::Duration took;
  while (!absl::EndsWith(written, absl::string_view("\x03\xe8", 2)) &&
         !end_.has_value()) {
    took += absl::Milliseconds(100);
    transport_->SetRoom(400);
    connection_->OnTime(start_ + took);
    connection_->Flush(start_ + took);
    written += transport_->TakeWritten();
  }
  EXPECT_FALSE(end_.has_value()) << "the time was up before";
  EXPECT_LT(took, absl::Seconds(1));
  EXPECT_EQ(written.size(), 1400u + 8 + 8);
}

TEST_F(ConnectionTest, ACloseThatIsNotAnsweredEndsAfterFourSeconds) {
  Open();
  connection_->Close(start_);
  EXPECT_EQ(connection_->NextTime(), start_ + absl::Seconds(4));
  connection_->OnTime(start_ + absl::Seconds(4));
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kClosedByUs);
}

TEST_F(ConnectionTest, CloseInTheHandshakeJustEnds) {
  transport_->ScriptHandshake(IoResult::kWouldBlock);
  connection_->Start(start_);
  connection_->Close(start_);
  ASSERT_TRUE(end_.has_value());
  EXPECT_EQ(end_->reason, EndReason::kClosedByUs);
  connection_->Close(start_);  // a second end would fail the test
  EXPECT_EQ(sessions_made_, 0);
}

}  // namespace
}  // namespace ovoc::tunnel
