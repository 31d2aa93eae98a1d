// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/reload_watch.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tunnel/manage/agent/running_client.h"

namespace ovoc::tunnel {

using Result = ReloadOutcome::Result;

std::optional<ReloadWatch::Report> ReloadWatch::Start(absl::Time monotonic) {
  // The status file has milliseconds.
  sent_ = absl::FromUnixMillis(absl::ToUnixMillis(absl::Now()));
  const absl::Status sent = ReloadClient(status_file_);
  if (!sent.ok()) {
    return Report{"none", std::string(sent.message())};
  }
  end_ = monotonic + kReloadPatience;
  next_ = monotonic + kReloadLook;
  return std::nullopt;
}

std::optional<ReloadWatch::Report> ReloadWatch::OnTime(absl::Time monotonic) {
  if (monotonic < next_) {
    return std::nullopt;
  }
  next_ = monotonic + kReloadLook;
  const absl::StatusOr<ClientStatus> status = ReadClientStatus(status_file_);
  const ReloadOutcome outcome =
      status.ok() ? OutcomeOf(status->record, sent_) : ReloadOutcome();
  if (outcome.result != Result::kWaits) {
    return Report{std::string(Word(outcome.result)), outcome.detail};
  }
  if (monotonic < end_) {
    return std::nullopt;
  }
  return Report{std::string(Word(Result::kWaits)),
                status.ok()
                    ? absl::StrCat("no tunnel after ",
                                   absl::ToInt64Seconds(kReloadPatience),
                                   " s; the state is ", status->record.state,
                                   "; look at status")
                    : std::string(status.status().message())};
}

}  // namespace ovoc::tunnel
