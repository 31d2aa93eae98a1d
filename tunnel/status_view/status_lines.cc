// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/status_lines.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "tunnel/status_view/duration_text.h"
#include "tunnel/status_view/shown_text.h"

namespace ovoc::tunnel {
namespace {

using Kind = Verdict::Kind;

// Lines collects them; it leaves out those without a text.
class Lines {
 public:
  void Add(absl::string_view label, absl::string_view text,
           Tint tint = Tint::kPlain) {
    if (!text.empty()) {
      lines_.push_back({label, ShownText(text), tint});
    }
  }

  std::vector<StatusLine> Take() { return std::move(lines_); }

 private:
  std::vector<StatusLine> lines_;
};

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", time, absl::UTCTimeZone());
}

// "up for 3 h 12 min"
std::string StateText(const StatusRecord& record, absl::Time now) {
  return record.state_since.has_value()
             ? absl::StrCat(record.state, " for ",
                            DurationText(now - *record.state_since))
             : record.state;
}

void AddVerdict(const StatusRecord& record, const Verdict& verdict,
                absl::Time now, Lines* lines) {
  switch (verdict.kind) {
    case Kind::kUp:
      lines->Add("tunnel", StateText(record, now), Tint::kGood);
      return;
    case Kind::kNotUp:
      lines->Add("tunnel", StateText(record, now), Tint::kWarning);
      return;
    case Kind::kEnded:
      lines->Add("tunnel", absl::StrCat("down: ", verdict.why), Tint::kBad);
      return;
    case Kind::kStale:
      lines->Add("tunnel", "unknown", Tint::kBad);
      lines->Add("stale", verdict.why, Tint::kBad);
      lines->Add("last state", record.state);
      return;
  }
}

void AddCause(const StatusRecord& record, absl::Time now, Lines* lines) {
  lines->Add("reason", record.reason);
  lines->Add("detail", record.detail);
  lines->Add("what to do", record.remedy, Tint::kWarning);
  if (record.next_attempt.has_value() && !record.exit_code.has_value()) {
    lines->Add(
        "next try",
        *record.next_attempt <= now
            ? "now"
            : absl::StrCat("in ", DurationText(*record.next_attempt - now)));
  }
}

// A server's name with the address in use; the list where there are several.
void AddServer(const StatusRecord& record, Lines* lines) {
  lines->Add("server", absl::StrCat(record.server,
                                    record.server_address.empty() ? "" : ", ",
                                    record.server_address));
  if (record.servers.size() > 1) {
    lines->Add("servers", absl::StrJoin(record.servers, ", "));
  }
  lines->Add("proxy", record.proxy);
}

void AddTls(const TlsRecord& tls, Lines* lines) {
  std::vector<std::string> parts;
  for (const std::string& part : {tls.version, tls.cipher, tls.group}) {
    if (!part.empty()) {
      parts.push_back(part);
    }
  }
  parts.emplace_back(tls.resumed ? "resumed" : "not resumed");
  lines->Add("TLS", absl::StrJoin(parts, ", "));
}

// `whose` is empty, or ends with a blank.
void AddValidity(absl::string_view whose, absl::Time not_after, absl::Time now,
                 Lines* lines) {
  const absl::Duration left = not_after - now;
  if (left <= absl::ZeroDuration()) {
    lines->Add("",
               absl::StrCat(whose, "expired ", DaysText(-left), " ago, at ",
                            TimeText(not_after)),
               Tint::kBad);
    return;
  }
  lines->Add("",
             absl::StrCat(whose, "expires in ", DaysText(left), ", at ",
                          TimeText(not_after)),
             left < kCertificateWarning ? Tint::kWarning : Tint::kPlain);
}

void AddCertificate(absl::string_view label,
                    const CertificateRecord& certificate, absl::Time now,
                    Lines* lines) {
  lines->Add(label,
             absl::StrCat(certificate.subject, " by ", certificate.issuer));
  lines->Add(
      "", absl::StrCat(absl::StrJoin(certificate.names, ", "),
                       certificate.names_left_out == 0
                           ? ""
                           : absl::StrCat(" and ", certificate.names_left_out,
                                          " more")));
  if (certificate.not_before.has_value() && *certificate.not_before > now) {
    lines->Add(
        "",
        absl::StrCat("is not valid before ", TimeText(*certificate.not_before)),
        Tint::kBad);
  }
  if (certificate.not_after.has_value()) {
    AddValidity("", *certificate.not_after, now, lines);
  }
  if (certificate.chain_not_after.has_value() &&
      certificate.chain_not_after < certificate.not_after) {
    AddValidity("an issuer's certificate ", *certificate.chain_not_after, now,
                lines);
  }
  lines->Add("", certificate.sha256.empty()
                     ? ""
                     : absl::StrCat("SHA-256 ", certificate.sha256));
}

void AddCertificates(const StatusRecord& record, absl::Time now, Lines* lines) {
  if (record.certificate.has_value()) {
    AddCertificate("certificate", *record.certificate, now, lines);
    lines->Add("", record.certificate->verified ? "" : "not verified",
               Tint::kBad);
  }
  if (record.certificate_checked_at.has_value()) {
    lines->Add("clock",
               absl::StrCat("wrong, so the certificate was checked as of ",
                            TimeText(*record.certificate_checked_at)),
               Tint::kWarning);
  }
  if (record.client_certificate.has_value()) {
    AddCertificate("client cert", *record.client_certificate, now, lines);
  }
}

void AddRoundTrip(const RoundTripRecord& times, Lines* lines) {
  std::vector<std::string> parts;
  const auto add = [&parts](absl::string_view name,
                            std::optional<double> milliseconds) {
    if (milliseconds.has_value()) {
      parts.push_back(absl::StrFormat("%s %.1f ms", name, *milliseconds));
    }
  };
  add("last", times.last_ms);
  add("smoothed", times.smoothed_ms);
  add("least", times.minimum_ms);
  lines->Add("round trip", absl::StrJoin(parts, ", "));
}

std::string SizeText(uint64_t bytes) {
  constexpr absl::string_view kUnits[] = {"kB", "MB", "GB", "TB"};
  if (bytes < 1000) {
    return absl::StrCat(bytes, " bytes");
  }
  double size = static_cast<double>(bytes) / 1000;
  size_t unit = 0;
  while (size >= 1000 && unit + 1 < std::size(kUnits)) {
    size /= 1000;
    ++unit;
  }
  return absl::StrFormat("%.1f %s", size, kUnits[unit]);
}

void AddTraffic(const StatusRecord& record, absl::string_view label,
                absl::string_view direction, Lines* lines) {
  const auto packets = record.Counter(absl::StrCat("packets_", direction));
  const auto bytes = record.Counter(absl::StrCat("bytes_", direction));
  if (packets.has_value() && bytes.has_value()) {
    lines->Add(label, absl::StrCat(*packets, " packets, ", SizeText(*bytes)));
  }
}

// "in_wrong_source 3, out_closing 1"
std::string CountsText(const std::vector<StatusCount>& counts,
                       absl::string_view prefix) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) {
    absl::string_view rest = name;
    if (count > 0 && absl::ConsumePrefix(&rest, prefix)) {
      parts.push_back(absl::StrCat(rest, " ", count));
    }
  }
  return absl::StrJoin(parts, ", ");
}

