// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/status_publisher.h"

#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "netif/ip_address.h"
#include "tunnel/event_loop.h"
#include "tunnel/report/state_text.h"
#include "tunnel/settings/setting_error.h"
#include "tunnel/version.h"

namespace ovoc::tunnel {
namespace {

// The keeper gives a worker 5 s to close its tunnel, and then kills it.
constexpr absl::Duration kStopTime = absl::Seconds(10);

// What `these` have and `those` have not.
std::vector<std::string> OnlyIn(const std::vector<std::string>& these,
                                const std::vector<std::string>& those) {
  std::vector<std::string> only;
  for (const std::string& found : these) {
    if (std::find(those.begin(), those.end(), found) == those.end()) {
      only.push_back(found);
    }
  }
  return only;
}

// `found` is "NAME=VALUE".
LogLine SettingLine(absl::string_view event, const std::string& found) {
  const size_t split = found.find('=');
  LogLine line(event);
  line.Add("setting", found.substr(0, split))
      .Add("value", found.substr(split + 1));
  return line;
}

}  // namespace

StatusPublisher::StatusPublisher(Logger* logger, const SdNotify* notify,
                                 std::optional<StatusFile> status_file)
    : logger_(logger), notify_(notify), status_file_(std::move(status_file)) {
  status_.version = kVersion;
  status_.started = absl::Now();
  status_.state_since = status_.started;
  status_.pid = getpid();
}

void StatusPublisher::Started(const TunnelConfig& config) {
  logger_->Log(LogLevel::kInfo, LogLine("start")
                                    .Add("version", kVersion)
                                    .Add("policy", Word(config.policy))
                                    .Add("server", config.settings.server)
                                    .Add("interface", config.settings.interface)
                                    .Add("vrf", config.sockets.vrf));
  Describe(config);
  Publish();  // over what a process that was killed has left
}

// Says loudly what makes the tunnel insecure.
void StatusPublisher::Describe(const TunnelConfig& config) {
  status_.policy = std::string(Word(config.policy));
  status_.server = config.settings.server;
  status_.interface = config.settings.interface;
  insecure_settings_.clear();
  for (const InsecureSetting& setting : config.insecure) {
    logger_->Log(LogLevel::kWarning, LogLine("insecure")
                                         .Add("setting", setting.name)
                                         .Add("value", setting.value));
    insecure_settings_.push_back(
        absl::StrCat(setting.name, "=", setting.value));
  }
  ListInsecure();
  for (const std::string& warning : config.warnings) {
    logger_->Log(LogLevel::kWarning,
                 LogLine("settings_warning").Add("detail", warning));
  }
}

void StatusPublisher::ListInsecure() {
  status_.insecure = insecure_settings_;
  status_.insecure.insert(status_.insecure.end(), insecure_machine_.begin(),
                          insecure_machine_.end());
}

void StatusPublisher::MachineIs(const std::vector<std::string>& insecure) {
  for (const std::string& found : OnlyIn(insecure, insecure_machine_)) {
    logger_->Log(LogLevel::kWarning, SettingLine("insecure", found));
  }
  for (const std::string& over : OnlyIn(insecure_machine_, insecure)) {
    logger_->Log(LogLevel::kInfo,
                 SettingLine("insecure_over", over)
                     .Add("reason",
                          "the value has changed, or the interface is down or "
                          "gone"));
  }
  if (insecure != insecure_machine_) {
    insecure_machine_ = insecure;
    ListInsecure();
    Publish();
  }
}

void StatusPublisher::OnProgress(const Progress& progress) {
  last_ = progress;
  status_.reason = progress.reason.has_value()
                       ? std::string(Word(*progress.reason))
                       : std::string();
  reason_text_ = progress.reason.has_value()
                     ? std::string(tunnel::Describe(*progress.reason))
                     : std::string();
  status_.detail = progress.detail;
  status_.server_address = progress.server_address;
  status_.overlay_address.clear();
  if (progress.overlay.has_value()) {
    status_.overlay_address = progress.overlay->ToString();
  }
  status_.certificate_checked_at = progress.certificate_checked_at;
  SessionTotals totals = past_totals_;
  Add(progress.totals, &totals);
  status_.counters = Named(totals);
  status_.counters["device_refused_writes"] =
      past_refused_writes_ + progress.device_refused_writes;
  TunnelState state = progress.state;
  if (state == TunnelState::kUp && !interface_trouble_.empty()) {
    state = TunnelState::kWaiting;
    status_.reason = std::string(Word(EndReason::kInterface));
    reason_text_ = std::string(tunnel::Describe(EndReason::kInterface));
    status_.detail = interface_trouble_;
  }
  SignOfLife(MonotonicNow());
  if (state == status_.state) {
    Publish();
  } else {
    Enter(state);
  }
}

void StatusPublisher::InterfaceTrouble(absl::string_view detail) {
  interface_trouble_ = std::string(detail);
  if (last_.state == TunnelState::kUp) {
    OnProgress(Progress(last_));
  }
}

void StatusPublisher::WorkerEnded() {
  Add(last_.totals, &past_totals_);
  past_refused_writes_ += last_.device_refused_writes;
  last_ = Progress();
  status_.overlay_address.clear();
  if (status_.state == TunnelState::kUp) {  // it could not say so itself
    status_.state = TunnelState::kWaiting;
    status_.state_since = absl::Now();
    status_.reason = std::string(Word(EndReason::kClosedByUs));
    reason_text_ = std::string(tunnel::Describe(EndReason::kClosedByUs));
  }
}

void StatusPublisher::WorkerMissing(absl::string_view reason,
                                    absl::string_view detail) {
  status_.reason = std::string(reason);
  reason_text_ = reason == "worker_died"
                     ? "the worker ended, and another one will be started"
                     : "no worker can be started; the client will try again";
  status_.detail = std::string(detail);
  Enter(TunnelState::kWaiting);
}

void StatusPublisher::Resting() { SignOfLife(MonotonicNow()); }

void StatusPublisher::Renew() {
  logger_->Settle();
  Publish();
}

std::string StatusPublisher::Text() const {
  return StateText(status_, reason_text_, stop_text_);
}

void StatusPublisher::Enter(TunnelState state) {
  status_.state = state;
  status_.state_since = absl::Now();
  Notify();
  Publish();
}

void StatusPublisher::Running() {
  if (!ready_) {
    ready_ = true;
    SayReady(Text());
  }
}

void StatusPublisher::Notify() {
  if (unsaid_ready_.empty()) {
    notify_->SetStatus(Text()).IgnoreError();
  } else {
    SayReady(Text());
  }
}

void StatusPublisher::Reloading() {
  if (ready_) {
    notify_->Reloading(MonotonicNow() - absl::UnixEpoch()).IgnoreError();
  }
}

void StatusPublisher::Reloaded(const TunnelConfig& config,
                               const SettingsChange& change) {
  const bool is_new = change.takeover == Takeover::kNewWorker;
  LogLine line("reload");
  line.Add("result", "ok").Add("tunnel", is_new ? "new" : "kept");
  line.Add("changed",
           change.names.empty() ? "nothing" : absl::StrJoin(change.names, ","));
  if (!is_new && !change.at_next_login.empty()) {
    line.Add("at_next_login", absl::StrJoin(change.at_next_login, ","));
  }
  if (!is_new && !change.at_next_lookup.empty()) {
    line.Add("at_next_lookup", absl::StrJoin(change.at_next_lookup, ","));
  }
  logger_->Log(LogLevel::kInfo, line);
  status_.reload_refused.clear();
  Describe(config);
  Publish();
  ReloadDone(is_new || change.at_next_login.empty()
                 ? ""
                 : "; the new user name or password is used at the next login");
}

void StatusPublisher::ReloadRefused(absl::string_view detail) {
  status_.reload_refused = SummarizeErrors(detail);
  logger_->Log(LogLevel::kError, LogLine("reload")
                                     .Add("result", "refused")
                                     .Add("detail", status_.reload_refused));
  LogEach(detail);
  Publish();
  ReloadDone("; the new settings were refused, so the earlier ones stay");
}

void StatusPublisher::LogEach(absl::string_view errors) {
  std::vector<absl::string_view> lines = absl::StrSplit(errors, '\n');
  if (lines.size() == 1) {
    return;
  }
  lines.resize(std::min(lines.size(), kMaxSettingErrors + 1));
  for (const absl::string_view line : lines) {
    logger_->Log(LogLevel::kError,
                 LogLine("settings_error").Add("detail", line));
  }
}

// The reload is over for the service manager, whether or not OVOC answers; but
// a client that has not been ready is not ready now.
void StatusPublisher::ReloadDone(absl::string_view more) {
  if (ready_) {
    SayReady(absl::StrCat(Text(), more));
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

void StatusPublisher::Ended(ExitCode code, absl::string_view detail) {
  status_.exit_code = static_cast<int>(code);
  LogLine line("exit");
  status_.reason = std::string(Word(code));
  status_.detail = code == ExitCode::kDone ? stop_text_ : std::string(detail);
  line.Add("code", int64_t{*status_.exit_code}).Add("reason", status_.reason);
  if (!status_.detail.empty()) {
    line.Add("detail", status_.detail);
  }
  Stopped();
  logger_->Log(code == ExitCode::kDone ? LogLevel::kInfo : LogLevel::kError,
               line);
}

void StatusPublisher::Stopping(absl::string_view reason) {
  stop_text_ = StopText(reason);
  logger_->Log(LogLevel::kInfo, LogLine("stop").Add("reason", reason));
  notify_->Stopping(absl::StrCat("closing the tunnel: ", stop_text_), kStopTime)
      .IgnoreError();
}

void StatusPublisher::Stopped() {
  status_.overlay_address.clear();
  Enter(TunnelState::kStopped);
}

// The log says once that the file cannot be written, and once that it can.
void StatusPublisher::Publish() {
  if (!status_file_.has_value()) {
    return;
  }
  status_.updated = absl::Now();
  status_.counters["worker_log_lines_dropped"] = worker_lines_dropped_;
  status_.counters["log_lines_dropped"] = logger_->dropped();
  const absl::Status status = status_file_->Write(StatusJson(status_));
  if (!status.ok() && !status_file_failed_) {
    logger_->Log(
        LogLevel::kError,
        LogLine("status_file_failed")
            .Add("detail", absl::StrCat("--status_file: ", status.message())));
  } else if (status.ok() && status_file_failed_) {
    logger_->Log(LogLevel::kInfo, LogLine("status_file_works"));
  }
  status_file_failed_ = !status.ok();
}

}  // namespace ovoc::tunnel
