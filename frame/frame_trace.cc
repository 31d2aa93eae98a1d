// SPDX-License-Identifier: Apache-2.0
#include "frame/frame_trace.h"

#include <cstddef>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "frame/frame_header.h"
#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

using Bytes = std::vector<uint8_t>;

std::string Hex(absl::Span<const uint8_t> bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

std::string Hex(const FrameHeader& header) {
  Bytes bytes(kMaxFrameHeaderBytes);
  bytes.resize(EncodeFrameHeader(header, absl::MakeSpan(bytes)));
  return Hex(bytes);
}

absl::string_view Name(SkipReason reason) {
  switch (reason) {
    case SkipReason::kNone:
      return "";
    case SkipReason::kReservedBits:
      return "skip rsv";
    case SkipReason::kText:
      return "skip text";
    case SkipReason::kTooLong:
      return "skip long";
  }
  return "?";
}

// Feeds pieces to a parser and checks each chunk against the last.
class Feeder {
 public:
  explicit Feeder(const FrameParserOptions& options) : parser_(options) {}

  void Feed(absl::Span<const uint8_t> piece) {
    const Bytes exact(piece.begin(), piece.end());  // For AddressSanitizer.
    absl::Span<const uint8_t> input = exact;
    while (true) {
      const absl::Span<const uint8_t> before = input;
      FrameChunk chunk;
      switch (parser_.Next(&input, &chunk)) {
        case ParseResult::kChunk:
          EXPECT_LE(input.size(), before.size());
          CheckAndNote(chunk, before);
          continue;
        case ParseResult::kNeedMore:
          EXPECT_TRUE(input.empty());
          EXPECT_EQ(parser_.error(), FrameError::kNone);
          return;
        case ParseResult::kError:
          EXPECT_NE(parser_.error(), FrameError::kNone);
          return;
      }
    }
  }

  // RFC 6455 7.1.7 MUST NOT: process data after the connection has failed.
  void ExpectStickiness() {
    const Bytes good_frame = {0x82, 0x00};
    const FrameError first = parser_.error();
    for (int i = 0; i < 3; ++i) {
      absl::Span<const uint8_t> input = good_frame;
      FrameChunk chunk;
      EXPECT_EQ(parser_.Next(&input, &chunk), ParseResult::kError);
      EXPECT_EQ(parser_.error(), first);
    }
  }

  FrameTrace trace() const {
    return {frames_, parser_.error(), parser_.counters(),
            parser_.between_frames()};
  }

 private:
  void CheckAndNote(const FrameChunk& chunk, absl::Span<const uint8_t> input) {
    EXPECT_EQ(chunk.first, !open_);
    EXPECT_EQ(chunk.payload_offset, offset_);
    if (chunk.first) {
      header_ = chunk.header;
      absl::StrAppend(&frames_, Hex(chunk.header), ":", Name(chunk.skip));
    }
    EXPECT_TRUE(chunk.header == header_) << "the header changed in its frame";
    if (chunk.skip != SkipReason::kNone || header_.payload_length == 0) {
      EXPECT_TRUE(chunk.payload.empty() && chunk.first && chunk.last);
    } else {
      EXPECT_FALSE(chunk.payload.empty());
      EXPECT_GE(chunk.payload.data(), input.data())
          << "not a view of the input";
      EXPECT_LE(chunk.payload.end(), input.end()) << "not a view of the input";
      EXPECT_EQ(chunk.last,
                offset_ + chunk.payload.size() == header_.payload_length);
    }
    absl::StrAppend(&frames_, Hex(chunk.payload), chunk.last ? ";" : "");
    open_ = !chunk.last;
    offset_ = chunk.last ? 0 : offset_ + chunk.payload.size();
  }

  FrameParser parser_;
  std::string frames_;
  FrameHeader header_;
  bool open_ = false;
  uint64_t offset_ = 0;
};

void ExpectSame(const FrameTrace& a, const FrameTrace& b) {
  EXPECT_EQ(a.frames, b.frames);
  EXPECT_EQ(a.error, b.error) << Describe(a.error) << Describe(b.error);
  EXPECT_TRUE(a.counters == b.counters);
  EXPECT_EQ(a.between_frames, b.between_frames);
}

}  // namespace

FrameTrace TraceFrames(const FrameParserOptions& options,
                       const std::vector<absl::Span<const uint8_t>>& pieces) {
  Feeder feeder(options);
  for (const absl::Span<const uint8_t> piece : pieces) {
    feeder.Feed(piece);
  }
  const FrameTrace trace = feeder.trace();
  if (trace.error != FrameError::kNone) {
    feeder.ExpectStickiness();
  }
  return trace;
}

FrameTrace TraceFramesAtEveryCut(const FrameParserOptions& options,
                                 absl::Span<const uint8_t> bytes) {
  const FrameTrace whole = TraceFrames(options, {bytes});
  std::vector<absl::Span<const uint8_t>> octets;
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    SCOPED_TRACE(absl::StrCat("cut at ", cut));
    ExpectSame(TraceFrames(options, {bytes.first(cut), bytes.subspan(cut)}),
               whole);
    octets.push_back(bytes.subspan(cut, 1));
  }
  SCOPED_TRACE("octet by octet");
  ExpectSame(TraceFrames(options, octets), whole);
  return whole;
}

}  // namespace ovoc::frame
