// SPDX-License-Identifier: Apache-2.0
//
// Readiness and watchdog messages to the service manager (sd_notify(3)).

#ifndef OVOC_TUNNEL_REPORT_SD_NOTIFY_H_
#define OVOC_TUNNEL_REPORT_SD_NOTIFY_H_

#include <sys/types.h>

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ovoc::tunnel {

// SdNotifyOptions is what the service manager put into the environment.
struct SdNotifyOptions {
  std::string socket = {};  // NOTIFY_SOCKET: /path or @abstract; may be empty
  std::string watchdog_usec = {};  // WATCHDOG_USEC; may be empty
  std::string watchdog_pid = {};   // WATCHDOG_PID; may be empty
  pid_t own_pid = 0;

  static SdNotifyOptions FromEnvironment();
};

// SdNotify sends one datagram per call. Without NOTIFY_SOCKET every call does
// nothing and succeeds. The socket is made and connected by Create, so that a
// process without a file system may go on sending. Move-only.
class SdNotify {
 public:
  // Create refuses a socket that is no AF_UNIX address or cannot be reached,
  // and watchdog values that are no numbers.
  static absl::StatusOr<SdNotify> Create(const SdNotifyOptions& options);

  SdNotify(SdNotify&& other) noexcept;
  SdNotify& operator=(SdNotify&& other) noexcept;
  ~SdNotify();

  bool enabled() const { return fd_ >= 0; }
  // watchdog is the time after which the manager takes a silent process for
  // dead; nullopt when it does not watch this one. Half of it is a good period.
  std::optional<absl::Duration> watchdog() const { return watchdog_; }

  // The messages. `status` is one line for people; control bytes in it become
  // blanks, so that it cannot carry a second assignment. They never block.
  absl::Status Ready(absl::string_view status) const;      // READY=1, STATUS=
  absl::Status SetStatus(absl::string_view status) const;  // STATUS=
  // The stop may take as long as `at_most`, whatever TimeoutStopSec= says.
  absl::Status Stopping(absl::string_view status,       // STOPPING=1, STATUS=,
                        absl::Duration at_most) const;  // EXTEND_TIMEOUT_USEC=
  absl::Status Watchdog() const;                        // WATCHDOG=1
  // Reloading is sent on SIGHUP, Ready when done. `monotonic` is the time of
  // CLOCK_MONOTONIC since its start (Type=notify-reload needs it).
  absl::Status Reloading(absl::Duration monotonic) const;  // RELOADING=1

 private:
  SdNotify(int fd, std::optional<absl::Duration> watchdog)
      : fd_(fd), watchdog_(watchdog) {}
  absl::Status Send(absl::string_view message) const;

  int fd_;
  std::optional<absl::Duration> watchdog_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_SD_NOTIFY_H_
