// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_peer.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

using conformance::PeerEnd;
using conformance::ServerStyle;

constexpr ServerStyle kStyles[] = {ServerStyle::kStrict,
                                   ServerStyle::kLegacyDirect,
                                   ServerStyle::kLegacyNginx};

std::string Octets(const std::vector<uint8_t>& bytes) {
  return {bytes.begin(), bytes.end()};
}

// A client's frame under a mask of zeros.
std::string Frame(uint8_t first, const std::string& payload) {
  return absl::StrCat(
      Octets({first, static_cast<uint8_t>(0x80 | payload.size()), 0, 0, 0, 0}),
      payload);
}

// 20 bytes from 169.254.0.`from` to 169.254.0.`to`.
std::string Packet(uint8_t from, uint8_t to) {
  return Octets({0x45, 0, 0,    20,   0, 0,    0,    0,    64, 17,
                 0,    0, 0xa9, 0xfe, 0, from, 0xa9, 0xfe, 0,  to});
}

PeerScene Scene(ServerStyle style) {
  PeerScene scene;
  scene.style = style;
  scene.wall = absl::FromUnixSeconds(1795358621);
  scene.queue_bytes = 8192;
  return scene;
}

PeerOutcome Play(const std::string& text, const PeerScene& scene) {
  return PlayNaively(
      {reinterpret_cast<const uint8_t*>(text.data()), text.size()}, scene);
}

// What comes of frames behind a login.
PeerOutcome PlayFrames(const std::string& frames, const PeerScene& scene) {
  return Play(absl::StrCat(NaiveLoginText(), frames), scene);
}

TEST(NaivePeer, WaitsForAWholeRequest) {
  for (const ServerStyle style : kStyles) {
    const PeerOutcome outcome = Play("GET /tun HTTP/1.1\r\n", Scene(style));
    PeerOutcome nothing;
    nothing.patience = absl::Seconds(60);
    EXPECT_EQ(outcome, nothing);
  }
}

TEST(NaivePeer, LogsInWithTheAddressThatIsLeft) {
  for (const ServerStyle style : kStyles) {
    const PeerOutcome outcome = PlayFrames("", Scene(style));
    ASSERT_EQ(outcome.to_client.size(), 1u);
    EXPECT_TRUE(absl::StartsWith(outcome.to_client[0], "HTTP/1.1 101 "));
    EXPECT_TRUE(absl::StrContains(outcome.to_client[0],
                                  "X-Audc-OverlayIP: 169.254.0.3\r\n"
                                  "X-Audc-OverlayPrefix: 30\r\n"));
    EXPECT_EQ(outcome.admitted, 2u);
    EXPECT_EQ(outcome.wakes, 1);
    EXPECT_EQ(outcome.end, std::nullopt);
    EXPECT_EQ(outcome.patience, style == ServerStyle::kLegacyNginx
                                    ? absl::Seconds(60)
                                    : absl::Seconds(61));
  }
}

TEST(NaivePeer, RefusesWhenThePoolIsFull) {
  for (const ServerStyle style : kStyles) {
    PeerScene scene = Scene(style);
    scene.pool = PeerScene::Pool::kFull;
    const PeerOutcome outcome = PlayFrames("", scene);
    ASSERT_EQ(outcome.to_client.size(), 1u);
    EXPECT_TRUE(absl::StrContains(outcome.to_client[0], " 409 "));
    EXPECT_EQ(outcome.admitted, 2u);
    EXPECT_EQ(outcome.end.has_value(), style != ServerStyle::kLegacyNginx);
  }
}

TEST(NaivePeer, NginxTakesRequestsUntilItsQueueIsFull) {
  const std::string other = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  PeerOutcome outcome = Play(absl::StrCat(other, NaiveLoginText()),
                             Scene(ServerStyle::kLegacyNginx));
  EXPECT_EQ(outcome.to_client.size(), 2u);
  EXPECT_EQ(outcome.admitted, 2u);
  std::string many;
  for (int i = 0; i < 100; ++i) {
    many += other;
  }
  outcome = Play(many, Scene(ServerStyle::kLegacyNginx));
  EXPECT_EQ(outcome.end, PeerEnd::kRefused);
  EXPECT_LT(outcome.to_client.size(), 50u);
  // Tun-ws alone says nothing when it refuses, but for a full pool.
  outcome = Play("x\n\n", Scene(ServerStyle::kLegacyDirect));
  EXPECT_EQ(outcome.end, PeerEnd::kRefused);
  EXPECT_TRUE(outcome.to_client.empty());
  EXPECT_EQ(outcome.wakes, 0);
}

