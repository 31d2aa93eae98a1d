// SPDX-License-Identifier: Apache-2.0

#include "tunnel/log.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <array>
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

SyslogSink::SyslogSink(absl::string_view program, absl::string_view socket)
    : program_(program), zone_(absl::LocalTimeZone()) {
  std::array<char, PATH_MAX> real;
  if (realpath(std::string(socket).c_str(), real.data()) != nullptr) {
    path_ = real.data();
    Connect(path_);
  }
}

bool SyslogSink::Connect(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return false;
  }
  path.copy(address.sun_path, path.size());
  socket_.Reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return socket_.valid() &&
         connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                 sizeof(address)) == 0;
}

void SyslogSink::Write(LogLevel level, absl::Time wall,
                       absl::string_view text) {
  const std::string line =
      absl::StrCat("<", LOG_DAEMON | SyslogPriority(level), ">",
                   absl::FormatTime("%b %e %H:%M:%S", wall, zone_), " ",
                   program_, "[", getpid(), "]: ", text);
  // A daemon that is gone shows as ECONNREFUSED once, and is looked for; one
  // that does not read holds nobody up.
  constexpr int kFlags = MSG_NOSIGNAL | MSG_DONTWAIT;
  if (send(socket_.get(), line.data(), line.size(), kFlags) < 0 &&
      errno != EAGAIN && !path_.empty() &&
      (Connect(path_) || Connect(path_.substr(1)))) {
    (void)send(socket_.get(), line.data(), line.size(), kFlags);
  }
}

Logger::Logger(std::unique_ptr<LogSink> sink, LogLevel minimum, WallClock clock)
    : sink_(std::move(sink)), minimum_(minimum), clock_(std::move(clock)) {}

void Logger::Log(LogLevel level, const LogLine& line) {
  if (IsOn(level)) {
    sink_->Write(level, clock_(), line.ToString());
  }
}

void Logger::Relay(LogLevel level, absl::string_view text) {
  if (IsOn(level)) {
    sink_->Write(level, clock_(), absl::StrCat(kRelayMark, text));
  }
}

}  // namespace ovoc::tunnel
