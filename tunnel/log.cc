// SPDX-License-Identifier: Apache-2.0

#include "tunnel/log.h"

#include <errno.h>
#include <sys/types.h>
#include <syslog.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

constexpr LogLevel kLevels[] = {LogLevel::kDebug, LogLevel::kInfo,
                                LogLevel::kWarning, LogLevel::kError};

}  // namespace

absl::string_view LogLevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "unknown";
}

std::optional<LogLevel> ParseLogLevel(absl::string_view text) {
  for (const LogLevel level : kLevels) {
    if (text == LogLevelName(level)) {
      return level;
    }
  }
  return std::nullopt;
}

int SyslogPriority(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return LOG_DEBUG;
    case LogLevel::kInfo:
      return LOG_INFO;
    case LogLevel::kWarning:
      return LOG_WARNING;
    case LogLevel::kError:
      return LOG_ERR;
  }
  return LOG_ERR;
}

std::string LogTime(absl::Time wall) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", wall, absl::UTCTimeZone());
}

void DescriptorSink::Write(LogLevel level, absl::Time wall,
                           absl::string_view text) {
  // One write of less than PIPE_BUF bytes: lines of two processes stay whole.
  const std::string line =
      absl::StrCat(LogTime(wall), " ", LogLevelName(level), " ", text, "\n");
  ssize_t written = 0;
  do {
    written = write(fd_, line.data(), line.size());
  } while (written < 0 && errno == EINTR);
}

SyslogSink::SyslogSink(absl::string_view program) : program_(program) {
  openlog(program_.c_str(), LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

SyslogSink::~SyslogSink() { closelog(); }

void SyslogSink::Write(LogLevel level, absl::Time /*wall*/,
                       absl::string_view text) {
  syslog(SyslogPriority(level), "%.*s", static_cast<int>(text.size()),
         text.data());
}

Logger::Logger(std::unique_ptr<LogSink> sink, LogLevel minimum, WallClock clock)
    : sink_(std::move(sink)), minimum_(minimum), clock_(std::move(clock)) {}

void Logger::Log(LogLevel level, const LogLine& line) {
  if (IsOn(level)) {
    sink_->Write(level, clock_(), line.ToString());
  }
}

}  // namespace ovoc::tunnel
