// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/status_record.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/report/content/status.h"

namespace ovoc::tunnel {
namespace {

// 1795399200 is 2026-11-23 02:00:00 UTC.
const absl::Time kStarted = absl::FromUnixSeconds(1795399200);

// What each status file has, and `more`, which begins with a comma.
std::string FileWith(absl::string_view more) {
  return absl::StrCat(
      "{\"state\":\"up\",\"updated\":\"2026-11-23T02:01:00.000Z\","
      "\"update_period_s\":5,\"pid\":42",
      more, "}");
}

TEST(StatusRecordTest, ReadsWhatTheClientWrites) {
  Status status;
  status.state = TunnelState::kLoggingIn;
  status.reason = "dead_peer";
  status.detail = "a \"quoted\" text\n";
  status.version = "1.0";
  status.policy = "certified";
  status.server = "ovoc.example";
  status.server_address = "[2001:db8::1]:443";
  status.proxy = "proxy.example:3128";
  status.interface = "ovoc0";
  status.overlay_address = "169.254.0.2/32";
  status.insecure = {"WSTunSecured=0", "b"};
  status.reload_refused = "f.ini:1";
  status.certificate_checked_at = kStarted - absl::Hours(1);
  status.counters = {{"bytes_in", 18446744073709551615u}, {"packets_in", 3}};
  status.started = kStarted;
  status.state_since = kStarted + absl::Milliseconds(1500);
  status.updated = kStarted + absl::Seconds(60);
  status.uptime = absl::Seconds(61);
  status.pid = 4242;
  status.exit_code = 3;
  const absl::StatusOr<StatusRecord> record =
      ReadStatusRecord(StatusJson(status));
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->state, "logging_in");
  EXPECT_EQ(record->reason, status.reason);
  EXPECT_EQ(record->detail, status.detail);
  EXPECT_EQ(record->version, status.version);
  EXPECT_EQ(record->policy, status.policy);
  EXPECT_EQ(record->server, status.server);
  EXPECT_EQ(record->server_address, status.server_address);
  EXPECT_EQ(record->proxy, status.proxy);
  EXPECT_EQ(record->interface, status.interface);
  EXPECT_EQ(record->overlay_address, status.overlay_address);
  EXPECT_EQ(record->insecure, status.insecure);
  EXPECT_EQ(record->reload_refused, status.reload_refused);
  EXPECT_EQ(record->certificate_checked_at, status.certificate_checked_at);
  EXPECT_EQ(record->counters,
            (std::vector<StatusCount>{{"bytes_in", 18446744073709551615u},
                                      {"packets_in", 3}}));
  EXPECT_EQ(record->Counter("packets_in"), 3u);
  EXPECT_EQ(record->Counter("packets_out"), std::nullopt);
  EXPECT_EQ(record->started, status.started);
  EXPECT_EQ(record->uptime, absl::Seconds(61));
  EXPECT_EQ(record->state_since, status.state_since);
  EXPECT_EQ(record->updated, status.updated);
  EXPECT_EQ(record->update_period, kStatusPeriod);
  EXPECT_EQ(record->pid, 4242);
  EXPECT_EQ(record->exit_code, 3);
}

TEST(StatusRecordTest, ReadsWhatAClientWritesThatKnowsNothingYet) {
  const absl::StatusOr<StatusRecord> record =
      ReadStatusRecord(StatusJson(Status()));
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->state, "stopped");
  EXPECT_EQ(record->reason, "");
  EXPECT_EQ(record->exit_code, std::nullopt);
  EXPECT_EQ(record->certificate_checked_at, std::nullopt);
}

TEST(StatusRecordTest, NeedsNoMoreThanWhatSaysWhetherItIsValid) {
  const absl::StatusOr<StatusRecord> record =
      ReadStatusRecord(FileWith(",\"of_a_later_client\":[{}]"));
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->state, "up");
  EXPECT_EQ(record->updated, kStarted + absl::Seconds(60));
  EXPECT_EQ(record->update_period, absl::Seconds(5));
  EXPECT_EQ(record->pid, 42);
  EXPECT_FALSE(record->tls || record->certificate || record->round_trip);
}

