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

// SyslogSink writes TEXT by syslog(3), which adds time and process; facility
// daemon. The socket is opened at construction, for a process that cannot open
// one later. At most one lives at a time: openlog(3) has one state.
class SyslogSink : public LogSink {
 public:
  explicit SyslogSink(absl::string_view program);
  ~SyslogSink() override;
  SyslogSink(const SyslogSink&) = delete;
  SyslogSink& operator=(const SyslogSink&) = delete;
  void Write(LogLevel level, absl::Time wall, absl::string_view text) override;

 private:
  std::string program_;  // openlog(3) keeps a pointer to it
};

// Logger passes the lines of at least `minimum` on to its sink. One thread.
class Logger {
 public:
  using WallClock = std::function<absl::Time()>;

  Logger(std::unique_ptr<LogSink> sink, LogLevel minimum,
         WallClock clock = absl::Now);

  // IsOn saves building a line that nobody reads.
  bool IsOn(LogLevel level) const { return level >= minimum_; }
  void Log(LogLevel level, const LogLine& line);

 private:
  std::unique_ptr<LogSink> sink_;
  LogLevel minimum_;
  WallClock clock_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_LOG_H_
