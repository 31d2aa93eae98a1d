// SPDX-License-Identifier: Apache-2.0
#include "frame/frame_writer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr MaskKey kKey = {0x37, 0xFA, 0x21, 0x3D};
constexpr uint8_t kGuard = 0xA5;
const size_t kSizes[] = {0, 1, 84, 125, 126, 1500, 65535, 65536, 70001};

Bytes Sample(size_t size) {
  Bytes data(size);
  for (size_t i = 0; i < size; ++i) {
    data[i] = static_cast<uint8_t>(i * 13 + 5);
  }
  return data;
}

// A frame in exactly the room it needs, with guards behind.
Bytes ClientFrame(Opcode opcode, const Bytes& payload) {
  const size_t size = ClientFrameBytes(payload.size());
  Bytes out(size + 16, kGuard);
  EXPECT_EQ(
      WriteClientFrame(opcode, payload, kKey, absl::MakeSpan(out).first(size)),
      size);
  EXPECT_EQ(
      std::count(out.begin() + static_cast<ptrdiff_t>(size), out.end(), kGuard),
      16);
  out.resize(size);
  return out;
}

Bytes ServerFrame(Opcode opcode, const Bytes& payload) {
  const size_t size = ServerFrameBytes(payload.size());
  Bytes out(size + 16, kGuard);
  EXPECT_EQ(WriteServerFrame(opcode, payload, absl::MakeSpan(out).first(size)),
            size);
  EXPECT_EQ(
      std::count(out.begin() + static_cast<ptrdiff_t>(size), out.end(), kGuard),
      16);
  out.resize(size);
  return out;
}

TEST(FrameWriterTest, WritesTheHelloOfTheRfcMaskedAndNot) {
  // RFC 6455 5.3 MUST: a masked frame has its mask bit set.
  // RFC 6455 5.1 MUST: a client masks all frames that it sends.
  const Bytes hello = {'H', 'e', 'l', 'l', 'o'};
  EXPECT_EQ(ClientFrame(Opcode::kText, hello),
            (Bytes{0x81, 0x85,                       // FIN text, masked, 5
                   0x37, 0xFA, 0x21, 0x3D,           // key
                   0x7F, 0x9F, 0x4D, 0x51, 0x58}));  // RFC 6455 5.7
  // RFC 6455 5.1, for a server: it masks no frame.
  EXPECT_EQ(ServerFrame(Opcode::kText, hello),
            (Bytes{0x81, 0x05, 'H', 'e', 'l', 'l', 'o'}));
}

TEST(FrameWriterTest, MasksEmptyControlFramesToo) {
  // RFC 6455 5.1 MUST: a client masks all frames that it sends.
  EXPECT_EQ(ClientFrame(Opcode::kPing, {}),
            (Bytes{0x89, 0x80, 0x37, 0xFA, 0x21, 0x3D}));
  EXPECT_EQ(ServerFrame(Opcode::kPong, {}), (Bytes{0x8A, 0x00}));
}

TEST(FrameWriterTest, WritesFramesThatDecodeToWhatWasAsked) {
  // RFC 6455 5.2 MUST: RSV bits are 0 in what is sent.
  // RFC 6455 5.2 MUST: the minimal number of octets encodes the length.
  // RFC 6455 6.1 MUST: data is sent in frames
  // RFC 6455 6.1 MUST: the first frame's opcode says text or binary
  // RFC 6455 6.1 MUST: the last frame of a message has FIN set.
  for (size_t size : kSizes) {
    const Bytes payload = Sample(size);
    const Bytes frame = ClientFrame(Opcode::kBinary, payload);
    FrameHeader header;
    size_t consumed = 0;
    ASSERT_EQ(DecodeFrameHeader(frame, &header, &consumed), HeaderResult::kOk);
    const FrameHeader expected = {
        .masked = true, .mask_key = kKey, .payload_length = size};
    EXPECT_TRUE(header == expected) << size;
    Bytes unmasked(frame.begin() + static_cast<ptrdiff_t>(consumed),
                   frame.end());
    ApplyMask(absl::MakeSpan(unmasked), kKey);
    EXPECT_TRUE(unmasked == payload) << size;
  }
}