TEST(NaivePeer, PassesPacketsOnByTheirAddresses) {
  const std::string frames = absl::StrCat(
      Frame(0x82, Packet(3, 1)), Frame(0x82, Packet(3, 2)),
      Frame(0x82, Packet(3, 3)), Frame(0x82, Packet(3, 9)),
      Frame(0x82, Packet(2, 1)), Frame(0x82, std::string(19, 'E')));
  for (const ServerStyle style : kStyles) {
    const PeerOutcome outcome = PlayFrames(frames, Scene(style));
    EXPECT_EQ(outcome.to_ovoc, std::vector<std::string>{Packet(3, 1)});
    const std::string head = Octets({0x82, 20});
    EXPECT_EQ(outcome.to_neighbour,
              std::vector<std::string>{head + Packet(3, 2)});
    ASSERT_EQ(outcome.to_client.size(), 2u);
    EXPECT_EQ(outcome.to_client[1], head + Packet(3, 3));
    EXPECT_EQ(outcome.packets.to_device, 1u);
    EXPECT_EQ(outcome.packets.peer_to_peer, 2u);
    EXPECT_EQ(outcome.packets.dropped_destination, 1u);
    EXPECT_EQ(outcome.packets.dropped_source, 1u);
    EXPECT_EQ(outcome.packets.dropped_short, 1u);
  }
}

TEST(NaivePeer, KeepsTheHeadOnlyWhereTheRealOneDoes) {
  // Text with RSV1 and 20 bytes in a 64-bit length: recording 24 and more.
  const std::string odd = absl::StrCat(
      Octets({0xc1, 0xff, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0}), Packet(3, 2));
  EXPECT_EQ(PlayFrames(odd, Scene(ServerStyle::kLegacyDirect)).to_neighbour,
            std::vector<std::string>{absl::StrCat(
                Octets({0xc1, 0x7f, 0, 0, 0, 0, 0, 0, 0, 20}), Packet(3, 2))});
  const PeerOutcome strict = PlayFrames(odd, Scene(ServerStyle::kStrict));
  EXPECT_EQ(strict.end, PeerEnd::kProtocolError);
  EXPECT_EQ(strict.to_client.back(), Octets({0x88, 2, 0x03, 0xea}));  // 1002
}

TEST(NaivePeer, LeavesRoomForAnswers) {
  std::string frames;
  for (int i = 0; i < 300; ++i) {
    frames += Frame(0x82, Packet(3, 2));
  }
  const PeerOutcome outcome =
      PlayFrames(frames, Scene(ServerStyle::kLegacyDirect));
  // 22 bytes each in the 4,096 that packets may use.
  EXPECT_EQ(outcome.to_neighbour.size(), 186u);
  EXPECT_EQ(outcome.packets.dropped_full, 114u);
}

TEST(NaivePeer, AnswersControlFrames) {
  const std::string frames =
      absl::StrCat(Frame(0x89, "ab"), Frame(0x8a, "c"),
                   Frame(0x88, Octets({0x03, 0xe8, 'd'})), Frame(0x89, ""));
  const PeerOutcome strict = PlayFrames(frames, Scene(ServerStyle::kStrict));
  ASSERT_EQ(strict.to_client.size(), 2u);
  EXPECT_EQ(strict.to_client[1],
            Octets({0x8a, 2, 'a', 'b', 0x88, 2, 0x03, 0xe8}));
  EXPECT_EQ(strict.end, PeerEnd::kCloseFrame);
  EXPECT_EQ(strict.close_code, 1000);
  EXPECT_EQ(strict.admitted, 1u);
  const PeerOutcome legacy =
      PlayFrames(frames, Scene(ServerStyle::kLegacyDirect));
  ASSERT_EQ(legacy.to_client.size(), 2u);
  EXPECT_EQ(legacy.to_client[1], Octets({0x8a, 0}));
  EXPECT_EQ(legacy.end, PeerEnd::kCloseFrame);
  EXPECT_EQ(legacy.close_code, 1000);
}

TEST(NaivePeer, ClosesWithTheRightCode) {
  const PeerScene scene = Scene(ServerStyle::kStrict);
  const auto last = [&scene](const std::string& frames) {
    return PlayFrames(frames, scene).to_client.back();
  };
  EXPECT_EQ(last(Frame(0x81, "a")), Octets({0x88, 2, 0x03, 0xeb}));     // 1003
  EXPECT_EQ(last(Frame(0x81, "\xff")), Octets({0x88, 2, 0x03, 0xef}));  // 1007
  EXPECT_EQ(last(Frame(0x83, "")), Octets({0x88, 2, 0x03, 0xea}));      // 1002
  EXPECT_EQ(last(Octets({0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0})),
            Octets({0x88, 2, 0x03, 0xf1}));  // 65,536 bytes: 1009
  EXPECT_EQ(PlayFrames(Frame(0x83, ""), Scene(ServerStyle::kLegacyNginx)).end,
            PeerEnd::kProtocolError);
}

