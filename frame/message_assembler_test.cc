// SPDX-License-Identifier: Apache-2.0
#include "frame/message_assembler.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "frame/mask.h"
#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

using Bytes = std::vector<uint8_t>;
using Result = AssembleResult;

enum class Fin { kNo, kYes };

constexpr MessageAssemblerOptions kRfc = {.profile = FramingProfile::kRfc6455,
                                          .max_message_bytes = 8};
constexpr MessageAssemblerOptions kOvoc = {.max_message_bytes = 8};

absl::Span<const uint8_t> View(absl::string_view text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                             text.size());
}

std::string Text(const Message& message) {
  return std::string(message.payload.begin(), message.payload.end());
}

// A frame that came whole in one chunk. `payload` must outlive it.
FrameChunk Frame(Opcode opcode, Fin fin, absl::string_view payload) {
  return {.header = {.fin = fin == Fin::kYes,
                     .opcode = opcode,
                     .payload_length = payload.size()},
          .payload = View(payload),
          .first = true,
          .last = true};
}

FrameChunk Skipped(Opcode opcode, SkipReason reason) {
  return {.header = {.opcode = opcode, .payload_length = 1},
          .first = true,
          .last = true,
          .skip = reason};
}

// Octets [from, from + size) of a frame with this payload.
FrameChunk Piece(const FrameChunk& frame, size_t from, size_t size) {
  FrameChunk piece = frame;
  piece.payload = frame.payload.subspan(from, size);
  piece.payload_offset = from;
  piece.first = from == 0;
  piece.last = from + size == frame.payload.size();
  return piece;
}

void ExpectMessage(MessageAssembler* assembler, const FrameChunk& chunk,
                   Opcode opcode, absl::string_view text) {
  Message message;
  ASSERT_EQ(assembler->Add(chunk, &message), Result::kMessage);
  EXPECT_EQ(message.opcode, opcode);
  EXPECT_EQ(Text(message), text);
}

void ExpectNeedMore(MessageAssembler* assembler, const FrameChunk& chunk) {
  Message message;
  EXPECT_EQ(assembler->Add(chunk, &message), Result::kNeedMore);
}

// The error, and that nothing gets past it.
void ExpectError(MessageAssembler* assembler, const FrameChunk& chunk,
                 FrameError error) {
  Message message;
  EXPECT_EQ(assembler->Add(chunk, &message), Result::kError);
  EXPECT_EQ(assembler->error(), error) << Describe(assembler->error());
  // RFC 6455 7.1.7 MUST NOT: process data after the connection has failed.
  for (Opcode opcode :
       {Opcode::kBinary, Opcode::kPing, Opcode::kContinuation}) {
    EXPECT_EQ(assembler->Add(Frame(opcode, Fin::kYes, "x"), &message),
              Result::kError);
    EXPECT_EQ(assembler->error(), error);
  }
}

TEST(MessageAssemblerTest, PassesOnAWholeMessageWithoutACopy) {
  for (const MessageAssemblerOptions& options : {kRfc, kOvoc}) {
    for (Opcode opcode : {Opcode::kBinary, Opcode::kPing, Opcode::kClose}) {
      MessageAssembler assembler(options);
      const FrameChunk chunk = Frame(opcode, Fin::kYes, "packet");
      Message message;
      ASSERT_EQ(assembler.Add(chunk, &message), Result::kMessage);
      EXPECT_EQ(message.opcode, opcode);
      EXPECT_EQ(message.payload.data(), chunk.payload.data());
      EXPECT_EQ(message.payload.size(), chunk.payload.size());
    }
  }
}

TEST(MessageAssemblerTest, JoinsTheChunksOfAFrameWhereverItIsCut) {
  for (Opcode opcode : {Opcode::kBinary, Opcode::kPong}) {
    const FrameChunk frame = Frame(opcode, Fin::kYes, "packet");
    for (size_t a = 1; a < 5; ++a) {
      for (size_t b = a + 1; b < 6; ++b) {
        MessageAssembler assembler(kOvoc);
        ExpectNeedMore(&assembler, Piece(frame, 0, a));
        ExpectNeedMore(&assembler, Piece(frame, a, b - a));
        ExpectMessage(&assembler, Piece(frame, b, 6 - b), opcode, "packet");
      }
    }
  }
}