void AddCounts(const StatusRecord& record, Lines* lines) {
  AddTraffic(record, "received", "in", lines);
  AddTraffic(record, "sent", "out", lines);
  lines->Add("dropped", CountsText(record.counters, "dropped_"));
  lines->Add("ended", CountsText(record.ends, ""));
  // An older client has the two counts alone.
  const uint64_t lost = record.log_lines_dropped.value_or(
      record.Counter("log_lines_dropped").value_or(0) +
      record.Counter("worker_log_lines_dropped").value_or(0));
  lines->Add("log", lost == 0 ? "" : absl::StrCat(lost, " lines dropped"),
             Tint::kWarning);
}

void AddClient(const StatusRecord& record, const Verdict& verdict,
               absl::Time now, Lines* lines) {
  lines->Add("insecure", absl::StrJoin(record.insecure, ", "), Tint::kWarning);
  lines->Add("reload",
             record.reload_refused.empty()
                 ? ""
                 : absl::StrCat("refused: ", record.reload_refused),
             Tint::kWarning);
  std::vector<std::string> client;
  if (!record.version.empty()) {
    client.push_back(record.version);
  }
  if (!record.policy.empty()) {
    client.push_back(absl::StrCat("policy ", record.policy));
  }
  client.push_back(absl::StrCat("process ", record.pid));
  if (record.uptime.has_value()) {
    const bool runs = verdict.kind == Verdict::Kind::kUp ||
                      verdict.kind == Verdict::Kind::kNotUp;
    client.push_back(absl::StrCat(runs ? "running for " : "ran for ",
                                  DurationText(*record.uptime)));
  }
  lines->Add("client", absl::StrJoin(client, ", "));
  lines->Add("written", absl::StrCat(DurationText(now - record.updated),
                                     " ago, at ", TimeText(record.updated)));
}

Tint TintOf(absl::string_view level) {
  if (level == "error") {
    return Tint::kBad;
  }
  return level == "warning" ? Tint::kWarning : Tint::kPlain;
}

void AddEvents(const std::vector<EventRecord>& events, Lines* lines) {
  const size_t first = events.size() - std::min(events.size(), kShownEvents);
  for (size_t i = first; i < events.size(); ++i) {
    const EventRecord& event = events[i];
    lines->Add(
        i == first ? "events" : "",
        absl::StrCat(event.time ? TimeText(*event.time) : "", "  ", event.event,
                     event.text.empty() ? "" : "  ", event.text),
        TintOf(event.level));
  }
}

absl::string_view Paint(Tint tint) {
  switch (tint) {
    case Tint::kPlain:
      return "";
    case Tint::kGood:
      return "\x1b[32m";
    case Tint::kWarning:
      return "\x1b[33m";
    case Tint::kBad:
      return "\x1b[31m";
  }
  return "";
}

}  // namespace

std::vector<StatusLine> StatusLines(const StatusRecord& record,
                                    const Verdict& verdict, absl::Time now) {
  Lines lines;
  AddVerdict(record, verdict, now, &lines);
  AddCause(record, now, &lines);
  lines.Add("address", record.overlay_address);
  lines.Add("interface", record.interface);
  AddServer(record, &lines);
  if (record.tls.has_value()) {
    AddTls(*record.tls, &lines);
  }
  AddCertificates(record, now, &lines);
  if (record.round_trip.has_value()) {
    AddRoundTrip(*record.round_trip, &lines);
  }
  AddCounts(record, &lines);
  AddClient(record, verdict, now, &lines);
  AddEvents(record.events, &lines);
  return lines.Take();
}

std::string Aligned(const std::vector<StatusLine>& lines, Colour colour) {
  size_t width = 0;
  for (const StatusLine& line : lines) {
    width = std::max(width, line.label.size());
  }
  std::string text;
  for (const StatusLine& line : lines) {
    const absl::string_view paint =
        colour == Colour::kAnsi ? Paint(line.tint) : "";
    absl::StrAppend(&text, line.label,
                    std::string(width + 2 - line.label.size(), ' '), paint,
                    line.text, paint.empty() ? "" : "\x1b[0m", "\n");
  }
  return text;
}

}  // namespace ovoc::tunnel
