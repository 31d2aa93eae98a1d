// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/output_queue.h"

#include <algorithm>
#include <cstddef>

namespace ovoc::conformance {
namespace {

// An empty queue keeps this much memory for the next piece.
constexpr size_t kKeptBytes = 65536;

}  // namespace

bool OutputQueue::Add(absl::Span<const uint8_t> head,
                      absl::Span<const uint8_t> rest, Writing writing) {
  const size_t count = head.size() + rest.size();
  if (head.size() > room() || rest.size() > room() - head.size()) {
    return false;
  }
  if (count == 0) {
    return true;
  }
  // Moved only once a whole queue's worth is written, so that a full queue does
  // not move with every piece.
  if (begin_ >= capacity_) {
    bytes_.erase(bytes_.begin(),
                 bytes_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
  }
  bytes_.insert(bytes_.end(), head.begin(), head.end());
  bytes_.insert(bytes_.end(), rest.begin(), rest.end());
  if (writing == Writing::kTogether && !units_.empty() &&
      units_.back().writing == Writing::kTogether) {
    units_.back().bytes += count;
  } else {
    units_.push_back({count, writing});
  }
  return true;
}

absl::Span<const uint8_t> OutputQueue::NextWrite() const {
  if (units_.empty()) {
    return {};
  }
  return absl::MakeConstSpan(bytes_).subspan(begin_, units_.front().bytes);
}

void OutputQueue::Wrote(size_t count) {
  if (units_.empty()) {
    return;
  }
  Unit& unit = units_.front();
  const size_t written = std::min(count, unit.bytes);
  begin_ += written;
  unit.bytes -= written;
  if (unit.bytes == 0) {
    units_.pop_front();
  }
  if (units_.empty()) {
    begin_ = 0;
    bytes_.clear();
    if (bytes_.capacity() > kKeptBytes) {
      std::vector<uint8_t>().swap(bytes_);
    }
  }
}

}  // namespace ovoc::conformance