TEST(MessageAssemblerTest, UnmasksFramesOfClientsWholeAndCut) {
  constexpr MaskKey kKey = {0x37, 0xFA, 0x21, 0x3D};
  for (Opcode opcode : {Opcode::kBinary, Opcode::kText, Opcode::kPing}) {
    Bytes masked = {'H', 'e', 'l', 'l', 'o'};
    ApplyMask(absl::MakeSpan(masked), kKey);
    FrameChunk frame = Frame(opcode, Fin::kYes, "Hello");
    frame.header.masked = true;
    frame.header.mask_key = kKey;
    frame.payload = masked;

    MessageAssembler whole(kRfc);
    ExpectMessage(&whole, frame, opcode, "Hello");
    for (size_t cut = 1; cut < 5; ++cut) {
      MessageAssembler assembler(kRfc);
      ExpectNeedMore(&assembler, Piece(frame, 0, cut));
      ExpectMessage(&assembler, Piece(frame, cut, 5 - cut), opcode, "Hello");
    }
    EXPECT_EQ(masked[0], 0x7F) << "the input was written to";
  }
}

TEST(MessageAssemblerTest, PutsFragmentsTogetherUnderTheFirstOpcode) {
  // RFC 6455 5.4 MUST: receive fragmented and unfragmented messages.
  // RFC 6455 6.2 MUST: the first frame's opcode is the message's type.
  for (const MessageAssemblerOptions& options : {kRfc, kOvoc}) {
    MessageAssembler assembler(options);
    for (int round = 0; round < 2; ++round) {
      ExpectNeedMore(&assembler, Frame(Opcode::kBinary, Fin::kNo, "abc"));
      ExpectNeedMore(&assembler, Frame(Opcode::kContinuation, Fin::kNo, ""));
      ExpectNeedMore(&assembler, Frame(Opcode::kContinuation, Fin::kNo, "de"));
      ExpectMessage(&assembler, Frame(Opcode::kContinuation, Fin::kYes, "fgh"),
                    Opcode::kBinary, "abcdefgh");
    }
    EXPECT_EQ(assembler.counters(), FrameCounters());
  }
}

TEST(MessageAssemblerTest, TakesEmptyFragmentsAtEveryPlace) {
  MessageAssembler assembler(kRfc);
  ExpectNeedMore(&assembler, Frame(Opcode::kText, Fin::kNo, ""));
  ExpectMessage(&assembler, Frame(Opcode::kContinuation, Fin::kYes, "late"),
                Opcode::kText, "late");
  ExpectNeedMore(&assembler, Frame(Opcode::kText, Fin::kNo, "soon"));
  ExpectMessage(&assembler, Frame(Opcode::kContinuation, Fin::kYes, ""),
                Opcode::kText, "soon");
  ExpectNeedMore(&assembler, Frame(Opcode::kBinary, Fin::kNo, ""));
  ExpectMessage(&assembler, Frame(Opcode::kContinuation, Fin::kYes, ""),
                Opcode::kBinary, "");
}

TEST(MessageAssemblerTest, LetsControlMessagesPassBetweenFragments) {
  // RFC 6455 5.4 MUST: handle control frames inside a fragmented message.
  const FrameChunk ping = Frame(Opcode::kPing, Fin::kYes, "ping");
  for (const MessageAssemblerOptions& options : {kRfc, kOvoc}) {
    MessageAssembler assembler(options);
    ExpectNeedMore(&assembler, Frame(Opcode::kBinary, Fin::kNo, "abc"));
    ExpectMessage(&assembler, ping, Opcode::kPing, "ping");
    ExpectNeedMore(&assembler, Piece(ping, 0, 1));
    ExpectMessage(&assembler, Piece(ping, 1, 3), Opcode::kPing, "ping");
    ExpectMessage(&assembler, Frame(Opcode::kClose, Fin::kYes, ""),
                  Opcode::kClose, "");
    ExpectMessage(&assembler, Frame(Opcode::kContinuation, Fin::kYes, "de"),
                  Opcode::kBinary, "abcde");
  }
}

TEST(MessageAssemblerTest, RefusesAContinuationOfNothing) {
  // RFC 6455 5.4 MUST: fragments follow a first frame, in order.
  MessageAssembler fresh(kRfc);
  ExpectError(&fresh, Frame(Opcode::kContinuation, Fin::kYes, "x"),
              FrameError::kUnexpectedContinuation);
  MessageAssembler after_a_message(kRfc);
  ExpectMessage(&after_a_message, Frame(Opcode::kBinary, Fin::kYes, "a"),
                Opcode::kBinary, "a");
  ExpectError(&after_a_message, Frame(Opcode::kContinuation, Fin::kNo, ""),
              FrameError::kUnexpectedContinuation);
}

