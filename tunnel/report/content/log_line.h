// SPDX-License-Identifier: Apache-2.0
//
// One log line: an event and its details, as key=value.

#ifndef OVOC_TUNNEL_REPORT_CONTENT_LOG_LINE_H_
#define OVOC_TUNNEL_REPORT_CONTENT_LOG_LINE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// This limit fits one syslog message of RFC 3164 4.1 and one write that a pipe
// takes as a whole. A peer cannot flood the log with a long reason.
inline constexpr size_t kMaxLogLineBytes = 1024;

// The lines of a process that an attacker may control begin with this.
inline constexpr absl::string_view kRelayMark = "from=worker ";

// LogLine builds `event=NAME key=value key="quoted value"` in printable ASCII
// without a line end.
//
// A value is quoted when it is empty, or has a byte outside 0x21..0x7e or one
// of " = \. In quotes, \" \\ \n \r \t stand for those characters, and \xHH for
// every other byte outside 0x20..0x7e. So a value cannot end the line, forge a
// field or control a terminal.
//
// A line has at most kMaxLogLineBytes. The value that exceeds the limit is
// shortened, and its quote is closed. Later values are left out, and the line
// ends with " cut=1".
//
// Events and keys are literals of lower-case letters, digits and '_'. Values
// must never be credentials, keys or payload.
class LogLine {
 public:
  explicit LogLine(absl::string_view event);

  LogLine& Add(absl::string_view key, absl::string_view value);
  LogLine& Add(absl::string_view key, int64_t value);

  std::string ToString() const;

 private:
  void AppendQuoted(absl::string_view value);

  std::string text_;
  bool cut_ = false;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_CONTENT_LOG_LINE_H_
