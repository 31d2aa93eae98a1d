// SPDX-License-Identifier: Apache-2.0

#include "tunnel/report/content/status.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "tunnel/command_line/log_level.h"
#include "tunnel/report/content/certificate_json.h"
#include "tunnel/report/content/json_object.h"

namespace ovoc::tunnel {
namespace {

std::string TimeOrNull(const std::optional<absl::Time>& time) {
  return time.has_value() ? JsonTime(*time) : "null";
}

std::string Milliseconds(absl::Duration time) {
  return absl::StrFormat("%.3f", absl::ToDoubleMilliseconds(time));
}

std::string RoundTripOrNull(const std::optional<RoundTripTimes>& times) {
  if (!times.has_value()) {
    return "null";
  }
  return JsonObject()
      .Add("last_ms", Milliseconds(times->last))
      .Add("minimum_ms", Milliseconds(times->minimum))
      .Add("smoothed_ms", Milliseconds(times->smoothed))
      .ToString();
}

std::string Tls(const ServerIdentity& server) {
  return JsonObject()
      .AddText("version", server.version)
      .AddText("cipher", server.cipher)
      .AddTextOrNull("group", server.group)
      .AddBoolean("resumed", server.resumed)
      .ToString();
}

std::string Certificate(const ServerIdentity& server) {
  return CertificateJson(server.certificate)
      .Add("chain_not_after", TimeOrNull(server.chain_not_after))
      .AddBoolean("verified", server.verified)
      .ToString();
}

std::string CounterMap(const std::map<std::string, uint64_t>& counters) {
  JsonObject object;
  for (const auto& [name, count] : counters) {
    object.AddCount(name, count);
  }
  return object.ToString();
}

std::string EventList(const std::deque<Event>& events) {
  const auto append = [](std::string* out, const Event& event) {
    out->append(JsonObject()
                    .AddTime("time", event.time)
                    .AddText("level", LogLevelName(event.level))
                    .AddTextOrNull("event", event.name)
                    .AddText("text", event.text)
                    .ToString());
  };
  return absl::StrCat("[", absl::StrJoin(events, ",", append), "]");
}

// How far the tunnel is, and why.
void AddState(const Status& status, JsonObject* object) {
  object->AddText("state", TunnelStateName(status.state))
      .AddTextOrNull("reason", status.reason)
      .AddTextOrNull("detail", status.detail)
      .AddTextOrNull("remedy", status.remedy)
      .Add("next_attempt", TimeOrNull(status.next_attempt));
}

// Whom it has reached.
void AddServer(const Status& status, JsonObject* object) {
  const std::optional<ServerIdentity>& server = status.server_identity;
  object->Add("tls", server.has_value() ? Tls(*server) : "null")
      .Add("certificate", server.has_value() ? Certificate(*server) : "null")
      .Add("certificate_checked_at", TimeOrNull(status.certificate_checked_at))
      .Add("round_trip", RoundTripOrNull(status.round_trip));
}

// What was counted.
void AddCounts(const Status& status, JsonObject* object) {
  object->Add("ends", CounterMap(status.ends))
      .Add("counters", CounterMap(status.counters))
      .AddCount("log_lines_dropped", status.log_lines_dropped)
      .Add("events", EventList(status.events));
}

// What the client runs with.
void AddSetup(const Status& status, JsonObject* object) {
  object->AddTextOrNull("version", status.version)
      .AddTextOrNull("policy", status.policy)
      .AddTextOrNull("server", status.server)
      .Add("servers", JsonTexts(status.servers))
      .AddTextOrNull("server_address", status.server_address)
      .AddTextOrNull("proxy", status.proxy)
      .AddTextOrNull("interface", status.interface)
      .AddTextOrNull("overlay_address", status.overlay_address)
      .Add("insecure", JsonTexts(status.insecure))
      .AddTextOrNull("reload_refused", status.reload_refused)
      .Add("client_certificate",
           status.client_certificate.has_value()
               ? CertificateJson(*status.client_certificate).ToString()
               : "null");
}

// By which a reader can tell whether it is current.
void AddAge(const Status& status, JsonObject* object) {
  object->AddTime("started", status.started)
      .AddNumber("uptime_s", absl::ToInt64Seconds(status.uptime))
      .AddTime("state_since", status.state_since)
      .AddTime("updated", status.updated)
      .AddNumber("update_period_s", absl::ToInt64Seconds(kStatusPeriod))
      .AddNumber("pid", status.pid)
      .Add("exit_code", status.exit_code.has_value()
                            ? absl::StrCat(*status.exit_code)
                            : "null");
}

}  // namespace

std::string StatusJson(const Status& status) {
  JsonObject object;
  object.AddNumber("schema_version", kStatusSchemaVersion);
  AddState(status, &object);
  AddSetup(status, &object);
  AddServer(status, &object);
  AddCounts(status, &object);
  AddAge(status, &object);
  return absl::StrCat(object.ToString(), "\n");
}

}  // namespace ovoc::tunnel