TEST(StatusRecordTest, ReadsTheConnection) {
  const absl::StatusOr<StatusRecord> record = ReadStatusRecord(FileWith(
      R"(,"schema_version":1,"next_attempt":"2026-11-23T02:00:00.000Z",)"
      R"("remedy":"look","servers":["a","b"],"proxy":"p:3128",)"
      R"("tls":{"version":"TLSv1.3","cipher":"C","group":"X25519",)"
      R"("resumed":true},"certificate":{"subject":"S","issuer":"I",)"
      R"("names":["n"],"names_left_out":2,"not_before":"2026-11-23T02:00:00.000Z",)"
      R"("not_after":"2026-11-23T02:01:00.000Z","sha256":"ab",)"
      R"("chain_not_after":"2026-11-23T02:00:30.000Z",)"
      R"("verified":true},"round_trip":{"last_ms":1.250,"minimum_ms":1,)"
      R"("smoothed_ms":null},"ends":{"dead_peer":2},"log_lines_dropped":7,)"
      R"("events":[{"time":"2026-11-23T02:00:00.000Z","event":"e","level":"error",)"
      R"("text":"t"}])"));
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->next_attempt, kStarted);
  EXPECT_EQ(record->remedy, "look");
  EXPECT_EQ(record->servers, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(record->proxy, "p:3128");
  EXPECT_EQ(record->tls->version, "TLSv1.3");
  EXPECT_EQ(record->tls->cipher, "C");
  EXPECT_EQ(record->tls->group, "X25519");
  EXPECT_TRUE(record->tls->resumed);
  EXPECT_EQ(record->certificate->subject, "S");
  EXPECT_EQ(record->certificate->issuer, "I");
  EXPECT_EQ(record->certificate->names, std::vector<std::string>{"n"});
  EXPECT_EQ(record->certificate->names_left_out, 2u);
  EXPECT_EQ(record->certificate->not_before, kStarted);
  EXPECT_EQ(record->certificate->not_after, kStarted + absl::Minutes(1));
  EXPECT_EQ(record->certificate->sha256, "ab");
  EXPECT_EQ(record->certificate->chain_not_after, kStarted + absl::Seconds(30));
  EXPECT_TRUE(record->certificate->verified);
  EXPECT_EQ(record->round_trip->last_ms, 1.25);
  EXPECT_EQ(record->round_trip->minimum_ms, 1);
  EXPECT_EQ(record->round_trip->smoothed_ms, std::nullopt);
  EXPECT_EQ(record->ends, (std::vector<StatusCount>{{"dead_peer", 2}}));
  EXPECT_EQ(record->log_lines_dropped, 7u);
  ASSERT_EQ(record->events.size(), 1u);
  EXPECT_EQ(record->events[0].time, kStarted);
  EXPECT_EQ(record->events[0].level, "error");
  EXPECT_EQ(record->events[0].event, "e");
  EXPECT_EQ(record->events[0].text, "t");
}

TEST(StatusRecordTest, ReadsTheClientsOwnCertificate) {
  Status status;
  status.client_certificate.emplace();
  status.client_certificate->subject = "CN=sbc";
  status.client_certificate->issuer = "CN=CA";
  status.client_certificate->names = {"sbc.example"};
  status.client_certificate->not_before = kStarted;
  status.client_certificate->not_after = kStarted + absl::Hours(24);
  status.client_certificate->sha256.fill(0xab);
  const absl::StatusOr<StatusRecord> record =
      ReadStatusRecord(StatusJson(status));
  ASSERT_TRUE(record.ok()) << record.status();
  ASSERT_TRUE(record->client_certificate.has_value());
  const CertificateRecord& own = *record->client_certificate;
  EXPECT_EQ(own.subject, "CN=sbc");
  EXPECT_EQ(own.issuer, "CN=CA");
  EXPECT_EQ(own.names, std::vector<std::string>{"sbc.example"});
  EXPECT_EQ(own.not_before, kStarted);
  EXPECT_EQ(own.not_after, kStarted + absl::Hours(24));
  EXPECT_EQ(own.sha256.substr(0, 4), "abab");
  EXPECT_FALSE(record->certificate.has_value()) << "that is the server's";
}

