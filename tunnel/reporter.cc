// SPDX-License-Identifier: Apache-2.0
#include "tunnel/reporter.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "auth/verification_time.h"
#include "tunnel/event_loop.h"
#include "tunnel/version.h"

namespace ovoc::tunnel {
namespace {

std::string Endpoint(const netif::IpAddress& address, uint16_t port) {
  return address.is_v4() ? absl::StrCat(address.ToString(), ":", port)
                         : absl::StrCat("[", address.ToString(), "]:", port);
}

std::string OverlayText(const auth::OverlayAssignment& overlay) {
  return absl::StrCat(
      netif::Ipv4Address::FromHostOrder(overlay.address).ToString(), "/",
      overlay.prefix_length);
}

}  // namespace

Reporter::Reporter(Logger* logger, const SdNotify* notify,
                   std::optional<StatusFile> status_file)
    : logger_(logger),
      notify_(notify),
      status_file_(std::move(status_file)),
      last_step_(MonotonicNow()) {
  status_.version = kVersion;
  status_.started = absl::Now();
  status_.state_since = status_.started;
}

void Reporter::Started(const TunnelConfig& config) {
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
void Reporter::Describe(const TunnelConfig& config) {
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

void Reporter::Resolving(absl::string_view name) {
  StepMs();
  logger_->Log(LogLevel::kInfo, LogLine("resolving").Add("name", name));
  Enter(TunnelState::kResolving);
}

void Reporter::Resolved(absl::string_view name,
                        absl::Span<const netif::IpAddress> addresses) {
  const std::string text = absl::StrJoin(
      addresses, ",", [](std::string* out, const netif::IpAddress& address) {
        out->append(address.ToString());
      });
  logger_->Log(LogLevel::kInfo, LogLine("resolved")
                                    .Add("name", name)
                                    .Add("addresses", text)
                                    .Add("ms", StepMs()));
}

void Reporter::Connecting(const netif::IpAddress& address, uint16_t port) {
  StepMs();
  status_.server_address = Endpoint(address, port);
  logger_->Log(LogLevel::kInfo,
               LogLine("connecting").Add("address", status_.server_address));
  Enter(TunnelState::kConnecting);
}

void Reporter::Connected(const netif::IpAddress& address, uint16_t port,
                         absl::Duration took) {
  status_.server_address = Endpoint(address, port);
  logger_->Log(LogLevel::kInfo,
               LogLine("connected")
                   .Add("address", status_.server_address)
                   .Add("ms", absl::ToInt64Milliseconds(took)));
  StepMs();
  Enter(TunnelState::kHandshaking);
}

void Reporter::Secured(const TlsClientTransport* tls) {
  if (tls != nullptr && tls->verdict().has_value()) {
    const auth::CertificateVerifier::Verdict& verdict = *tls->verdict();
    status_.certificate_checked_at.reset();
    if (verdict.clock == auth::ClockState::kBeforeRelease) {
      status_.certificate_checked_at = verdict.validated_at;
      logger_->Log(
          LogLevel::kWarning,
          LogLine("clock_wrong")
              .Add("detail",
                   "the clock is earlier than this release; the "
                   "certificate was checked at another time")
              .Add("checked_at", auth::FormatUtc(verdict.validated_at)));
    }
    LogLine line(verdict.ok() ? "verified" : "unverified");
    line.Add("tls", tls->version())
        .Add("cipher", tls->cipher())
        .Add("subject", verdict.leaf.subject)
        .Add("issuer", verdict.leaf.issuer)
        .Add("not_after", auth::FormatUtc(verdict.leaf.not_after))
        .Add("resumed", int64_t{tls->resumed()})
        .Add("ms", StepMs());
    if (!verdict.ok()) {
      line.Add("detail", verdict.status.message());
    }
    logger_->Log(verdict.ok() ? LogLevel::kInfo : LogLevel::kWarning, line);
  }
  Enter(TunnelState::kLoggingIn);
}

void Reporter::Up(const auth::OverlayAssignment& overlay,
                  absl::string_view interface) {
  logger_->Log(LogLevel::kInfo, LogLine("logged_in").Add("ms", StepMs()));
  status_.overlay_address = OverlayText(overlay);
  logger_->Log(LogLevel::kInfo, LogLine("tunnel_up")
                                    .Add("overlay", status_.overlay_address)
                                    .Add("interface", interface));
  status_.reason.clear();
  status_.detail.clear();
  Enter(TunnelState::kUp);
  const absl::Status ignored = notify_->Ready(
      absl::StrCat("up, overlay address ", status_.overlay_address));
  ignored.IgnoreError();
  ready_ = true;
}

void Reporter::Down(const End& end, bool was_up) {
  status_.reason = std::string(Word(end.reason));
  status_.detail = std::string(end.detail.message());
  status_.overlay_address.clear();
  logger_->Log(
      end.reason == EndReason::kClosedByUs ? LogLevel::kInfo : LogLevel::kError,
      LogLine(was_up ? "tunnel_down" : "attempt_failed")
          .Add("reason", status_.reason)
          .Add("detail", status_.detail));
}

void Reporter::Waiting(EndReason reason, absl::Duration delay) {
  logger_->Log(LogLevel::kInfo,
               LogLine("retry")
                   .Add("delay_ms", absl::ToInt64Milliseconds(delay))
                   .Add("reason", Word(reason)));
  Enter(TunnelState::kWaiting);
}

void Reporter::Reloading() {
  if (ready_) {
    notify_->Reloading(MonotonicNow() - absl::UnixEpoch()).IgnoreError();
  }
}

void Reporter::Reloaded(const TunnelConfig& config) {
  logger_->Log(LogLevel::kInfo, LogLine("reload").Add("result", "ok"));
  Describe(config);
  ReloadDone("settings read again");
}

void Reporter::ReloadRefused(absl::string_view detail) {
  logger_->Log(
      LogLevel::kError,
      LogLine("reload").Add("result", "refused").Add("detail", detail));
  ReloadDone("settings refused, the earlier ones stay");
}

// The reload is over for the service manager, whether or not OVOC answers; but
// a client whose tunnel has never been up is not ready yet.
void Reporter::ReloadDone(absl::string_view text) {
  if (ready_) {
    notify_->Ready(text).IgnoreError();
  }
}

void Reporter::Stopping(absl::string_view reason) {
  logger_->Log(LogLevel::kInfo, LogLine("stop").Add("reason", reason));
  notify_->Stopping().IgnoreError();
}

void Reporter::Stopped() {
  status_.overlay_address.clear();
  Enter(TunnelState::kStopped);
}

void Reporter::Count(const SessionCounters& counters, SessionIs session) {
  status_.counters = past_counters_;
  AddTo(counters, &status_.counters);
  if (session == SessionIs::kOver) {
    past_counters_ = status_.counters;
  }
}

void Reporter::CountRefusedWrites(uint64_t total) {
  status_.counters["device_refused_writes"] = total;
}

void Reporter::Refresh() { Publish(); }

void Reporter::Enter(TunnelState state) {
  status_.state = state;
  status_.state_since = absl::Now();
  if (state != TunnelState::kUp) {
    std::string text(TunnelStateName(state));
    if (!status_.reason.empty()) {
      absl::StrAppend(&text, " after ", status_.reason);
    }
    notify_->SetStatus(text).IgnoreError();
  }
  Publish();
}

void Reporter::Publish() {
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

int64_t Reporter::StepMs() {
  const absl::Time now = MonotonicNow();
  const int64_t ms = absl::ToInt64Milliseconds(now - last_step_);
  last_step_ = now;
  return ms;
}

}  // namespace ovoc::tunnel
