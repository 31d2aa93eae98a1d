// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_reports.h"

#include <variant>

namespace ovoc::tunnel {
namespace {

// What a line takes besides its text: time, level, the mark.
constexpr size_t kLineOverheadBytes = 48;
constexpr absl::Duration kSayStep = absl::Minutes(1);

LogLine ReadyLine(const WorkerReady& ready, int pid) {
  return LogLine("worker")
      .Add("pid", int64_t{pid})
      .Add("landlock", ready.sandbox.landlock_abi)
      .Add("locked", Word(ready.sandbox.locked));
}

}  // namespace

absl::Status WorkerReports::Take(const WorkerMessage& message, int pid,
                                 absl::Time now, WorkerRecord* record) {
  SayDropped(now);
  if (const auto* ready = std::get_if<WorkerReady>(&message)) {
    if (record->ready()) {  // each one is a line in the log
      return absl::InvalidArgumentError(
          "it said more than once that it is ready");
    }
    record->OnReady();
    logger_->Log(LogLevel::kInfo, ReadyLine(*ready, pid));
    publisher_->Running();
  } else if (const auto* line = std::get_if<LogRecord>(&message)) {
    Relay(*line, now);
  } else if (const auto* progress = std::get_if<Progress>(&message)) {
    record->OnProgress(progress->state, now);
    publisher_->OnProgress(*progress);
  } else if (const auto* server = std::get_if<ServerIdentity>(&message)) {
    publisher_->OnSecured(*server);
  } else if (const auto* violation = std::get_if<FilterViolation>(&message)) {
    record->OnViolation(violation->system_call);
  } else if (const auto* word = std::get_if<LastWord>(&message)) {
    record->OnLastWord(word->detail);
  }
  return absl::OkStatus();
}

void WorkerReports::Relay(const LogRecord& line, absl::Time now) {
  if (!logger_->IsOn(line.level)) {
    return;
  }
  if (budget_.Take(line.text.size() + kLineOverheadBytes, now)) {
    logger_->Relay(line.level, line.text);
    return;
  }
  ++dropped_;
  publisher_->OnWorkerLineDropped();
  SayDropped(now);
}

// Not of the budget: one line a minute.
void WorkerReports::SayDropped(absl::Time now) {
  if (dropped_ == 0 || now < say_at_) {
    return;
  }
  say_at_ = now + kSayStep;
  logger_->Log(LogLevel::kWarning,
               LogLine("worker_log_dropped")
                   .Add("lines", static_cast<int64_t>(dropped_)));
  dropped_ = 0;
}

}  // namespace ovoc::tunnel
