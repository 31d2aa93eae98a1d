// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_peer.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
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

}  // namespace
}  // namespace ovoc::fuzz
