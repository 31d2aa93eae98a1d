// SPDX-License-Identifier: Apache-2.0
//
// One log line: an event and what belongs to it, as key=value.

#ifndef OVOC_TUNNEL_REPORT_LOG_LINE_H_
#define OVOC_TUNNEL_REPORT_LOG_LINE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// kMaxLogLineBytes fits one syslog message of RFC 3164 4.1 and one write that
// a pipe takes whole; a long reason from a peer cannot flood the log with it.
inline constexpr size_t kMaxLogLineBytes = 1024;

// LogLine builds `event=NAME key=value key="quoted value"` of printable ASCII
// without a line end. A value is quoted when it is empty or holds anything but
// 0x21..0x7e, or one of " = \. Inside quotes \" \\ \n \r \t stand for
// themselves and \xHH for every other byte outside 0x20..0x7e: nothing in a
// value can end the line, forge a field or reach a terminal.
// What does not fit into kMaxLogLineBytes is left out: the value that passes
// the limit is shortened (and its quote closed), later ones are dropped, and
// the line ends with " cut=1".
// Event and keys are literals of ours: lower-case letters, digits and '_'.
// Values are the caller's: never credentials, keys or payload.
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

#endif  // OVOC_TUNNEL_REPORT_LOG_LINE_H_