TEST(StatusRecordTest, RefusesAnotherVersionByName) {
  const absl::Status status =
      ReadStatusRecord(FileWith(",\"schema_version\":2")).status();
  EXPECT_TRUE(absl::IsUnimplemented(status));
  EXPECT_EQ(status.message(),
            "has schema_version 2, and this client reads 1; use the client "
            "that writes the file");
  // Whatever else a later version has or lacks.
  EXPECT_TRUE(absl::IsUnimplemented(
      ReadStatusRecord("{\"schema_version\":7}").status()));
}

TEST(StatusRecordTest, NamesTheKeyOfAWrongValue) {
  struct Case {
    absl::string_view more;
    absl::string_view key;
  };
  constexpr Case kCases[] = {
      {",\"schema_version\":\"1\"", "schema_version"},
      {",\"reason\":1", "reason"},
      {",\"insecure\":\"a\"", "insecure"},
      {",\"insecure\":[1]", "insecure"},
      {",\"counters\":[]", "counters"},
      {",\"counters\":{\"a\":-1}", "counters"},
      {",\"counters\":{\"a\":1.5}", "counters"},
      {",\"counters\":{\"a\":18446744073709551616}", "counters"},
      {",\"exit_code\":256", "exit_code"},
      {",\"exit_code\":-1", "exit_code"},
      {",\"exit_code\":true", "exit_code"},
      {",\"started\":\"2026-11-23\"", "started"},
      {",\"started\":\"2026-13-23T02:00:00.000Z\"", "started"},
      {",\"started\":\" 026-11-23T02:00:00.000Z\"", "started"},
      {",\"started\":\"infinite-future         \"", "started"},
      {",\"tls\":[]", "tls"},
      {",\"tls\":{\"resumed\":1}", "tls.resumed"},
      {",\"certificate\":{\"names\":{}}", "certificate.names"},
      {",\"client_certificate\":[]", "client_certificate"},
      {",\"client_certificate\":{\"not_after\":\"soon\"}",
       "client_certificate.not_after"},
      {",\"round_trip\":{\"last_ms\":\"1\"}", "round_trip.last_ms"},
      {",\"events\":{}", "events"},
      {",\"events\":[{\"event\":1}]", "events.event"},
  };
  for (const Case& c : kCases) {
    const absl::Status status = ReadStatusRecord(FileWith(c.more)).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.more;
    EXPECT_EQ(
        status.message(),
        absl::StrCat("is no status file of the client: the value of '", c.key,
                     "' is not allowed; name the file of the client's "
                     "--status_file"))
        << c.more;
  }
}

TEST(StatusRecordTest, RefusesFilesOfOthers) {
  struct Case {
    absl::string_view text;
    absl::string_view part;  // of the message
  };
  constexpr Case kCases[] = {
      {"", ": as JSON, at byte 1: a value is expected"},
      {"WSTunServer = a\n", ": as JSON, at byte 1"},
      {"[]", ": it has no key 'state'"},
      {"{}", ": it has no key 'state'"},
      {"{\"state\":\"up\"}", ": it has no key 'updated'"},
      {"{\"state\":null}", ": it has no key 'state'"},
  };
  for (const Case& c : kCases) {
    const absl::Status status = ReadStatusRecord(c.text).status();
    EXPECT_TRUE(absl::StrContains(
        status.message(),
        absl::StrCat("is no status file of the client", c.part)))
        << status;
  }
  for (const absl::string_view key : {"\"pid\":42", "\"update_period_s\":5"}) {
    std::string text = FileWith("");
    text.replace(text.find(std::string(key)), key.size(), "\"x\":1");
    EXPECT_TRUE(absl::IsInvalidArgument(ReadStatusRecord(text).status()))
        << key;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
