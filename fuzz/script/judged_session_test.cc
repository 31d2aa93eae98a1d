// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/judged_session.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "fuzz/oracle/naive_packets.h"
#include "gtest/gtest.h"
#include "netif/overlay_assignment.h"
#include "tunnel/session/session.h"
#include "tunnel/session/session_end.h"
#include "tunnel/session/session_options.h"

namespace ovoc::fuzz {
namespace {

const absl::Time kNow = absl::UnixEpoch() + absl::Hours(1);

tunnel::SessionOptions Options() {
  tunnel::SessionOptions options;
  options.host = "ovoc.example";
  options.output_bytes = 4096;
  return options;
}

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

constexpr absl::string_view kAnswer =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "X-Audc-OverlayIP: 169.254.0.2\r\nX-Audc-OverlayPrefix: 18\r\n\r\n";

constexpr uint32_t kOvoc = 0xA9FE0001;
constexpr uint32_t kDevice = 0xA9FE0002;

// A packet with a right header, RFC 791 3.1.
std::string Packet(uint32_t source, uint32_t destination, size_t size) {
  std::vector<uint8_t> packet(size);
  SetAddresses(source, destination, &packet);
  MendPacket(kMendVersion | kMendTotalLength | kMendChecksum, &packet);
  return std::string(packet.begin(), packet.end());
}

// A server's frame of at most 125 bytes, RFC 6455 5.2.
std::string Frame(int first, absl::string_view payload) {
  return absl::StrCat(std::string(1, static_cast<char>(first)),
                      std::string(1, static_cast<char>(payload.size())),
                      payload);
}

// Writes the request and gives the answer.
void Open(absl::string_view answer, JudgedSession* run) {
  run->Consume(SIZE_MAX, kNow);
  run->OnBytes(Bytes(answer), kNow);
  ASSERT_EQ(run->session().state(), tunnel::Session::State::kOpen);
}

TEST(JudgedSessionTest, TwoRunsOfTheSameBytesAreTheSame) {
  JudgedSession a(Options(), kNow);
  JudgedSession b(Options(), kNow);
  ASSERT_TRUE(a.created() && b.created());
  a.Consume(SIZE_MAX, kNow);
  b.Consume(SIZE_MAX, kNow);
  a.OnBytes(Bytes(kAnswer), kNow);
  b.OnBytes(Bytes(kAnswer.substr(0, 5)), kNow);
  b.OnBytes(Bytes(kAnswer.substr(5)), kNow);
  a.ExpectSameAs(b);
  a.Close(kNow);
  EXPECT_DEATH(a.ExpectSameAs(b), "promise broken");
  EXPECT_DEATH(a.ExpectAllWritten(), "promise broken");
  a.Consume(SIZE_MAX, kNow);
  a.ExpectAllWritten();
  a.OnStreamEnd(absl::OkStatus());
  EXPECT_EQ(a.session().state(), tunnel::Session::State::kClosed);
}

TEST(JudgedSessionTest, SaysWhichTunnelWasOpened) {
  for (const auto reach :
       {netif::OverlayReach::kOvocOnly, netif::OverlayReach::kHosts}) {
    tunnel::SessionOptions options = Options();
    options.overlay.reach = reach;
    JudgedSession run(options, kNow);
    EXPECT_EQ(run.tunnel().ours, 0u);
    EXPECT_FALSE(IsTunnel(run.tunnel()));
    Open(kAnswer, &run);
    EXPECT_EQ(run.tunnel().ours, kDevice);
    EXPECT_EQ(run.tunnel().ovoc, kOvoc);
    EXPECT_EQ(run.tunnel().mtu_bytes, 1500u);
    EXPECT_EQ(run.tunnel().prefix_length,
              reach == netif::OverlayReach::kHosts ? 18 : 32);
    EXPECT_TRUE(IsTunnel(run.tunnel()));
  }
}

TEST(JudgedSessionTest, RunsThatDifferAreNotTheSame) {
  const std::string text = Frame(0x81, "");
  const std::string pong = Frame(0x8A, "");
  const std::string ping = Frame(0x89, "");
  const std::string one = Frame(0x82, Packet(kOvoc, kDevice, 28));
  const std::string two = Frame(0x82, Packet(kOvoc, kDevice, 29));
  using Action = std::function<void(JudgedSession*)>;
  const auto give = [](const std::string& bytes, absl::Duration after = {}) {
    return [bytes, after](JudgedSession* run) {
      run->OnBytes(Bytes(bytes), kNow + after);
    };
  };
  const struct {
    const char* what;
    Action first;
    Action second;
    const char* message;
  } kCases[] = {
      {"the state", [](JudgedSession* run) { run->Close(kNow); },
       [](JudgedSession*) {}, "broken: a.state"},
      {"the output", give(ping), [](JudgedSession*) {}, "broken: a.output"},
      {"the time", give(ping), give(ping, absl::Seconds(1)),
       "broken: a.NextTime"},
      {"a packet", give(one), give(two), "broken: packets_"},
      {"a packet more", give(one + one), give(one), "broken: packets_"},
      {"what was tolerated", give(text), give(pong), "broken: ours.frames"},
      {"pongs", give(pong + pong), give(pong), "broken: ours.pings_received"},
      {"the end",
       [](JudgedSession* run) { run->OnStreamEnd(absl::OkStatus()); },
       [](JudgedSession* run) {
         run->OnStreamEnd(absl::UnavailableError("reset"));
       },
       "broken: a.end"},
  };
  for (const auto& test : kCases) {
    JudgedSession a(Options(), kNow);
    JudgedSession b(Options(), kNow);
    Open(kAnswer, &a);
    Open(kAnswer, &b);
    a.ExpectSameAs(b);
    test.first(&a);
    test.second(&b);
    EXPECT_DEATH(a.ExpectSameAs(b), test.message) << test.what;
    JudgedSession same(Options(), kNow);
    Open(kAnswer, &same);
    test.first(&same);
    a.ExpectSameAs(same);
  }
}

TEST(JudgedSessionTest, AnotherAddressIsNotTheSame) {
  JudgedSession a(Options(), kNow);
  JudgedSession b(Options(), kNow);
  Open(kAnswer, &a);
  Open(absl::StrReplaceAll(kAnswer, {{"169.254.0.2", "169.254.0.3"}}), &b);
  EXPECT_DEATH(a.ExpectSameAs(b), "broken: tunnel_.ours");
}

TEST(JudgedSessionTest, WhatWasSentHasToBeWrittenWhole) {
  JudgedSession run(Options(), kNow);
  Open(kAnswer, &run);
  run.ExpectAllWritten();
  const std::string packet = Packet(kDevice, kOvoc, 28);
  run.SendPacket(Bytes(packet), kNow);
  EXPECT_DEATH(run.ExpectAllWritten(), "broken: session_->output");
  // A frame of 6 + 28 bytes; all but its last byte are no frame.
  run.Consume(33, kNow);
  EXPECT_DEATH(run.ExpectAllWritten(), "broken: session_->output");
  run.Consume(1, kNow);
  run.ExpectAllWritten();
}

TEST(JudgedSessionTest, PacketsAreTakenAsTheRulesHaveIt) {
  JudgedSession run(Options(), kNow);
  const std::string good = Packet(kDevice, kOvoc, 28);
  run.SendPacket(Bytes(good), kNow);  // not open
  Open(kAnswer, &run);
  const auto packets = [&run] { return run.session().counters().packets; };
  EXPECT_EQ(packets().outbound.accepted_packets(), 0u);
  run.SendPacket(Bytes(good), kNow);
  EXPECT_EQ(packets().outbound.accepted_packets(), 1u);
  const std::string foreign = Packet(kOvoc, kDevice, 28);
  const std::string long_one = Packet(kDevice, kOvoc, 1501);
  run.SendPacket(Bytes(foreign), kNow);
  run.SendPacket(Bytes(long_one), kNow);
  run.SendPacket({}, kNow);
  EXPECT_EQ(packets().outbound.accepted_packets(), 1u);
  EXPECT_EQ(packets().outbound.dropped_packets(), 3u);
  run.Consume(SIZE_MAX, kNow);
  run.ExpectAllWritten();
}

TEST(JudgedSessionTest, AFullQueueTakesNoPacketAndLosesNone) {
  JudgedSession run(Options(), kNow);
  Open(kAnswer, &run);
  // 4096 bytes take two frames of 1508 and keep room for control frames.
  const std::string packet = Packet(kDevice, kOvoc, 1500);
  for (int i = 0; i < 5; ++i) {
    run.SendPacket(Bytes(packet), kNow);
  }
  EXPECT_EQ(run.session().counters().packets.outbound.accepted_packets(), 2u);
  EXPECT_EQ(run.session().queued_bytes(), 2u * (8 + 1500));
  run.Consume(SIZE_MAX, kNow);
  run.ExpectAllWritten();
}

TEST(JudgedSessionTest, FlowsMayOvertakeEachOtherInWhateverPieces) {
  for (size_t piece = 1; piece <= 80; ++piece) {
    tunnel::SessionOptions options = Options();
    options.overlay.reach = netif::OverlayReach::kHosts;
    JudgedSession run(options, kNow);
    Open(kAnswer, &run);
    const std::string file = Packet(kDevice, kOvoc, 1000);
    const std::string small = Packet(kDevice, kDevice + 1, 28);
    run.SendPacket(Bytes(file), kNow);
    run.SendPacket(Bytes(file), kNow);
    run.Consume(piece, kNow);
    run.SendPacket(Bytes(small), kNow);
    const std::string ping = Frame(0x89, "abc");
    run.OnBytes(Bytes(ping), kNow);
    while (!run.session().output().empty()) {
      run.Consume(piece, kNow);
    }
    run.ExpectAllWritten();
    EXPECT_EQ(run.session().counters().pings_received, 1u);
  }
}

TEST(JudgedSessionTest, ACloseDropsWhatHadNotBegun) {
  JudgedSession run(Options(), kNow);
  Open(kAnswer, &run);
  const std::string packet = Packet(kDevice, kOvoc, 600);
  for (int i = 0; i < 3; ++i) {
    run.SendPacket(Bytes(packet), kNow);
  }
  run.Consume(10, kNow);  // the first has begun
  run.Close(kNow);
  EXPECT_EQ(run.session().counters().packets_dropped_at_close, 2u);
  EXPECT_EQ(run.session().state(), tunnel::Session::State::kClosing);
  run.Consume(SIZE_MAX, kNow);
  run.ExpectAllWritten();
  run.SendPacket(Bytes(packet), kNow);
  run.ExpectAllWritten();
  run.OnTime(kNow + absl::Seconds(4));
  EXPECT_EQ(run.session().state(), tunnel::Session::State::kClosed);
}

TEST(JudgedSessionTest, AClosedSessionStaysSilent) {
  JudgedSession run(Options(), kNow);
  Open(kAnswer, &run);
  run.OnStreamEnd(absl::OkStatus());
  const std::string more =
      Frame(0x89, "") + Frame(0x82, Packet(kOvoc, kDevice, 28));
  run.OnBytes(Bytes(more), kNow);
  run.Close(kNow);
  run.OnTime(kNow + absl::Hours(1));
  run.OnStreamEnd(absl::UnavailableError("later"));
  EXPECT_TRUE(run.session().output().empty());
  EXPECT_EQ(run.session().counters().pings_received, 0u);
  EXPECT_EQ(run.session().counters().packets.inbound.accepted_packets(), 0u);
  EXPECT_EQ(run.session().end()->reason, tunnel::EndReason::kPeerGone);
}

TEST(JudgedSessionTest, ALoginThatFailsLeavesNoCredentials) {
  for (const absl::string_view answer :
       {"HTTP/1.1 401 Unauthorized\r\n\r\n", "no HTTP\r\n", "\n"}) {
    JudgedSession run(Options(), kNow);
    run.Consume(7, kNow);  // the rest of the request is queued
    EXPECT_GT(run.session().queued_bytes(), 0u);
    run.OnBytes(Bytes(answer), kNow);
    EXPECT_EQ(run.session().state(), tunnel::Session::State::kClosed);
    EXPECT_EQ(run.session().queued_bytes(), 0u);
    run.ExpectAllWritten();
  }
}

TEST(JudgedSessionTest, AnEndlessHeadEndsAtItsLimit) {
  JudgedSession run(Options(), kNow);
  const std::string line(16384, 'a');
  run.OnBytes(Bytes(line), kNow);
  EXPECT_EQ(run.session().state(), tunnel::Session::State::kLoggingIn);
  run.OnBytes(Bytes("a"), kNow);
  EXPECT_EQ(run.session().end()->reason, tunnel::EndReason::kHandshake);
}

TEST(JudgedSessionTest, AHostThatIsNoneMakesNoSession) {
  tunnel::SessionOptions options = Options();
  options.host = "no host";
  EXPECT_FALSE(JudgedSession(options, kNow).created());
}

}  // namespace
}  // namespace ovoc::fuzz
