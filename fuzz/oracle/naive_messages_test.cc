// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_messages.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "frame/frame_error.h"
#include "frame/message_reader.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

using frame::FrameError;
using frame::FramingProfile;
using frame::MessageReaderOptions;
using Bytes = std::vector<uint8_t>;

constexpr MessageReaderOptions kStrict = {.profile = FramingProfile::kRfc6455,
                                          .max_message_bytes = 4};
constexpr MessageReaderOptions kOvoc = {.profile = FramingProfile::kOvoc,
                                        .max_message_bytes = 4};

// "2:ab 9:" is a binary message and an empty Ping.
std::string Text(const NaiveMessages& read) {
  std::string text;
  for (const NaiveMessage& message : read.messages) {
    absl::StrAppend(
        &text, text.empty() ? "" : " ", static_cast<int>(message.opcode), ":",
        std::string(message.payload.begin(), message.payload.end()));
  }
  return text;
}

struct Case {
  const char* name;
  Bytes stream;
  const char* strict;
  FrameError strict_error;
  const char* ovoc;
};

const Case kCases[] = {
    {"one frame", {0x82, 2, 'a', 'b'}, "2:ab", FrameError::kNone, "2:ab"},
    {"fragments with a Ping between them",
     {0x02, 1, 'a', 0x89, 0, 0x00, 1, 'b', 0x80, 1, 'c'},
     "9: 2:abc",
     FrameError::kNone,
     "9: 2:abc"},
    {"empty fragments",
     {0x02, 0, 0x00, 0, 0x80, 0},
     "2:",
     FrameError::kNone,
     "2:"},
    {"a continuation of nothing",
     {0x80, 1, 'a', 0x82, 1, 'b'},
     "",
     FrameError::kUnexpectedContinuation,
     "2:b"},
    {"a message inside another",
     {0x02, 1, 'a', 0x82, 1, 'b'},
     "",
     FrameError::kExpectedContinuation,
     "2:b"},
    {"exactly the limit",
     {0x02, 3, 'a', 'b', 'c', 0x80, 1, 'd'},
     "2:abcd",
     FrameError::kNone,
     "2:abcd"},
    {"one more than the limit",
     {0x02, 3, 'a', 'b', 'c', 0x80, 2, 'd', 'e', 0x82, 1, 'f'},
     "",
     FrameError::kMessageTooLarge,
     "2:f"},
    {"text cut in a character",
     {0x01, 1, 0xC3, 0x80, 1, 0xA4},
     "1:\xC3\xA4",
     FrameError::kNone,
     ""},
    {"text that ends in a character",
     {0x81, 1, 0xC3},
     "",
     FrameError::kInvalidUtf8,
     ""},
    {"bad text that has not ended",
     {0x01, 4, 'a', 0xFF},
     "",
     FrameError::kInvalidUtf8,
     ""},
    {"a skipped frame ends the message it stands in",
     {0x02, 1, 'a', 0x81, 0, 0x80, 1, 'b', 0x82, 1, 'c'},
     "",
     FrameError::kExpectedContinuation,
     "2:c"},
    {"a control frame that is cut", {0x89, 2, 'a'}, "", FrameError::kNone, ""},
    {"a header alone says nothing yet", {0x80, 1}, "", FrameError::kNone, ""},
};

TEST(NaiveMessagesTest, AssemblesInBothProfiles) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    const NaiveMessages strict = ReadNaiveMessages(c.stream, kStrict);
    EXPECT_EQ(Text(strict), c.strict);
    EXPECT_EQ(strict.error, c.strict_error);
    const NaiveMessages ovoc = ReadNaiveMessages(c.stream, kOvoc);
    EXPECT_EQ(Text(ovoc), c.ovoc);
    EXPECT_EQ(ovoc.error, FrameError::kNone);
  }
}

TEST(NaiveMessagesTest, CountsWhatTheOvocProfileDrops) {
  const Bytes stream = {0x80, 0,                    // orphan
                        0x02, 0, 0x02, 0,           // unfinished
                        0x00, 5, 1,    2, 3, 4, 5,  // too long
                        0x80, 0,                    // orphan of that
                        0x02, 0, 0xC2, 0};          // unfinished, skipped
  const NaiveMessages read = ReadNaiveMessages(stream, kOvoc);
  EXPECT_EQ(read.counters.dropped_orphan_continuation, 2U);
  EXPECT_EQ(read.counters.dropped_unfinished_message, 2U);
  EXPECT_EQ(read.counters.dropped_message_too_long, 1U);
  EXPECT_EQ(read.counters.skipped_reserved_bits, 1U);
}

TEST(NaiveMessagesTest, CountsNothingBehindTheError) {
  const Bytes stream = {0x81, 0, 0x88, 1, 'x', 0x81, 0};
  const NaiveMessages read = ReadNaiveMessages(stream, kOvoc);
  EXPECT_EQ(read.error, FrameError::kInvalidClosePayload);
  EXPECT_EQ(read.counters.skipped_text, 1U);
  EXPECT_FALSE(read.between_frames);
}

TEST(NaiveMessagesTest, AMessageBeforeABadFrameIsGiven) {
  const NaiveMessages read =
      ReadNaiveMessages(Bytes{0x82, 1, 'a', 0x83, 0}, kStrict);
  EXPECT_EQ(Text(read), "2:a");
  EXPECT_EQ(read.error, FrameError::kReservedOpcode);
}

