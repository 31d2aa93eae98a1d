// SPDX-License-Identifier: Apache-2.0
#include "frame/message_reader.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "frame/frame_writer.h"
#include "frame/message_trace.h"
#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr MessageReaderOptions kRfc = {.profile = FramingProfile::kRfc6455,
                                       .max_payload_bytes = 300,
                                       .max_message_bytes = 300};
constexpr MessageReaderOptions kOvoc = {.max_payload_bytes = 300,
                                        .max_message_bytes = 300};

void Append(Bytes* to, const Bytes& bytes) {
  to->insert(to->end(), bytes.begin(), bytes.end());
}

std::string Hex(absl::Span<const uint8_t> bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

// Packet `n`, 1..7, of recording 25-forward-odd-frames-b: an echo request of
// another device, 84 octets. Identification, both checksums and the sequence
// number are all that changes.
Bytes Packet(uint8_t n) {
  const uint8_t id = static_cast<uint8_t>(0x05 + n);
  const uint8_t ip_sum = static_cast<uint8_t>(0xA2 - n);
  const uint8_t icmp_sum = static_cast<uint8_t>(0x96 - n);
  Bytes packet = {
      0x45, 0x00, 0x00, 0x54,      // version 4, 20-octet header, length 84
      0x10, id,   0x40, 0x00,      // identification, do not fragment
      0x40, 0x01, 0xD6, ip_sum,    // TTL 64, ICMP, header checksum
      0xA9, 0xFE, 0x00, 0x02,      // source 169.254.0.2
      0xA9, 0xFE, 0x00, 0x03,      // destination 169.254.0.3
      0x08, 0x00, 0xB1, icmp_sum,  // echo request, checksum
      0x4F, 0x56, 0x00, n};        // identifier "OV", sequence number
  for (uint8_t octet = 0x00; octet <= 0x37; ++octet) {
    packet.push_back(octet);
  }
  return packet;
}

Bytes Recording25() {
  Bytes stream;
  Append(&stream, {0x82, 0x54});  // FIN binary, 84
  Append(&stream, Packet(1));
  Append(&stream, {0x81, 0x54});  // FIN text, 84
  Append(&stream, Packet(2));
  Append(&stream, {0xC2, 0x54});  // FIN RSV1 binary, 84
  Append(&stream, Packet(3));
  Append(&stream, {0x82, 0x7E, 0x00, 0x54});  // 84 in 16 bits
  Append(&stream, Packet(4));
  Append(&stream, {0x82, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0x54});  // 84 in 64 bits
  Append(&stream, Packet(5));
  Append(&stream, {0x02, 0x28});  // no FIN, 40: the rest never comes
  Bytes fragment = Packet(6);
  fragment.resize(0x28);
  Append(&stream, fragment);
  Append(&stream, {0x82, 0x54});  // FIN binary, 84
  Append(&stream, Packet(7));
  return stream;
}

TEST(MessageReaderTest, StaysUpThroughTheForwardedFramesOfRecording25) {
  const MessageTrace outcome = TraceMessagesAtEveryCut(kOvoc, Recording25());
  EXPECT_EQ(outcome.error, FrameError::kNone) << Describe(outcome.error);
  EXPECT_EQ(outcome.messages,
            absl::StrCat("2:", Hex(Packet(1)), ";2:", Hex(Packet(4)),
                         ";2:", Hex(Packet(5)), ";2:", Hex(Packet(7)), ";"));
  EXPECT_TRUE(outcome.counters ==
              (FrameCounters{.skipped_reserved_bits = 1,
                             .skipped_text = 1,
                             .read_non_minimal_length = 2,
                             .dropped_unfinished_message = 1}));
  EXPECT_TRUE(outcome.between_frames);
}

TEST(MessageReaderTest, FailsOnRecording25ByTheRfc) {
  // The second frame says text, and holds a packet.
  const MessageTrace outcome = TraceMessagesAtEveryCut(kRfc, Recording25());
  EXPECT_EQ(outcome.error, FrameError::kInvalidUtf8);
  EXPECT_EQ(outcome.messages, absl::StrCat("2:", Hex(Packet(1)), ";"));
  EXPECT_EQ(CloseCodeFor(outcome.error), CloseCode::kInvalidPayload);
}

struct ReadCase {
  const char* name;
  Bytes bytes;
  std::string messages;
  FrameError error;
};

std::vector<ReadCase> FragmentCases() {
  return {
      {"a message", {0x82, 0x01, 0xAA}, "2:aa;", FrameError::kNone},
      {"Hello of RFC 6455 5.7",
       {0x81, 0x05, 'H', 'e', 'l', 'l', 'o'},
       "1:48656c6c6f;",
       FrameError::kNone},
      {"Hello in two fragments of RFC 6455 5.7",
       {0x01, 0x03, 'H', 'e', 'l', 0x80, 0x02, 'l', 'o'},
       "1:48656c6c6f;",
       FrameError::kNone},
      // RFC 6455 5.4 MUST: handle control frames inside a fragmented message.
      {"Ping between two fragments",
       {0x01, 0x01, 'a', 0x89, 0x02, 1, 2, 0x80, 0x01, 'b'},
       "9:0102;1:6162;",
       FrameError::kNone},
      // RFC 6455 5.4 MUST: fragments follow a first frame, in order.
      {"continuation of nothing after a message",
       {0x82, 0x00, 0x80, 0x00},
       "2:;",
       FrameError::kUnexpectedContinuation},
      // RFC 6455 5.4 MUST NOT: fragments of two messages are interleaved.
      {"message inside a message",
       {0x02, 0x01, 'a', 0x82, 0x01, 'b'},
       "",
       FrameError::kExpectedContinuation},
      // RFC 6455 8.1 MUST: fail on text that is not UTF-8.
      {"text cut inside a character",
       {0x81, 0x02, 0xE2, 0x82},
       "",
       FrameError::kInvalidUtf8},
  };
}

std::vector<ReadCase> CloseCases() {
  return {
      {"Close without a code", {0x88, 0x00}, "8:;", FrameError::kNone},
      {"Close 1000", {0x88, 0x02, 0x03, 0xE8}, "8:03e8;", FrameError::kNone},
      // RFC 6455 5.5.1 MUST: a Close body begins with a code of two octets.
      {"Close of one octet",
       {0x82, 0x00, 0x88, 0x01, 0x03},
       "2:;",
       FrameError::kInvalidClosePayload},
      // RFC 6455 7.4.1 MUST NOT: 1005, 1006 and 1015 in a Close frame.
      {"Close 1005",
       {0x88, 0x02, 0x03, 0xED},
       "",
       FrameError::kInvalidCloseCode},
      // RFC 6455 8.1 MUST: fail on a Close reason that is not UTF-8.
      {"Close with a reason that is not UTF-8",
       {0x88, 0x03, 0x03, 0xE8, 0xFF},
       "",
       FrameError::kInvalidCloseReason},
      {"messages before a broken rule are given first",
       {0x82, 0x01, 1, 0x89, 0x00, 0x82, 0x01, 2, 0x83, 0x00, 0x82, 0x00},
       "2:01;9:;2:02;",
       FrameError::kReservedOpcode},
  };
}

std::vector<ReadCase> RfcCases() {
  std::vector<ReadCase> cases = FragmentCases();
  const std::vector<ReadCase> more = CloseCases();
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

// RFC 6455 10.7 MUST: incoming data is always validated.
TEST(MessageReaderTest, ReadsMessagesUntilARuleIsBrokenWhereverItIsCut) {
  for (const ReadCase& test : RfcCases()) {
    SCOPED_TRACE(test.name);
    const MessageTrace outcome = TraceMessagesAtEveryCut(kRfc, test.bytes);
    EXPECT_EQ(outcome.messages, test.messages);
    EXPECT_EQ(outcome.error, test.error) << Describe(outcome.error);
    EXPECT_TRUE(outcome.counters == FrameCounters());
  }
}

TEST(MessageReaderTest, StaysFailedAfterAnErrorOfEitherPart) {
  // RFC 6455 7.1.7 MUST NOT: process data after the connection has failed.
  const Bytes good = {0x82, 0x01, 0xAA};
  for (const Bytes& bad : {Bytes{0x83, 0x00},           // the parser
                           Bytes{0x80, 0x00},           // the assembler
                           Bytes{0x88, 0x01, 0x03}}) {  // the Close
    MessageReader reader(kRfc);
    absl::Span<const uint8_t> input = bad;
    Message message;
    ASSERT_EQ(reader.Next(&input, &message), ReadResult::kError);
    const FrameError first = reader.error();
    input = good;
    EXPECT_EQ(reader.Next(&input, &message), ReadResult::kError);
    EXPECT_EQ(reader.error(), first);
  }
}

TEST(MessageReaderTest, JudgesCloseFramesInTheOvocProfileToo) {
  EXPECT_EQ(TraceMessagesAtEveryCut(kOvoc, {0x88, 0x01, 0x03}).error,
            FrameError::kInvalidClosePayload);
  EXPECT_EQ(TraceMessagesAtEveryCut(kOvoc, {0x88, 0x02, 0x00, 0x00}).error,
            FrameError::kInvalidCloseCode);
  EXPECT_EQ(
      TraceMessagesAtEveryCut(kOvoc, {0x88, 0x03, 0x03, 0xE8, 0xFF}).error,
      FrameError::kInvalidCloseReason);
}

TEST(MessageReaderTest, FailsTextAtTheOctetThatMakesItInvalid) {
  // Autobahn's case 6.4.3: U+110000 in octets 11 to 14, then valid text.
  const Bytes stream = {0x81, 0x15, 0xCE, 0xBA, 0xE1, 0xBD, 0xB9, 0xCF,
                        0x83, 0xCE, 0xBC, 0xCE, 0xB5, 0xF4, 0x90, 0x80,
                        0x80, 0x65, 0x64, 0x69, 0x74, 0x65, 0x64};
  constexpr size_t kSettledAt = 2 + 12;  // 0x90 behind 0xF4.
  EXPECT_EQ(TraceMessagesAtEveryCut(kRfc, stream).error,
            FrameError::kInvalidUtf8);
  const absl::Span<const uint8_t> bytes = stream;
  EXPECT_EQ(TraceMessages(kRfc, {bytes.first(kSettledAt)}).error,
            FrameError::kNone);
  EXPECT_EQ(TraceMessages(kRfc, {bytes.first(kSettledAt + 1)}).error,
            FrameError::kInvalidUtf8);
}

TEST(MessageReaderTest, UnmasksWhatClientsSend) {
  constexpr MessageReaderOptions kServer = {.profile = FramingProfile::kRfc6455,
                                            .role = Role::kServer};
  constexpr MaskKey kKey = {0x37, 0xFA, 0x21, 0x3D};
  const Bytes text = {'H', 'e', 'l', 'l', 'o', ' ', 'w', 'o', 'r', 'l', 'd'};
  Bytes stream;
  for (Opcode opcode : {Opcode::kText, Opcode::kPing, Opcode::kBinary}) {
    Bytes frame(ClientFrameBytes(text.size()));
    ASSERT_EQ(WriteClientFrame(opcode, text, kKey, absl::MakeSpan(frame)),
              frame.size());
    Append(&stream, frame);
  }
  const MessageTrace outcome = TraceMessagesAtEveryCut(kServer, stream);
  EXPECT_EQ(outcome.error, FrameError::kNone);
  EXPECT_EQ(outcome.messages, absl::StrCat("1:", Hex(text), ";9:", Hex(text),
                                           ";2:", Hex(text), ";"));
}

TEST(MessageReaderTest, ReadsA16MebibyteMessageOfManyFragments) {
  constexpr size_t kSize = size_t{16} << 20;
  constexpr size_t kFragments = 65536;
  MessageReader reader({.profile = FramingProfile::kRfc6455,
                        .max_payload_bytes = kSize,
                        .max_message_bytes = kSize});
  Bytes fragment = {0x02, 0x7E, 0x01, 0x00};  // no FIN, binary, 256
  fragment.resize(4 + kSize / kFragments, 0x5A);
  Message message;
  for (size_t i = 0; i < kFragments; ++i) {
    const bool last = i + 1 == kFragments;
    fragment[0] = static_cast<uint8_t>((last ? 0x80 : 0) | (i == 0 ? 2 : 0));
    absl::Span<const uint8_t> input = fragment;
    ASSERT_EQ(reader.Next(&input, &message),
              last ? ReadResult::kMessage : ReadResult::kNeedMore);
  }
  EXPECT_EQ(message.payload.size(), kSize);
  EXPECT_EQ(message.opcode, Opcode::kBinary);
  EXPECT_EQ(message.payload.back(), 0x5A);
}

}  // namespace
}  // namespace ovoc::frame
