// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/frame_choices.h"

#include <cstdint>
#include <set>
#include <vector>

#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

using Bytes = std::vector<uint8_t>;

TEST(FrameChoicesTest, NothingChoosesTheClientsOwnOptions) {
  const FrameChoices choices = ReadFrameChoices({});
  EXPECT_TRUE(choices.stream.empty());
  EXPECT_EQ(choices.cuts[0], 0);
  EXPECT_EQ(choices.options.profile, frame::FramingProfile::kOvoc);
  EXPECT_EQ(choices.options.role, frame::Role::kClient);
  EXPECT_EQ(choices.options.max_payload_bytes, 1500U);
  EXPECT_EQ(choices.options.max_message_bytes, 1500U);
}

TEST(FrameChoicesTest, TheLastThreeOctetsChooseAndTheOthersAreTheStream) {
  const Bytes input = {0x82, 0x00,  // stream
                       0x07,        // cut
                       0x56,        // message limit 5: 7; frame limit 6: 125
                       0x03};       // rfc6455, server
  const FrameChoices choices = ReadFrameChoices(input);
  EXPECT_EQ(choices.stream, absl::MakeConstSpan(input).first(2));
  EXPECT_EQ(choices.cuts[0], 7);
  EXPECT_EQ(choices.options.max_payload_bytes, 125U);
  EXPECT_EQ(choices.options.max_message_bytes, 7U);
  const frame::FrameParserOptions options = choices.parser_options();
  EXPECT_EQ(options.profile, frame::FramingProfile::kRfc6455);
  EXPECT_EQ(options.role, frame::Role::kServer);
  EXPECT_EQ(options.max_payload_bytes, 125U);
}

TEST(FrameChoicesTest, EveryLimitCanBeChosen) {
  std::set<uint64_t> frames;
  std::set<uint64_t> messages;
  for (int limits = 0; limits < 256; ++limits) {
    const Bytes input = {0, static_cast<uint8_t>(limits), 0};
    const FrameChoices choices = ReadFrameChoices(input);
    frames.insert(choices.options.max_payload_bytes);
    messages.insert(choices.options.max_message_bytes);
  }
  EXPECT_EQ(frames.size(), 16U);
  EXPECT_EQ(messages.size(), 16U);
  EXPECT_LE(*messages.rbegin(), 1500U);
}

TEST(FrameChoicesTest, TheLimitsStandAroundTheFormsOfALength) {
  // RFC 6455 5.2: 7 bits up to 125, 16 bits up to 65535, then 63 bits.
  std::set<uint64_t> frames;
  for (uint8_t place = 0; place < 16; ++place) {
    const Bytes input = {0, place, 0};
    frames.insert(ReadFrameChoices(input).options.max_payload_bytes);
  }
  const uint64_t kMax = 0x7FFFFFFFFFFFFFFF;
  for (const uint64_t limit : {uint64_t{0}, uint64_t{125}, uint64_t{126},
                               uint64_t{65535}, uint64_t{65536}, kMax}) {
    EXPECT_EQ(frames.count(limit), 1u) << limit;
  }
}

TEST(FrameChoicesTest, EachBitOfTheOptionsIsOneChoice) {
  const struct {
    uint8_t bits;
    frame::FramingProfile profile;
    frame::Role role;
  } kCases[] = {
      {0, frame::FramingProfile::kOvoc, frame::Role::kClient},
      {1, frame::FramingProfile::kRfc6455, frame::Role::kClient},
      {2, frame::FramingProfile::kOvoc, frame::Role::kServer},
      {3, frame::FramingProfile::kRfc6455, frame::Role::kServer},
      {0xFC, frame::FramingProfile::kOvoc, frame::Role::kClient},
  };
  for (const auto& test : kCases) {
    const Bytes input = {test.bits};
    const FrameChoices choices = ReadFrameChoices(input);
    EXPECT_EQ(choices.options.profile, test.profile) << int{test.bits};
    EXPECT_EQ(choices.options.role, test.role) << int{test.bits};
    EXPECT_EQ(choices.parser_options().profile, test.profile);
    EXPECT_EQ(choices.parser_options().role, test.role);
  }
}

TEST(FrameChoicesTest, AShortInputChoosesFromItsEnd) {
  const FrameChoices one = ReadFrameChoices(Bytes{1});
  EXPECT_EQ(one.options.profile, frame::FramingProfile::kRfc6455);
  EXPECT_EQ(one.options.max_payload_bytes, 1500U);
  const FrameChoices two = ReadFrameChoices(Bytes{0x11, 1});
  EXPECT_EQ(two.options.profile, frame::FramingProfile::kRfc6455);
  EXPECT_EQ(two.options.max_payload_bytes, 0U);
  EXPECT_EQ(two.options.max_message_bytes, 0U);
  EXPECT_EQ(two.cuts[0], 0);
  EXPECT_TRUE(two.stream.empty());
}

TEST(FrameChoicesTest, AShortStreamIsReadOctetByOctetToo) {
  EXPECT_EQ(ReadFrameChoices(Bytes(3 + kMaxOctetwiseBytes)).cuts[1], 1);
  EXPECT_EQ(ReadFrameChoices(Bytes(4 + kMaxOctetwiseBytes)).cuts[1], 0);
}

TEST(FrameChoicesTest, ALongStreamIsCut) {
  const Bytes input(kMaxFrameStreamBytes + 4);
  EXPECT_EQ(ReadFrameChoices(input).stream.size(), kMaxFrameStreamBytes);
  EXPECT_EQ(ReadFrameChoices(input).stream.data(), input.data())
      << "its front stays";
}

}  // namespace
}  // namespace ovoc::fuzz
