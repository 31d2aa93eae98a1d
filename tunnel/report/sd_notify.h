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

// SdNotifyOptions has what the service manager put into the environment.
struct SdNotifyOptions {
  std::string socket = {};  // NOTIFY_SOCKET: /path or @abstract; may be empty
  std::string watchdog_usec = {};  // WATCHDOG_USEC; may be empty
  std::string watchdog_pid = {};   // WATCHDOG_PID; may be empty
  pid_t own_pid = 0;

  static SdNotifyOptions FromEnvironment();
};

// SdNotify sends one datagram per call. Without NOTIFY_SOCKET every call does
// nothing and succeeds. Create makes and connects the socket, so that a process
// without a file system can still send. SdNotify can only be moved.
class SdNotify {
 public:
  // Refuses a socket that is not an AF_UNIX address or cannot be reached, and
  // watchdog values that are not numbers.
  static absl::StatusOr<SdNotify> Create(const SdNotifyOptions& options);

  SdNotify(SdNotify&& other) noexcept;
  SdNotify& operator=(SdNotify&& other) noexcept;
  ~SdNotify();

  // The time after which the manager takes a silent process for dead, or
  // nullopt if it does not watch this one. Half of it is a good period.
  std::optional<absl::Duration> watchdog() const { return watchdog_; }

  // These send the messages, and never block. `status` is one line for people.
  // Control bytes in it become spaces, so that it cannot contain a second
  // assignment.
  absl::Status Ready(absl::string_view status) const;      // READY=1, STATUS=
  absl::Status SetStatus(absl::string_view status) const;  // STATUS=
  // The stop may take up to `at_most`, whatever TimeoutStopSec= says.
  absl::Status Stopping(absl::string_view status,       // STOPPING=1, STATUS=,
                        absl::Duration at_most) const;  // EXTEND_TIMEOUT_USEC=
  absl::Status Watchdog() const;                        // WATCHDOG=1
  // Send Reloading on SIGHUP and Ready afterwards. `monotonic` is the time of
  // CLOCK_MONOTONIC, which Type=notify-reload needs.
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
