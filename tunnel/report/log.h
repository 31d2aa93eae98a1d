// SPDX-License-Identifier: Apache-2.0
//
// Sends log lines to standard error or syslog. This is an edge; cores do not
// log.

#ifndef OVOC_TUNNEL_REPORT_LOG_H_
#define OVOC_TUNNEL_REPORT_LOG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/command_line/log_level.h"
#include "tunnel/report/content/event_history.h"
#include "tunnel/report/content/log_line.h"
#include "tunnel/report/line_output.h"

namespace ovoc::tunnel {

// SyslogPriority is the severity of RFC 5424 6.2.1 in the numbers of syslog(3).
int SyslogPriority(LogLevel level);

// LogTime is UTC with milliseconds: 2026-11-23T02:00:00.123Z (RFC 3339).
std::string LogTime(absl::Time wall);

// LogSink takes finished lines. It never waits for whoever reads them.
class LogSink {
 public:
  virtual ~LogSink() = default;
  // Writes the text of a LogLine, which has no line end. Returns false when the
  // line is lost, because there is no room or no reader.
  [[nodiscard]] virtual bool Write(LogLevel level, absl::Time wall,
                                   absl::string_view text) = 0;
};

// DescriptorSink writes `TIME LEVEL TEXT\n` to a LineOutput.
class DescriptorSink : public LogSink {
 public:
  // The caller keeps owning the descriptor.
  explicit DescriptorSink(int fd)
      : own_(std::make_unique<LineOutput>(fd)), output_(own_.get()) {}
  // `output` must outlive the sink.
  explicit DescriptorSink(LineOutput* output) : output_(output) {}

  bool Write(LogLevel level, absl::Time wall, absl::string_view text) override;

 private:
  const std::unique_ptr<LineOutput> own_;
  LineOutput* const output_;
};

// SyslogSink sends each line as a datagram to the local syslog daemon, in the
// form of syslog(3): `<PRI>Nov 24 19:00:28 PROGRAM[PID]: TEXT` (RFC 3164 4.1),
// with the local time and the facility daemon. A line that cannot be sent at
// once is lost. If the daemon is started later or restarted, the next line
// finds it. That also works in a process whose root is empty and whose working
// folder is the machine's root; there, links are followed if the kernel has
// openat2(2).
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

// Logger passes lines of level `minimum` and above to its sink. It counts the
// lines that the sink loses, and logs `log_dropped lines=N` as soon as the sink
// takes a line again. Use it from one thread only.
class Logger {
 public:
  using WallClock = std::function<absl::Time()>;

  Logger(std::unique_ptr<LogSink> sink, LogLevel minimum,
         WallClock clock = absl::Now);

  // Whether lines of this level are logged. It saves building one for nothing.
  bool IsOn(LogLevel level) const { return level >= minimum_; }
  void Log(LogLevel level, const LogLine& line);
  // Logs the text of a process that an attacker may control. The line begins
  // with kRelayMark, unlike every LogLine, so it cannot be mistaken for a line
  // of this process.
  void Relay(LogLevel level, absl::string_view text);

  // From now on the lines of level kInfo and above are kept as well, also those
  // that the sink loses.
  void KeepHistory() { history_ = std::make_unique<EventHistory>(); }
  // Null if no history is kept.
  const EventHistory* history() const { return history_.get(); }

  // Tries to log how many lines were lost, if any were. Call it now and then,
  // because the next line may be hours away.
  void Settle();
  // How many lines were lost so far.
  uint64_t dropped() const { return dropped_; }

 private:
  void Write(LogLevel level, absl::string_view text);

  std::unique_ptr<LogSink> sink_;
  LogLevel minimum_;
  WallClock clock_;
  std::unique_ptr<EventHistory> history_;
  uint64_t dropped_ = 0;
  uint64_t unsaid_ = 0;  // of these, not in the log yet
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_LOG_H_