TEST(NaivePeer, FinishesAsEachServerDoes) {
  for (const auto& [finish, end] :
       {std::pair(PeerScene::Finish::kStop, PeerEnd::kStopped),
        std::pair(PeerScene::Finish::kSilence, PeerEnd::kIdle)}) {
    for (const ServerStyle style : kStyles) {
      PeerScene scene = Scene(style);
      scene.finish = finish;
      const PeerOutcome outcome = PlayFrames("", scene);
      EXPECT_EQ(outcome.end, end);
      EXPECT_EQ(outcome.patience, absl::InfiniteDuration());
      EXPECT_EQ(outcome.to_client.size(),
                style == ServerStyle::kStrict ? 2u : 1u);
    }
  }
  PeerScene scene = Scene(ServerStyle::kStrict);
  scene.finish = PeerScene::Finish::kSilence;
  EXPECT_EQ(Play("GET", scene).end, PeerEnd::kRequestTimeout);
}

// A packet of any length: the servers look at two addresses and nothing else.
std::string LongPacket(uint8_t from, uint8_t to, size_t size) {
  std::string packet = Packet(from, to);
  packet.resize(size, 'x');
  return packet;
}

std::string Length(size_t bytes, size_t octets) {
  std::string text(octets, '\0');
  for (size_t i = octets; i > 0; --i) {
    text[i - 1] = static_cast<char>(bytes & 0xff);
    bytes >>= 8;
  }
  return text;
}

// A client's binary frame with its length in 0, 2 or 8 more octets.
std::string FrameOf(const std::string& payload, size_t octets) {
  const int length = octets == 8   ? 0x7f
                     : octets == 2 ? 0x7e
                                   : static_cast<int>(payload.size());
  return absl::StrCat(Octets({0x82, static_cast<uint8_t>(0x80 | length)}),
                      Length(payload.size(), octets), Octets({0, 0, 0, 0}),
                      payload);
}

struct LengthCase {
  size_t size;
  size_t octets;  // that the client writes the length in
  std::vector<uint8_t> head;
  bool strict;  // RFC 6455 5.2: the shortest form
};

const LengthCase kLengths[] = {
    {20, 0, {0x82, 20}, true},
    {20, 2, {0x82, 0x7e, 0, 20}, false},
    {20, 8, {0x82, 0x7f, 0, 0, 0, 0, 0, 0, 0, 20}, false},
    {125, 0, {0x82, 125}, true},
    {126, 2, {0x82, 0x7e, 0, 126}, true},
    {126, 8, {0x82, 0x7f, 0, 0, 0, 0, 0, 0, 0, 126}, false},
    {1500, 2, {0x82, 0x7e, 0x05, 0xdc}, true},
    {1500, 8, {0x82, 0x7f, 0, 0, 0, 0, 0, 0, 0x05, 0xdc}, false},
};

TEST(NaivePeer, PassesAHeadOnInTheFormInWhichItCame) {
  for (const LengthCase& c : kLengths) {
    const std::string packet = LongPacket(3, 2, c.size);
    const std::string frame = FrameOf(packet, c.octets);
    const std::vector<std::string> passed_on = {
        absl::StrCat(Octets(c.head), packet)};
    EXPECT_EQ(PlayFrames(frame, Scene(ServerStyle::kLegacyDirect)).to_neighbour,
              passed_on);
    EXPECT_EQ(PlayFrames(frame, Scene(ServerStyle::kLegacyNginx)).to_neighbour,
              passed_on);
    const PeerOutcome strict = PlayFrames(frame, Scene(ServerStyle::kStrict));
    EXPECT_EQ(strict.to_neighbour,
              c.strict ? passed_on : std::vector<std::string>());
    EXPECT_EQ(strict.end,
              c.strict ? std::nullopt : std::optional(PeerEnd::kProtocolError));
  }
}