struct CloseCase {
  int code;
  FrameError error;
};

constexpr CloseCase kCodes[] = {
    {0, FrameError::kInvalidCloseCode},
    {999, FrameError::kInvalidCloseCode},
    {1000, FrameError::kNone},
    {1003, FrameError::kNone},
    {1004, FrameError::kInvalidCloseCode},
    {1005, FrameError::kInvalidCloseCode},
    {1006, FrameError::kInvalidCloseCode},
    {1007, FrameError::kNone},
    {1014, FrameError::kNone},
    {1015, FrameError::kInvalidCloseCode},
    {2999, FrameError::kInvalidCloseCode},
    {3000, FrameError::kNone},
    {4999, FrameError::kNone},
    {5000, FrameError::kInvalidCloseCode},
};

TEST(NaiveCloseErrorTest, KnowsWhichCodesMayBeOnTheWire) {
  for (const CloseCase& c : kCodes) {
    const Bytes payload = {static_cast<uint8_t>(c.code / 256),
                           static_cast<uint8_t>(c.code % 256)};
    EXPECT_EQ(NaiveCloseError(payload), c.error) << c.code;
  }
}

TEST(NaiveCloseErrorTest, JudgesSizeAndReason) {
  EXPECT_EQ(NaiveCloseError({}), FrameError::kNone);
  EXPECT_EQ(NaiveCloseError(Bytes{3}), FrameError::kInvalidClosePayload);
  EXPECT_EQ(NaiveCloseError(Bytes{3, 0xE8, 'a'}), FrameError::kNone);
  EXPECT_EQ(NaiveCloseError(Bytes{3, 0xE8, 0xC3}),
            FrameError::kInvalidCloseReason);
}

struct Change {
  const char* name;
  void (*make)(NaiveMessages*);
};

// Each is what a reader with one fault would differ in. The messages are
// compared one by one, by the fuzzer.
constexpr Change kChanges[] = {
    {"error", [](NaiveMessages* n) { n->error = FrameError::kReservedBits; }},
    {"between frames",
     [](NaiveMessages* n) { n->between_frames = !n->between_frames; }},
    {"text", [](NaiveMessages* n) { ++n->counters.skipped_text; }},
    {"unfinished",
     [](NaiveMessages* n) { ++n->counters.dropped_unfinished_message; }},
    {"orphan",
     [](NaiveMessages* n) { --n->counters.dropped_orphan_continuation; }},
    {"too long",
     [](NaiveMessages* n) { ++n->counters.dropped_message_too_long; }},
};

TEST(NaiveMessagesTest, SeesEachDifferenceFromAReader) {
  const Bytes streams[] = {
      {0x80, 1, 'a', 0x82, 0},                // ends with a frame
      {0x80, 1, 'a', 0x82, 2, 'b'},           // is cut
      {0x80, 1, 'a', 0x88, 1, 'b', 0x82, 0},  // is broken
  };
  for (const Bytes& stream : streams) {
    frame::MessageReader reader(kOvoc);
    absl::Span<const uint8_t> rest = stream;
    frame::Message message;
    while (reader.Next(&rest, &message) == frame::ReadResult::kMessage) {
    }
    const NaiveMessages right = ReadNaiveMessages(stream, kOvoc);
    EXPECT_EQ(right.counters.dropped_orphan_continuation, 1U);
    EXPECT_TRUE(SaysTheSame(reader, right)) << stream.size();
    for (const Change& change : kChanges) {
      NaiveMessages wrong = right;
      change.make(&wrong);
      EXPECT_FALSE(SaysTheSame(reader, wrong)) << change.name;
    }
  }
}

// RFC 6455 7.4.1 and 7.4.2, and the registry of IANA: 1012 to 1014 came later.
TEST(NaiveCloseErrorTest, AllowsTwelveCodesAndTheRangesOfOthers) {
  int allowed = 0;
  for (int code = 0; code < 0x10000; ++code) {
    const Bytes payload = {static_cast<uint8_t>(code / 256),
                           static_cast<uint8_t>(code % 256)};
    const bool is_allowed = NaiveCloseError(payload) == FrameError::kNone;
    allowed += is_allowed ? 1 : 0;
    if (code >= 3000 && code <= 4999) {
      EXPECT_TRUE(is_allowed) << code;
    }
  }
  EXPECT_EQ(allowed, 2000 + 12);  // 1000..1003, 1007..1014
}

TEST(NaiveCloseErrorTest, TheCodeIsJudgedBeforeTheReason) {
  EXPECT_EQ(NaiveCloseError(Bytes{3, 0xED, 0xFF}),
            FrameError::kInvalidCloseCode);
  EXPECT_EQ(NaiveCloseError(Bytes{3, 0xE8, 'a', 0xFF}),
            FrameError::kInvalidCloseReason);
  EXPECT_EQ(NaiveCloseError(Bytes{3, 0xE8, 0xED, 0xA0, 0x80}),
            FrameError::kInvalidCloseReason)
      << "a surrogate";
}

}  // namespace
}  // namespace ovoc::fuzz
