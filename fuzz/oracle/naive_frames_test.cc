// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_frames.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

using frame::FrameChunk;
using frame::FrameError;
using frame::FrameParserOptions;
using frame::FramingProfile;
using frame::LengthForm;
using frame::Opcode;
using frame::Role;
using frame::SkipReason;
using Bytes = std::vector<uint8_t>;

// RFC 6455 5.7: a single-frame masked text message, "Hello".
const Bytes kMaskedHello = {0x81, 0x85,              // FIN, text; mask, 5
                            0x37, 0xFA, 0x21, 0x3D,  // key
                            0x7F, 0x9F, 0x4D, 0x51, 0x58};

TEST(NaiveHeaderTest, ReadsTheRfcsExample) {
  const std::optional<NaiveFrame> frame = ReadNaiveHeader(kMaskedHello);
  ASSERT_TRUE(frame.has_value());
  EXPECT_TRUE(frame->header.fin);
  EXPECT_EQ(frame->header.rsv, 0);
  EXPECT_EQ(frame->header.opcode, Opcode::kText);
  EXPECT_TRUE(frame->header.masked);
  EXPECT_EQ(frame->header.mask_key, frame::MaskKey({0x37, 0xFA, 0x21, 0x3D}));
  EXPECT_EQ(frame->header.payload_length, 5U);
  EXPECT_EQ(frame->payload_at, 6U);
  EXPECT_TRUE(frame->complete());
  EXPECT_EQ(NaivePayload(kMaskedHello, *frame),
            Bytes({'H', 'e', 'l', 'l', 'o'}));
}

struct LengthCase {
  const char* name;
  Bytes header;
  uint64_t length;
  LengthForm form;
};

const LengthCase kLengths[] = {
    {"125 in 7 bits", {0x82, 0x7D}, 125, LengthForm::kMinimal},
    {"125 in 16", {0x82, 0x7E, 0, 0x7D}, 125, LengthForm::kLonger16Bit},
    {"126 in 16", {0x82, 0x7E, 0, 0x7E}, 126, LengthForm::kMinimal},
    {"65535 in 16", {0x82, 0x7E, 0xFF, 0xFF}, 65535, LengthForm::kMinimal},
    {"65535 in 64",
     {0x82, 0x7F, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF},
     65535,
     LengthForm::kLonger64Bit},
    {"65536 in 64",
     {0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0},
     65536,
     LengthForm::kMinimal},
};

TEST(NaiveHeaderTest, ReadsEveryFormOfALengthAndNothingThatIsCut) {
  for (const LengthCase& c : kLengths) {
    SCOPED_TRACE(c.name);
    const std::optional<NaiveFrame> frame = ReadNaiveHeader(c.header);
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->header.payload_length, c.length);
    EXPECT_EQ(frame->header.length_form, c.form);
    EXPECT_EQ(frame->payload_at, c.header.size());
    EXPECT_EQ(frame->payload_bytes, 0U);
    const auto whole = absl::MakeConstSpan(c.header);
    EXPECT_FALSE(ReadNaiveHeader(whole.first(whole.size() - 1)).has_value());
  }
}

struct ErrorCase {
  Bytes stream;
  FrameError rfc6455;
  FrameError ovoc;
};

const ErrorCase kErrors[] = {
    {{0x82, 0x80, 0, 0, 0, 0},
     FrameError::kMaskedFrame,
     FrameError::kMaskedFrame},
    {{0x83, 0x00}, FrameError::kReservedOpcode, FrameError::kReservedOpcode},
    {{0x8B, 0x00}, FrameError::kReservedOpcode, FrameError::kReservedOpcode},
    {{0xC9, 0x00}, FrameError::kReservedBits, FrameError::kReservedBits},
    {{0x09, 0x00},
     FrameError::kFragmentedControl,
     FrameError::kFragmentedControl},
    {{0x89, 0x7E, 0, 0x7E},
     FrameError::kControlTooLong,
     FrameError::kControlTooLong},
    {{0x89, 0x7E, 0, 0x7D},
     FrameError::kNonMinimalLength,
     FrameError::kNonMinimalLength},
    {{0xC2, 0x00}, FrameError::kReservedBits, FrameError::kNone},
    {{0x82, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0},
     FrameError::kLengthTopBit,
     FrameError::kNone},
    {{0x82, 0x7E, 0, 0}, FrameError::kNonMinimalLength, FrameError::kNone},
    {{0x82, 0x15}, FrameError::kLengthTooLarge, FrameError::kNone},
    {{0x82, 0x14}, FrameError::kNone, FrameError::kNone},
};