TEST(NaivePeer, OnlyTheStrictOnePutsFragmentsTogether) {
  const std::string packet = Packet(3, 2);
  const std::string halves = absl::StrCat(Frame(0x02, packet.substr(0, 10)),
                                          Frame(0x80, packet.substr(10)));
  EXPECT_EQ(PlayFrames(halves, Scene(ServerStyle::kStrict)).to_neighbour,
            std::vector<std::string>{absl::StrCat(Octets({0x82, 20}), packet)});
  const PeerOutcome legacy =
      PlayFrames(halves, Scene(ServerStyle::kLegacyDirect));
  EXPECT_TRUE(legacy.to_neighbour.empty());
  EXPECT_EQ(legacy.packets.dropped_short, 2u);
  // To tun-ws each frame is a packet, whatever its opcode below 3.
  const std::string each = absl::StrCat(
      Frame(0x02, packet), Frame(0x80, packet), Frame(0x81, packet));
  EXPECT_EQ(
      PlayFrames(each, Scene(ServerStyle::kLegacyDirect)).to_neighbour,
      (std::vector<std::string>{absl::StrCat(Octets({0x02, 20}), packet),
                                absl::StrCat(Octets({0x80, 20}), packet),
                                absl::StrCat(Octets({0x81, 20}), packet)}));
}

TEST(NaivePeer, UnmasksWithTheKey) {
  std::string frame = Octets({0x82, 0x94, 1, 2, 3, 4});
  const std::string packet = Packet(3, 1);
  for (size_t i = 0; i < packet.size(); ++i) {
    frame += static_cast<char>(packet[i] ^ static_cast<char>(i % 4 + 1));
  }
  for (const ServerStyle style : kStyles) {
    EXPECT_EQ(PlayFrames(frame, Scene(style)).to_ovoc,
              std::vector<std::string>{packet});
  }
}

TEST(NaivePeer, OnlyTheStrictOneWantsMasks) {
  const std::string frames =
      absl::StrCat(Octets({0x82, 20}), Packet(3, 1), Frame(0x82, Packet(3, 1)));
  const PeerOutcome strict = PlayFrames(frames, Scene(ServerStyle::kStrict));
  EXPECT_TRUE(strict.to_ovoc.empty()) << "nor what follows";
  EXPECT_EQ(strict.to_client.back(), Octets({0x88, 2, 0x03, 0xea}));  // 1002
  EXPECT_EQ(strict.end, PeerEnd::kProtocolError);
  const PeerOutcome legacy =
      PlayFrames(frames, Scene(ServerStyle::kLegacyDirect));
  EXPECT_EQ(legacy.to_ovoc.size(), 2u);
  EXPECT_EQ(legacy.end, std::nullopt);
}

struct CloseCase {
  const char* name;
  std::vector<uint8_t> payload;
  std::vector<uint8_t> answer;  // of the strict one
  PeerEnd strict_end;
  int strict_code;
  int legacy_code;
};

// RFC 6455 5.5.1, 7.4.
const CloseCase kCloses[] = {
    {"nothing", {}, {0x88, 0}, PeerEnd::kCloseFrame, 1005, 1005},
    {"1001 with a reason",
     {0x03, 0xe9, 'a'},
     {0x88, 2, 0x03, 0xe9},
     PeerEnd::kCloseFrame,
     1001,
     1001},
    {"4999",
     {0x13, 0x87},
     {0x88, 2, 0x13, 0x87},
     PeerEnd::kCloseFrame,
     4999,
     4999},
    {"half a code",
     {0x03},
     {0x88, 2, 0x03, 0xea},
     PeerEnd::kProtocolError,
     1005,
     1005},
    {"1006, which is never sent",
     {0x03, 0xee},
     {0x88, 2, 0x03, 0xea},
     PeerEnd::kProtocolError,
     1005,
     1005},
    {"a reason that is no UTF-8",
     {0x03, 0xe8, 0xff},
     {0x88, 2, 0x03, 0xef},
     PeerEnd::kProtocolError,
     1005,
     1005},
};

TEST(NaivePeer, EndsWithACloseFrame) {
  for (const CloseCase& c : kCloses) {
    SCOPED_TRACE(c.name);
    // What stands behind it is not read.
    const std::string frames =
        absl::StrCat(Frame(0x88, Octets(c.payload)), Frame(0x82, Packet(3, 1)));
    const PeerOutcome strict = PlayFrames(frames, Scene(ServerStyle::kStrict));
    ASSERT_EQ(strict.to_client.size(), 2u);
    EXPECT_EQ(strict.to_client[1], Octets(c.answer));
    EXPECT_EQ(strict.end, c.strict_end);
    EXPECT_EQ(strict.close_code, c.strict_code);
    EXPECT_TRUE(strict.to_ovoc.empty());
    const PeerOutcome legacy =
        PlayFrames(frames, Scene(ServerStyle::kLegacyDirect));
    EXPECT_EQ(legacy.to_client.size(), 1u) << "tun-ws does not answer";
    EXPECT_EQ(legacy.end, PeerEnd::kCloseFrame);
    EXPECT_EQ(legacy.close_code, c.legacy_code);
    EXPECT_TRUE(legacy.to_ovoc.empty());
  }
}

