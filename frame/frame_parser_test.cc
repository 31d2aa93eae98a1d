// SPDX-License-Identifier: Apache-2.0
#include "frame/frame_parser.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "frame/frame_trace.h"
#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

using Bytes = std::vector<uint8_t>;

std::string Hex(absl::Span<const uint8_t> bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

constexpr FrameParserOptions kRfcClient = {.profile = FramingProfile::kRfc6455,
                                           .max_payload_bytes = 300};
constexpr FrameParserOptions kOvocClient = {.max_payload_bytes = 300};
constexpr FrameParserOptions kRfcServer = {.profile = FramingProfile::kRfc6455,
                                           .role = Role::kServer,
                                           .max_payload_bytes = 300};
constexpr FrameParserOptions kOvocServer = {.role = Role::kServer,
                                            .max_payload_bytes = 300};

Bytes Join(Bytes bytes, size_t count, uint8_t octet) {
  bytes.insert(bytes.end(), count, octet);
  return bytes;
}

std::string Repeat(size_t count, absl::string_view text) {
  std::string all;
  for (size_t i = 0; i < count; ++i) {
    absl::StrAppend(&all, text);
  }
  return all;
}

struct AcceptCase {
  const char* name;
  Bytes bytes;
  std::string frames;
};

std::vector<AcceptCase> AcceptCases() {
  return {
      {"nothing", {}, ""},
      {"empty binary", {0x82, 0x00}, "8200:;"},
      {"three octets", {0x82, 0x03, 1, 2, 3}, "8203:010203;"},
      {"two frames in one read",
       {0x82, 0x01, 0xAA, 0x82, 0x01, 0xBB},
       "8201:aa;8201:bb;"},
      {"fragments with a Ping between",
       {0x02, 0x01, 0xAA,        // first fragment
        0x89, 0x02, 0x11, 0x12,  // Ping
        0x00, 0x00,              // empty middle fragment
        0x80, 0x01, 0xBB},       // last fragment
       "0201:aa;8902:1112;0000:;8001:bb;"},
      {"Close 1000", {0x88, 0x02, 0x03, 0xE8}, "8802:03e8;"},
      {"empty Pong of OVOC", {0x8A, 0x00}, "8a00:;"},
      {"the longest control frame", Join({0x8A, 0x7D}, 125, 0x55),
       "8a7d:" + Repeat(125, "55") + ";"},
      {"least 16-bit length", Join({0x82, 0x7E, 0x00, 0x7E}, 126, 0x66),
       "827e007e:" + Repeat(126, "66") + ";"},
      {"exactly the limit", Join({0x82, 0x7E, 0x01, 0x2C}, 300, 0x77),
       "827e012c:" + Repeat(300, "77") + ";"},
  };
}

// RFC 6455 6.2 MUST: incoming data is parsed as frames.
TEST(FrameParserTest, CutsFramesWhereverTheStreamIsCut) {
  for (const AcceptCase& test : AcceptCases()) {
    for (const FrameParserOptions& options : {kRfcClient, kOvocClient}) {
      SCOPED_TRACE(test.name);
      const FrameTrace outcome = TraceFramesAtEveryCut(options, test.bytes);
      EXPECT_EQ(outcome.frames, test.frames);
      EXPECT_EQ(outcome.error, FrameError::kNone);
      EXPECT_EQ(outcome.counters, FrameCounters());
      EXPECT_TRUE(outcome.between_frames);
    }
  }
}

TEST(FrameParserTest, GivesThePayloadOfAnUnfinishedFrameSoFar) {
  for (const FrameParserOptions& options : {kRfcClient, kOvocClient}) {
    EXPECT_EQ(TraceFramesAtEveryCut(options, {0x82, 0x05, 1, 2}).frames,
              "8205:0102");
    EXPECT_EQ(TraceFramesAtEveryCut(options, {0x82, 0x05}).frames, "");
    EXPECT_EQ(TraceFramesAtEveryCut(options, {0x82, 0x7E, 0x00}).frames, "");
    EXPECT_FALSE(TraceFramesAtEveryCut(options, {0x82}).between_frames);
    EXPECT_FALSE(TraceFramesAtEveryCut(options, {0x82, 0x05}).between_frames);
    EXPECT_FALSE(
        TraceFramesAtEveryCut(options, {0x82, 0x05, 1, 2}).between_frames);
  }
}

TEST(FrameParserTest, LeavesThePayloadOfClientsMaskedAndTellsItsOffset) {
  const Bytes hello = {0x81, 0x85,                     // FIN text, masked, 5
                       0x37, 0xFA, 0x21, 0x3D,         // key
                       0x7F, 0x9F, 0x4D, 0x51, 0x58};  // "Hello"
  const FrameTrace outcome = TraceFramesAtEveryCut(kRfcServer, hello);
  EXPECT_EQ(outcome.frames, "818537fa213d:7f9f4d5158;");
  EXPECT_EQ(outcome.error, FrameError::kNone);
}

struct RefuseCase {
  const char* name;
  Bytes bytes;
  FrameError error;
};

std::vector<RefuseCase> MaskAndControlCases() {
  return {
      // RFC 6455 5.1 MUST: a client closes on a masked frame.
      {"masked data", {0x82, 0x80, 0, 0, 0, 0}, FrameError::kMaskedFrame},
      {"masked Ping", {0x89, 0x80, 1, 2, 3, 4}, FrameError::kMaskedFrame},
      {"masked text of RSV bits",
       {0xF1, 0x80, 1, 2, 3, 4},
       FrameError::kMaskedFrame},
      // RFC 6455 5.4 MUST NOT: control frames are not fragmented.
      {"Close without FIN", {0x08, 0x00}, FrameError::kFragmentedControl},
      {"Ping without FIN", {0x09, 0x00}, FrameError::kFragmentedControl},
      {"Pong without FIN", {0x0A, 0x00}, FrameError::kFragmentedControl},
      // RFC 6455 5.5 MUST: a control payload has at most 125 octets.
      {"Close of 126", {0x88, 0x7E, 0x00, 0x7E}, FrameError::kControlTooLong},
      {"Ping of 65535", {0x89, 0x7E, 0xFF, 0xFF}, FrameError::kControlTooLong},
      {"Pong of 2^64-1",
       {0x8A, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
       FrameError::kControlTooLong},
      // RFC 6455 5.2 MUST: the minimal number of octets encodes the length.
      {"Ping of 125 in 16 bits",
       {0x89, 0x7E, 0x00, 0x7D},
       FrameError::kNonMinimalLength},
      {"Close of 2 in 64 bits",
       {0x88, 0x7F, 0, 0, 0, 0, 0, 0, 0, 2},
       FrameError::kNonMinimalLength},
  };
}

std::vector<RefuseCase> FirstOctetCases() {
  std::vector<RefuseCase> cases;
  // RFC 6455 5.2 MUST: fail on an unknown opcode.
  for (uint8_t opcode : Bytes{3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    for (uint8_t rsv : Bytes{0x00, 0x40}) {
      const uint8_t first = static_cast<uint8_t>(0x80 | rsv | opcode);
      cases.push_back(
          {"reserved opcode", {first, 0x00}, FrameError::kReservedOpcode});
    }
  }
  // RFC 6455 5.2 MUST: fail on RSV bits no extension has defined.
  for (uint8_t opcode : Bytes{8, 9, 10}) {
    for (uint8_t rsv : Bytes{0x10, 0x20, 0x40, 0x70}) {
      const uint8_t first = static_cast<uint8_t>(0x80 | rsv | opcode);
      cases.push_back(
          {"RSV on control", {first, 0x00}, FrameError::kReservedBits});
    }
  }
  return cases;
}

// What no other device can cause: refused in both profiles. A good frame goes
// before each, and is given first.
std::vector<RefuseCase> RefuseCases() {
  std::vector<RefuseCase> cases = MaskAndControlCases();
  const std::vector<RefuseCase> more = FirstOctetCases();
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

TEST(FrameParserTest, RefusesInBothProfilesWhatNoOtherDeviceCanCause) {
  for (const RefuseCase& test : RefuseCases()) {
    Bytes stream = {0x82, 0x01, 0xAA};
    stream.insert(stream.end(), test.bytes.begin(), test.bytes.end());
    SCOPED_TRACE(absl::StrCat(test.name, " ", Hex(test.bytes)));
    for (const FrameParserOptions& options : {kRfcClient, kOvocClient}) {
      const FrameTrace outcome = TraceFramesAtEveryCut(options, stream);
      EXPECT_EQ(outcome.frames, "8201:aa;");
      EXPECT_EQ(outcome.error, test.error) << Describe(outcome.error);
      EXPECT_EQ(outcome.counters, FrameCounters());
    }
  }
}

TEST(FrameParserTest, StaysFailedAndKeepsTheFirstError) {
  // RFC 6455 7.1.7 MUST NOT: process data after the connection has failed.
  FrameParser parser(kOvocClient);
  const Bytes reserved = {0x83, 0x00};
  absl::Span<const uint8_t> input = reserved;
  FrameChunk chunk;
  EXPECT_EQ(parser.Next(&input, &chunk), ParseResult::kError);
  for (const Bytes& later : {Bytes{0x82, 0x00}, Bytes{0x82, 0x80}, Bytes{}}) {
    input = later;
    EXPECT_EQ(parser.Next(&input, &chunk), ParseResult::kError);
    EXPECT_EQ(parser.error(), FrameError::kReservedOpcode);
    EXPECT_FALSE(parser.between_frames());
  }
}

TEST(FrameParserTest, RefusesUnmaskedFramesAsAServer) {
  // RFC 6455 5.1, for a server: it closes on an unmasked frame.
  for (const FrameParserOptions& options : {kRfcServer, kOvocServer}) {
    for (const Bytes& stream : {Bytes{0x82, 0x00}, Bytes{0x89, 0x00}}) {
      const FrameTrace outcome = TraceFramesAtEveryCut(options, stream);
      EXPECT_EQ(outcome.error, FrameError::kUnmaskedFrame);
      EXPECT_EQ(outcome.frames, "");
    }
  }
}

TEST(FrameParserTest, NeedsMoreThanNothing) {
  FrameParser parser(kRfcClient);
  absl::Span<const uint8_t> input;
  FrameChunk chunk;
  EXPECT_EQ(parser.Next(&input, &chunk), ParseResult::kNeedMore);
  EXPECT_TRUE(parser.between_frames());
  EXPECT_EQ(parser.error(), FrameError::kNone);
}

}  // namespace
}  // namespace ovoc::frame
