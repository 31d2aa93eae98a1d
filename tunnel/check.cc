// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "auth/verification_time.h"

namespace ovoc::tunnel {
namespace {

std::string Subject(const auth::CertificateVerifier::Verdict& verdict) {
  return absl::StrCat("subject ", verdict.leaf.subject, ", issuer ",
                      verdict.leaf.issuer, ", expires ",
                      auth::FormatUtc(verdict.leaf.not_after));
}

}  // namespace

absl::StatusOr<End> Check::Run(Session::RandomBytes random) {
  last_step_ = MonotonicNow();
  PrintWarnings();
  Attempt attempt(loop_, config_->attempt, std::move(random), this, this);
  attempt.Start(last_step_);
  while (!end_.has_value()) {
    const absl::Status waited = loop_->RunOnce(attempt.NextTime());
    if (!waited.ok()) {
      return waited;
    }
    attempt.OnTime(MonotonicNow());
    if (std::exchange(open_, false)) {
      attempt.Close(MonotonicNow());
    }
  }
  if (end_->reason == EndReason::kClosedByUs) {
    Print("closed", "code 1000");
  }
  return *end_;
}

void Check::PrintWarnings() {
  for (const InsecureSetting& setting : config_->insecure) {
    Print("INSECURE", absl::StrCat(setting.name, "=", setting.value));
  }
  for (const std::string& setting : surroundings_) {
    Print("insecure", setting);
  }
  for (const std::string& warning : config_->warnings) {
    Print("warning", warning);
  }
}

void Check::OnResolving() { last_step_ = MonotonicNow(); }

void Check::OnResolved(absl::Span<const netif::IpAddress> addresses) {
  Print("resolved", absl::StrCat(config_->settings.server, " to ",
                                 absl::StrJoin(addresses, ", ",
                                               [](std::string* text,
                                                  const netif::IpAddress& a) {
                                                 text->append(a.ToString());
                                               })));
}

void Check::OnConnecting(const netif::IpAddress& address) {
  Print("connecting",
        absl::StrCat(address.ToString(), " port ", config_->attempt.port));
}

void Check::OnConnected(const netif::IpAddress& address, absl::Duration took) {
  Print("connected",
        absl::StrCat(address.ToString(), " port ", config_->attempt.port),
        took);
}

void Check::OnSecured(const TlsClientTransport* tls) {
  if (tls == nullptr) {
    Print("not secured", "plain HTTP (WSTunSecured=0)");
    return;
  }
  Print("secured", absl::StrCat(tls->version(), " ", tls->cipher(),
                                tls->resumed() ? ", resumed" : ""));
  const auto& verdict = tls->verdict();
  if (!verdict.has_value()) {
    return;
  }
  if (verdict->clock == auth::ClockState::kBeforeRelease) {
    Print("clock wrong",
          absl::StrCat("earlier than this release, so the certificate was "
                       "checked as of ",
                       auth::FormatUtc(verdict->validated_at)));
  }
  if (verdict->ok()) {
    Print("verified", Subject(*verdict));
  } else {
    Print("NOT VERIFIED",
          absl::StrCat(Subject(*verdict), ": ", verdict->status.message()));
  }
}

void Check::OnOpen(const netif::Ipv4Prefix& overlay) {
  open_ = true;
  Print("logged in", absl::StrCat("overlay address ", overlay.ToString()));
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