TEST(NaiveFramesTest, FindsTheRuleThatIsBroken) {
  for (const ErrorCase& c : kErrors) {
    SCOPED_TRACE(c.stream[0]);
    SCOPED_TRACE(c.stream[1]);
    FrameParserOptions options = {.profile = FramingProfile::kRfc6455,
                                  .max_payload_bytes = 20};
    EXPECT_EQ(ReadNaiveFrames(c.stream, options).error, c.rfc6455);
    options.profile = FramingProfile::kOvoc;
    EXPECT_EQ(ReadNaiveFrames(c.stream, options).error, c.ovoc);
  }
}

TEST(NaiveFramesTest, AServerWantsMasks) {
  const FrameParserOptions server = {.profile = FramingProfile::kRfc6455,
                                     .role = Role::kServer};
  EXPECT_EQ(ReadNaiveFrames(Bytes{0x82, 0x00}, server).error,
            FrameError::kUnmaskedFrame);
  EXPECT_EQ(ReadNaiveFrames(kMaskedHello, server).frames.size(), 1U);
}

TEST(NaiveFramesTest, TheOvocProfileSkipsAndCounts) {
  const Bytes stream = {0xC2, 0x01, 'a',         // RSV1
                        0x81, 0x01, 'b',         // text
                        0x82, 0x03, 1,   2, 3,   // above the limit
                        0x82, 0x7E, 0,   1, 9};  // not minimal: read
  const NaiveFrames read = ReadNaiveFrames(
      stream, {.profile = FramingProfile::kOvoc, .max_payload_bytes = 2});
  ASSERT_EQ(read.frames.size(), 4U);
  EXPECT_EQ(read.frames[0].skip, SkipReason::kReservedBits);
  EXPECT_EQ(read.frames[1].skip, SkipReason::kText);
  EXPECT_EQ(read.frames[2].skip, SkipReason::kTooLong);
  EXPECT_EQ(read.frames[3].skip, SkipReason::kNone);
  EXPECT_EQ(read.counters.skipped_reserved_bits, 1U);
  EXPECT_EQ(read.counters.skipped_text, 1U);
  EXPECT_EQ(read.counters.skipped_too_long, 1U);
  EXPECT_EQ(read.counters.read_non_minimal_length, 1U);
  EXPECT_TRUE(read.between_frames);
}

TEST(NaiveFramesTest, AFrameThatIsCutIsTheLast) {
  const Bytes stream = {0x82, 0x00, 0x82, 0x05, 'a', 'b'};
  const NaiveFrames read = ReadNaiveFrames(stream, {});
  ASSERT_EQ(read.frames.size(), 2U);
  EXPECT_EQ(read.frames[1].payload_bytes, 2U);
  EXPECT_FALSE(read.frames[1].complete());
  EXPECT_FALSE(read.between_frames);
  EXPECT_FALSE(ReadNaiveFrames(Bytes{0x82}, {}).between_frames);
  EXPECT_TRUE(ReadNaiveFrames({}, {}).between_frames);
}

TEST(NaiveFramesTest, KnowsTheNextChunkFromAWrongOne) {
  const Bytes stream = {0x82, 0x03, 'a', 'b', 'c'};
  const NaiveFrame frame = *ReadNaiveHeader(stream);
  const auto view = absl::MakeConstSpan(stream);
  const FrameChunk right = {.header = frame.header,
                            .payload = view.subspan(3, 2),
                            .payload_offset = 1,
                            .first = false,
                            .last = true};
  EXPECT_TRUE(IsNextChunk(right, frame, stream, 1));
  EXPECT_FALSE(IsNextChunk(right, frame, stream, 2));
  FrameChunk wrong = right;
  wrong.last = false;
  EXPECT_FALSE(IsNextChunk(wrong, frame, stream, 1));
  wrong = right;
  wrong.first = true;
  EXPECT_FALSE(IsNextChunk(wrong, frame, stream, 1));
  wrong = right;
  wrong.payload = view.subspan(2, 2);  // Octets of another place.
  EXPECT_FALSE(IsNextChunk(wrong, frame, stream, 1));
  wrong.payload = {};
  EXPECT_FALSE(IsNextChunk(wrong, frame, stream, 1));
}

