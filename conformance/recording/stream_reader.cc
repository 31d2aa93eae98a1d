// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/stream_reader.h"

#include <algorithm>
#include <utility>

#include "frame/mask.h"

namespace ovoc::conformance {

std::optional<StreamItem> StreamReader::Next(absl::Span<const uint8_t>* bytes) {
  while (!bytes->empty()) {
    std::optional<StreamItem> item;
    switch (state_) {
      case State::kHead:
        item = AddToHead(bytes);
        break;
      case State::kBehind:
        if (!frames_) {
          item = StreamItem();
          item->size = bytes->size();
          bytes->remove_prefix(bytes->size());
        } else {
          item = AddToHeader(bytes);
        }
        break;
      case State::kPayload:
        item = AddToPayload(bytes);
        break;
    }
    if (item.has_value()) {
      unfinished_ = 0;
      return item;
    }
  }
  return std::nullopt;
}

std::optional<StreamItem> StreamReader::AddToHead(
    absl::Span<const uint8_t>* bytes) {
  const char byte = static_cast<char>(bytes->front());
  bytes->remove_prefix(1);
  ++unfinished_;
  if (byte != '\n' && line_.size() < kMaxShownLineBytes) {
    line_.push_back(byte);
    return std::nullopt;
  }
  StreamItem item;
  if (byte != '\n') {
    // No line any more: whatever it is, it is not shown.
    item.size = unfinished_;
    state_ = State::kBehind;
    return item;
  }
  if (!line_.empty() && line_.back() == '\r') {
    line_.pop_back();
  }
  item.kind =
      line_.empty() ? StreamItem::Kind::kHeadEnd : StreamItem::Kind::kHeadLine;
  state_ = line_.empty() ? State::kBehind : State::kHead;
  item.line = std::exchange(line_, "");
  return item;
}

std::optional<StreamItem> StreamReader::AddToHeader(
    absl::Span<const uint8_t>* bytes) {
  header_bytes_.push_back(bytes->front());
  bytes->remove_prefix(1);
  ++unfinished_;
  size_t consumed = 0;
  frame_ = StreamItem();
  frame_.kind = StreamItem::Kind::kFrame;
  if (frame::DecodeFrameHeader(header_bytes_, &frame_.header, &consumed) ==
      frame::HeaderResult::kNeedMore) {
    return std::nullopt;
  }
  header_bytes_.clear();
  frame_.size = frame_.header.payload_length;
  payload_left_ = frame_.size;
  state_ = State::kPayload;
  return payload_left_ == 0 ? std::optional(FinishFrame()) : std::nullopt;
}

std::optional<StreamItem> StreamReader::AddToPayload(
    absl::Span<const uint8_t>* bytes) {
  const size_t here =
      static_cast<size_t>(std::min<uint64_t>(payload_left_, bytes->size()));
  const size_t kept =
      std::min(here, kMaxKeptPayloadBytes - frame_.payload.size());
  frame_.payload.insert(frame_.payload.end(), bytes->begin(),
                        bytes->begin() + static_cast<ptrdiff_t>(kept));
  bytes->remove_prefix(here);
  payload_left_ -= here;
  unfinished_ += here;
  return payload_left_ == 0 ? std::optional(FinishFrame()) : std::nullopt;
}

StreamItem StreamReader::FinishFrame() {
  state_ = State::kBehind;
  if (frame_.header.masked) {
    frame::ApplyMask(absl::MakeSpan(frame_.payload), frame_.header.mask_key);
  }
  return std::exchange(frame_, StreamItem());
}

}  // namespace ovoc::conformance
