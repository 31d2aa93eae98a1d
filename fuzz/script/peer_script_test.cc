// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/peer_script.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

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
