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
#include "tunnel/command_line/version.h"
#include "tunnel/report/content/state_text.h"
#include "tunnel/settings/proxy_url.h"
#include "tunnel/settings/server_list.h"
#include "tunnel/settings/setting_error.h"

namespace ovoc::tunnel {
namespace {

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
                                 std::optional<StatusFile> status_file,
                                 StatusClocks clocks)
    : logger_(logger),
      manager_(notify),
      clocks_(std::move(clocks)),
      writer_(logger, std::move(status_file), clocks_.monotonic),
      began_(clocks_.monotonic()) {
  status_.version = kVersion;
  status_.started = clocks_.wall();
  status_.state_since = status_.started;
  status_.pid = getpid();
}

void StatusPublisher::Started(const TunnelConfig& config) {
  logger_->Log(LogLevel::kInfo,
               LogLine("start")
                   .Add("version", kVersion)
                   .Add("policy", Word(config.policy))
                   .Add("server", ServerListText(config.settings.servers))
                   .Add("interface", config.settings.interface)
                   .Add("vrf", config.sockets.vrf));
  Describe(config);
  Publish();  // over what a process that was killed has left
}

// Says loudly what makes the tunnel insecure.
void StatusPublisher::Describe(const TunnelConfig& config) {
  status_.policy = std::string(Word(config.policy));
  status_.servers = ServerNames(config.settings.servers);
  NameServer();
  status_.proxy = config.settings.proxy.has_value()
                      ? config.settings.proxy->Endpoint()
                      : "";
  status_.interface = config.settings.interface;
  remedy_facts_ = FactsOf(config.settings, status_.server);
  insecure_settings_.clear();
  for (const InsecureSetting& setting : config.insecure) {
    logger_->Log(LogLevel::kWarning, LogLine("insecure")
                                         .Add("setting", setting.name)
                                         .Add("value", setting.value));
    insecure_settings_.push_back(
        absl::StrCat(setting.name, "=", setting.value));
  }
  ListInsecure();
  const bool has_own =
      config.tls != nullptr && !config.tls->own_chain().empty();
  status_.client_certificate =
      has_own ? std::make_optional(config.tls->own_chain().front())
              : std::nullopt;
  for (const std::string& warning : config.warnings) {
    logger_->Log(LogLevel::kWarning,
                 LogLine("settings_warning").Add("detail", warning));
  }
}

// The worker counts the servers of its own settings.
void StatusPublisher::NameServer() {
  status_.server = last_.server < status_.servers.size()
                       ? status_.servers[last_.server]
                       : "";
  remedy_facts_.server = status_.server;
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
    PublishSoon();
  }
}

void StatusPublisher::OnProgress(const Progress& progress) {
  last_ = progress;
  NameServer();
  Explain(progress.reason, progress.cause, progress.detail);
  status_.server_address = progress.server_address;
  status_.overlay_address =
      progress.overlay.has_value() ? progress.overlay->ToString() : "";
  status_.certificate_checked_at = progress.certificate_checked_at;
  status_.next_attempt = progress.next_attempt;
  status_.round_trip = progress.round_trip;
  sums_.Take(progress);
  TunnelState state = progress.state;
  if (state == TunnelState::kUp && !interface_trouble_.empty()) {
    state = TunnelState::kWaiting;
    Explain(EndReason::kInterface, EndCause::kUnknown, interface_trouble_);
  }
  manager_.SignOfLife(clocks_.monotonic());
  if (state == status_.state) {
    PublishSoon();
  } else {
    Enter(state);
  }
}

void StatusPublisher::Explain(std::optional<EndReason> reason, EndCause cause,
                              const std::string& detail) {
  const bool known = reason.has_value();
  status_.reason = std::string(known ? Word(*reason) : "");
  reason_text_ = std::string(known ? tunnel::Describe(*reason) : "");
  status_.detail = detail;
  status_.remedy = known ? Remedy(*reason, cause, remedy_facts_) : "";
}

void StatusPublisher::OnSecured(const ServerIdentity& server) {
  status_.server_identity = server;
}

void StatusPublisher::InterfaceTrouble(absl::string_view detail) {
  interface_trouble_ = std::string(detail);
  if (last_.state == TunnelState::kUp) {
    OnProgress(Progress(last_));
  }
}