TEST(FrameWriterTest, WritesServerFramesThatDecodeToWhatWasAsked) {
  for (size_t size : kSizes) {
    const Bytes payload = Sample(size);
    const Bytes frame = ServerFrame(Opcode::kBinary, payload);
    FrameHeader header;
    size_t consumed = 0;
    ASSERT_EQ(DecodeFrameHeader(frame, &header, &consumed), HeaderResult::kOk);
    const FrameHeader expected = {.payload_length = size};
    EXPECT_TRUE(header == expected) << size;
    EXPECT_TRUE(std::equal(payload.begin(), payload.end(),
                           frame.begin() + static_cast<ptrdiff_t>(consumed),
                           frame.end()))
        << size;
  }
}

TEST(FrameWriterTest, MasksAPayloadThatAlreadyLiesAtItsPlace) {
  for (size_t size : kSizes) {
    const Bytes payload = Sample(size);
    Bytes out(ClientFrameBytes(size));
    const absl::Span<uint8_t> place = absl::MakeSpan(out).last(size);
    std::copy(payload.begin(), payload.end(), place.begin());
    ASSERT_EQ(
        WriteClientFrame(Opcode::kBinary, place, kKey, absl::MakeSpan(out)),
        out.size());
    EXPECT_TRUE(out == ClientFrame(Opcode::kBinary, payload)) << size;

    Bytes plain(ServerFrameBytes(size));
    const absl::Span<uint8_t> plain_place = absl::MakeSpan(plain).last(size);
    std::copy(payload.begin(), payload.end(), plain_place.begin());
    ASSERT_EQ(
        WriteServerFrame(Opcode::kBinary, plain_place, absl::MakeSpan(plain)),
        plain.size());
    EXPECT_TRUE(plain == ServerFrame(Opcode::kBinary, payload)) << size;
  }
}

TEST(FrameWriterTest, WritesNothingWithoutRoomForTheWholeFrame) {
  for (size_t size : {0u, 1u, 125u, 126u, 300u}) {
    const Bytes payload = Sample(size);
    for (size_t room = 0; room < ClientFrameBytes(size); ++room) {
      Bytes out(room, kGuard);
      EXPECT_EQ(
          WriteClientFrame(Opcode::kBinary, payload, kKey, absl::MakeSpan(out)),
          0u);
      EXPECT_EQ(out, Bytes(room, kGuard));
    }
    for (size_t room = 0; room < ServerFrameBytes(size); ++room) {
      Bytes out(room, kGuard);
      EXPECT_EQ(WriteServerFrame(Opcode::kBinary, payload, absl::MakeSpan(out)),
                0u);
      EXPECT_EQ(out, Bytes(room, kGuard));
    }
  }
}

TEST(FrameWriterTest, RefusesControlFramesAbove125Octets) {
  // RFC 6455 5.5 MUST: a control payload has at most 125 octets.
  for (Opcode opcode : {Opcode::kClose, Opcode::kPing, Opcode::kPong}) {
    EXPECT_EQ(ClientFrame(opcode, Sample(125)).size(), 131u);
    EXPECT_EQ(ServerFrame(opcode, Sample(125)).size(), 127u);
    Bytes out(200, kGuard);
    EXPECT_EQ(WriteClientFrame(opcode, Sample(126), kKey, absl::MakeSpan(out)),
              0u);
    EXPECT_EQ(WriteServerFrame(opcode, Sample(126), absl::MakeSpan(out)), 0u);
    EXPECT_EQ(out, Bytes(200, kGuard));
  }
}

TEST(FrameWriterTest, RefusesReservedOpcodes) {
  for (uint8_t value : Bytes{3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    Bytes out(20, kGuard);
    const Opcode opcode = static_cast<Opcode>(value);
    EXPECT_EQ(WriteClientFrame(opcode, {}, kKey, absl::MakeSpan(out)), 0u);
    EXPECT_EQ(WriteServerFrame(opcode, {}, absl::MakeSpan(out)), 0u);
    EXPECT_EQ(out, Bytes(20, kGuard));
  }
}

TEST(FrameWriterTest, KnowsTheSizeOfAFrameBeforehand) {
  static_assert(ClientFrameBytes(0) == 6);
  static_assert(ClientFrameBytes(125) == 131);
  static_assert(ClientFrameBytes(126) == 134);
  static_assert(ClientFrameBytes(65535) == 65543);
  static_assert(ClientFrameBytes(65536) == 65550);
  static_assert(ServerFrameBytes(0) == 2);
  static_assert(ServerFrameBytes(126) == 130);
  static_assert(ServerFrameBytes(65536) == 65546);
}

}  // namespace
}  // namespace ovoc::frame
