// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/confirmed_commit.h"

#include <algorithm>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace ovoc::tunnel {

void ConfirmedCommit::Begin(uint64_t number, uint64_t back_to, int minutes,
                            const Now& now) {
  if (state_ == State::kNone) {
    back_to_ = back_to;
  }
  state_ = State::kWaiting;
  number_ = number;
  minutes_ = std::clamp(minutes, kMinConfirmMinutes, kMaxConfirmMinutes);
  due_ = now.monotonic + absl::Minutes(minutes_);
  due_wall_ = absl::FromUnixSeconds(
      absl::ToUnixSeconds(now.wall + absl::Minutes(minutes_)));
}

absl::Time ConfirmedCommit::NextTime() const {
  return state_ == State::kWaiting ? due_ : absl::InfiniteFuture();
}

bool ConfirmedCommit::IsDue(absl::Time monotonic) const {
  return monotonic >= NextTime();
}

absl::Duration ConfirmedCommit::Left(absl::Time monotonic) const {
  return state_ == State::kWaiting
             ? std::max(due_ - monotonic, absl::ZeroDuration())
             : absl::ZeroDuration();
}

std::string ConfirmedCommit::ToText() const {
  if (state_ == State::kNone) {
    return "";
  }
  return absl::StrCat(
      number_, " ", back_to_, " ", minutes_, " ",
      absl::FormatTime(absl::RFC3339_sec, due_wall_, absl::UTCTimeZone()),
      "\n");
}

absl::StatusOr<ConfirmedCommit> ConfirmedCommit::FromText(
    absl::string_view text, const Now& now) {
  ConfirmedCommit read;
  absl::ConsumeSuffix(&text, "\n");
  if (text.empty()) {
    return read;
  }
  const std::vector<absl::string_view> fields = absl::StrSplit(text, ' ');
  std::string why;
  if (fields.size() != 4 || !absl::SimpleAtoi(fields[0], &read.number_) ||
      !absl::SimpleAtoi(fields[1], &read.back_to_) ||
      !absl::SimpleAtoi(fields[2], &read.minutes_) ||
      !absl::ParseTime(absl::RFC3339_full, fields[3], &read.due_wall_, &why) ||
      read.back_to_ == 0 || read.number_ <= read.back_to_ ||
      read.minutes_ < kMinConfirmMinutes ||
      read.minutes_ > kMaxConfirmMinutes) {
    return absl::InvalidArgumentError("it names no commit that waits");
  }
  const absl::Duration left =
      std::clamp(read.due_wall_ - now.wall, absl::ZeroDuration(),
                 absl::Minutes(read.minutes_));
  read.state_ = State::kWaiting;
  read.due_ = now.monotonic + left;
  return read;
}

}  // namespace ovoc::tunnel