void StatusPublisher::WorkerEnded() {
  sums_.WorkerEnded();
  last_ = Progress();
  ForgetTunnel();
  if (status_.state == TunnelState::kUp) {  // it could not say so itself
    status_.state = TunnelState::kWaiting;
    status_.state_since = clocks_.wall();
    Explain(EndReason::kClosedByUs, EndCause::kUnknown, status_.detail);
  }
}

void StatusPublisher::WorkerMissing(absl::string_view reason,
                                    absl::string_view detail,
                                    absl::Duration delay) {
  status_.reason = std::string(reason);
  if (reason == "worker_died") {
    sums_.WorkerDied();
  }
  status_.next_attempt = clocks_.wall() + delay;
  reason_text_ = reason == "worker_died"
                     ? "the worker ended, and another one will be started"
                     : "no worker can be started; the client will try again";
  status_.detail = std::string(detail);
  status_.remedy.clear();
  Enter(TunnelState::kWaiting);
}

void StatusPublisher::Resting() { manager_.SignOfLife(clocks_.monotonic()); }

void StatusPublisher::Renew() {
  logger_->Settle();
  PublishSoon();
}

void StatusPublisher::OnTime() {
  if (writer_.IsDue()) {
    Publish();
  }
}

void StatusPublisher::PublishSoon() {
  writer_.HaveNews();
  OnTime();
}

std::string StatusPublisher::Text() const {
  return StateText(status_, reason_text_, stop_text_);
}

void StatusPublisher::Enter(TunnelState state) {
  status_.state = state;
  status_.state_since = clocks_.wall();
  manager_.Say(Text());
  Publish();
}

void StatusPublisher::Running() { manager_.Running(Text()); }

void StatusPublisher::Reloading() { manager_.Reloading(clocks_.monotonic()); }

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
  if (is_new) {
    status_.server_identity.reset();  // it may have been another server's
  }
  Describe(config);
  Publish();
  manager_.ReloadDone(absl::StrCat(
      Text(), is_new || change.at_next_login.empty()
                  ? ""
                  : "; the new user name or password is used at the next "
                    "login"));
}

void StatusPublisher::ReloadRefused(absl::string_view detail) {
  status_.reload_refused = SummarizeErrors(detail);
  logger_->Log(LogLevel::kError, LogLine("reload")
                                     .Add("result", "refused")
                                     .Add("detail", status_.reload_refused));
  LogEach(detail);
  Publish();
  manager_.ReloadDone(absl::StrCat(
      Text(), "; the new settings were refused, so the earlier ones stay"));
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

void StatusPublisher::Ended(ExitCode code, absl::string_view detail) {
  status_.exit_code = static_cast<int>(code);
  LogLine line("exit");
  status_.reason = std::string(Word(code));
  status_.remedy.clear();
  status_.detail = code == ExitCode::kDone ? stop_text_ : std::string(detail);
  line.Add("code", int64_t{*status_.exit_code}).Add("reason", status_.reason);
  if (!status_.detail.empty()) {
    line.Add("detail", status_.detail);
  }
  Stopped();
  logger_->Log(code == ExitCode::kDone ? LogLevel::kInfo : LogLevel::kError,
               line);
  if (!writer_.failed() && logger_->history() != nullptr) {
    Publish();  // with that line, which is to be the last one of the log
  }
}

void StatusPublisher::Stopping(absl::string_view reason) {
  stop_text_ = StopText(reason);
  logger_->Log(LogLevel::kInfo, LogLine("stop").Add("reason", reason));
  manager_.Stopping(absl::StrCat("closing the tunnel: ", stop_text_));
}

// What holds only while there is a worker.
void StatusPublisher::ForgetTunnel() {
  status_.overlay_address.clear();
  status_.next_attempt.reset();
  status_.round_trip.reset();
}

void StatusPublisher::Stopped() {
  ForgetTunnel();
  Enter(TunnelState::kStopped);
}

void StatusPublisher::Publish() {
  if (!writer_.has_file()) {
    return;
  }
  status_.updated = clocks_.wall();
  status_.uptime = clocks_.monotonic() - began_;
  status_.counters = sums_.Counters();
  status_.counters["worker_log_lines_dropped"] = worker_lines_dropped_;
  status_.counters["log_lines_dropped"] = logger_->dropped();
  status_.ends = sums_.Ends();
  status_.log_lines_dropped = logger_->dropped() + worker_lines_dropped_;
  if (logger_->history() != nullptr) {
    status_.events = logger_->history()->events();
  }
  writer_.Write(StatusJson(status_));
}

}  // namespace ovoc::tunnel
