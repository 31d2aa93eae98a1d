// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FRAME_FRAME_PARSER_H_
#define OVOC_FRAME_FRAME_PARSER_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "frame/frame_counters.h"
#include "frame/frame_error.h"
#include "frame/frame_header.h"

namespace ovoc::frame {

// FramingProfile is how strictly data frames are judged. Control frames,
// reserved opcodes and masks are judged the same way in both.
enum class FramingProfile {
  kRfc6455,  // Fails the connection wherever the RFC says so.
  kOvoc,     // Stays up where OVOC forwards a frame head that another device
             // chose, so that no device can knock another off the tunnel.
};

// Role is our end of the connection. A client refuses masked frames, a server
// refuses unmasked ones. RFC 6455 5.1.
enum class Role { kClient, kServer };

struct FrameParserOptions {
  FramingProfile profile = FramingProfile::kOvoc;
  Role role = Role::kClient;
  uint64_t max_payload_bytes = 65535;  // Of one data frame; RFC 6455 10.4.
};

// SkipReason is why the ovoc profile skips a data frame. If there are several
// reasons, the first one counts.
enum class SkipReason { kNone, kReservedBits, kText, kTooLong };

// FrameChunk is a piece of one frame. A frame that is read comes as one or more
// chunks of at least one octet each, or as one empty chunk if its payload is
// empty. A frame that is skipped comes as one empty chunk, at its header.
struct FrameChunk {
  FrameHeader header;
  absl::Span<const uint8_t> payload = {};  // Views the input; still masked.
  uint64_t payload_offset = 0;  // Of payload[0] in the frame's payload.
  bool first = false;
  bool last = false;
  SkipReason skip = SkipReason::kNone;
};

enum class ParseResult {
  kChunk,     // `chunk` is written; there may be more in the input.
  kNeedMore,  // All input is consumed and was part of an unfinished frame.
  kError,     // error() says which rule was broken; so do all later calls.
};

// FrameParser cuts a stream of octets into frames, RFC 6455 5.2. It stores at
// most a header that was cut in two (14 octets), never payload, and allocates
// nothing. It looks at each frame alone; the MessageAssembler handles
// fragments.
class FrameParser {
 public:
  explicit FrameParser(const FrameParserOptions& options);

  // Next takes octets from the front of `input`, up to the end of one chunk.
  // The way a stream is cut into inputs only changes how frames are cut into
  // chunks. After kError the rest of the input means nothing.
  [[nodiscard]] ParseResult Next(absl::Span<const uint8_t>* input,
                                 FrameChunk* chunk);

  // The first rule broken, or kNone.
  FrameError error() const { return error_; }

  // Only the counters of frames; the others are 0.
  const FrameCounters& counters() const { return counters_; }

  // The number of frames whose headers were read and not refused, including
  // skipped ones.
  uint64_t frames_begun() const { return frames_begun_; }

  // True when no rule is broken and the octets so far end exactly at the end of
  // a frame.
  bool between_frames() const;

 private:
  enum class State {
    kHeader,   // In front of a frame or inside its header.
    kPayload,  // In the payload of a frame that is read.
    kSkip,     // In the payload of a frame that is skipped.
    kFailed,   // A rule was broken. There is no way out.
  };

  ParseResult BeginFrame(absl::Span<const uint8_t>* input, FrameChunk* chunk);
  bool ReadHeader(absl::Span<const uint8_t>* input);
  ParseResult Skip(SkipReason reason, FrameChunk* chunk);
  ParseResult ReadPayload(absl::Span<const uint8_t>* input, FrameChunk* chunk);
  void DiscardPayload(absl::Span<const uint8_t>* input);
  ParseResult Fail(FrameError error);

  const FrameParserOptions options_;
  State state_ = State::kHeader;
  FrameError error_ = FrameError::kNone;
  FrameHeader header_;      // Of the current frame.
  uint64_t remaining_ = 0;  // Octets of its payload still to come.
  std::array<uint8_t, kMaxFrameHeaderBytes> partial_header_ = {};
  size_t partial_header_bytes_ = 0;
  FrameCounters counters_;
  uint64_t frames_begun_ = 0;
};

}  // namespace ovoc::frame

#endif  // OVOC_FRAME_FRAME_PARSER_H_
