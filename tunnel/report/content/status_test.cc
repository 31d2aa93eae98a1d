// SPDX-License-Identifier: Apache-2.0

#include "tunnel/report/content/status.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/certificate_summary.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

// 1795399200 is 2026-11-23 02:00:00 UTC.
const absl::Time kStarted = absl::FromUnixSeconds(1795399200);

TEST(StatusTest, IsOneJsonObjectOnOneLine) {
  Status status;
  status.state = TunnelState::kUp;
  status.version = "1.0";
  status.policy = "certified";
  status.server = "ovoc.example";
  status.servers = {"first.example", "ovoc.example"};
  status.server_address = "192.0.2.1:443";
  status.proxy = "proxy.example:3128";
  status.interface = "ovoc0";
  status.overlay_address = "169.254.0.2/18";
  status.insecure = {"WSTunSecured=0", "WSTunVerifyPeer=0"};
  status.reload_refused = "f.ini:1: found 'x'";
  status.counters = {{"packets_in", 3}, {"packets_out", 18446744073709551615u}};
  status.ends = {{"dead_peer", 1}, {"timeout", 2}};
  status.log_lines_dropped = 4;
  status.started = kStarted;
  status.state_since = kStarted + absl::Milliseconds(1500);
  status.updated = kStarted + absl::Seconds(60);
  status.uptime = absl::Milliseconds(60999);  // whole seconds count
  status.pid = 4242;
  status.exit_code = 3;
  EXPECT_EQ(
      StatusJson(status),
      "{\"schema_version\":1,\"state\":\"up\",\"reason\":null,\"detail\":null,"
      "\"remedy\":null,\"next_attempt\":null,"
      "\"version\":\"1.0\",\"policy\":\"certified\","
      "\"server\":\"ovoc.example\","
      "\"servers\":[\"first.example\",\"ovoc.example\"],"
      "\"server_address\":\"192.0.2.1:443\","
      "\"proxy\":\"proxy.example:3128\",\"interface\":\"ovoc0\","
      "\"overlay_address\":\"169.254.0.2/18\","
      "\"insecure\":[\"WSTunSecured=0\",\"WSTunVerifyPeer=0\"],"
      "\"reload_refused\":\"f.ini:1: found 'x'\","
      "\"client_certificate\":null,"
      "\"tls\":null,\"certificate\":null,"
      "\"certificate_checked_at\":null,\"round_trip\":null,"
      "\"ends\":{\"dead_peer\":1,\"timeout\":2},"
      "\"counters\":{\"packets_in\":3,"
      "\"packets_out\":18446744073709551615},"
      "\"log_lines_dropped\":4,\"events\":[],"
      "\"started\":\"2026-11-23T02:00:00.000Z\","
      "\"uptime_s\":60,"
      "\"state_since\":\"2026-11-23T02:00:01.500Z\","
      "\"updated\":\"2026-11-23T02:01:00.000Z\","
      "\"update_period_s\":5,\"pid\":4242,\"exit_code\":3}\n");
}

TEST(StatusTest, IsCompleteWhenNothingIsKnown) {
  EXPECT_EQ(StatusJson(Status()),
            "{\"schema_version\":1,\"state\":\"stopped\",\"reason\":null,"
            "\"detail\":null,\"remedy\":null,\"next_attempt\":null,"
            "\"version\":null,\"policy\":null,"
            "\"server\":null,\"servers\":[],\"server_address\":null,"
            "\"proxy\":null,\"interface\":null,\"overlay_address\":null,"
            "\"insecure\":[],"
            "\"reload_refused\":null,\"client_certificate\":null,"
            "\"tls\":null,\"certificate\":null,"
            "\"certificate_checked_at\":null,\"round_trip\":null,"
            "\"ends\":{},\"counters\":{},\"log_lines_dropped\":0,\"events\":[],"
            "\"started\":\"1970-01-01T00:00:00.000Z\","
            "\"uptime_s\":0,"
            "\"state_since\":\"1970-01-01T00:00:00.000Z\","
            "\"updated\":\"1970-01-01T00:00:00.000Z\","
            "\"update_period_s\":5,\"pid\":0,\"exit_code\":null}\n");
}

TEST(StatusTest, SaysWhyItWaits) {
  Status status;
  status.state = TunnelState::kWaiting;
  status.reason = "unauthorized";
  status.detail = "HTTP 401 \"Unauthorized\"";
  const std::string json = StatusJson(status);
  EXPECT_TRUE(absl::StartsWith(
      json,
      "{\"schema_version\":1,\"state\":\"waiting\",\"reason\":\"unauthorized\","
      "\"detail\":\"HTTP 401 \\\"Unauthorized\\\"\","))
      << json;
}

TEST(StatusTest, SaysWhenAWrongClockWasReplaced) {
  Status status;
  status.certificate_checked_at = kStarted;
  EXPECT_TRUE(absl::StrContains(
      StatusJson(status),
      "\"certificate_checked_at\":\"2026-11-23T02:00:00.000Z\""));
}

