// SPDX-License-Identifier: Apache-2.0

#include "tunnel/report/log.h"

#include <errno.h>
#include <fcntl.h>
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
#include "tunnel/sandbox/file_root.h"

namespace ovoc::tunnel {

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

bool DescriptorSink::Write(LogLevel level, absl::Time wall,
                           absl::string_view text) {
  return output_->Write(
      absl::StrCat(LogTime(wall), " ", LogLevelName(level), " ", text, "\n"));
}

SyslogSink::SyslogSink(absl::string_view program, absl::string_view socket)
    : program_(program),
      zone_(absl::LocalTimeZone()),
      name_(socket),
      path_(socket) {
  std::array<char, PATH_MAX> real;
  if (realpath(name_.c_str(), real.data()) != nullptr) {
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

// From an empty root: through links, which may be absolute, as /dev/log's is
// under systemd.
bool SyslogSink::ConnectInRoot() {
  const netif::UniqueFd found(
      FileRoot::WorkingFolder("/").Open(name_, O_PATH | O_CLOEXEC));
  return found.valid() && Connect(absl::StrCat("proc/self/fd/", found.get()));
}

bool SyslogSink::Send(absl::string_view line) const {
  return send(socket_.get(), line.data(), line.size(),
              MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

bool SyslogSink::Write(LogLevel level, absl::Time wall,
                       absl::string_view text) {
  const std::string line =
      absl::StrCat("<", LOG_DAEMON | SyslogPriority(level), ">",
                   absl::FormatTime("%b %e %H:%M:%S", wall, zone_), " ",
                   program_, "[", getpid(), "]: ", text);
  if (Send(line)) {
    return true;
  }
  // A daemon that is gone shows as ECONNREFUSED once, and is looked for; one
  // that does not read holds nobody up.
  return errno != EAGAIN &&
         (Connect(path_) || Connect(path_.substr(1)) || ConnectInRoot()) &&
         Send(line);
}

Logger::Logger(std::unique_ptr<LogSink> sink, LogLevel minimum, WallClock clock)
    : sink_(std::move(sink)), minimum_(minimum), clock_(std::move(clock)) {}

void Logger::Log(LogLevel level, const LogLine& line) {
  if (IsOn(level)) {
    Write(level, line.ToString());
  }
}

void Logger::Relay(LogLevel level, absl::string_view text) {
  if (IsOn(level)) {
    Write(level, absl::StrCat(kRelayMark, text));
  }
}

void Logger::Settle() {
  if (unsaid_ > 0 &&
      sink_->Write(LogLevel::kWarning, clock_(),
                   LogLine("log_dropped")
                       .Add("lines", static_cast<int64_t>(unsaid_))
                       .ToString())) {
    unsaid_ = 0;
  }
}

// What was lost is said first, or this line is lost as well.
void Logger::Write(LogLevel level, absl::string_view text) {
  const absl::Time now = clock_();
  if (history_ != nullptr) {
    history_->Add(level, now, text);
  }
  Settle();
  if (unsaid_ > 0 || !sink_->Write(level, now, text)) {
    ++unsaid_;
    ++dropped_;
  }
}

}  // namespace ovoc::tunnel
