// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/check.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "auth/answer_date.h"
#include "auth/verification_time.h"
#include "tunnel/attempt/connection.h"
#include "tunnel/check/findings/expiry.h"
#include "tunnel/check/findings/path_words.h"
#include "tunnel/check/findings/peer_clock.h"
#include "tunnel/session/outbound_packet.h"
#include "tunnel/system/insecure_surroundings.h"

namespace ovoc::tunnel {
namespace {

std::string Subject(const auth::CertificateVerifier::Verdict& verdict) {
  return absl::StrCat("subject ", verdict.leaf.subject, ", issuer ",
                      verdict.leaf.issuer, ", expires ",
                      auth::FormatUtc(verdict.leaf.not_after));
}

uint16_t RandomIdentifier(const Session::RandomBytes& random) {
  std::array<uint8_t, 2> bytes = {};
  random(absl::MakeSpan(bytes));
  return static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
}

}  // namespace

absl::StatusOr<End> Check::Run(const Session::RandomBytes& random) {
  last_step_ = MonotonicNow();
  facts_.server = config_->attempt.server;
  facts_.port = config_->attempt.port;
  facts_.mtu_bytes = config_->attempt.session.mtu_bytes;
  PrintWarnings();
  Attempt attempt(loop_, config_->attempt, random, this, this);
  attempt.Start(last_step_);
  while (!end_.has_value()) {
    const absl::Time next =
        probe_.has_value() ? probe_->NextTime() : absl::InfiniteFuture();
    const absl::Status waited =
        loop_->RunOnce(std::min(attempt.NextTime(), next));
    if (!waited.ok()) {
      return waited;
    }
    attempt.OnTime(MonotonicNow());
    if (!end_.has_value()) {
      OnTurn(&attempt, random);
    }
  }
  return Judge(*end_);
}

// After each turn of the loop: what the session was not to be asked for from
// within its own calls.
void Check::OnTurn(Attempt* attempt, const Session::RandomBytes& random) {
  const absl::Time now = MonotonicNow();
  if (std::exchange(open_, false)) {
    CompareClocks(*attempt->session());
    exchange_ = {overlay_->address(),
                 config_->attempt.session.overlay.ovoc_address,
                 RandomIdentifier(random)};
    probe_.emplace(facts_.mtu_bytes, now);
  }
  if (!probe_.has_value() || facts_.path.has_value()) {
    return;
  }
  SendEchoes(attempt, now);
  if (probe_->done()) {
    ReportPath();
    attempt->Close(now);
  }
}

void Check::SendEchoes(Attempt* attempt, absl::Time now) {
  while (const std::optional<EchoProbe> echo = probe_->Next(now)) {
    const auto write = [this, &echo](absl::Span<uint8_t> packet) {
      netif::WriteEchoRequest(exchange_, echo->sequence, packet);
    };
    // One that is not taken is one that does not come back.
    (void)attempt->session()->SendPacket({echo->bytes, 0, write}, now);
    attempt->connection()->Flush(now);
  }
}

void Check::OnPacket(absl::Span<const uint8_t> packet) {
  const std::optional<uint16_t> sequence =
      netif::ReadEchoReply(exchange_, packet);
  if (probe_.has_value() && sequence.has_value()) {
    probe_->OnReply(*sequence, packet.size(), MonotonicNow());
  }
}

void Check::ReportPath() {
  facts_.path = probe_->findings();
  const PathFindings& path = *facts_.path;
  if (path.round_trip.has_value()) {
    Print("echo", absl::StrCat(exchange_.destination.ToString(), " answers"),
          *path.round_trip);
    Print("packets", DescribePath(path, facts_.mtu_bytes));
  }
  if (const auto warning = PathWarning(path, facts_.mtu_bytes)) {
    Warn(warning->name, warning->text);
  }
}

void Check::CompareClocks(const Session& session) {
  const absl::Time now = absl::Now();
  const std::optional<absl::Time> date =
      auth::AnswerDate(session.answer(), now);
  if (!date.has_value()) {
    Print("clock", "not compared, since the server's answer has no Date");
    return;
  }
  facts_.clock = {*date, *date - now};
  Print("clock", absl::StrCat("the server's is ", DescribeClock(*date - now)));
  const std::string warning = ClockWarning(*date, *date - now);
  if (!warning.empty()) {
    Warn("clock", warning);
  }
}

// An end that comes while the echoes are sent is no failure of the login.
End Check::Judge(const End& end) {
  if (end.reason == EndReason::kClosedByUs) {
    Print("closed", "code 1000");
    return end;
  }
  if (!probe_.has_value()) {
    return end;
  }
  facts_.path = probe_->findings();
  Warn("tunnel_ended",
       absl::StrCat("the tunnel ended while it was tried: ", Word(end.reason),
                    ": ", end.detail.message(),
                    "; look at the log of OVOC and of each proxy before it"));
  return {EndReason::kClosedByUs, absl::OkStatus()};
}

void Check::PrintWarnings() {
  for (const InsecureSetting& setting : config_->insecure) {
    Print("INSECURE", absl::StrCat(setting.name, "=", setting.value));
  }
  for (const std::string& setting : surroundings_) {
    Print("insecure", setting);
  }
  for (const std::string& remedy : SurroundingsRemedies(surroundings_)) {
    Print("what to do", remedy);
  }
  for (const std::string& warning : config_->warnings) {
    Print("warning", warning);
  }
}

void Check::OnHop(const Hop& hop, const absl::Status& why) {
  hop_ = hop;
  if (!why.ok()) {
    Warn("proxy_unreached", absl::StrCat(why.message(),
                                         "; the server is tried directly "
                                         "(WSTunProxyFallback)"));
  }
}

// The way to the server; from here on all is as without a proxy.
void Check::OnProxyOpen() {
  Print("proxy",
        absl::StrCat(config_->attempt.proxy->endpoint, " made a tunnel to ",
                     config_->attempt.session.host, " port ",
                     config_->attempt.port));
}

void Check::OnResolving() { last_step_ = MonotonicNow(); }

void Check::OnResolved(absl::Span<const netif::IpAddress> addresses) {
  facts_.times.resolved = MonotonicNow() - last_step_;
  facts_.addresses.clear();
  for (const netif::IpAddress& address : addresses) {
    facts_.addresses.push_back(address.ToString());
  }
  Print("resolved",
        absl::StrCat(hop_.name, " to ", absl::StrJoin(facts_.addresses, ", ")));
}

void Check::OnConnecting(const netif::IpAddress& address) {
  facts_.server_address = address.ToString();
  Print("connecting", absl::StrCat(address.ToString(), " port ", hop_.port));
}

void Check::OnConnected(const netif::IpAddress& address, absl::Duration took) {
  facts_.server_address = address.ToString();
  facts_.times.connected = took;
  Print("connected", absl::StrCat(address.ToString(), " port ", hop_.port),
        took);
}

void Check::OnSecured(const TlsClientTransport* tls) {
  if (tls == nullptr) {
    Print("not secured", "plain HTTP (WSTunSecured=0)");
    return;
  }
  facts_.times.secured = MonotonicNow() - last_step_;
  facts_.tls = {std::string(tls->version()), std::string(tls->cipher()),
                std::string(tls->group()), tls->resumed()};
  Print("secured", absl::StrCat(tls->version(), " ", tls->cipher(),
                                tls->resumed() ? ", resumed" : ""));
  if (tls->verdict().has_value()) {
    OnVerdict(*tls->verdict());
  }
}

void Check::OnVerdict(const auth::CertificateVerifier::Verdict& verdict) {
  const bool clock_wrong = verdict.clock == auth::ClockState::kBeforeRelease;
  if (clock_wrong) {
    const std::string checked_as_of = absl::StrCat(
        "earlier than this release, so the certificate was "
        "checked as of ",
        auth::FormatUtc(verdict.validated_at));
    Print("clock wrong", checked_as_of);
    facts_.warnings.push_back(
        {"clock_wrong",
         absl::StrCat("this machine's clock is ", checked_as_of)});
  }
  facts_.certificate = {verdict.leaf, verdict.ok(),
                        std::string(verdict.status.message())};
  if (verdict.ok()) {
    Print("verified", Subject(verdict));
  } else {
    Print("NOT VERIFIED",
          absl::StrCat(Subject(verdict), ": ", verdict.status.message()));
  }
  const absl::Time now = clock_wrong ? verdict.validated_at : absl::Now();
  WarnOfExpiry("the server's certificate", verdict.leaf, now);
  if (verdict.issuer.has_value()) {
    WarnOfExpiry(absl::StrCat("the issuer's certificate (",
                              verdict.issuer->subject, ")"),
                 *verdict.issuer, now);
  }
}

void Check::OnOpen(const netif::Ipv4Prefix& overlay) {
  open_ = true;
  overlay_ = overlay;
  facts_.overlay_address = overlay.ToString();
  facts_.times.logged_in = MonotonicNow() - last_step_;
  Print("logged in", absl::StrCat("overlay address ", overlay.ToString()));
}

void Check::WarnOfExpiry(absl::string_view whose,
                         const auth::CertificateSummary& certificate,
                         absl::Time now) {
  const std::string warning = ExpiryWarning(whose, certificate, now);
  if (!warning.empty()) {
    Warn("certificate_expiry", warning);
  }
}

void Check::Warn(absl::string_view name, absl::string_view text) {
  facts_.warnings.push_back({std::string(name), std::string(text)});
  Print("warning", text);
}

void Check::Print(absl::string_view step, absl::string_view seen) {
  Print(step, seen, MonotonicNow() - last_step_);
}

void Check::Print(absl::string_view step, absl::string_view seen,
                  absl::Duration took) {
  last_step_ = MonotonicNow();
  *out_ << absl::StreamFormat("%-12s %s (%.1f ms)\n", step, seen,
                              absl::ToDoubleMilliseconds(took));
  out_->flush();
}

}  // namespace ovoc::tunnel
