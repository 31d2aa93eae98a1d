// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_publisher.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "netif/ip_address.h"
#include "tunnel/event_loop.h"
#include "tunnel/version.h"

namespace ovoc::tunnel {

StatusPublisher::StatusPublisher(Logger* logger, const SdNotify* notify,
                                 std::optional<StatusFile> status_file)
    : logger_(logger), notify_(notify), status_file_(std::move(status_file)) {
  status_.version = kVersion;
  status_.started = absl::Now();
  status_.state_since = status_.started;
}

void StatusPublisher::Started(const TunnelConfig& config) {
  logger_->Log(LogLevel::kInfo, LogLine("start")
                                    .Add("version", kVersion)
                                    .Add("policy", Word(config.policy))
                                    .Add("server", config.settings.server)
                                    .Add("interface", config.settings.interface)
                                    .Add("vrf", config.vrf));
  Describe(config);
  Publish();  // over what a process that was killed has left
}

// Says loudly what makes the tunnel insecure.
void StatusPublisher::Describe(const TunnelConfig& config) {
  status_.policy = std::string(Word(config.policy));
  status_.server = config.settings.server;
  status_.interface = config.settings.interface;
  status_.insecure.clear();
  for (const InsecureSetting& setting : config.insecure) {
    logger_->Log(LogLevel::kWarning, LogLine("insecure")
                                         .Add("setting", setting.name)
                                         .Add("value", setting.value));
    status_.insecure.push_back(absl::StrCat(setting.name, "=", setting.value));
  }
  for (const std::string& warning : config.warnings) {
    logger_->Log(LogLevel::kWarning,
                 LogLine("settings_warning").Add("detail", warning));
  }
}

void StatusPublisher::OnProgress(const Progress& progress) {
  last_ = progress;
  status_.reason = progress.reason.has_value()
                       ? std::string(Word(*progress.reason))
                       : std::string();
  status_.detail = progress.detail;
  status_.server_address = progress.server_address;
  status_.overlay_address.clear();
  if (progress.overlay.has_value()) {
    status_.overlay_address = absl::StrCat(
        netif::Ipv4Address::FromHostOrder(progress.overlay->address).ToString(),
        "/", progress.overlay->prefix_length);
  }
  status_.certificate_checked_at = progress.certificate_checked_at;
  SessionTotals totals = past_totals_;
  Add(progress.totals, &totals);
  status_.counters = Named(totals);
  status_.counters["device_refused_writes"] =
      past_refused_writes_ + progress.device_refused_writes;
  status_.counters["worker_log_lines_dropped"] = worker_lines_dropped_;
  SignOfLife(MonotonicNow());
  if (progress.state == status_.state) {
    Publish();
  } else {
    Enter(progress.state);
  }
}

void StatusPublisher::WorkerEnded() {
  Add(last_.totals, &past_totals_);
  past_refused_writes_ += last_.device_refused_writes;
  last_ = Progress();
  status_.overlay_address.clear();
}

void StatusPublisher::WorkerDied(absl::string_view detail) {
  status_.reason = "worker_died";
  status_.detail = std::string(detail);
  Enter(TunnelState::kWaiting);
}

void StatusPublisher::Resting() { SignOfLife(MonotonicNow()); }

void StatusPublisher::Enter(TunnelState state) {
  status_.state = state;
  status_.state_since = absl::Now();
  Notify();
  Publish();
}

void StatusPublisher::Notify() {
  if (status_.state == TunnelState::kUp) {
    ready_ = true;
    SayReady(absl::StrCat("up, overlay address ", status_.overlay_address));
    return;
  }
  std::string text(TunnelStateName(status_.state));
  if (!status_.reason.empty()) {
    absl::StrAppend(&text, " after ", status_.reason);
  }
  notify_->SetStatus(text).IgnoreError();
}

void StatusPublisher::Reloading() {
  if (ready_) {
    notify_->Reloading(MonotonicNow() - absl::UnixEpoch()).IgnoreError();
  }
}

void StatusPublisher::Reloaded(const TunnelConfig& config) {
  logger_->Log(LogLevel::kInfo, LogLine("reload").Add("result", "ok"));
  Describe(config);
  ReloadDone("settings read again");
}

void StatusPublisher::ReloadRefused(absl::string_view detail) {
  logger_->Log(
      LogLevel::kError,
      LogLine("reload").Add("result", "refused").Add("detail", detail));
  ReloadDone("settings refused, the earlier ones stay");
}

// The reload is over for the service manager, whether or not OVOC answers; but
// a client whose tunnel has never been up is not ready yet.
void StatusPublisher::ReloadDone(absl::string_view text) {
  if (ready_) {
    SayReady(text);
  }
}

// A manager that is not told waits for ever: what its full queue did not take
// is said again.
void StatusPublisher::SayReady(absl::string_view text) {
  unsaid_ready_ = notify_->Ready(text).ok() ? "" : std::string(text);
}

// Four a watchdog period are enough, and leave the manager's queue alone.
void StatusPublisher::SignOfLife(absl::Time now) {
  if (!unsaid_ready_.empty()) {
    SayReady(std::string(unsaid_ready_));
  }
  const auto watchdog = notify_->watchdog();
  if (watchdog.has_value() && now >= last_sign_ + *watchdog / 4) {
    last_sign_ = now;
    notify_->Watchdog().IgnoreError();
  }
}

void StatusPublisher::Stopping(absl::string_view reason) {
  logger_->Log(LogLevel::kInfo, LogLine("stop").Add("reason", reason));
  notify_->Stopping().IgnoreError();
}

void StatusPublisher::Stopped() {
  status_.overlay_address.clear();
  Enter(TunnelState::kStopped);
}

void StatusPublisher::Publish() {
  if (!status_file_.has_value()) {
    return;
  }
  const absl::Status status = status_file_->Write(StatusJson(status_));
  if (!status.ok() && !status_file_failed_) {
    logger_->Log(LogLevel::kError,
                 LogLine("status_file_failed").Add("detail", status.message()));
  }
  status_file_failed_ = !status.ok();
}

}  // namespace ovoc::tunnel
