// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_legacy.h"

#include <algorithm>
#include <array>
#include <optional>

#include "frame/frame_header.h"

namespace ovoc::fuzz {
namespace {

constexpr uint64_t kLongestPayloadBytes = 131072;

}  // namespace

NaiveLegacy ReadNaiveLegacy(absl::Span<const uint8_t> stream) {
  NaiveLegacy read;
  size_t at = 0;
  while (true) {
    std::optional<NaiveFrame> frame = ReadNaiveHeader(stream.subspan(at));
    if (!frame.has_value()) {
      return read;
    }
    const bool is_long = frame->header.payload_length > kLongestPayloadBytes;
    read.passed_over += is_long ? 1 : 0;
    frame->payload_at += at;
    const size_t left = stream.size() - frame->payload_at;
    if (frame->header.payload_length > left) {
      return read;  // it is cut
    }
    frame->payload_bytes = static_cast<size_t>(frame->header.payload_length);
    at = frame->payload_at + frame->payload_bytes;
    if (!is_long) {
      read.frames.push_back(*frame);
    }
  }
}

bool IsSameFrame(const conformance::LegacyFrame& frame, const NaiveFrame& naive,
                 absl::Span<const uint8_t> stream) {
  if (frame.header != naive.header ||
      frame.payload != absl::MakeConstSpan(NaivePayload(stream, naive))) {
    return false;
  }
  std::array<uint8_t, frame::kMaxFrameHeaderBytes> head;
  const size_t size =
      frame::EncodeFrameHeader(frame.header, absl::MakeSpan(head));
  return size <= naive.payload_at &&
         std::equal(
             head.begin(), head.begin() + static_cast<ptrdiff_t>(size),
             stream.begin() + static_cast<ptrdiff_t>(naive.payload_at - size));
}

}  // namespace ovoc::fuzz
