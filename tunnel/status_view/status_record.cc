// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/status_record.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tunnel/status_view/json_reader.h"

namespace ovoc::tunnel {
namespace {

using Kind = JsonValue::Kind;

constexpr int64_t kMaxPid = 4194304;  // proc(5), pid_max
constexpr int64_t kMaxUpdatePeriodSeconds = 3600;
constexpr int64_t kMaxExitCode = 255;

// Fields reads the members of one object. The first one of a wrong type is kept
// as the problem; nothing is read after it.
class Fields {
 public:
  // `object` must outlive it.
  explicit Fields(const JsonValue& object) : object_(object) {}

  // The key of the first wrong member; empty if there is none.
  const std::string& problem() const { return problem_; }

  // Keeps `key` as the problem unless its value is good; returns `good`.
  bool Is(bool good, absl::string_view key) {
    if (!good && problem_.empty()) {
      problem_ = std::string(key);
    }
    return good;
  }

  // The member, unless it is missing, null or not of this kind.
  const JsonValue* Take(absl::string_view key, Kind kind) {
    const JsonValue* const value = object_.Find(key);
    if (value == nullptr || value->kind == Kind::kNull) {
      return nullptr;
    }
    return Is(value->kind == kind, key) ? value : nullptr;
  }

  std::string Text(absl::string_view key) {
    const JsonValue* const value = Take(key, Kind::kString);
    return value == nullptr ? "" : value->text;
  }

  std::vector<std::string> Texts(absl::string_view key) {
    std::vector<std::string> texts;
    if (const JsonValue* const list = Take(key, Kind::kArray)) {
      for (const JsonValue& item : list->items) {
        Is(item.kind == Kind::kString, key);
        texts.push_back(item.text);
      }
    }
    return texts;
  }

  // A time as the client writes it: "2026-11-23T02:00:01.500Z".
  std::optional<absl::Time> Time(absl::string_view key) {
    constexpr size_t kTimeBytes = 24;
    const JsonValue* const value = Take(key, Kind::kString);
    if (value == nullptr) {
      return std::nullopt;
    }
    absl::Time time;
    std::string error;
    const bool good =
        value->text.size() == kTimeBytes &&
        absl::ascii_isdigit(static_cast<unsigned char>(value->text[0])) &&
        absl::ParseTime("%Y-%m-%dT%H:%M:%E*SZ", value->text, &time, &error);
    return Is(good, key) ? std::optional<absl::Time>(time) : std::nullopt;
  }

  std::optional<double> Number(absl::string_view key) {
    const JsonValue* const value = Take(key, Kind::kNumber);
    return value == nullptr ? std::nullopt
                            : std::optional<double>(value->number);
  }

  std::optional<uint64_t> Count(absl::string_view key) {
    const JsonValue* const value = Take(key, Kind::kNumber);
    uint64_t count = 0;
    return value != nullptr && Is(absl::SimpleAtoi(value->text, &count), key)
               ? std::optional<uint64_t>(count)
               : std::nullopt;
  }

  // A whole number within these limits.
  std::optional<int64_t> Whole(absl::string_view key, int64_t least,
                               int64_t most) {
    const JsonValue* const value = Take(key, Kind::kNumber);
    int64_t number = 0;
    return value != nullptr && Is(absl::SimpleAtoi(value->text, &number) &&
                                      number >= least && number <= most,
                                  key)
               ? std::optional<int64_t>(number)
               : std::nullopt;
  }

  bool Truth(absl::string_view key) {
    const JsonValue* const value = object_.Find(key);
    if (value == nullptr || value->kind == Kind::kNull) {
      return false;
    }
    Is(value->kind == Kind::kTrue || value->kind == Kind::kFalse, key);
    return value->kind == Kind::kTrue;
  }

  std::vector<StatusCount> Counts(absl::string_view key) {
    std::vector<StatusCount> counts;
    if (const JsonValue* const list = Take(key, Kind::kObject)) {
      for (const JsonMember& member : list->members) {
        uint64_t count = 0;
        Is(member.value.kind == Kind::kNumber &&
               absl::SimpleAtoi(member.value.text, &count),
           key);
        counts.emplace_back(member.name, count);
      }
    }
    return counts;
  }

  // Takes over what is wrong in the object or list `key`.
  void Include(absl::string_view key, const Fields& inner) {
    Is(inner.problem_.empty(), absl::StrCat(key, ".", inner.problem_));
  }