TEST(MessageAssemblerTest, RefusesAMessageInsideAnother) {
  // RFC 6455 5.4 MUST NOT: fragments of two messages are interleaved.
  for (Opcode opcode : {Opcode::kBinary, Opcode::kText}) {
    MessageAssembler assembler(kRfc);
    ExpectNeedMore(&assembler, Frame(Opcode::kBinary, Fin::kNo, "a"));
    ExpectError(&assembler, Frame(opcode, Fin::kYes, "b"),
                FrameError::kExpectedContinuation);
  }
}

TEST(MessageAssemblerTest, RefusesAMessageAboveTheLimitAtItsHeader) {
  // RFC 6455 10.4 MUST: protect against messages above the own limit.
  const FrameChunk nine = Frame(Opcode::kBinary, Fin::kYes, "123456789");
  MessageAssembler whole(kRfc);
  ExpectError(&whole, nine, FrameError::kMessageTooLarge);
  MessageAssembler first_octet(kRfc);
  ExpectError(&first_octet, Piece(nine, 0, 1), FrameError::kMessageTooLarge);

  MessageAssembler fragments(kRfc);
  ExpectNeedMore(&fragments, Frame(Opcode::kBinary, Fin::kNo, "12345678"));
  ExpectNeedMore(&fragments, Frame(Opcode::kContinuation, Fin::kNo, ""));
  ExpectError(&fragments, Frame(Opcode::kContinuation, Fin::kYes, "9"),
              FrameError::kMessageTooLarge);

  FrameChunk huge = Frame(Opcode::kContinuation, Fin::kYes, "9");
  huge.header.payload_length = ~uint64_t{0};
  MessageAssembler no_overflow(kRfc);
  ExpectNeedMore(&no_overflow, Frame(Opcode::kBinary, Fin::kNo, "12345678"));
  ExpectError(&no_overflow, Piece(huge, 0, 1), FrameError::kMessageTooLarge);
}

TEST(MessageAssemblerTest, FailsAtTheOctetThatMakesTextInvalid) {
  // RFC 6455 8.1 MUST: fail on text that is not UTF-8.
  const FrameChunk frame = Frame(Opcode::kText, Fin::kYes, "ab\xF4\x90\x80z");
  MessageAssembler whole(kRfc);
  ExpectError(&whole, frame, FrameError::kInvalidUtf8);

  MessageAssembler octets(kRfc);
  for (size_t i = 0; i < 3; ++i) {
    ExpectNeedMore(&octets, Piece(frame, i, 1));
  }
  ExpectError(&octets, Piece(frame, 3, 1), FrameError::kInvalidUtf8);

  MessageAssembler fragments(kRfc);
  ExpectNeedMore(&fragments, Frame(Opcode::kText, Fin::kNo, "ab\xF4"));
  ExpectMessage(&fragments, Frame(Opcode::kPing, Fin::kYes, "\xFF"),
                Opcode::kPing, "\xFF");
  ExpectError(&fragments, Frame(Opcode::kContinuation, Fin::kNo, "\x90"),
              FrameError::kInvalidUtf8);
}

TEST(MessageAssemblerTest, TakesACharacterCutByAFragment) {
  // RFC 6455 5.6 MUST: the whole text message is UTF-8.
  MessageAssembler assembler(kRfc);
  ExpectNeedMore(&assembler, Frame(Opcode::kText, Fin::kNo, "\xE2"));
  ExpectNeedMore(&assembler, Frame(Opcode::kContinuation, Fin::kNo, "\x82"));
  ExpectMessage(&assembler, Frame(Opcode::kContinuation, Fin::kYes, "\xAC"),
                Opcode::kText, "\xE2\x82\xAC");
  ExpectNeedMore(&assembler, Frame(Opcode::kText, Fin::kNo, "\xE2\x82"));
  ExpectError(&assembler, Frame(Opcode::kContinuation, Fin::kYes, ""),
              FrameError::kInvalidUtf8);
  MessageAssembler whole(kRfc);
  ExpectError(&whole, Frame(Opcode::kText, Fin::kYes, "\xE2\x82"),
              FrameError::kInvalidUtf8);
}

TEST(MessageAssemblerTest, DoesNotJudgeTheOctetsOfBinary) {
  MessageAssembler assembler(kRfc);
  ExpectNeedMore(&assembler, Frame(Opcode::kText, Fin::kNo, "a"));
  ExpectMessage(&assembler, Frame(Opcode::kContinuation, Fin::kYes, "b"),
                Opcode::kText, "ab");
  ExpectMessage(&assembler, Frame(Opcode::kBinary, Fin::kYes, "\xFF\xFE"),
                Opcode::kBinary, "\xFF\xFE");
}

