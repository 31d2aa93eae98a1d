// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_STREAM_READER_H_
#define OVOC_CONFORMANCE_RECORDING_STREAM_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "frame/frame_header.h"

namespace ovoc::conformance {

inline constexpr size_t kMaxShownLineBytes = 16384;
// Of a frame's payload that is kept: the largest IPv4 packet.
inline constexpr size_t kMaxKeptPayloadBytes = 65535;

// StreamItem is one thing that one side of a recorded connection said.
struct StreamItem {
  enum class Kind {
    kHeadLine,  // `line`, without its end (CR LF or LF)
    kHeadEnd,   // the empty line
    kBody,      // `size` bytes behind a head that are no frames
    kFrame,     // `header`, and of the payload what was kept, unmasked
  };
  Kind kind = Kind::kBody;
  std::string line;
  uint64_t size = 0;
  frame::FrameHeader header;
  std::vector<uint8_t> payload;
};

// StreamReader takes one direction of a recorded connection apart: a head, then
// a body or, once the caller has said so, frames. It judges nothing: every
// header of a frame is one (frame::DecodeFrameHeader). Memory is bounded by the
// limits above.
class StreamReader {
 public:
  // Next: the next item that ends in `bytes`, which is moved behind it; none
  // when all of it was used.
  std::optional<StreamItem> Next(absl::Span<const uint8_t>* bytes);

  // ExpectFrames: after the head come frames. To be said before the bytes that
  // follow the head are read.
  void ExpectFrames() { frames_ = true; }

  // Bytes of a line or a frame that has not ended.
  uint64_t unfinished_bytes() const { return unfinished_; }

 private:
  enum class State {
    kHead,     // the empty line has not come
    kBehind,   // it has: a body, or frame headers
    kPayload,  // in a frame's payload
  };

  std::optional<StreamItem> AddToHead(absl::Span<const uint8_t>* bytes);
  std::optional<StreamItem> AddToHeader(absl::Span<const uint8_t>* bytes);
  std::optional<StreamItem> AddToPayload(absl::Span<const uint8_t>* bytes);
  StreamItem FinishFrame();

  State state_ = State::kHead;
  bool frames_ = false;
  std::string line_;
  std::vector<uint8_t> header_bytes_;  // at most kMaxFrameHeaderBytes
  StreamItem frame_;
  uint64_t payload_left_ = 0;
  uint64_t unfinished_ = 0;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_STREAM_READER_H_