 private:
  const JsonValue& object_;
  std::string problem_;
};

std::optional<TlsRecord> ReadTls(Fields* outer) {
  const JsonValue* const object = outer->Take("tls", Kind::kObject);
  if (object == nullptr) {
    return std::nullopt;
  }
  Fields fields(*object);
  TlsRecord tls;
  tls.version = fields.Text("version");
  tls.cipher = fields.Text("cipher");
  tls.group = fields.Text("group");
  tls.resumed = fields.Truth("resumed");
  outer->Include("tls", fields);
  return tls;
}

std::optional<CertificateRecord> ReadCertificate(absl::string_view key,
                                                 Fields* outer) {
  const JsonValue* const object = outer->Take(key, Kind::kObject);
  if (object == nullptr) {
    return std::nullopt;
  }
  Fields fields(*object);
  CertificateRecord certificate;
  certificate.subject = fields.Text("subject");
  certificate.issuer = fields.Text("issuer");
  certificate.names = fields.Texts("names");
  certificate.names_left_out = fields.Count("names_left_out").value_or(0);
  certificate.not_before = fields.Time("not_before");
  certificate.not_after = fields.Time("not_after");
  certificate.sha256 = fields.Text("sha256");
  certificate.chain_not_after = fields.Time("chain_not_after");
  certificate.verified = fields.Truth("verified");
  outer->Include(key, fields);
  return certificate;
}

std::optional<RoundTripRecord> ReadRoundTrip(Fields* outer) {
  const JsonValue* const object = outer->Take("round_trip", Kind::kObject);
  if (object == nullptr) {
    return std::nullopt;
  }
  Fields fields(*object);
  RoundTripRecord times;
  times.last_ms = fields.Number("last_ms");
  times.minimum_ms = fields.Number("minimum_ms");
  times.smoothed_ms = fields.Number("smoothed_ms");
  outer->Include("round_trip", fields);
  return times;
}

std::vector<EventRecord> ReadEvents(Fields* outer) {
  std::vector<EventRecord> events;
  if (const JsonValue* const list = outer->Take("events", Kind::kArray)) {
    for (const JsonValue& item : list->items) {
      outer->Is(item.kind == Kind::kObject, "events");
      Fields fields(item);
      EventRecord event;
      event.time = fields.Time("time");
      event.level = fields.Text("level");
      event.event = fields.Text("event");
      event.text = fields.Text("text");
      outer->Include("events", fields);
      events.push_back(event);
    }
  }
  return events;
}

void ReadTunnel(Fields* fields, StatusRecord* record) {
  record->state = fields->Text("state");
  record->reason = fields->Text("reason");
  record->detail = fields->Text("detail");
  record->remedy = fields->Text("remedy");
  record->server = fields->Text("server");
  record->servers = fields->Texts("servers");
  record->server_address = fields->Text("server_address");
  record->proxy = fields->Text("proxy");
  record->interface = fields->Text("interface");
  record->overlay_address = fields->Text("overlay_address");
  record->state_since = fields->Time("state_since");
  record->next_attempt = fields->Time("next_attempt");
  record->tls = ReadTls(fields);
  record->certificate = ReadCertificate("certificate", fields);
  record->certificate_checked_at = fields->Time("certificate_checked_at");
  record->round_trip = ReadRoundTrip(fields);
}

void ReadProcess(Fields* fields, StatusRecord* record) {
  record->version = fields->Text("version");
  record->policy = fields->Text("policy");
  record->insecure = fields->Texts("insecure");
  record->reload_refused = fields->Text("reload_refused");
  record->client_certificate = ReadCertificate("client_certificate", fields);
  record->counters = fields->Counts("counters");
  record->ends = fields->Counts("ends");
  record->log_lines_dropped = fields->Count("log_lines_dropped");
  record->events = ReadEvents(fields);
  record->started = fields->Time("started");
  if (const std::optional<double> uptime = fields->Number("uptime_s")) {
    record->uptime = absl::Seconds(*uptime);
  }
  record->updated = fields->Time("updated").value_or(absl::InfinitePast());
  record->update_period = absl::Seconds(
      fields->Whole("update_period_s", 1, kMaxUpdatePeriodSeconds).value_or(0));
  record->pid = static_cast<int>(fields->Whole("pid", 0, kMaxPid).value_or(0));
  record->exit_code = fields->Whole("exit_code", 0, kMaxExitCode);
}

absl::Status CheckVersion(Fields* fields) {
  const std::optional<uint64_t> version = fields->Count("schema_version");
  if (!version.has_value() || *version == kSchemaVersionRead) {
    return absl::OkStatus();
  }
  return absl::UnimplementedError(absl::StrCat(
      "has schema_version ", *version, ", and this client reads ",
      kSchemaVersionRead, "; use the client that writes the file"));
}

absl::Status NoStatusFile(absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("is no status file of the client: ", why,
                   "; name the file of the client's --status_file"));
}

// What a reader needs to tell whether the file is valid.
absl::Status CheckIsThere(const JsonValue& document) {
  constexpr absl::string_view kNeeded[] = {"state", "updated",
                                           "update_period_s", "pid"};
  for (const absl::string_view key : kNeeded) {
    const JsonValue* const value = document.Find(key);
    if (value == nullptr || value->kind == Kind::kNull) {
      return NoStatusFile(absl::StrCat("it has no key '", key, "'"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::optional<uint64_t> StatusRecord::Counter(absl::string_view name) const {
  for (const StatusCount& counter : counters) {
    if (counter.first == name) {
      return counter.second;
    }
  }
  return std::nullopt;
}

absl::StatusOr<StatusRecord> ReadStatusRecord(absl::string_view text) {
  const absl::StatusOr<JsonValue> document = ReadJson(text);
  if (!document.ok()) {
    return absl::Status(
        document.status().code(),
        NoStatusFile(absl::StrCat("as JSON, ", document.status().message()))
            .message());
  }
  Fields fields(*document);
  if (absl::Status version = CheckVersion(&fields); !version.ok()) {
    return version;
  }
  if (absl::Status there = CheckIsThere(*document); !there.ok()) {
    return there;
  }
  StatusRecord record;
  ReadTunnel(&fields, &record);
  ReadProcess(&fields, &record);
  if (!fields.problem().empty()) {
    return NoStatusFile(
        absl::StrCat("the value of '", fields.problem(), "' is not allowed"));
  }
  return record;
}

}  // namespace ovoc::tunnel