struct RefusalCase {
  const char* from;
  const char* to;
  const char* strict;
  const char* direct;
  const char* nginx;
};

constexpr RefusalCase kRefusals[] = {
    {"GET /tun ", "GET /tun2 ", " 404 ", " 101 ", " 404 "},
    {"GET ", "POST ", " 400 ", " 101 ", " 101 "},
    {"Host: a\r\n", "", " 400 ", " 101 ", " 400 "},
    {"VlBOOjEyMzQ1Ng==", "VlBOOjEyMzQ1Nw==", " 401 ", " 101 ", " 401 "},
    {"Version: 13", "Version: 8", " 426 ", " 101 ", " 101 "},
    {"Upgrade: websocket\r\n", "", " 426 ", " 101 ", " 101 "},
};

TEST(NaivePeer, RefusesWhatEachServerRefuses) {
  for (const RefusalCase& c : kRefusals) {
    SCOPED_TRACE(c.to);
    const std::string request =
        absl::StrReplaceAll(NaiveLoginText(), {{c.from, c.to}});
    ASSERT_NE(request, NaiveLoginText());
    const char* const codes[] = {c.strict, c.direct, c.nginx};
    for (size_t i = 0; i < 3; ++i) {
      const PeerOutcome outcome = Play(request, Scene(kStyles[i]));
      ASSERT_EQ(outcome.to_client.size(), 1u) << i;
      EXPECT_TRUE(
          absl::StrContains(outcome.to_client[0].substr(0, 16), codes[i]))
          << i;
      const bool is_in = absl::StrContains(codes[i], "101");
      EXPECT_EQ(outcome.admitted, is_in ? 2u : 1u) << i;
      // nginx waits for another request, unless it could not read this one.
      const bool is_open = is_in || (kStyles[i] == ServerStyle::kLegacyNginx &&
                                     !absl::StrContains(codes[i], "400"));
      EXPECT_EQ(outcome.end,
                is_open ? std::nullopt : std::optional(PeerEnd::kRefused))
          << i;
    }
  }
}

TEST(NaivePeer, NginxLetsAClientTryAgainUnlessItSaysClose) {
  const std::string wrong = absl::StrReplaceAll(
      NaiveLoginText(), {{"VlBOOjEyMzQ1Ng==", "VlBOOjEyMzQ1Nw=="}});
  const std::string last = absl::StrReplaceAll(
      wrong, {{"Connection: Upgrade", "Connection: close"}});
  const auto admitted = [](const std::string& text, ServerStyle style) {
    return Play(absl::StrCat(text, NaiveLoginText()), Scene(style)).admitted;
  };
  EXPECT_EQ(admitted(wrong, ServerStyle::kLegacyNginx), 2u);
  EXPECT_EQ(admitted(last, ServerStyle::kLegacyNginx), 1u);
  EXPECT_EQ(admitted(wrong, ServerStyle::kStrict), 1u);
}

TEST(NaivePeer, AnswersAsLongAsThereIsRoom) {
  std::string pings;
  for (int i = 0; i < 100; ++i) {
    pings += Frame(0x89, std::string(125, 'p'));
  }
  const PeerOutcome outcome = PlayFrames(pings, Scene(ServerStyle::kStrict));
  size_t bytes = 0;
  for (const std::string& write : outcome.to_client) {
    bytes += write.size();
  }
  EXPECT_LE(bytes, 8192u);
  EXPECT_GT(bytes + 127, 8192u) << "one more Pong";
  EXPECT_EQ(outcome.end, std::nullopt);
}

TEST(NaivePeer, StopsBeforeARequestWithoutAWord) {
  for (const ServerStyle style : kStyles) {
    PeerScene scene = Scene(style);
    scene.finish = PeerScene::Finish::kStop;
    const PeerOutcome outcome = Play("", scene);
    EXPECT_EQ(outcome.end, PeerEnd::kStopped);
    EXPECT_TRUE(outcome.to_client.empty());
    EXPECT_EQ(outcome.wakes, 0);
    EXPECT_EQ(outcome.admitted, 1u);
  }
}

}  // namespace
}  // namespace ovoc::fuzz
