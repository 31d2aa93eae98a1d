// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/peer_script.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/time/time.h"
#include "conformance/ovoc_server/hub.h"
#include "fuzz/oracle/naive_peer.h"
#include "gtest/gtest.h"
#include "netif/testing/flow_packet.h"

namespace ovoc::fuzz {
namespace {

using Bytes = std::vector<uint8_t>;
using conformance::PeerEnd;
using conformance::ServerStyle;

// Octet of the scene.
uint8_t SceneOctet(int style, int sum) {
  return static_cast<uint8_t>(sum * 3 + style);
}

TEST(PeerChoicesTest, AnEmptyInputIsASilentClientOfTheStrictServer) {
  const PeerChoices choices = ReadPeerChoices({});
  EXPECT_TRUE(choices.stream.empty());
  EXPECT_EQ(choices.cut, 0);
  EXPECT_EQ(choices.scene.style, ServerStyle::kStrict);
  EXPECT_EQ(choices.scene.pool, PeerScene::Pool::kOneLeft);
  EXPECT_EQ(choices.scene.finish, PeerScene::Finish::kNothing);
}

TEST(PeerChoicesTest, TheLastTwoOctetsChoose) {
  PeerChoices choices = ReadPeerChoices(Bytes{'a', SceneOctet(1, 1 + 8), 5});
  EXPECT_EQ(choices.stream, Bytes{'a'});
  EXPECT_EQ(choices.cut, 5);
  EXPECT_EQ(choices.scene.style, ServerStyle::kLegacyDirect);
  EXPECT_EQ(choices.scene.pool, PeerScene::Pool::kFull);
  EXPECT_EQ(choices.scene.finish, PeerScene::Finish::kStop);
  choices = ReadPeerChoices(Bytes{'a', 'b', SceneOctet(2, 4 + 16), 0});
  EXPECT_EQ(choices.stream.size(), 32u);
  EXPECT_EQ(choices.scene.style, ServerStyle::kLegacyNginx);
  EXPECT_EQ(choices.scene.finish, PeerScene::Finish::kSilence);
}

TEST(PeerChoicesTest, ALoginMayStandInFrontOnce) {
  const PeerChoices choices =
      ReadPeerChoices(Bytes{'a', SceneOctet(0, 2 + 4), 0});
  const size_t login = NaiveLoginText().size();
  EXPECT_EQ(choices.stream.size(), login + 16);
  EXPECT_EQ(choices.stream[0], 'G');
  EXPECT_EQ(choices.stream[login], 'a');
}

TEST(PeerChoicesTest, OneOctetIsTheCut) {
  const PeerChoices choices = ReadPeerChoices(Bytes{7});
  EXPECT_EQ(choices.cut, 7);
  EXPECT_TRUE(choices.stream.empty());
  EXPECT_EQ(choices.scene.style, ServerStyle::kStrict);
  EXPECT_EQ(choices.scene.queue_bytes, 8192u);
}

TEST(PeerChoicesTest, EverySceneCanBeChosen) {
  const size_t login = NaiveLoginText().size();
  std::set<std::tuple<ServerStyle, PeerScene::Pool, PeerScene::Finish, size_t>>
      scenes;
  for (int octet = 0; octet < 256; ++octet) {
    const PeerChoices choices =
        ReadPeerChoices(Bytes{'a', static_cast<uint8_t>(octet), 0});
    const size_t size = choices.stream.size();
    EXPECT_TRUE(size == 1 || size == 16 || size == login + 1 ||
                size == login + 16)
        << octet;
    scenes.emplace(choices.scene.style, choices.scene.pool,
                   choices.scene.finish, size);
  }
  EXPECT_EQ(scenes.size(), 3u * 2 * 3 * 4);
}

TEST(PeerChoicesTest, AStreamIsSixteenTimesTheInputAtMost) {
  const Bytes input(5000, 'x');
  Bytes scripted = input;
  scripted.push_back(SceneOctet(0, 2 + 4));
  scripted.push_back(0);
  EXPECT_EQ(ReadPeerChoices(scripted).stream.size(),
            NaiveLoginText().size() + 16 * input.size());
}

// A client's frame under a mask of zeros, RFC 6455 5.2.
Bytes Frame(uint8_t first, const Bytes& payload) {
  Bytes frame = {first};
  if (payload.size() < 126) {
    frame.push_back(static_cast<uint8_t>(0x80 | payload.size()));
  } else {
    frame.push_back(0x80 | 126);
    frame.push_back(static_cast<uint8_t>(payload.size() >> 8));
    frame.push_back(static_cast<uint8_t>(payload.size() & 0xFF));
  }
  frame.insert(frame.end(), 4, 0);
  frame.insert(frame.end(), payload.begin(), payload.end());
  return frame;
}

// From 169.254.0.`from` to 169.254.0.`to`, RFC 791 3.1.
Bytes Packet(uint8_t from, uint8_t to, size_t size) {
  Bytes packet = {0x45, 0, 0,    20,   0, 0,    0,    0,    64, 17,
                  0,    0, 0xa9, 0xfe, 0, from, 0xa9, 0xfe, 0,  to};
  packet.resize(size);
  return packet;
}

// What comes of these bytes, in whole, and it has to be what the plain server
// says.
PeerOutcome PlayScene(Bytes input, int style, int sum) {
  input.push_back(SceneOctet(style, sum));
  input.push_back(0);
  const PeerChoices choices = ReadPeerChoices(input);
  PeerOutcome outcome = PlayPeer(choices.stream, choices.cut, choices.scene);
  EXPECT_EQ(outcome, PlayNaively(choices.stream, choices.scene));
  return outcome;
}

constexpr int kLogin = 2;  // parts of a scene's sum
constexpr int kRepeated = 4;
constexpr int kStops = 8;
constexpr int kSilence = 16;

TEST(PlayPeerTest, PacketsGoByTheirTwoAddresses) {
  using Counters = conformance::HubCounters;
  const struct {
    const char* what;
    Bytes packet;
    uint64_t Counters::* counter;
  } kCases[] = {
      {"to OVOC", Packet(3, 1, 20), &Counters::to_device},
      {"to the neighbour", Packet(3, 2, 100), &Counters::peer_to_peer},
      {"to itself", Packet(3, 3, 20), &Counters::peer_to_peer},
      {"to nobody", Packet(3, 4, 20), &Counters::dropped_destination},
      {"from the neighbour", Packet(2, 1, 20), &Counters::dropped_source},
      {"from OVOC", Packet(1, 2, 20), &Counters::dropped_source},
      {"too short", Packet(3, 1, 19), &Counters::dropped_short},
  };
  for (const auto& test : kCases) {
    for (const int style : {0, 1, 2}) {
      const PeerOutcome outcome =
          PlayScene(Frame(0x82, test.packet), style, kLogin);
      EXPECT_EQ(outcome.packets.*test.counter, 1u) << test.what;
      EXPECT_EQ(outcome.to_ovoc.size(), outcome.packets.to_device);
      EXPECT_FALSE(outcome.end.has_value()) << test.what;
    }
  }
}

TEST(PlayPeerTest, ANeighbourGetsThePacketUnmasked) {
  const Bytes packet = Packet(3, 2, 28);
  const PeerOutcome outcome = PlayScene(Frame(0x82, packet), 0, kLogin);
  ASSERT_EQ(outcome.to_neighbour.size(), 1u);
  std::string expected = "\x82\x1C";
  expected.append(packet.begin(), packet.end());
  EXPECT_EQ(outcome.to_neighbour[0], expected);
}

TEST(PlayPeerTest, AFullQueueDropsPackets) {
  // 4096 of the neighbour's 8192 bytes are kept free: two frames of 1404 fit.
  for (const int style : {0, 1, 2}) {
    const PeerOutcome outcome =
        PlayScene(Frame(0x82, Packet(3, 2, 1400)), style, kLogin + kRepeated);
    EXPECT_EQ(outcome.packets.peer_to_peer, 2u);
    EXPECT_EQ(outcome.packets.dropped_full, 14u);
  }
}

TEST(PlayPeerTest, APingIsAnsweredAsTheServersDo) {
  const Bytes ping = Frame(0x89, {'a', 'b', 'c'});
  const PeerOutcome strict = PlayScene(ping, 0, kLogin);
  ASSERT_EQ(strict.to_client.size(), 2u);
  EXPECT_EQ(strict.to_client[1],
            "\x8A\x03"
            "abc")
      << "RFC 6455 5.5.3";
  const PeerOutcome legacy = PlayScene(ping, 1, kLogin);
  ASSERT_EQ(legacy.to_client.size(), 2u);
  EXPECT_EQ(legacy.to_client[1], std::string("\x8A\0", 2)) << "tun-ws";
}

TEST(PlayPeerTest, TheSceneEndsAsItWasChosen) {
  const PeerOutcome open = PlayScene({}, 0, kLogin);
  EXPECT_FALSE(open.end.has_value());
  EXPECT_EQ(open.admitted, 2u);
  EXPECT_EQ(open.patience, absl::Seconds(61));
  const PeerOutcome waiting = PlayScene({}, 0, 0);
  EXPECT_EQ(waiting.admitted, 1u);
  EXPECT_EQ(waiting.patience, absl::Seconds(60));
  const PeerOutcome stopped = PlayScene({}, 0, kLogin + kStops);
  EXPECT_EQ(stopped.end, PeerEnd::kStopped);
  EXPECT_EQ(stopped.admitted, 1u) << "its address is free again";
  ASSERT_EQ(stopped.to_client.size(), 2u);
  EXPECT_EQ(stopped.to_client[1], "\x88\x02\x03\xE9") << "1001";
  EXPECT_EQ(PlayScene({}, 1, kStops).end, PeerEnd::kStopped);
  EXPECT_EQ(PlayScene({}, 0, kLogin + kSilence).end, PeerEnd::kIdle);
  EXPECT_EQ(PlayScene({}, 0, kSilence).end, PeerEnd::kRequestTimeout);
}

TEST(PlayPeerTest, ACloseFrameHasItsCode) {
  const PeerOutcome outcome = PlayScene(Frame(0x88, {3, 0xE8}), 0, kLogin);
  EXPECT_EQ(outcome.end, PeerEnd::kCloseFrame);
  EXPECT_EQ(outcome.close_code, 1000);
  EXPECT_EQ(outcome.patience, absl::InfiniteDuration());
  EXPECT_EQ(PlayScene(Frame(0x88, {}), 0, kLogin).close_code, 1005);
}

TEST(PlayPeerTest, TheCutDoesNotMatter) {
  Bytes input = Frame(0x89, {'x'});
  for (const Bytes& more :
       {Frame(0x02, Packet(3, 2, 20)), Frame(0x80, Packet(3, 1, 20)),
        Frame(0x82, Packet(3, 1, 130)), Frame(0x88, {3, 0xE8})}) {
    input.insert(input.end(), more.begin(), more.end());
  }
  for (const int style : {0, 1, 2}) {
    Bytes scripted = input;
    scripted.push_back(SceneOctet(style, kLogin));
    scripted.push_back(0);
    const PeerChoices choices = ReadPeerChoices(scripted);
    const PeerOutcome naive = PlayNaively(choices.stream, choices.scene);
    for (int cut = 0; cut < 256; ++cut) {
      EXPECT_EQ(
          PlayPeer(choices.stream, static_cast<uint8_t>(cut), choices.scene),
          naive)
          << style << " " << cut;
    }
  }
}

TEST(PlayPeerTest, AnyBytesLeadToWhatThePlainServerSays) {
  for (uint32_t seed = 1; seed <= 200; ++seed) {
    const Bytes noise = netif::Noise(100, seed);
    Bytes frames;  // of all opcodes, as the noise has it
    for (size_t i = 0; i + 10 < noise.size(); i += 10) {
      const Bytes frame =
          Frame(noise[i], Bytes(noise.begin() + static_cast<ptrdiff_t>(i) + 1,
                                noise.begin() + static_cast<ptrdiff_t>(i) + 9));
      frames.insert(frames.end(), frame.begin(), frame.end());
    }
    const int style = static_cast<int>(seed % 3);
    PlayScene(noise, style, 0);
    PlayScene(noise, style, kLogin);
    PlayScene(frames, style, kLogin);
  }
}

TEST(PlayPeerTest, HasTheClientLogInBesideANeighbour) {
  // A packet from 169.254.0.3 to OVOC, one to 169.254.0.2, and a Close.
  const Bytes input = {0x82, 0x94, 0,  0, 0, 0,    0x45, 0, 0, 20,   0,    0, 0,
                       0,    64,   17, 0, 0, 0xa9, 0xfe, 0, 3, 0xa9, 0xfe, 0, 1,
                       0x82, 0x94, 0,  0, 0, 0,    0x45, 0, 0, 20,   0,    0, 0,
                       0,    64,   17, 0, 0, 0xa9, 0xfe, 0, 3, 0xa9, 0xfe, 0, 2,
                       0x88, 0x80, 0,  0, 0, 0};
  for (const int style : {0, 1, 2}) {
    Bytes scripted = input;
    scripted.push_back(SceneOctet(style, 2));
    scripted.push_back(1);
    const PeerChoices choices = ReadPeerChoices(scripted);
    const PeerOutcome outcome =
        PlayPeer(choices.stream, choices.cut, choices.scene);
    EXPECT_EQ(outcome.to_ovoc.size(), 1u);
    ASSERT_EQ(outcome.to_neighbour.size(), 1u);
    EXPECT_EQ(outcome.to_neighbour[0].size(), 22u);
    EXPECT_EQ(outcome.end, PeerEnd::kCloseFrame);
    EXPECT_EQ(outcome.admitted, 1u);
    EXPECT_EQ(outcome.wakes, 1);
    EXPECT_EQ(outcome, PlayNaively(choices.stream, choices.scene));
  }
}

TEST(PlayPeerTest, RefusesWhenThePoolIsFull) {
  const PeerChoices choices = ReadPeerChoices(Bytes{SceneOctet(0, 1 + 2), 0});
  const PeerOutcome outcome =
      PlayPeer(choices.stream, choices.cut, choices.scene);
  EXPECT_EQ(outcome.end, PeerEnd::kRefused);
  EXPECT_EQ(outcome.admitted, 2u);
}

}  // namespace
}  // namespace ovoc::fuzz
