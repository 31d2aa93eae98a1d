// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/manager_report.h"

namespace ovoc::tunnel {
namespace {

// The keeper gives a worker 5 s to close its tunnel, and then kills it.
constexpr absl::Duration kStopTime = absl::Seconds(10);

}  // namespace

void ManagerReport::Running(absl::string_view text) {
  if (!ready_) {
    ready_ = true;
    SayReady(text);
  }
}

void ManagerReport::Say(absl::string_view text) {
  if (unsaid_ready_.empty()) {
    notify_->SetStatus(text).IgnoreError();
  } else {
    SayReady(text);
  }
}

void ManagerReport::Reloading(absl::Time now) {
  if (ready_) {
    notify_->Reloading(now - absl::UnixEpoch()).IgnoreError();
  }
}

// The reload is over for the service manager, whether or not OVOC answers; but
// a client that has not been ready is not ready now.
void ManagerReport::ReloadDone(absl::string_view text) {
  if (ready_) {
    SayReady(text);
  }
}

void ManagerReport::SayReady(absl::string_view text) {
  unsaid_ready_ = notify_->Ready(text).ok() ? "" : std::string(text);
}

void ManagerReport::Stopping(absl::string_view text) {
  notify_->Stopping(text, kStopTime).IgnoreError();
}

// Four a watchdog period are enough, and leave the manager's queue alone.
void ManagerReport::SignOfLife(absl::Time now) {
  if (!unsaid_ready_.empty()) {
    SayReady(std::string(unsaid_ready_));
  }
  const auto watchdog = notify_->watchdog();
  if (watchdog.has_value() && now >= last_sign_ + *watchdog / 4) {
    last_sign_ = now;
    notify_->Watchdog().IgnoreError();
  }
}

}  // namespace ovoc::tunnel
