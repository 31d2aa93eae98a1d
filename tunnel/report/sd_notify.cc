// SPDX-License-Identifier: Apache-2.0

#include "tunnel/report/sd_notify.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

constexpr int kNoSocket = -1;

std::string Environment(const char* name) {
  const char* value = getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// Address fills in the address and its length; '@' stands for the NUL that
// begins an abstract name (sd_notify(3), unix(7)).
absl::Status Address(absl::string_view socket, sockaddr_un* address,
                     socklen_t* length) {
  const bool abstract = !socket.empty() && socket[0] == '@';
  const bool path = !socket.empty() && socket[0] == '/';
  if ((!abstract && !path) || socket.size() < 2) {
    return absl::InvalidArgumentError(
        "NOTIFY_SOCKET: the address is not valid; use /path or @name");
  }
  // A path needs its NUL inside of sun_path, an abstract name has none.
  const size_t needed = socket.size() + (path ? 1 : 0);
  if (needed > sizeof(address->sun_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("NOTIFY_SOCKET: the address has ", needed,
                     " bytes; use at most ", sizeof(address->sun_path)));
  }
  *address = {};
  address->sun_family = AF_UNIX;
  std::memcpy(address->sun_path, socket.data(), socket.size());
  if (abstract) {
    address->sun_path[0] = '\0';
  }
  *length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + needed);
  return absl::OkStatus();
}

absl::StatusOr<int> Connect(absl::string_view socket_name) {
  if (socket_name.empty()) {
    return kNoSocket;
  }
  sockaddr_un address;
  socklen_t length = 0;
  if (absl::Status status = Address(socket_name, &address, &length);
      !status.ok()) {
    return status;
  }
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    return absl::ErrnoToStatus(errno, "NOTIFY_SOCKET: socket");
  }
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), length) != 0) {
    const int error = errno;
    close(fd);
    return absl::ErrnoToStatus(error, "NOTIFY_SOCKET: connect");
  }
  return fd;
}

absl::StatusOr<std::optional<absl::Duration>> WatchdogOf(
    const SdNotifyOptions& options) {
  if (options.watchdog_usec.empty()) {
    return std::nullopt;
  }
  int64_t usec = 0;
  if (!absl::SimpleAtoi(options.watchdog_usec, &usec) || usec <= 0) {
    return absl::InvalidArgumentError(
        "WATCHDOG_USEC: the value is not valid; use a number of microseconds "
        "above 0");
  }
  if (options.watchdog_pid.empty()) {
    return absl::Microseconds(usec);
  }
  int64_t pid = 0;
  if (!absl::SimpleAtoi(options.watchdog_pid, &pid) || pid <= 0) {
    return absl::InvalidArgumentError(
        "WATCHDOG_PID: the value is not a process ID");
  }
  if (pid != options.own_pid) {
    return std::nullopt;  // meant for the process that started this one
  }
  return absl::Microseconds(usec);
}

std::string OneLine(absl::string_view text) {
  std::string line(text);
  for (char& c : line) {
    const auto byte = static_cast<unsigned char>(c);
    c = byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return line;
}

}  // namespace

SdNotifyOptions SdNotifyOptions::FromEnvironment() {
  return {.socket = Environment("NOTIFY_SOCKET"),
          .watchdog_usec = Environment("WATCHDOG_USEC"),
          .watchdog_pid = Environment("WATCHDOG_PID"),
          .own_pid = getpid()};
}

absl::StatusOr<SdNotify> SdNotify::Create(const SdNotifyOptions& options) {
  absl::StatusOr<std::optional<absl::Duration>> watchdog = WatchdogOf(options);
  if (!watchdog.ok()) {
    return watchdog.status();
  }
  const absl::StatusOr<int> fd = Connect(options.socket);
  if (!fd.ok()) {
    return fd.status();
  }
  // Nobody hears a watchdog message without a socket.
  return SdNotify(*fd, *fd == kNoSocket ? std::nullopt : *watchdog);
}

SdNotify::SdNotify(SdNotify&& other) noexcept
    : fd_(std::exchange(other.fd_, kNoSocket)), watchdog_(other.watchdog_) {}

SdNotify& SdNotify::operator=(SdNotify&& other) noexcept {
  std::swap(fd_, other.fd_);  // ours is closed with the other
  std::swap(watchdog_, other.watchdog_);
  return *this;
}

SdNotify::~SdNotify() {
  if (fd_ != kNoSocket) {
    close(fd_);
  }
}

absl::Status SdNotify::Ready(absl::string_view status) const {
  return Send(absl::StrCat("READY=1\nSTATUS=", OneLine(status), "\n"));
}

absl::Status SdNotify::SetStatus(absl::string_view status) const {
  return Send(absl::StrCat("STATUS=", OneLine(status), "\n"));
}

absl::Status SdNotify::Stopping(absl::string_view status,
                                absl::Duration at_most) const {
  return Send(absl::StrCat(
      "STOPPING=1\nSTATUS=", OneLine(status),
      "\nEXTEND_TIMEOUT_USEC=", absl::ToInt64Microseconds(at_most), "\n"));
}

absl::Status SdNotify::Watchdog() const { return Send("WATCHDOG=1\n"); }

absl::Status SdNotify::Reloading(absl::Duration monotonic) const {
  return Send(absl::StrCat("RELOADING=1\nMONOTONIC_USEC=",
                           absl::ToInt64Microseconds(monotonic), "\n"));
}

absl::Status SdNotify::Send(absl::string_view message) const {
  if (fd_ == kNoSocket) {
    return absl::OkStatus();
  }
  ssize_t sent = 0;
  do {
    sent = send(fd_, message.data(), message.size(), MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) {
    return absl::ErrnoToStatus(errno, "NOTIFY_SOCKET: send");
  }
  return absl::OkStatus();
}

}  // namespace ovoc::tunnel
