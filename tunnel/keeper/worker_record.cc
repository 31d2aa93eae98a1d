// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_record.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tunnel/keeper/worker_end.h"

namespace ovoc::tunnel {

void WorkerRecord::OnProgress(TunnelState state, absl::Time now) {
  if (state != TunnelState::kUp) {
    up_since_.reset();
    return;
  }
  if (!up_since_.has_value()) {
    up_since_ = now;
  }
  time_up_ = std::max(time_up_, now - *up_since_);
}

void WorkerRecord::OnRefused(absl::string_view why) {
  killed_ = true;
  refusal_ = std::string(why);
}

absl::Duration WorkerRecord::TimeUp() const {
  return killed_ ? absl::ZeroDuration() : time_up_;
}

std::string WorkerRecord::Describe(int wait_status) const {
  return refused() ? absl::StrCat("ended by the keeper: ", refusal_)
                   : DescribeWorkerEnd(wait_status, violation_);
}

}  // namespace ovoc::tunnel
