// SPDX-License-Identifier: Apache-2.0
#include "frame/frame_header.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint8_t kGuard = 0xA5;
constexpr MaskKey kKey = {0x37, 0xFA, 0x21, 0x3D};
constexpr uint64_t kMaxLength = std::numeric_limits<uint64_t>::max();

struct HeaderCase {
  const char* name;
  Bytes bytes;
  FrameHeader header;
};

std::vector<HeaderCase> RfcHeaders() {
  return {
      {"empty binary frame",
       {0x82,   // FIN, opcode 2
        0x00},  // unmasked, length 0
       {.opcode = Opcode::kBinary}},
      {"first fragment of a text",
       {0x01,   // no FIN, opcode 1
        0x03},  // unmasked, length 3
       {.fin = false, .opcode = Opcode::kText, .payload_length = 3}},
      {"last fragment",
       {0x80,   // FIN, opcode 0
        0x7D},  // unmasked, length 125
       {.opcode = Opcode::kContinuation, .payload_length = 125}},
      {"masked Hello of RFC 6455 5.7",
       {0x81,                     // FIN, opcode 1
        0x85,                     // masked, length 5
        0x37, 0xFA, 0x21, 0x3D},  // key
       {.opcode = Opcode::kText,
        .masked = true,
        .mask_key = kKey,
        .payload_length = 5}},
      {"256 octets of RFC 6455 5.7",
       {0x82,         // FIN, opcode 2
        0x7E,         // unmasked, 16-bit length
        0x01, 0x00},  // 256
       {.payload_length = 256}},
      {"64 KiB of RFC 6455 5.7",
       {0x82,                                             // FIN, opcode 2
        0x7F,                                             // 64-bit length
        0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00},  // 65536
       {.payload_length = 65536}},
      {"the longest header",
       {0x82,                                            // FIN, opcode 2
        0xFF,                                            // masked, 64 bits
        0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,  // 65536
        0x37, 0xFA, 0x21, 0x3D},                         // key
       {.masked = true, .mask_key = kKey, .payload_length = 65536}},
  };
}

