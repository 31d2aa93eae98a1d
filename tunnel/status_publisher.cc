// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_publisher.h"

#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "netif/ip_address.h"
#include "tunnel/event_loop.h"
#include "tunnel/setting_error.h"
#include "tunnel/version.h"

namespace ovoc::tunnel {
namespace {

// The keeper gives a worker 5 s to close its tunnel, and then kills it.
constexpr absl::Duration kStopTime = absl::Seconds(10);

// Why the client stops, as half a sentence.
std::string StopText(absl::string_view reason) {
  if (reason == "interface_lost") {
    return "the interface is gone";
  }
  if (reason == "sandbox") {
    return "the worker cannot be confined";
  }
  if (reason == "worker_stuck") {
    return "the worker cannot be ended";
  }
  return absl::StrCat("closed by ", reason);  // a signal
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
                                    .Add("vrf", config.vrf));
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
  const auto announce = [this](absl::string_view event,
                               const std::vector<std::string>& those,
                               const std::vector<std::string>& but) {
    for (const std::string& found : those) {
      if (std::find(but.begin(), but.end(), found) == but.end()) {
        const size_t split = found.find('=');
        logger_->Log(LogLevel::kWarning,
                     LogLine(event)
                         .Add("setting", found.substr(0, split))
                         .Add("value", found.substr(split + 1)));
      }
    }
  };
  announce("insecure", insecure, insecure_machine_);
  announce("insecure_over", insecure_machine_, insecure);
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
}

void StatusPublisher::WorkerDied(absl::string_view detail) {
  status_.reason = "worker_died";
  reason_text_ = "the worker ended, and another one will be started";
  status_.detail = std::string(detail);
  Enter(TunnelState::kWaiting);
}

void StatusPublisher::Resting() { SignOfLife(MonotonicNow()); }

void StatusPublisher::Renew() {
  logger_->Settle();
  Publish();
}

void StatusPublisher::Enter(TunnelState state) {
  status_.state = state;
  status_.state_since = absl::Now();
  Notify();
  Publish();
}

// How far the tunnel is, in plain words.
std::string StatusPublisher::StateText() const {
  const std::string at =
      status_.server_address.empty() ? status_.server : status_.server_address;
  switch (status_.state) {
    case TunnelState::kResolving:
      return absl::StrCat("looking up the address of ", status_.server);
    case TunnelState::kConnecting:
      return absl::StrCat("connecting to ", at);
    case TunnelState::kHandshaking:
      return absl::StrCat("connected to ", at, ", agreeing on TLS");
    case TunnelState::kLoggingIn:
      return absl::StrCat("logging in at ", at);
    case TunnelState::kUp:
      return absl::StrCat("the tunnel is up, with the overlay address ",
                          status_.overlay_address);
    case TunnelState::kWaiting:
      return absl::StrCat("the tunnel is down: ", reason_text_,
                          "; waiting for the next attempt");
    case TunnelState::kStopped:
      break;
  }
  return stop_text_.empty() ? "starting"
                            : absl::StrCat("stopped: ", stop_text_);
}

void StatusPublisher::Running() {
  if (!ready_) {
    ready_ = true;
    SayReady(StateText());
  }
}

void StatusPublisher::Notify() {
  if (unsaid_ready_.empty()) {
    notify_->SetStatus(StateText()).IgnoreError();
  } else {
    SayReady(StateText());
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
  logger_->Log(LogLevel::kInfo,
               LogLine("reload")
                   .Add("result", "ok")
                   .Add("tunnel", is_new ? "new" : "kept")
                   .Add("changed", change.names.empty()
                                       ? "nothing"
                                       : absl::StrJoin(change.names, ",")));
  Describe(config);
  ReloadDone("");
}

void StatusPublisher::ReloadRefused(absl::string_view detail) {
  logger_->Log(LogLevel::kError, LogLine("reload")
                                     .Add("result", "refused")
                                     .Add("detail", SummarizeErrors(detail)));
  ReloadDone("; the new settings were refused, the earlier ones stay");
}

// The reload is over for the service manager, whether or not OVOC answers; but
// a client that has not been ready is not ready now.
void StatusPublisher::ReloadDone(absl::string_view more) {
  if (ready_) {
    SayReady(absl::StrCat(StateText(), more));
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
  line.Add("code", int64_t{*status_.exit_code});
  if (code != ExitCode::kDone) {
    status_.reason = std::string(Word(code));
    status_.detail = std::string(detail);
    line.Add("reason", status_.reason).Add("detail", detail);
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
    logger_->Log(LogLevel::kError,
                 LogLine("status_file_failed").Add("detail", status.message()));
  } else if (status.ok() && status_file_failed_) {
    logger_->Log(LogLevel::kInfo, LogLine("status_file_works"));
  }
  status_file_failed_ = !status.ok();
}

}  // namespace ovoc::tunnel