TEST(MessageAssemblerTest, DropsAndCountsOrphansInTheOvocProfile) {
  MessageAssembler assembler(kOvoc);
  const FrameChunk orphan = Frame(Opcode::kContinuation, Fin::kYes, "orphan");
  ExpectNeedMore(&assembler, orphan);
  // Cut in two it is still one frame.
  ExpectNeedMore(&assembler, Piece(orphan, 0, 2));
  ExpectNeedMore(&assembler, Piece(orphan, 2, 4));
  ExpectMessage(&assembler, Frame(Opcode::kBinary, Fin::kYes, "ok"),
                Opcode::kBinary, "ok");
  EXPECT_EQ(assembler.counters(),
            FrameCounters{.dropped_orphan_continuation = 2});
}

TEST(MessageAssemblerTest, DropsAnUnfinishedMessageWhenAnotherBegins) {
  MessageAssembler assembler(kOvoc);
  ExpectNeedMore(&assembler, Frame(Opcode::kBinary, Fin::kNo, "lost"));
  ExpectNeedMore(&assembler, Frame(Opcode::kBinary, Fin::kNo, "ab"));
  ExpectMessage(&assembler, Frame(Opcode::kContinuation, Fin::kYes, "c"),
                Opcode::kBinary, "abc");
  ExpectNeedMore(&assembler, Frame(Opcode::kBinary, Fin::kNo, "lost"));
  ExpectMessage(&assembler, Frame(Opcode::kBinary, Fin::kYes, "d"),
                Opcode::kBinary, "d");
  EXPECT_EQ(assembler.counters(),
            FrameCounters{.dropped_unfinished_message = 2});
}

TEST(MessageAssemblerTest, DropsAnUnfinishedMessageWhenAFrameIsSkipped) {
  // Another message began (text), or a part of this one is missing.
  for (Opcode opcode :
       {Opcode::kText, Opcode::kBinary, Opcode::kContinuation}) {
    MessageAssembler assembler(kOvoc);
    ExpectNeedMore(&assembler, Skipped(opcode, SkipReason::kReservedBits));
    EXPECT_EQ(assembler.counters(), FrameCounters());
    ExpectNeedMore(&assembler, Frame(Opcode::kBinary, Fin::kNo, "lost"));
    ExpectNeedMore(&assembler, Skipped(opcode, SkipReason::kReservedBits));
    ExpectNeedMore(&assembler, Frame(Opcode::kContinuation, Fin::kYes, "rest"));
    ExpectMessage(&assembler, Frame(Opcode::kBinary, Fin::kYes, "next"),
                  Opcode::kBinary, "next");
    EXPECT_EQ(assembler.counters(),
              (FrameCounters{.dropped_unfinished_message = 1,
                             .dropped_orphan_continuation = 1}));
  }
}

TEST(MessageAssemblerTest, DropsAMessageAboveTheLimitInTheOvocProfile) {
  // RFC 6455 10.4 MUST: protect against messages above the own limit.
  MessageAssembler assembler(kOvoc);
  const FrameChunk nine = Frame(Opcode::kBinary, Fin::kYes, "123456789");
  ExpectNeedMore(&assembler, Piece(nine, 0, 4));
  ExpectNeedMore(&assembler, Piece(nine, 4, 5));
  ExpectNeedMore(&assembler, Frame(Opcode::kBinary, Fin::kNo, "12345678"));
  ExpectNeedMore(&assembler, Frame(Opcode::kContinuation, Fin::kNo, "9"));
  ExpectNeedMore(&assembler, Frame(Opcode::kContinuation, Fin::kYes, "0"));
  ExpectMessage(&assembler, Frame(Opcode::kBinary, Fin::kYes, "12345678"),
                Opcode::kBinary, "12345678");
  EXPECT_EQ(assembler.counters(),
            (FrameCounters{.dropped_orphan_continuation = 1,
                           .dropped_message_too_long = 2}));
}

TEST(MessageAssemblerTest, FailsRatherThanWriteBehindTheControlBuffer) {
  // No parser gives such a chunk.
  const std::string payload(126, 'c');
  MessageAssembler assembler(kOvoc);
  ExpectError(&assembler,
              Piece(Frame(Opcode::kPing, Fin::kYes, payload), 1, 125),
              FrameError::kControlTooLong);
}

}  // namespace
}  // namespace ovoc::frame