std::vector<HeaderCase> LengthHeaders() {
  return {
      {"least length of 16 bits",
       {0x82, 0x7E, 0x00, 0x7E},
       {.payload_length = 126}},
      {"greatest length of 16 bits",
       {0x82, 0x7E, 0xFF, 0xFF},
       {.payload_length = 65535}},
      {"16 bits for 125",
       {0x82, 0x7E, 0x00, 0x7D},
       {.payload_length = 125, .length_form = LengthForm::kLonger16Bit}},
      {"64 bits for 0",
       {0x82, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0},
       {.payload_length = 0, .length_form = LengthForm::kLonger64Bit}},
      {"64 bits for 65535",
       {0x82, 0x7F, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF},
       {.payload_length = 65535, .length_form = LengthForm::kLonger64Bit}},
      {"greatest length the RFC allows, 2^63-1",
       {0x82, 0x7F, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
       {.payload_length = kMaxLength >> 1}},
      {"2^63, which the RFC forbids",
       {0x82, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0},
       {.payload_length = uint64_t{1} << 63}},
      {"2^64-1",
       {0x82, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
       {.payload_length = kMaxLength}},
  };
}

std::vector<HeaderCase> BitHeaders() {
  return {
      {"RSV1", {0xC2, 0x01}, {.rsv = 4, .payload_length = 1}},
      {"RSV2", {0xA2, 0x01}, {.rsv = 2, .payload_length = 1}},
      {"RSV3", {0x92, 0x01}, {.rsv = 1, .payload_length = 1}},
      {"every bit of the first octet",
       {0xFF, 0x00},
       {.rsv = 7, .opcode = static_cast<Opcode>(0xF)}},
      {"no bit of the first octet",
       {0x00, 0x00},
       {.fin = false, .opcode = Opcode::kContinuation}},
      {"Pong with a 16-bit length",
       {0x8A, 0x7E, 0x00, 0x05},
       {.opcode = Opcode::kPong,
        .payload_length = 5,
        .length_form = LengthForm::kLonger16Bit}},
  };
}

std::vector<HeaderCase> HeaderCases() {
  std::vector<HeaderCase> cases = RfcHeaders();
  for (const std::vector<HeaderCase>& more : {LengthHeaders(), BitHeaders()}) {
    cases.insert(cases.end(), more.begin(), more.end());
  }
  return cases;
}

TEST(FrameHeaderTest, DecodesEveryFieldAndLeavesThePayload) {
  for (const HeaderCase& test : HeaderCases()) {
    SCOPED_TRACE(test.name);
    Bytes in = test.bytes;
    in.insert(in.end(), 20, 0xEE);  // The payload.
    FrameHeader header;
    size_t consumed = 0;
    ASSERT_EQ(DecodeFrameHeader(in, &header, &consumed), HeaderResult::kOk);
    EXPECT_EQ(consumed, test.bytes.size());
    EXPECT_TRUE(header == test.header);
  }
}

TEST(FrameHeaderTest, NeedsEveryOctetAndWritesNothingBefore) {
  for (const HeaderCase& test : HeaderCases()) {
    SCOPED_TRACE(test.name);
    const absl::Span<const uint8_t> in = test.bytes;
    for (size_t size = 0; size < in.size(); ++size) {
      const FrameHeader untouched = {.rsv = 5, .payload_length = 99};
      FrameHeader header = untouched;
      size_t consumed = 77;
      EXPECT_EQ(DecodeFrameHeader(in.first(size), &header, &consumed),
                HeaderResult::kNeedMore)
          << size << " octets";
      EXPECT_TRUE(header == untouched);
      EXPECT_EQ(consumed, 77u);
    }
  }
}

TEST(FrameHeaderTest, ForgetsTheKeyOfThePreviousHeader) {
  const Bytes in = {0x82, 0x00};
  FrameHeader header = {.masked = true, .mask_key = kKey};
  size_t consumed = 0;
  ASSERT_EQ(DecodeFrameHeader(in, &header, &consumed), HeaderResult::kOk);
  EXPECT_FALSE(header.masked);
  EXPECT_EQ(header.mask_key, MaskKey{});
}

TEST(FrameHeaderTest, EncodesWhatItDecodes) {
  for (const HeaderCase& test : HeaderCases()) {
    SCOPED_TRACE(test.name);
    Bytes out(kMaxFrameHeaderBytes + 8, kGuard);
    const size_t size = EncodeFrameHeader(
        test.header, absl::MakeSpan(out).first(test.bytes.size()));
    ASSERT_EQ(size, test.bytes.size());
    Bytes expected = test.bytes;
    expected.resize(out.size(), kGuard);
    EXPECT_EQ(out, expected);
  }
}

TEST(FrameHeaderTest, EncodesNothingWithoutRoomForAll) {
  for (const HeaderCase& test : HeaderCases()) {
    SCOPED_TRACE(test.name);
    for (size_t room = 0; room < test.bytes.size(); ++room) {
      Bytes out(kMaxFrameHeaderBytes, kGuard);
      EXPECT_EQ(EncodeFrameHeader(test.header, absl::MakeSpan(out).first(room)),
                0u)
          << room << " octets of room";
      EXPECT_EQ(out, Bytes(kMaxFrameHeaderBytes, kGuard));
    }
  }
}

// All 65,536 pairs of first octets: whatever a peer sends is read, and is
// written back as it was.
TEST(FrameHeaderTest, GivesTheSameOctetsForEveryFirstTwo) {
  for (uint32_t pair = 0; pair <= 0xFFFF; ++pair) {
    Bytes in = {static_cast<uint8_t>(pair >> 8),
                static_cast<uint8_t>(pair & 0xFF)};
    for (uint8_t i = 0; i < 12; ++i) {
      in.push_back(static_cast<uint8_t>(0xF0 + i));
    }
    ASSERT_EQ(in.size(), kMaxFrameHeaderBytes);
    FrameHeader header;
    size_t consumed = 0;
    ASSERT_EQ(DecodeFrameHeader(in, &header, &consumed), HeaderResult::kOk);
    Bytes out(kMaxFrameHeaderBytes);
    ASSERT_EQ(EncodeFrameHeader(header, absl::MakeSpan(out)), consumed);
    in.resize(consumed);
    out.resize(consumed);
    ASSERT_EQ(in, out) << std::hex << pair;
  }
}

TEST(FrameHeaderTest, ChoosesTheMinimalLengthForm) {
  // RFC 6455 5.2 MUST: the minimal number of octets encodes the length.
  for (uint64_t length : {uint64_t{0}, uint64_t{125}, uint64_t{126},
                          uint64_t{65535}, uint64_t{65536}, kMaxLength}) {
    const size_t expected = length < 126 ? 2 : length < 65536 ? 4 : 10;
    Bytes out(kMaxFrameHeaderBytes);
    const FrameHeader header = {.payload_length = length};
    EXPECT_EQ(EncodeFrameHeader(header, absl::MakeSpan(out)), expected);
    EXPECT_EQ(2 + MinimalLengthBytes(length), expected);
  }
}

TEST(FrameHeaderTest, RefusesALengthTheLongerFormCannotHold) {
  const FrameHeader header = {.payload_length = 65536,
                              .length_form = LengthForm::kLonger16Bit};
  Bytes out(kMaxFrameHeaderBytes, kGuard);
  EXPECT_EQ(EncodeFrameHeader(header, absl::MakeSpan(out)), 0u);
  EXPECT_EQ(out, Bytes(kMaxFrameHeaderBytes, kGuard));
}

TEST(OpcodeTest, TellsControlFromDataAndKnownFromReserved) {
  for (uint8_t value = 0; value < 16; ++value) {
    const Opcode opcode = static_cast<Opcode>(value);
    EXPECT_EQ(IsControl(opcode), value >= 8) << int{value};
    const bool reserved = (value >= 3 && value <= 7) || value >= 11;
    EXPECT_EQ(IsKnown(opcode), !reserved) << int{value};
  }
}

}  // namespace
}  // namespace ovoc::frame
