// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/status_metrics.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tunnel/status_view/reason_label.h"
#include "tunnel/status_view/shown_text.h"

namespace ovoc::tunnel {
namespace {

using Kind = Verdict::Kind;
using Labels = std::vector<std::pair<absl::string_view, absl::string_view>>;

// Of the field `state`, docs/operating.md.
constexpr absl::string_view kStates[] = {
    "resolving", "connecting", "handshaking", "logging_in",
    "up",        "waiting",    "stopped"};

// A backslash, a quotation mark and a line feed are escaped in a label's value.
void AppendLabelValue(absl::string_view value, std::string* out) {
  for (const char c : value) {
    if (c == '\n') {
      out->append("\\n");
      continue;
    }
    if (c == '\\' || c == '"') {
      out->push_back('\\');
    }
    out->push_back(c);
  }
}

// Exposition writes one metric after the other: its head, then its samples.
class Exposition {
 public:
  // `file` is the first label of each sample.
  explicit Exposition(absl::string_view file) : file_(file) {}

  void Gauge(absl::string_view name, absl::string_view help) {
    Head(name, help);
    absl::StrAppend(&text_, "# TYPE ", name_, " gauge\n");
  }

  // `name` ends with _total.
  void Counter(absl::string_view name, absl::string_view help) {
    Head(name, help);
  }

  void Sample(const Labels& labels, absl::string_view value) {
    absl::StrAppend(&text_, name_, "{");
    AddLabel("file", file_);
    for (const auto& [label, content] : labels) {
      text_.push_back(',');
      AddLabel(label, content);
    }
    absl::StrAppend(&text_, "} ", value, "\n");
  }

  void Sample(const Labels& labels, uint64_t value) {
    Sample(labels, absl::string_view(absl::StrCat(value)));
  }

  std::string End() && { return absl::StrCat(text_, "# EOF\n"); }

 private:
  void Head(absl::string_view name, absl::string_view help) {
    name_ = absl::StrCat("ovoc_tunnel_", name);
    absl::StrAppend(&text_, "# HELP ", name_, " ", help, "\n");
  }

  void AddLabel(absl::string_view label, absl::string_view content) {
    absl::StrAppend(&text_, label, "=\"");
    AppendLabelValue(ShownText(content), &text_);
    text_.push_back('"');
  }

