// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_LEGACY_FRAMES_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_LEGACY_FRAMES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "frame/frame_header.h"

namespace ovoc::conformance {

// A longer frame is skipped unread. tun-ws itself would wait for all of it and
// grow. The limit is twice the largest IPv4 packet, so that a device can still
// be sent frames above its own limit.
inline constexpr uint64_t kMaxLegacyPayloadBytes = 131072;

// LegacyFrame is one frame as tun-ws sees it.
struct LegacyFrame {
  frame::FrameHeader header;          // as sent, the length form included
  absl::Span<const uint8_t> payload;  // unmasked
};

// LegacyFrameReader reads frames as tolerantly as tun-ws (protocol.md 3):
// masked or not, with any opcode, FIN and RSV, with minimal lengths or not.
// Nothing is ever an error. The caller decides what an opcode means.
class LegacyFrameReader {
 public:
  enum class Result {
    kFrame,     // *frame is whole
    kNeedMore,  // all of *input is taken
  };

  // Takes bytes off the front of *input until a frame is whole. The payload is
  // valid until the next call.
  Result Next(absl::Span<const uint8_t>* input, LegacyFrame* frame);

  // Frames passed over for their length.
  uint64_t passed_over() const { return passed_over_; }

 private:
  enum class State {
    kHeader,    // header_bytes_ hold the start of a header
    kPayload,   // payload_ holds the start of header_'s payload
    kPassOver,  // left_ bytes of a payload are still to be passed over
  };

  bool TakeHeader(absl::Span<const uint8_t>* input);
  bool TakePayload(absl::Span<const uint8_t>* input);
  void PassOver(absl::Span<const uint8_t>* input);

  State state_ = State::kHeader;
  std::vector<uint8_t> header_bytes_;
  frame::FrameHeader header_;
  std::vector<uint8_t> payload_;
  uint64_t left_ = 0;
  uint64_t passed_over_ = 0;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_LEGACY_FRAMES_H_
