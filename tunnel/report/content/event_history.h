// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_REPORT_CONTENT_EVENT_HISTORY_H_
#define OVOC_TUNNEL_REPORT_CONTENT_EVENT_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/command_line/log_level.h"

namespace ovoc::tunnel {

// What an EventHistory keeps, about 20 KB: a status file has to be small, and a
// sandboxed process in somebody else's hands decides what is in it.
inline constexpr size_t kMaxEvents = 64;
inline constexpr size_t kMaxEventTextBytes = 256;
inline constexpr size_t kMaxEventNameBytes = 32;  // the longest of ours is 20

// Event is one line of the log.
struct Event {
  absl::Time time;
  LogLevel level;
  std::string name;  // behind "event="; empty if the line has none
  std::string text;  // the rest of the line, with "from=worker" where it is
};

// EventHistory keeps the last kMaxEvents lines of a log, those of LogLevel
// kInfo and above. A longer text is cut, and ends with "...".
class EventHistory {
 public:
  // Takes the text of a LogLine, or of one that was relayed.
  void Add(LogLevel level, absl::Time time, absl::string_view line);

  // The oldest is the first.
  const std::deque<Event>& events() const { return events_; }

  // How many were added since the start.
  uint64_t count() const { return count_; }

 private:
  std::deque<Event> events_;
  uint64_t count_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_CONTENT_EVENT_HISTORY_H_