  const std::string file_;
  std::string text_;
  std::string name_;
};

std::string Seconds(absl::Time time) {
  return absl::StrFormat("%.3f",
                         static_cast<double>(absl::ToUnixMillis(time)) / 1000);
}

void TimeGauge(absl::string_view name, absl::string_view help,
               const std::optional<absl::Time>& time, Exposition* out) {
  if (time.has_value()) {
    out->Gauge(name, help);
    out->Sample({}, absl::string_view(Seconds(*time)));
  }
}

void AddUp(uint64_t up, uint64_t fresh, Exposition* out) {
  out->Gauge("up", "1 if the status is fresh and there is a tunnel, else 0.");
  out->Sample({}, up);
  out->Gauge("status_fresh",
             "1 if the status file could be read and says how it is now, else "
             "0.");
  out->Sample({}, fresh);
}

void AddState(const StatusRecord& record, Exposition* out) {
  out->Gauge("state", "1 for the state in the status file, 0 for all others.");
  for (const absl::string_view state : kStates) {
    out->Sample({{"state", state}}, record.state == state ? 1 : 0);
  }
  out->Gauge("info", "Always 1; the labels say which client this is.");
  out->Sample({{"version", record.version},
               {"policy", record.policy},
               {"interface", record.interface},
               {"server", record.server}},
              1);
  out->Gauge("insecure_settings",
             "How many settings of client and machine are insecure.");
  out->Sample({}, record.insecure.size());
  if (record.exit_code.has_value()) {
    out->Gauge("exit_code", "The exit code of a client that has ended.");
    out->Sample({}, static_cast<uint64_t>(*record.exit_code));
  }
}

// Why the file says that there is no tunnel, and whether the settings in use
// are those of the settings file.
void AddTrouble(const StatusRecord& record, const Verdict& verdict,
                Exposition* out) {
  out->Gauge("down_reason",
             "Always 1; the label says why there is no tunnel, or why the "
             "client has ended.");
  if (verdict.kind != Kind::kUp && !record.reason.empty()) {
    out->Sample({{"reason", ReasonLabel(record.reason)}}, 1);
  }
  out->Gauge("reload_refused",
             "1 if the last reload was refused, so that the earlier settings "
             "are in use, else 0.");
  out->Sample({}, record.reload_refused.empty() ? 0 : 1);
}

void AddTimes(const StatusRecord& record, Exposition* out) {
  TimeGauge("start_time_seconds",
            "When the client was started, in seconds since 1970.",
            record.started, out);
  TimeGauge("state_start_time_seconds",
            "When the state last changed, in seconds since 1970.",
            record.state_since, out);
  TimeGauge("status_time_seconds",
            "When the status file was written, in seconds since 1970.",
            record.updated, out);
  if (record.certificate.has_value()) {
    TimeGauge("certificate_expiry_time_seconds",
              "When the server's certificate expires, in seconds since 1970.",
              record.certificate->not_after, out);
    TimeGauge("certificate_chain_expiry_time_seconds",
              "When the first certificate of the server's verified chain "
              "expires, in seconds since 1970.",
              record.certificate->chain_not_after, out);
  }
  if (record.client_certificate.has_value()) {
    TimeGauge("client_certificate_expiry_time_seconds",
              "When the client's own certificate expires, in seconds since "
              "1970.",
              record.client_certificate->not_after, out);
  }
}

void AddRoundTrip(const RoundTripRecord& times, Exposition* out) {
  out->Gauge("round_trip_seconds",
             "From a ping to its answer: the last one, the smoothed one and "
             "the least.");
  const auto add = [out](absl::string_view kind,
                         std::optional<double> milliseconds) {
    if (milliseconds.has_value()) {
      out->Sample({{"kind", kind}}, absl::string_view(absl::StrFormat(
                                        "%.6f", *milliseconds / 1000)));
    }
  };
  add("last", times.last_ms);
  add("smoothed", times.smoothed_ms);
  add("minimum", times.minimum_ms);
}

// A counter of the status file and the labels under which it is shown.
struct Shown {
  absl::string_view key;
  absl::string_view label_value;
};

constexpr Shown kPackets[] = {{"packets_in", "in"}, {"packets_out", "out"}};
constexpr Shown kBytes[] = {{"bytes_in", "in"}, {"bytes_out", "out"}};
constexpr Shown kPings[] = {{"pings_sent", "sent"},
                            {"pongs_received", "answered"},
                            {"pings_received", "received"},
                            {"pings_unanswered", "replaced"}};
constexpr Shown kLines[] = {{"log_lines_dropped", "keeper"},
                            {"worker_log_lines_dropped", "worker"}};

// The metrics that have one label, with a fixed value for each counter.
struct Family {
  absl::string_view name;
  absl::string_view help;
  absl::string_view label;
  absl::Span<const Shown> counters;
};

constexpr Family kFamilies[] = {
    {"packets_total", "Packets that the tunnel has carried.", "direction",
     kPackets},
    {"bytes_total", "Bytes of the packets that the tunnel has carried.",
     "direction", kBytes},
    {"pings_total", "Pings and their answers.", "kind", kPings},
    {"log_lines_dropped_total",
     "Lines of the log that nobody took, or that were too many.", "process",
     kLines},
};

void AddFamily(const Family& family, const StatusRecord& record,
               Exposition* out) {
  bool begun = false;
  for (const Shown& shown : family.counters) {
    const std::optional<uint64_t> count = record.Counter(shown.key);
    if (count.has_value()) {
      if (!begun) {
        out->Counter(family.name, family.help);
        begun = true;
      }
      out->Sample({{family.label, shown.label_value}}, *count);
    }
  }
}

// "dropped_in_wrong_source" as a direction and a reason.
std::optional<Labels> DropLabels(absl::string_view key) {
  if (key == "dropped_in_device_refused") {  // none of a client's; see below
    return std::nullopt;
  }
  if (absl::ConsumePrefix(&key, "dropped_in_")) {
    return Labels{{"direction", "in"}, {"reason", key}};
  }
  if (absl::ConsumePrefix(&key, "dropped_out_")) {
    return Labels{{"direction", "out"}, {"reason", key}};
  }
  if (key == "device_refused_writes") {
    return Labels{{"direction", "in"}, {"reason", "device_refused"}};
  }
  return std::nullopt;
}

void AddDrops(const StatusRecord& record, Exposition* out) {
  out->Counter("dropped_packets_total",
               "Packets that were dropped, by direction and reason.");
  for (const auto& [key, count] : record.counters) {
    if (const std::optional<Labels> labels = DropLabels(key)) {
      out->Sample(*labels, count);
    }
  }
}

void AddOddFrames(const StatusRecord& record, Exposition* out) {
  out->Counter("odd_frames_total",
               "WebSocket frames and messages that were tolerated or dropped.");
  for (const auto& [key, count] : record.counters) {
    absl::string_view what = key;
    if (absl::ConsumePrefix(&what, "frames_")) {
      out->Sample({{"what", what}}, count);
    }
  }
}

void AddEnds(const StatusRecord& record, Exposition* out) {
  out->Counter("connections_ended_total",
               "Attempts and tunnels that have ended, by reason.");
  for (const auto& [reason, count] : record.ends) {
    out->Sample({{"reason", reason}}, count);
  }
}

}  // namespace

std::string StatusMetrics(const StatusRecord& record, const Verdict& verdict,
                          absl::string_view file) {
  Exposition out(file);
  AddUp(verdict.kind == Kind::kUp ? 1 : 0, verdict.kind == Kind::kStale ? 0 : 1,
        &out);
  AddState(record, &out);
  AddTrouble(record, verdict, &out);
  AddTimes(record, &out);
  if (record.round_trip.has_value()) {
    AddRoundTrip(*record.round_trip, &out);
  }
  for (const Family& family : kFamilies) {
    AddFamily(family, record, &out);
  }
  AddDrops(record, &out);
  AddOddFrames(record, &out);
  AddEnds(record, &out);
  return std::move(out).End();
}

std::string MetricsWithoutStatus(absl::string_view file) {
  Exposition out(file);
  AddUp(0, 0, &out);
  return std::move(out).End();
}

}  // namespace ovoc::tunnel
