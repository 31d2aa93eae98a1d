// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_REPORT_STATUS_WRITER_H_
#define OVOC_TUNNEL_REPORT_STATUS_WRITER_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/report/log.h"
#include "tunnel/report/status_file.h"

namespace ovoc::tunnel {

// News that can wait are in the file at most this long afterwards, and no two
// writings for their sake are closer to each other.
inline constexpr absl::Duration kStatusWriteStep = absl::Seconds(1);

// StatusWriter knows when the status file has to be written again, and writes
// it. A change of the state is written at once, by Write. What can wait, such
// as counters, is announced by HaveNews. Lines that the logger keeps are such
// news too.
class StatusWriter {
 public:
  using Clock = std::function<absl::Time()>;

  // Without `file` nothing is written. `logger` must outlive it.
  StatusWriter(Logger* logger, std::optional<StatusFile> file, Clock monotonic);

  bool has_file() const { return file_.has_value(); }
  // From now on nothing is written. What is there stays.
  void DropFile() { file_.reset(); }

  void HaveNews() { has_news_ = true; }

  // When the news have to be written; InfiniteFuture if there are none.
  absl::Time NextWrite() const;
  bool IsDue() const { return clock_() >= NextWrite(); }

  // Writes a text that has all the news. The log says once that the file cannot
  // be written, and once that it can.
  void Write(absl::string_view text);

  // The last writing failed.
  bool failed() const { return failed_; }

 private:
  uint64_t LoggedEvents() const;

  Logger* const logger_;
  std::optional<StatusFile> file_;
  const Clock clock_;
  absl::Time last_write_ = absl::InfinitePast();
  uint64_t written_events_ = 0;
  bool has_news_ = false;
  bool failed_ = false;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_STATUS_WRITER_H_
