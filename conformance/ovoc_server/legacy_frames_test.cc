// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/legacy_frames.h"

#include <vector>

#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using Result = LegacyFrameReader::Result;
using Bytes = std::vector<uint8_t>;

struct Read {
  int opcode;
  bool fin;
  int rsv;
  frame::LengthForm form;
  Bytes payload;

  friend bool operator==(const Read&, const Read&) = default;
};

// Reads all of `in`, offered in pieces of at most `piece` bytes.
std::vector<Read> ReadAll(const Bytes& in, size_t piece) {
  LegacyFrameReader reader;
  std::vector<Read> frames;
  for (size_t at = 0; at < in.size(); at += piece) {
    absl::Span<const uint8_t> input =
        absl::MakeConstSpan(in).subspan(at, piece);
    LegacyFrame frame;
    while (reader.Next(&input, &frame) == Result::kFrame) {
      frames.push_back({static_cast<int>(frame.header.opcode), frame.header.fin,
                        frame.header.rsv, frame.header.length_form,
                        Bytes(frame.payload.begin(), frame.payload.end())});
    }
    EXPECT_TRUE(input.empty());
  }
  return frames;
}

TEST(LegacyFramesTest, ReadsWhatTheLegacyClientSends) {
  // Recording 01: an unmasked, empty ping.
  const std::vector<Read> frames = ReadAll({0x89, 0x00}, 99);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0],
            (Read{9, true, 0, frame::LengthForm::kMinimal, Bytes{}}));
}

TEST(LegacyFramesTest, TakesEveryHeadAsItComes) {
  const struct {
    const char* name;
    Bytes bytes;
    Read expected;
  } kCases[] = {
      {"RFC 6455 5.7: masked Hello, as binary",
       {0x82, 0x85,              // FIN, binary; masked, 5 bytes
        0x37, 0xfa, 0x21, 0x3d,  // mask
        0x7f, 0x9f, 0x4d, 0x51, 0x58},
       {2, true, 0, frame::LengthForm::kMinimal, {'H', 'e', 'l', 'l', 'o'}}},
      {"not masked",
       {0x82, 0x02, 0x01, 0x02},
       {2, true, 0, frame::LengthForm::kMinimal, {1, 2}}},
      {"unfinished text",
       {0x01, 0x01, 0xff},  // no FIN, text that is no UTF-8
       {1, false, 0, frame::LengthForm::kMinimal, {0xff}}},
      {"RSV1",
       {0xc2, 0x01, 0x00},
       {2, true, 4, frame::LengthForm::kMinimal, {0}}},
      {"continuation of nothing",
       {0x80, 0x00},
       {0, true, 0, frame::LengthForm::kMinimal, {}}},
      {"16-bit length of 1",
       {0x82, 0x7e, 0x00, 0x01, 0x07},
       {2, true, 0, frame::LengthForm::kLonger16Bit, {7}}},
      {"64-bit length of 1, masked",
       {0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 1,  // length
        0xff, 0, 0, 0,                       // mask
        0x07},
       {2, true, 0, frame::LengthForm::kLonger64Bit, {0xf8}}},
      {"reserved opcode 3 of recording 23",
       {0x83, 0x81, 0x75, 0x78, 0x46, 0x06, 0x0d},
       {3, true, 0, frame::LengthForm::kMinimal, {'x'}}},
      {"fragmented close",
       {0x08, 0x00},
       {8, false, 0, frame::LengthForm::kMinimal, {}}},
  };
  for (const auto& c : kCases) {
    for (size_t piece = 1; piece <= c.bytes.size(); ++piece) {
      EXPECT_EQ(ReadAll(c.bytes, piece), std::vector<Read>{c.expected})
          << c.name << " in pieces of " << piece;
    }
  }
}

TEST(LegacyFramesTest, ReadsFrameAfterFrameHoweverTheyAreCut) {
  Bytes in;
  for (uint8_t i = 0; i < 40; ++i) {
    // Masked with i, 0, 0, 0; the payload becomes i bytes 0..i-1.
    in.insert(in.end(), {0x82, static_cast<uint8_t>(0x80 | i), i, 0, 0, 0});
    for (uint8_t j = 0; j < i; ++j) {
      in.push_back(j % 4 == 0 ? static_cast<uint8_t>(j ^ i) : j);
    }
  }
  const std::vector<Read> whole = ReadAll(in, in.size());
  ASSERT_EQ(whole.size(), 40u);
  for (size_t i = 0; i < whole.size(); ++i) {
    ASSERT_EQ(whole[i].payload.size(), i);
    for (size_t j = 0; j < i; ++j) {
      EXPECT_EQ(whole[i].payload[j], j);
    }
  }
  for (size_t piece = 1; piece < 64; ++piece) {
    EXPECT_EQ(ReadAll(in, piece), whole) << piece;
  }
}

TEST(LegacyFramesTest, ReadsTheLongestPayloadAndPassesOverALongerOne) {
  for (const uint64_t extra : {uint64_t{0}, uint64_t{1}}) {
    const uint64_t length = kMaxLegacyPayloadBytes + extra;
    Bytes in = {0x82, 0x7f};
    for (int shift = 56; shift >= 0; shift -= 8) {
      in.push_back(static_cast<uint8_t>(length >> shift));
    }
    in.insert(in.end(), static_cast<size_t>(length), 0x55);
    in.insert(in.end(), {0x89, 0x00});
    const std::vector<Read> frames = ReadAll(in, 1000);
    ASSERT_EQ(frames.size(), extra == 0 ? 2u : 1u);
    EXPECT_EQ(frames.back().opcode, 9);
    if (extra == 0) {
      EXPECT_EQ(frames[0].payload.size(), length);
    }
  }
}

TEST(LegacyFramesTest, ALengthWithoutEndIsPassedOverForEver) {
  LegacyFrameReader reader;
  const Bytes head = {0x82, 0x7f, 0xff, 0xff, 0xff,
                      0xff, 0xff, 0xff, 0xff, 0xff};
  absl::Span<const uint8_t> input = head;
  LegacyFrame frame;
  EXPECT_EQ(reader.Next(&input, &frame), Result::kNeedMore);
  EXPECT_EQ(reader.passed_over(), 1u);
  const Bytes more(65536, 0x89);
  for (int i = 0; i < 10; ++i) {
    input = more;
    EXPECT_EQ(reader.Next(&input, &frame), Result::kNeedMore);
    EXPECT_TRUE(input.empty());
  }
  EXPECT_EQ(reader.passed_over(), 1u);
}

}  // namespace
}  // namespace ovoc::conformance