TEST(StatusTest, DescribesTheServerThatTlsHasShown) {
  Status status;
  ServerIdentity& server = status.server_identity.emplace();
  server.version = "TLSv1.3";
  server.cipher = "TLS_AES_128_GCM_SHA256";
  server.group = "X25519";
  server.resumed = true;
  server.certificate.subject = "CN=a";
  server.certificate.issuer = "CN=\"b\"";
  server.certificate.names = {"a.example", "192.0.2.1"};
  server.certificate.names_left_out = 3;
  server.certificate.not_before = kStarted;
  server.certificate.not_after = kStarted + absl::Hours(24);
  server.certificate.sha256.fill(0x0a);
  server.certificate.sha256[0] = 0xff;
  std::string digest = "ff";
  for (int i = 1; i < 32; ++i) {
    digest += "0a";
  }
  const std::string json = StatusJson(status);
  EXPECT_TRUE(absl::StrContains(
      json,
      absl::StrCat("\"tls\":{\"version\":\"TLSv1.3\",\"cipher\":\"TLS_AES_128_"
                   "GCM_SHA256\",\"group\":\"X25519\",\"resumed\":true},"
                   "\"certificate\":{\"subject\":\"CN=a\","
                   "\"issuer\":\"CN=\\\"b\\\"\","
                   "\"names\":[\"a.example\",\"192.0.2.1\"],"
                   "\"names_left_out\":3,"
                   "\"not_before\":\"2026-11-23T02:00:00.000Z\","
                   "\"not_after\":\"2026-11-24T02:00:00.000Z\",\"sha256\":\"",
                   digest, "\",\"chain_not_after\":null,\"verified\":false}")))
      << json;
  server.chain_not_after = kStarted + absl::Hours(12);
  server.verified = true;
  EXPECT_TRUE(
      absl::StrContains(StatusJson(status),
                        "\",\"chain_not_after\":\"2026-11-23T14:00:00.000Z\","
                        "\"verified\":true}"));
}

TEST(StatusTest, DescribesTheClientsOwnCertificate) {
  Status status;
  auth::CertificateSummary& own = status.client_certificate.emplace();
  own.subject = "CN=sbc";
  own.issuer = "CN=\"b\"";
  own.names = {"sbc.example"};
  own.not_before = kStarted;
  own.not_after = kStarted + absl::Hours(24);
  const std::string json = StatusJson(status);
  EXPECT_TRUE(absl::StrContains(
      json,
      "\"client_certificate\":{\"subject\":\"CN=sbc\","
      "\"issuer\":\"CN=\\\"b\\\"\",\"names\":[\"sbc.example\"],"
      "\"names_left_out\":0,\"not_before\":\"2026-11-23T02:00:00.000Z\","
      "\"not_after\":\"2026-11-24T02:00:00.000Z\",\"sha256\":null},"
      "\"tls\":null"))
      << json;
}

TEST(StatusTest, ACertificateWithoutValidDatesHasNone) {
  Status status;
  status.server_identity.emplace();
  EXPECT_TRUE(absl::StrContains(StatusJson(status),
                                "\"not_before\":null,\"not_after\":null,"));
  EXPECT_TRUE(absl::StrContains(StatusJson(status), "\"group\":null"));
}

TEST(StatusTest, ARoundTripIsInMillisecondsWithThreeDecimals) {
  Status status;
  status.round_trip = {absl::Microseconds(1234567), absl::ZeroDuration(),
                       absl::Nanoseconds(1999600)};
  EXPECT_TRUE(absl::StrContains(
      StatusJson(status),
      "\"round_trip\":{\"last_ms\":1234.567,\"minimum_ms\":0.000,"
      "\"smoothed_ms\":2.000}"));
}

TEST(StatusTest, HasTheEventsInTheirOrder) {
  Status status;
  status.events.push_back(
      {kStarted, LogLevel::kInfo, "start", "version=1.0 server=a"});
  status.events.push_back({kStarted + absl::Milliseconds(20), LogLevel::kError,
                           "", "from=worker \"x\" \\"});
  EXPECT_TRUE(
      absl::StrContains(StatusJson(status),
                        "\"events\":[{\"time\":\"2026-11-23T02:00:00.000Z\","
                        "\"level\":\"info\",\"event\":\"start\","
                        "\"text\":\"version=1.0 server=a\"},"
                        "{\"time\":\"2026-11-23T02:00:00.020Z\","
                        "\"level\":\"error\",\"event\":null,"
                        "\"text\":\"from=worker \\\"x\\\" \\\\\"}]"))
      << StatusJson(status);
}

// 64 events whose every character is escaped, of a worker that wants to fill
// the disk.
TEST(StatusTest, ItsSizeIsBounded) {
  Status status;
  for (size_t i = 0; i < kMaxEvents; ++i) {
    status.events.push_back({kStarted, LogLevel::kWarning,
                             std::string(kMaxEventNameBytes, 'e'),
                             std::string(kMaxEventTextBytes, '"')});
  }
  EXPECT_LT(StatusJson(status).size(), 48u << 10);
}

TEST(StatusTest, EscapesWhateverComesFromAPeer) {
  Status status;
  status.detail = "x\",\"state\":\"up\n";
  status.counters = {{"a\"b", 1}};
  status.insecure = {"\\"};
  const std::string json = StatusJson(status);
  EXPECT_TRUE(absl::StrContains(
      json, "\"detail\":\"x\\\",\\\"state\\\":\\\"up\\u000a\""))
      << json;
  EXPECT_TRUE(absl::StrContains(json, "{\"a\\\"b\":1}")) << json;
  EXPECT_TRUE(absl::StrContains(json, "[\"\\\\\"]")) << json;
  EXPECT_EQ(json.find('\n'), json.size() - 1);
}

}  // namespace
}  // namespace ovoc::tunnel
