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
// The bytes of a frame's payload that are kept: the largest IPv4 packet.
inline constexpr size_t kMaxKeptPayloadBytes = 65535;

// StreamItem is one thing that one side of a recorded connection sent.
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

// StreamReader splits one direction of a recorded connection into a head and
// then a body or, once the caller has said so, frames. It judges nothing: it
// accepts every frame header (frame::DecodeFrameHeader). The limits above bound
// its memory.
class StreamReader {
 public:
  // Next: the next item that ends in `bytes`, which is moved past it; none if
  // all of it was used.
  std::optional<StreamItem> Next(absl::Span<const uint8_t>* bytes);

  // ExpectFrames: frames follow the head. Call it before the bytes after the
  // head are read.
  void ExpectFrames() { frames_ = true; }

  // The bytes of a line or a frame that has not ended.
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
