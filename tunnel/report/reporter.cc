// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/reporter.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "auth/verification_time.h"
#include "tunnel/event_loop.h"

namespace ovoc::tunnel {
namespace {

std::string Endpoint(const netif::IpAddress& address, uint16_t port) {
  return address.is_v4() ? absl::StrCat(address.ToString(), ":", port)
                         : absl::StrCat("[", address.ToString(), "]:", port);
}

}  // namespace

Reporter::Reporter(Logger* logger, ProgressSink* sink)
    : logger_(logger), sink_(sink), last_step_(MonotonicNow()) {}

void Reporter::Resolving(absl::string_view name) {
  lookup_began_ = MonotonicNow();
  logger_->Log(LogLevel::kInfo, LogLine("resolving").Add("name", name));
  Enter(TunnelState::kResolving);
}

void Reporter::Resolved(absl::string_view name,
                        absl::Span<const netif::IpAddress> addresses) {
  const std::string text = absl::StrJoin(
      addresses, ",", [](std::string* out, const netif::IpAddress& address) {
        out->append(address.ToString());
      });
  const absl::Duration took = lookup_began_.has_value()
                                  ? MonotonicNow() - *lookup_began_
                                  : absl::ZeroDuration();
  logger_->Log(LogLevel::kInfo,
               LogLine("resolved")
                   .Add("name", name)
                   .Add("addresses", text)
                   .Add("ms", absl::ToInt64Milliseconds(took)));
}

void Reporter::Connecting(const netif::IpAddress& address, uint16_t port) {
  StepMs();
  progress_.server_address = Endpoint(address, port);
  logger_->Log(LogLevel::kInfo,
               LogLine("connecting").Add("address", progress_.server_address));
  Enter(TunnelState::kConnecting);
}

void Reporter::Connected(const netif::IpAddress& address, uint16_t port,
                         absl::Duration took) {
  progress_.server_address = Endpoint(address, port);
  logger_->Log(LogLevel::kInfo,
               LogLine("connected")
                   .Add("address", progress_.server_address)
                   .Add("ms", absl::ToInt64Milliseconds(took)));
  StepMs();
  Enter(TunnelState::kHandshaking);
}

void Reporter::Secured(const TlsClientTransport* tls) {
  if (tls != nullptr && tls->verdict().has_value()) {
    const auth::CertificateVerifier::Verdict& verdict = *tls->verdict();
    progress_.certificate_checked_at.reset();
    if (verdict.clock == auth::ClockState::kBeforeRelease) {
      progress_.certificate_checked_at = verdict.validated_at;
      logger_->Log(
          LogLevel::kWarning,
          LogLine("clock_wrong")
              .Add("detail",
                   "the clock is earlier than this release, so the "
                   "certificate was checked as of a later time; set the clock")
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

void Reporter::Up(const netif::Ipv4Prefix& overlay,
                  absl::string_view interface) {
  logger_->Log(LogLevel::kInfo, LogLine("logged_in").Add("ms", StepMs()));
  logger_->Log(LogLevel::kInfo, LogLine("tunnel_up")
                                    .Add("overlay", overlay.ToString())
                                    .Add("interface", interface));
  progress_.overlay = overlay;
  progress_.reason.reset();
  progress_.detail.clear();
  Enter(TunnelState::kUp);
}

void Reporter::Down(const End& end, bool was_up) {
  lookup_began_.reset();
  progress_.reason = end.reason;
  progress_.detail = std::string(end.detail.message());
  progress_.overlay.reset();
  progress_.state = TunnelState::kWaiting;  // nobody may hear that it is up
  logger_->Log(
      end.reason == EndReason::kClosedByUs ? LogLevel::kInfo : LogLevel::kError,
      LogLine(was_up ? "tunnel_down" : "attempt_failed")
          .Add("reason", Word(end.reason))
          .Add("detail", progress_.detail));
}

void Reporter::RetryAfterIgnored(absl::string_view fault) {
  logger_->Log(LogLevel::kWarning,
               LogLine("retry_after_ignored").Add("detail", fault));
}

void Reporter::Waiting(EndReason reason, absl::Duration delay,
                       std::optional<absl::Duration> told) {
  LogLine line("retry");
  line.Add("delay_ms", absl::ToInt64Milliseconds(delay))
      .Add("reason", Word(reason));
  if (told.has_value()) {
    line.Add("retry_after_s", absl::ToInt64Seconds(*told));
  }
  logger_->Log(LogLevel::kInfo, line);
  Enter(TunnelState::kWaiting);
}

void Reporter::Count(const SessionCounters& counters, SessionIs session) {
  progress_.totals = past_totals_;
  Add(Totals(counters), &progress_.totals);
  if (session == SessionIs::kOver) {
    past_totals_ = progress_.totals;
  }
}

void Reporter::CountRefusedWrites(uint64_t total) {
  progress_.device_refused_writes = total;
}

void Reporter::Refresh() { sink_->OnProgress(progress_); }

void Reporter::Enter(TunnelState state) {
  progress_.state = state;
  sink_->OnProgress(progress_);
}

int64_t Reporter::StepMs() {
  const absl::Time now = MonotonicNow();
  const int64_t ms = absl::ToInt64Milliseconds(now - last_step_);
  last_step_ = now;
  return ms;
}

}  // namespace ovoc::tunnel
