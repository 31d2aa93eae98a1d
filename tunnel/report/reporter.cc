// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/reporter.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "auth/verification_time.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/retry/server_identity.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {
namespace {

std::string Endpoint(const netif::IpAddress& address, uint16_t port) {
  return address.is_v4() ? absl::StrCat(address.ToString(), ":", port)
                         : absl::StrCat("[", address.ToString(), "]:", port);
}

ServerIdentity IdentityOf(const TlsClientTransport& tls,
                          const auth::CertificateVerifier::Verdict& verdict) {
  ServerIdentity server;
  server.version = std::string(tls.version());
  server.cipher = std::string(tls.cipher());
  server.group = std::string(tls.group());
  server.resumed = tls.resumed();
  server.verified = verdict.ok();
  server.certificate = verdict.leaf;
  if (verdict.ok()) {
    server.chain_not_after = verdict.leaf.not_after;
    if (verdict.issuer.has_value()) {
      server.chain_not_after =
          std::min(*server.chain_not_after, verdict.issuer->not_after);
    }
  }
  return server;
}

}  // namespace

Reporter::Reporter(Logger* logger, ProgressSink* sink)
    : logger_(logger), sink_(sink), last_step_(MonotonicNow()) {}

void Reporter::ToServer(size_t place, absl::string_view name) {
  if (place != progress_.server) {
    progress_.server = place;
    progress_.server_address.clear();
    logger_->Log(LogLevel::kInfo, LogLine("next_server").Add("server", name));
  }
  server_ = std::string(name);
}

void Reporter::Resolving(absl::string_view name) {
  lookup_began_ = MonotonicNow();
  logger_->Log(LogLevel::kInfo, LogLine("resolving").Add("name", name));
  Enter(TunnelState::kResolving);
}

void Reporter::Question(const SocketRequest& request) {
  logger_->Log(
      LogLevel::kDebug,
      LogLine("dns_question")
          .Add("name_server", request.address.ToString())
          .Add("transport",
               request.purpose == SocketPurpose::kDnsTcp ? "tcp" : "udp"));
}

void Reporter::Resolved(absl::string_view name, NameSource source,
                        absl::Span<const netif::IpAddress> addresses) {
  const std::string text = absl::StrJoin(
      addresses, ",", [](std::string* out, const netif::IpAddress& address) {
        out->append(address.ToString());
      });
  const absl::Duration took = lookup_began_.has_value()
                                  ? MonotonicNow() - *lookup_began_
                                  : absl::ZeroDuration();
  logger_->Log(
      LogLevel::kInfo,
      LogLine("resolved")
          .Add("name", name)
          .Add("addresses", text)
          .Add("source", source == NameSource::kHosts ? "hosts" : "dns")
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

void Reporter::ProxyOpen(absl::string_view proxy, absl::string_view server,
                         uint16_t port) {
  logger_->Log(LogLevel::kInfo, LogLine("proxy_open")
                                    .Add("proxy", proxy)
                                    .Add("server", server)
                                    .Add("port", int64_t{port})
                                    .Add("ms", StepMs()));
}

void Reporter::ProxyUnreached(absl::string_view why) {
  logger_->Log(LogLevel::kWarning,
               LogLine("proxy_unreached").Add("detail", why));
}

void Reporter::Handshaking(absl::string_view name) {
  logger_->Log(LogLevel::kDebug, LogLine("tls_handshake").Add("name", name));
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
    sink_->OnSecured(IdentityOf(*tls, verdict));
  }
  Enter(TunnelState::kLoggingIn);
}

void Reporter::Up(const netif::Ipv4Prefix& overlay,
                  absl::string_view interface) {
  logger_->Log(LogLevel::kInfo, LogLine("logged_in").Add("ms", StepMs()));
  LogLine line("tunnel_up");
  line.Add("overlay", overlay.ToString()).Add("interface", interface);
  if (!server_.empty()) {
    line.Add("server", server_);
  }
  logger_->Log(LogLevel::kInfo, line);
  progress_.overlay = overlay;
  progress_.reason.reset();
  progress_.cause = EndCause::kUnknown;
  progress_.detail.clear();
  Enter(TunnelState::kUp);
}

void Reporter::Down(const End& end, bool was_up, absl::string_view remedy) {
  lookup_began_.reset();
  progress_.reason = end.reason;
  progress_.cause = CauseOf(end.detail);
  progress_.detail = std::string(end.detail.message());
  progress_.overlay.reset();
  progress_.round_trip.reset();
  ++progress_.ends[static_cast<size_t>(end.reason)];
  progress_.state = TunnelState::kWaiting;  // nobody may hear that it is up
  LogLine line(was_up ? "tunnel_down" : "attempt_failed");
  line.Add("reason", Word(end.reason)).Add("detail", progress_.detail);
  if (!remedy.empty()) {
    line.Add("remedy", remedy);
  }
  if (!server_.empty()) {
    line.Add("server", server_);
  }
  logger_->Log(
      end.reason == EndReason::kClosedByUs ? LogLevel::kInfo : LogLevel::kError,
      line);
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
  progress_.next_attempt = absl::Now() + delay;
  Enter(TunnelState::kWaiting);
}

void Reporter::Count(const SessionCounters& counters, SessionIs session) {
  const SessionTotals before = progress_.totals;
  progress_.totals = past_totals_;
  Add(Totals(counters), &progress_.totals);
  LogGrowth(before);
  if (session == SessionIs::kOver) {
    past_totals_ = progress_.totals;
  }
}

void Reporter::Measured(const std::optional<RoundTripTimes>& times) {
  progress_.round_trip = times;
}

void Reporter::LogGrowth(const SessionTotals& before) {
  if (!logger_->IsOn(LogLevel::kDebug)) {
    return;
  }
  std::map<std::string, uint64_t> earlier = Named(before);
  for (const auto& [name, count] : Named(progress_.totals)) {
    const bool is_told =
        absl::StartsWith(name, "pings_") || absl::StartsWith(name, "pongs_") ||
        absl::StartsWith(name, "dropped_") || absl::StartsWith(name, "frames_");
    const uint64_t more = count - std::min(count, earlier[name]);
    if (is_told && more > 0) {
      logger_->Log(LogLevel::kDebug,
                   LogLine("counted")
                       .Add("counter", name)
                       .Add("more", static_cast<int64_t>(more)));
    }
  }
}

void Reporter::CountRefusedWrites(uint64_t total) {
  progress_.device_refused_writes = total;
}

void Reporter::Refresh() { sink_->OnProgress(progress_); }

void Reporter::Enter(TunnelState state) {
  progress_.state = state;
  if (state != TunnelState::kWaiting) {
    progress_.next_attempt.reset();
  }
  sink_->OnProgress(progress_);
}

int64_t Reporter::StepMs() {
  const absl::Time now = MonotonicNow();
  const int64_t ms = absl::ToInt64Milliseconds(now - last_step_);
  last_step_ = now;
  return ms;
}

}  // namespace ovoc::tunnel
