// SPDX-License-Identifier: Apache-2.0
//
// Prints three check reports: one in which everything is known, with the
// examples of docs/check.md, one in which nothing is, and one that has each
// object, in which nothing is known.

#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/certificate_summary.h"
#include "tunnel/check/check_report.h"
#include "tunnel/check/findings/check_facts.h"
#include "tunnel/check/findings/path_probe.h"

namespace ovoc::tunnel {
namespace {

absl::Time At(absl::CivilSecond second) {
  return absl::FromCivil(second, absl::UTCTimeZone());
}

auth::CertificateSummary Summary(absl::string_view name, absl::Time not_after) {
  auth::CertificateSummary summary;
  summary.subject = absl::StrCat("CN=", name);
  summary.issuer = "CN=Example CA";
  summary.names = {std::string(name)};
  summary.not_before = At(absl::CivilSecond(2026, 1, 1));
  summary.not_after = not_after;
  summary.sha256.fill(0xab);
  return summary;
}

CheckFacts KnownServer() {
  CheckFacts facts;
  facts.server = "ovoc.example.net";
  facts.port = 443;
  facts.reason = "unauthorized";
  facts.detail = "HTTP 401 Unauthorized";
  facts.remedy = "check WSTunUsername and WSTunPassword";
  facts.addresses = {"192.0.2.1"};
  facts.server_address = "192.0.2.1";
  facts.times = {absl::Microseconds(1500), absl::Milliseconds(20),
                 absl::Milliseconds(45), absl::Milliseconds(21)};
  facts.tls = {"TLSv1.3", "TLS_AES_128_GCM_SHA256", "X25519", false};
  facts.certificate = {
      Summary("ovoc.example.net", At(absl::CivilSecond(2026, 12, 11))), false,
      "certificate 0 (CN=ovoc.example.net): the chain ends at an unknown root"};
  facts.overlay_address = "169.254.0.2/32";
  facts.path = {PathFindings::Verdict::kStuck, absl::Milliseconds(22), 1318,
                1378};
  facts.mtu_bytes = 1500;
  facts.clock = {At(absl::CivilSecond(2026, 12, 1, 2)), absl::Seconds(-2)};
  facts.warnings = {{"clock", "the server's clock is wrong"}};
  return facts;
}

CheckReport Hollow() {
  CheckFacts facts;
  facts.tls = CheckFacts::Tls{};
  facts.certificate = CheckFacts::Certificate{};
  facts.path.emplace();
  facts.clock = CheckFacts::Clock{};
  facts.warnings.emplace_back();
  CheckReport report;
  report.client_certificate.emplace();
  report.warnings.emplace_back();
  report.servers = {facts};
  return report;
}

void Print() {
  CheckReport report;
  report.exit_code = 7;
  report.reason = "unauthorized";
  report.detail = "HTTP 401 Unauthorized";
  report.remedy = "check WSTunUsername and WSTunPassword";
  report.server = "ovoc2.example.net";
  report.version = "1.0.0";
  report.insecure = {"WSTunVerifyPeer=0"};
  report.warnings = {{"settings", "others can read the password"}};
  report.client_certificate =
      Summary("device", At(absl::CivilSecond(2027, 1, 1)));
  report.servers = {KnownServer()};
  std::cout << CheckReportJson(report);
  CheckReport unknown;
  unknown.servers.emplace_back();
  std::cout << CheckReportJson(unknown) << CheckReportJson(Hollow());
}

}  // namespace
}  // namespace ovoc::tunnel

int main() { ovoc::tunnel::Print(); }
