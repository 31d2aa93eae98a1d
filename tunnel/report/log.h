// SPDX-License-Identifier: Apache-2.0
//
// Where log lines go: standard error or syslog. An edge: cores do not log.

#ifndef OVOC_TUNNEL_REPORT_LOG_H_
#define OVOC_TUNNEL_REPORT_LOG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "netif/unique_fd.h"
#include "tunnel/report/line_output.h"
#include "tunnel/report/log_line.h"

namespace ovoc::tunnel {

// LogLevel is in ascending order of weight.
enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };

absl::string_view LogLevelName(LogLevel level);  // "debug", "info", ...
std::optional<LogLevel> ParseLogLevel(absl::string_view text);

// SyslogPriority is the severity of RFC 5424 6.2.1 in the numbers of syslog(3).
int SyslogPriority(LogLevel level);

// LogTime is UTC with milliseconds: 2026-11-23T02:00:00.123Z (RFC 3339).
std::string LogTime(absl::Time wall);

// LogSink takes finished lines. It never waits for whoever reads them.
class LogSink {
 public:
  virtual ~LogSink() = default;
  // Write takes a LogLine's text, without a line end. False when there was no
  // room for it, or nobody to read it: the line is lost.
  [[nodiscard]] virtual bool Write(LogLevel level, absl::Time wall,
                                   absl::string_view text) = 0;
};

// DescriptorSink writes `TIME LEVEL TEXT\n` by a LineOutput.
class DescriptorSink : public LogSink {
 public:
  // The descriptor stays the caller's.
  explicit DescriptorSink(int fd)
      : own_(std::make_unique<LineOutput>(fd)), output_(own_.get()) {}
  // `output` outlives it.
  explicit DescriptorSink(LineOutput* output) : output_(output) {}

  bool Write(LogLevel level, absl::Time wall, absl::string_view text) override;

 private:
  const std::unique_ptr<LineOutput> own_;
  LineOutput* const output_;
};

// SyslogSink sends TEXT as a datagram to the local syslog daemon, in the form
// of syslog(3): `<PRI>Nov 24 19:00:28 PROGRAM[PID]: TEXT` (RFC 3164 4.1), local
// time, facility daemon. A line that is not taken at once is lost. A daemon
// that was started later, or anew, is found at the next line, also by a process
// whose root is empty and whose working folder is the machine's root: there
// links are followed where the kernel has openat2(2).
class SyslogSink : public LogSink {
 public:
  explicit SyslogSink(absl::string_view program,
                      absl::string_view socket = "/dev/log");
  bool Write(LogLevel level, absl::Time wall, absl::string_view text) override;

 private:
  bool Connect(const std::string& path);
  bool ConnectInRoot();
  bool Send(absl::string_view line) const;

  const std::string program_;
  const absl::TimeZone zone_;
  const std::string name_;  // as given
  std::string path_;        // without links, if it was there at the start
  netif::UniqueFd socket_;
};

// In front of the text of a line that is relayed.
inline constexpr absl::string_view kRelayMark = "from=worker ";

// Logger passes the lines of at least `minimum` on to its sink. It counts those
// that the sink has lost, and says so in a line `log_dropped lines=N` as soon
// as the sink takes one again. One thread.
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

  // Tries to say what was lost, if anything was. For whoever wakes up anyway:
  // the next line may be hours away.
  void Settle();
  // How many lines were lost so far.
  uint64_t dropped() const { return dropped_; }

 private:
  void Write(LogLevel level, absl::string_view text);

  std::unique_ptr<LogSink> sink_;
  LogLevel minimum_;
  WallClock clock_;
  uint64_t dropped_ = 0;
  uint64_t unsaid_ = 0;  // of these, not in the log yet
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_LOG_H_
