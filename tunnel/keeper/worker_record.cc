// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_record.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tunnel/command_line/exit_code.h"
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

std::string WorkerRecord::CannotBeConfined(int wait_status) const {
  if (ready_) {
    return "";
  }
  if (EndedByForeignFilter(wait_status)) {
    return "the worker cannot confine itself: a system-call filter that the "
           "client was started under kills it; widen that filter (systemd: "
           "SystemCallFilter=)";
  }
  if (!EndedWith(wait_status, ExitCode::kSandbox)) {
    return "";
  }
  return absl::StrCat("the worker cannot confine itself: ",
                      last_word_.empty() ? "it did not say why" : last_word_);
}

std::string WorkerRecord::Describe(int wait_status) const {
  if (refused()) {
    return absl::StrCat("ended by the keeper: ", refusal_);
  }
  const std::string end = DescribeWorkerEnd(wait_status, violation_);
  return last_word_.empty()
             ? end
             : absl::StrCat(end, "; its last message: ", last_word_);
}

}  // namespace ovoc::tunnel
