// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/check_report.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/check/findings/path_words.h"
#include "tunnel/report/content/certificate_json.h"
#include "tunnel/report/content/json_object.h"

namespace ovoc::tunnel {
namespace {

std::string Milliseconds(const std::optional<absl::Duration>& duration) {
  return duration.has_value()
             ? absl::StrFormat("%.3f", absl::ToDoubleMilliseconds(*duration))
             : "null";
}

std::string BytesOrNull(size_t bytes) {
  return bytes == 0 ? "null" : absl::StrCat(bytes);
}

template <typename Item>
std::string List(const std::vector<Item>& items,
                 std::string (*json)(const Item&)) {
  return absl::StrCat("[",
                      absl::StrJoin(items, ",",
                                    [json](std::string* out, const Item& item) {
                                      out->append(json(item));
                                    }),
                      "]");
}

std::string WarningJson(const CheckWarning& warning) {
  return JsonObject()
      .AddText("name", warning.name)
      .AddText("text", warning.text)
      .ToString();
}

std::string ServersCertificate(const CheckFacts::Certificate& certificate) {
  return CertificateJson(certificate.summary)
      .AddBoolean("verified", certificate.verified)
      .AddTextOrNull("problem", certificate.problem)
      .ToString();
}

std::string TlsJson(const CheckFacts::Tls& tls) {
  return JsonObject()
      .AddText("version", tls.version)
      .AddText("cipher", tls.cipher)
      .AddTextOrNull("group", tls.group)
      .AddBoolean("resumed", tls.resumed)
      .ToString();
}

std::string TimesJson(const CheckFacts::Times& times) {
  return JsonObject()
      .Add("resolved_ms", Milliseconds(times.resolved))
      .Add("connected_ms", Milliseconds(times.connected))
      .Add("secured_ms", Milliseconds(times.secured))
      .Add("logged_in_ms", Milliseconds(times.logged_in))
      .ToString();
}

std::string EchoJson(const PathFindings& path, uint64_t mtu_bytes) {
  return JsonObject()
      .AddText("verdict", Word(path.verdict))
      .Add("round_trip_ms", Milliseconds(path.round_trip))
      .Add("largest_bytes", BytesOrNull(path.largest_bytes))
      .Add("lost_bytes", BytesOrNull(path.lost_bytes))
      .AddCount("mtu_bytes", mtu_bytes)
      .ToString();
}

std::string ClockJson(const CheckFacts::Clock& clock) {
  return JsonObject()
      .AddTime("server", clock.server)
      .Add("difference_s",
           absl::StrFormat("%.3f", absl::ToDoubleSeconds(clock.difference)))
      .ToString();
}

std::string ServerJson(const CheckFacts& facts) {
  return JsonObject()
      .AddText("server", facts.server)
      .AddCount("port", facts.port)
      .AddTextOrNull("reason", facts.reason)
      .AddTextOrNull("detail", facts.detail)
      .AddTextOrNull("remedy", facts.remedy)
      .Add("addresses", JsonTexts(facts.addresses))
      .AddTextOrNull("server_address", facts.server_address)
      .Add("times", TimesJson(facts.times))
      .Add("tls", facts.tls.has_value() ? TlsJson(*facts.tls) : "null")
      .Add("certificate", facts.certificate.has_value()
                              ? ServersCertificate(*facts.certificate)
                              : "null")
      .AddTextOrNull("overlay_address", facts.overlay_address)
      .Add("echo", facts.path.has_value()
                       ? EchoJson(*facts.path, facts.mtu_bytes)
                       : "null")
      .Add("clock", facts.clock.has_value() ? ClockJson(*facts.clock) : "null")
      .Add("warnings", List(facts.warnings, WarningJson))
      .ToString();
}

}  // namespace

std::string CheckReportJson(const CheckReport& report) {
  JsonObject json;
  json.AddNumber("schema_version", kCheckSchemaVersion)
      .AddNumber("exit_code", report.exit_code)
      .AddTextOrNull("reason", report.reason)
      .AddTextOrNull("detail", report.detail)
      .AddTextOrNull("remedy", report.remedy)
      .AddTextOrNull("server", report.server)
      .AddTextOrNull("version", report.version)
      .Add("insecure", JsonTexts(report.insecure))
      .Add("warnings", List(report.warnings, WarningJson))
      .Add("client_certificate",
           report.client_certificate.has_value()
               ? CertificateJson(*report.client_certificate).ToString()
               : "null")
      .Add("servers", List(report.servers, ServerJson));
  return absl::StrCat(json.ToString(), "\n");
}

}  // namespace ovoc::tunnel
