// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/decisions/send_window.h"

#include <algorithm>

namespace ovoc::tunnel {
namespace {

// A window that is sent in less is doubled, one that takes longer is cut down
// to what takes half of that.
constexpr absl::Duration kShort = absl::Milliseconds(2);
constexpr absl::Duration kLong = absl::Milliseconds(8);

// A measurement lasts so long at least: bytes leave in bursts.
constexpr absl::Duration kMeasured = absl::Milliseconds(8);

}  // namespace

bool SendWindow::OnSent(size_t taken, bool is_full, absl::Time now) {
  taken_ += taken;
  always_full_ = always_full_ && is_full;
  const absl::Duration elapsed = now - since_;
  if (elapsed < kMeasured || taken_ < bytes_ / 2) {
    return false;  // too little to tell yet
  }
  const size_t before = bytes_;
  Judge(elapsed);
  since_ = now;
  always_full_ = is_full;
  taken_ = 0;
  return bytes_ != before;
}

void SendWindow::Judge(absl::Duration elapsed) {
  const absl::Duration window_takes =
      elapsed * (static_cast<double>(bytes_) / static_cast<double>(taken_));
  if (window_takes < kShort) {
    bytes_ = std::min(2 * bytes_, kMaxBytes);
  } else if (always_full_ && window_takes > kLong) {
    const double share = absl::FDivDuration(kLong / 2, window_takes);
    bytes_ = std::max(static_cast<size_t>(static_cast<double>(bytes_) * share),
                      kMinBytes);
  }
}

}  // namespace ovoc::tunnel
