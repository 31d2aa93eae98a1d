// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/protocol/request_lines.h"

#include <algorithm>
#include <utility>

#include "auth/secret.h"
#include "tunnel/manage/protocol/agent_request.h"

namespace ovoc::tunnel {

RequestLines::~RequestLines() { WipeText(&bytes_); }

bool RequestLines::WantsMore() const {
  return !too_long_ && bytes_.find('\n') == std::string::npos;
}

void RequestLines::Add(absl::string_view bytes) {
  if (bytes_.capacity() < bytes_.size() + bytes.size()) {
    // By hand: growing would leave the old bytes behind.
    std::string larger;
    larger.reserve(2 * (bytes_.size() + bytes.size()));
    larger.append(bytes_);
    WipeText(&bytes_);
    bytes_ = std::move(larger);
  }
  bytes_.append(bytes.data(), bytes.size());
}

RequestLines::Result RequestLines::Next(absl::Time now, std::string* line) {
  const size_t end = bytes_.find('\n');
  if (too_long_ || std::min(end, bytes_.size()) > kMaxRequestBytes) {
    too_long_ = true;
    return Result::kTooLong;
  }
  if (end == std::string::npos) {
    return Result::kNeedMore;
  }
  const int64_t periods = (now - filled_) / kRequestPeriod;
  if (periods > 0) {
    left_ = static_cast<int>(std::min<int64_t>(
        kMaxRequestBurst,
        left_ + std::min<int64_t>(periods, kMaxRequestBurst)));
    filled_ += periods * kRequestPeriod;
  }
  if (left_ == 0) {
    return Result::kWait;
  }
  --left_;
  line->assign(bytes_, 0, end);
  std::fill_n(bytes_.begin(), end, '\0');
  bytes_.erase(0, end + 1);
  return Result::kLine;
}

absl::Time RequestLines::NextTime() const {
  return left_ == 0 ? filled_ + kRequestPeriod : absl::InfiniteFuture();
}

void WipeText(std::string* text) {
  // FromString wipes what it is given.
  (void)auth::Secret::FromString(std::move(*text));
  text->clear();
}

}  // namespace ovoc::tunnel
