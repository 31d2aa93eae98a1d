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

TEST(FrameChoicesTest, AShortStreamIsReadOctetByOctetToo) {
  EXPECT_EQ(ReadFrameChoices(Bytes(3 + kMaxOctetwiseBytes)).cuts[1], 1);
  EXPECT_EQ(ReadFrameChoices(Bytes(4 + kMaxOctetwiseBytes)).cuts[1], 0);
}

TEST(FrameChoicesTest, ALongStreamIsCut) {
  const Bytes input(kMaxFrameStreamBytes + 4);
  EXPECT_EQ(ReadFrameChoices(input).stream.size(), kMaxFrameStreamBytes);
}

}  // namespace
}  // namespace ovoc::fuzz
