// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/legacy_frames.h"

#include <algorithm>

#include "frame/mask.h"

namespace ovoc::conformance {
namespace {

// Memory kept for the next payload; a larger one gives it back.
constexpr size_t kKeptBytes = 4096;

}  // namespace

LegacyFrameReader::Result LegacyFrameReader::Next(
    absl::Span<const uint8_t>* input, LegacyFrame* frame) {
  while (true) {
    switch (state_) {
      case State::kHeader:
        if (!TakeHeader(input)) {
          return Result::kNeedMore;
        }
        break;
      case State::kPayload:
        if (!TakePayload(input)) {
          return Result::kNeedMore;
        }
        state_ = State::kHeader;
        frame->header = header_;
        frame->payload = payload_;
        return Result::kFrame;
      case State::kPassOver:
        PassOver(input);
        if (left_ > 0) {
          return Result::kNeedMore;
        }
        state_ = State::kHeader;
        break;
    }
  }
}

// True when a header is whole; false when *input ended before.
bool LegacyFrameReader::TakeHeader(absl::Span<const uint8_t>* input) {
  const size_t before = header_bytes_.size();
  const size_t wanted = frame::kMaxFrameHeaderBytes - before;
  const auto taken = input->first(std::min(wanted, input->size()));
  header_bytes_.insert(header_bytes_.end(), taken.begin(), taken.end());
  size_t header_size = 0;
  if (frame::DecodeFrameHeader(header_bytes_, &header_, &header_size) ==
      frame::HeaderResult::kNeedMore) {
    input->remove_prefix(taken.size());
    return false;
  }
  // What was kept from before never held a whole header.
  input->remove_prefix(header_size - before);
  header_bytes_.clear();
  if (header_.payload_length > kMaxLegacyPayloadBytes) {
    ++passed_over_;
    left_ = header_.payload_length;
    state_ = State::kPassOver;
    return true;
  }
  payload_.clear();
  if (payload_.capacity() > kKeptBytes) {
    std::vector<uint8_t>().swap(payload_);
  }
  state_ = State::kPayload;
  return true;
}

// True when the payload is whole; false when *input ended before.
bool LegacyFrameReader::TakePayload(absl::Span<const uint8_t>* input) {
  const uint64_t missing = header_.payload_length - payload_.size();
  const size_t count =
      static_cast<size_t>(std::min<uint64_t>(missing, input->size()));
  const size_t offset = payload_.size();
  payload_.insert(payload_.end(), input->begin(),
                  input->begin() + static_cast<std::ptrdiff_t>(count));
  input->remove_prefix(count);
  if (header_.masked) {
    frame::ApplyMask(absl::MakeSpan(payload_).subspan(offset), header_.mask_key,
                     offset);
  }
  return count == missing;
}

void LegacyFrameReader::PassOver(absl::Span<const uint8_t>* input) {
  const uint64_t count = std::min<uint64_t>(left_, input->size());
  left_ -= count;
  input->remove_prefix(static_cast<size_t>(count));
}

}  // namespace ovoc::conformance
