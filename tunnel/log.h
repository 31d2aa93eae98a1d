// SPDX-License-Identifier: Apache-2.0
//
// Where log lines go: standard error or syslog. An edge: cores do not log.

#ifndef OVOC_TUNNEL_LOG_H_
#define OVOC_TUNNEL_LOG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "netif/unique_fd.h"
#include "tunnel/log_line.h"

namespace ovoc::tunnel {

// LogLevel is in ascending order of weight.
enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };

absl::string_view LogLevelName(LogLevel level);  // "debug", "info", ...
std::optional<LogLevel> ParseLogLevel(absl::string_view text);

// SyslogPriority is the severity of RFC 5424 6.2.1 in the numbers of syslog(3).
int SyslogPriority(LogLevel level);

// LogTime is UTC with milliseconds: 2026-11-23T02:00:00.123Z (RFC 3339).
std::string LogTime(absl::Time wall);

// LogSink takes finished lines. Losing one is no error: logging never stops
// the tunnel.
class LogSink {
 public:
  virtual ~LogSink() = default;
  // Write takes a LogLine's text, without a line end.
  virtual void Write(LogLevel level, absl::Time wall,
                     absl::string_view text) = 0;
};

// DescriptorSink writes `TIME LEVEL TEXT\n` to a descriptor in one write. It
// does not own the descriptor. A line the reader has no room for is dropped;
// for a reader that went away the program must ignore SIGPIPE.
class DescriptorSink : public LogSink {
 public:
  explicit DescriptorSink(int fd) : fd_(fd) {}
  void Write(LogLevel level, absl::Time wall, absl::string_view text) override;

 private:
  int fd_;
};

// SyslogSink sends TEXT as a datagram to the local syslog daemon, in the form
// of syslog(3): `<PRI>Nov 24 19:00:28 PROGRAM[PID]: TEXT` (RFC 3164 4.1), local
// time, facility daemon. A line that is not taken at once is lost. The socket
// is looked for at construction; a daemon that was started anew is found again,
// also by a process whose root is empty and whose working folder is the
// machine's root.
class SyslogSink : public LogSink {
 public:
  explicit SyslogSink(absl::string_view program,
                      absl::string_view socket = "/dev/log");
  void Write(LogLevel level, absl::Time wall, absl::string_view text) override;

 private:
  bool Connect(const std::string& path);

  const std::string program_;
  const absl::TimeZone zone_;
  std::string path_;  // absolute, without links; empty: none was there
  netif::UniqueFd socket_;
};

// In front of the text of a line that is relayed.
inline constexpr absl::string_view kRelayMark = "from=worker ";

// Logger passes the lines of at least `minimum` on to its sink. One thread.
class Logger {
 public:
  using WallClock = std::function<absl::Time()>;

  Logger(std::unique_ptr<LogSink> sink, LogLevel minimum,
         WallClock clock = absl::Now);

  // IsOn saves building a line that nobody reads.
  bool IsOn(LogLevel level) const { return level >= minimum_; }
  void Log(LogLevel level, const LogLine& line);
  // Relay logs the text of a process that may be in an attacker's hands. The
  // line begins with kRelayMark, which no LogLine does: whatever the text is,
  // it cannot be taken for a line of this process.
  void Relay(LogLevel level, absl::string_view text);

 private:
  std::unique_ptr<LogSink> sink_;
  LogLevel minimum_;
  WallClock clock_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_LOG_H_
