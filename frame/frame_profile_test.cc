// SPDX-License-Identifier: Apache-2.0
//
// What another device can make OVOC send, in the two profiles.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "frame/frame_counters.h"
#include "frame/frame_error.h"
#include "frame/frame_parser.h"
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

Bytes Join(Bytes bytes, size_t count, uint8_t octet) {
  bytes.insert(bytes.end(), count, octet);
  return bytes;
}

struct ProfileCase {
  const char* name;
  Bytes bytes;
  FrameError rfc_error;
  std::string ovoc_frames;
  FrameCounters ovoc_counters;
};

// What another device can cause: fails the connection by the RFC, and is read
// or skipped in the ovoc profile.
std::vector<ProfileCase> ReservedBitsCases() {
  return {
      // RFC 6455 5.2 MUST: fail on RSV bits no extension has defined.
      {"RSV1",
       {0xC2, 0x02, 1, 2},
       FrameError::kReservedBits,
       "c202:skip rsv;",
       {.skipped_reserved_bits = 1}},
      {"RSV2",
       {0xA2, 0x02, 1, 2},
       FrameError::kReservedBits,
       "a202:skip rsv;",
       {.skipped_reserved_bits = 1}},
      {"RSV3, continuation, empty",
       {0x90, 0x00},
       FrameError::kReservedBits,
       "9000:skip rsv;",
       {.skipped_reserved_bits = 1}},
      {"all RSV bits on a text without FIN, length not minimal",
       {0x71, 0x7E, 0x00, 0x01, 9},
       FrameError::kReservedBits,
       "717e0001:skip rsv;",
       {.skipped_reserved_bits = 1}},
  };
}

std::vector<ProfileCase> LengthCases() {
  return {
      // RFC 6455 5.2 MUST: the minimal number of octets encodes the length.
      {"16 bits for 2",
       {0x82, 0x7E, 0x00, 0x02, 1, 2},
       FrameError::kNonMinimalLength,
       "827e0002:0102;",
       {.read_non_minimal_length = 1}},
      {"64 bits for 2",
       {0x82, 0x7F, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2},
       FrameError::kNonMinimalLength,
       "827f0000000000000002:0102;",
       {.read_non_minimal_length = 1}},
      {"64 bits for 0",
       {0x82, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0},
       FrameError::kNonMinimalLength,
       "827f0000000000000000:;",
       {.read_non_minimal_length = 1}},
      // RFC 6455 10.4 MUST: protect against frames above the own limit.
      {"one above the limit",
       Join({0x82, 0x7E, 0x01, 0x2D}, 301, 0x01),
       FrameError::kLengthTooLarge,
       "827e012d:skip long;",
       {.skipped_too_long = 1}},
      {"64 bits for one above the limit",
       Join({0x82, 0x7F, 0, 0, 0, 0, 0, 0, 0x01, 0x2D}, 301, 0x01),
       FrameError::kNonMinimalLength,
       "827f000000000000012d:skip long;",
       {.skipped_too_long = 1}},
  };
}

std::vector<ProfileCase> ProfileCases() {
  std::vector<ProfileCase> cases = ReservedBitsCases();
  const std::vector<ProfileCase> more = LengthCases();
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

TEST(FrameProfileTest, TreatsForwardedFramesAsTheProfileSays) {
  for (const ProfileCase& test : ProfileCases()) {
    SCOPED_TRACE(test.name);
    Bytes stream = {0x82, 0x01, 0xAA};
    stream.insert(stream.end(), test.bytes.begin(), test.bytes.end());
    stream.insert(stream.end(), {0x82, 0x01, 0xBB});

    const FrameTrace rfc = TraceFramesAtEveryCut(kRfcClient, stream);
    EXPECT_EQ(rfc.error, test.rfc_error) << Describe(rfc.error);
    EXPECT_EQ(rfc.frames, "8201:aa;");
    EXPECT_EQ(rfc.counters, FrameCounters());

    const FrameTrace ovoc = TraceFramesAtEveryCut(kOvocClient, stream);
    EXPECT_EQ(ovoc.error, FrameError::kNone) << Describe(ovoc.error);
    EXPECT_EQ(ovoc.frames, "8201:aa;" + test.ovoc_frames + "8201:bb;");
    EXPECT_TRUE(ovoc.counters == test.ovoc_counters);
    EXPECT_TRUE(ovoc.between_frames);
  }
}

TEST(FrameProfileTest, SkipsTextInTheOvocProfileOnly) {
  const Bytes stream = {0x81, 0x02, 'h', 'i', 0x01, 0x00, 0x82, 0x00};
  const FrameTrace rfc = TraceFramesAtEveryCut(kRfcClient, stream);
  EXPECT_EQ(rfc.frames, "8102:6869;0100:;8200:;");
  EXPECT_EQ(rfc.error, FrameError::kNone);
  const FrameTrace ovoc = TraceFramesAtEveryCut(kOvocClient, stream);
  EXPECT_EQ(ovoc.frames, "8102:skip text;0100:skip text;8200:;");
  EXPECT_EQ(ovoc.counters, FrameCounters{.skipped_text = 2});
}

struct HugeCase {
  const char* name;
  Bytes header;
  FrameError rfc_error;
};

std::vector<HugeCase> HugeCases() {
  return {
      {"2^63-1",
       {0x82, 0x7F, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
       FrameError::kLengthTooLarge},
      // RFC 6455 5.2 MUST: the highest bit of a 64-bit length is 0.
      {"2^63",
       {0x82, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0},
       FrameError::kLengthTopBit},
      {"2^64-1",
       {0x82, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
       FrameError::kLengthTopBit},
  };
}

TEST(FrameProfileTest, SkipsLengthsOf64BitsWithoutStoringOrFailing) {
  const Bytes million(1 << 20,
                      0x82);  // Would be frames if it were not payload.
  for (const HugeCase& test : HugeCases()) {
    SCOPED_TRACE(test.name);
    EXPECT_EQ(TraceFramesAtEveryCut(kRfcClient, test.header).error,
              test.rfc_error);

    std::vector<absl::Span<const uint8_t>> pieces = {test.header};
    pieces.insert(pieces.end(), 16, million);
    const FrameTrace ovoc = TraceFrames(kOvocClient, pieces);
    EXPECT_EQ(ovoc.frames, Hex(test.header) + ":skip long;");
    EXPECT_EQ(ovoc.error, FrameError::kNone);
    EXPECT_EQ(ovoc.counters, FrameCounters{.skipped_too_long = 1});
    EXPECT_FALSE(ovoc.between_frames);
  }
}

}  // namespace
}  // namespace ovoc::frame
