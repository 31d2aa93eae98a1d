// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_REPORT_MANAGER_REPORT_H_
#define OVOC_TUNNEL_REPORT_MANAGER_REPORT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/report/sd_notify.h"

namespace ovoc::tunnel {

// ManagerReport tells the service manager how the client is: ready once, what
// it does in words, that it loads its settings, that it stops, that it lives.
// What the manager's full queue does not take is lost, except for READY=1: a
// manager that waits for it waits for ever, so it is said again.
//
// Every text is one line for STATUS=. Every instant is of one monotonic clock.
class ManagerReport {
 public:
  // `notify` must outlive it.
  explicit ManagerReport(const SdNotify* notify) : notify_(notify) {}

  // The client runs. From the second call on it says nothing.
  void Running(absl::string_view text);

  // What it does now.
  void Say(absl::string_view text);

  // The settings are being loaded, or were: for a client that is ready.
  void Reloading(absl::Time now);
  void ReloadDone(absl::string_view text);

  void Stopping(absl::string_view text);

  // The client lives. Four signs a watchdog period are passed on.
  void SignOfLife(absl::Time now);

 private:
  void SayReady(absl::string_view text);

  const SdNotify* const notify_;
  bool ready_ = false;        // the manager was told
  std::string unsaid_ready_;  // what it had no room for
  absl::Time last_sign_ = absl::InfinitePast();
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_MANAGER_REPORT_H_
