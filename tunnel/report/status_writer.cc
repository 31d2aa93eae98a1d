// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/status_writer.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {

StatusWriter::StatusWriter(Logger* logger, std::optional<StatusFile> file,
                           Clock monotonic)
    : logger_(logger), file_(std::move(file)), clock_(std::move(monotonic)) {}

uint64_t StatusWriter::LoggedEvents() const {
  return logger_->history() == nullptr ? 0 : logger_->history()->count();
}

absl::Time StatusWriter::NextWrite() const {
  const bool has_events = LoggedEvents() != written_events_;
  return has_file() && (has_news_ || has_events)
             ? last_write_ + kStatusWriteStep
             : absl::InfiniteFuture();
}

void StatusWriter::Write(absl::string_view text) {
  if (!has_file()) {
    return;
  }
  last_write_ = clock_();
  has_news_ = false;
  written_events_ = LoggedEvents();
  const absl::Status status = file_->Write(text);
  if (!status.ok() && !failed_) {
    logger_->Log(
        LogLevel::kError,
        LogLine("status_file_failed")
            .Add("detail", absl::StrCat("--status_file: ", status.message())));
  } else if (status.ok() && failed_) {
    logger_->Log(LogLevel::kInfo, LogLine("status_file_works"));
  }
  failed_ = !status.ok();
}

}  // namespace ovoc::tunnel