// A frame that is skipped comes as one empty chunk, at its header.
TEST(NaiveFramesTest, KnowsTheChunkOfASkippedOrEmptyFrame) {
  const Bytes stream = {0x81, 0x02, 'a', 'b', 0x82, 0x00};
  const NaiveFrames read =
      ReadNaiveFrames(stream, {.profile = FramingProfile::kOvoc});
  ASSERT_EQ(read.frames.size(), 2U);
  FrameChunk chunk = {.header = read.frames[0].header,
                      .first = true,
                      .last = true,
                      .skip = SkipReason::kText};
  EXPECT_TRUE(IsNextChunk(chunk, read.frames[0], stream, 0));
  FrameChunk wrong = chunk;
  wrong.skip = SkipReason::kTooLong;
  EXPECT_FALSE(IsNextChunk(wrong, read.frames[0], stream, 0));
  wrong = chunk;
  wrong.last = false;
  EXPECT_FALSE(IsNextChunk(wrong, read.frames[0], stream, 0));
  wrong = chunk;
  wrong.payload = absl::MakeConstSpan(stream).subspan(2, 2);
  EXPECT_FALSE(IsNextChunk(wrong, read.frames[0], stream, 0))
      << "nothing of it is given";
  wrong = chunk;
  wrong.header.rsv = 4;
  EXPECT_FALSE(IsNextChunk(wrong, read.frames[0], stream, 0));
  chunk = {.header = read.frames[1].header, .first = true, .last = true};
  EXPECT_TRUE(IsNextChunk(chunk, read.frames[1], stream, 0));
  EXPECT_FALSE(IsNextChunk(chunk, read.frames[0], stream, 0));
  chunk.first = false;
  EXPECT_FALSE(IsNextChunk(chunk, read.frames[1], stream, 0));
}

// Reads a whole stream; the chunks do not matter here.
void ReadAll(absl::Span<const uint8_t> stream, frame::FrameParser* parser) {
  FrameChunk chunk;
  while (parser->Next(&stream, &chunk) == frame::ParseResult::kChunk) {
  }
}

struct Change {
  const char* name;
  void (*make)(NaiveFrames*);
};

// Each is what a parser with one fault would differ in.
constexpr Change kChanges[] = {
    {"error", [](NaiveFrames* n) { n->error = FrameError::kReservedBits; }},
    {"between frames",
     [](NaiveFrames* n) { n->between_frames = !n->between_frames; }},
    {"a frame is missing", [](NaiveFrames* n) { n->frames.pop_back(); }},
    {"a frame too many",
     [](NaiveFrames* n) { n->frames.push_back(n->frames[0]); }},
    {"reserved bits",
     [](NaiveFrames* n) { ++n->counters.skipped_reserved_bits; }},
    {"text", [](NaiveFrames* n) { --n->counters.skipped_text; }},
    {"too long", [](NaiveFrames* n) { ++n->counters.skipped_too_long; }},
    {"not minimal",
     [](NaiveFrames* n) { ++n->counters.read_non_minimal_length; }},
};

TEST(NaiveFramesTest, SeesEachDifferenceFromAParser) {
  const Bytes streams[] = {
      {0x81, 0x01, 'a', 0x82, 0x00},              // ends with a frame
      {0x81, 0x01, 'a', 0x82, 0x02, 'b'},         // is cut
      {0x81, 0x01, 'a', 0x82, 0x00, 0x83, 0x00},  // is broken
  };
  for (const Bytes& stream : streams) {
    const FrameParserOptions options = {.profile = FramingProfile::kOvoc};
    frame::FrameParser parser(options);
    ReadAll(stream, &parser);
    const NaiveFrames right = ReadNaiveFrames(stream, options);
    EXPECT_TRUE(SaysTheSame(parser, right)) << stream.size();
    for (const Change& change : kChanges) {
      NaiveFrames wrong = right;
      change.make(&wrong);
      EXPECT_FALSE(SaysTheSame(parser, wrong)) << change.name;
    }
  }
}

// RFC 6455 5.3: octet i is masked with octet i modulo 4 of the key.
TEST(NaiveFramesTest, UnmasksOnlyWhatIsThere) {
  const Bytes stream = {0x82,    0x86,    1,       2,       3,      4,
                        'a' ^ 1, 'b' ^ 2, 'c' ^ 3, 'd' ^ 4, 'e' ^ 1};
  const NaiveFrame frame = *ReadNaiveHeader(stream);
  EXPECT_FALSE(frame.complete());
  EXPECT_EQ(NaivePayload(stream, frame), Bytes({'a', 'b', 'c', 'd', 'e'}));
  const Bytes plain = {0x82, 0x02, 'a', 'b'};
  EXPECT_EQ(NaivePayload(plain, *ReadNaiveHeader(plain)), Bytes({'a', 'b'}));
}

}  // namespace
}  // namespace ovoc::fuzz
