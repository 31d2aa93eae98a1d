// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/status_record.h"

#include <cstddef>
#include <set>
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
#include "tunnel/status_view/json_reader.h"

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

// A status in which everything is known, as the client writes it.
Status WholeStatus() {
  Status status;
  status.state = TunnelState::kWaiting;
  status.reason = "dead_peer";
  status.detail = "nothing came";
  status.remedy = "check the uplink";
  status.version = "1.0";
  status.policy = "compat";
  status.server = "ovoc.example";
  status.servers = {"ovoc.example", "b.example"};
  status.server_address = "192.0.2.1:443";
  status.proxy = "proxy.example:3128";
  status.interface = "ovoc0";
  status.overlay_address = "169.254.0.2/32";
  status.insecure = {"WSTunSecured=0"};
  status.reload_refused = "f.ini:1";
  status.certificate_checked_at = kStarted;
  status.next_attempt = kStarted;
  status.client_certificate.emplace();
  status.client_certificate->not_before = kStarted;
  status.client_certificate->not_after = kStarted;
  status.server_identity.emplace();
  status.server_identity->version = "TLSv1.3";
  status.server_identity->certificate.names = {"ovoc.example"};
  status.server_identity->chain_not_after = kStarted;
  status.round_trip = {absl::Milliseconds(1), absl::Milliseconds(1),
                       absl::Milliseconds(1)};
  status.counters = {{"packets_in", 1}};
  status.ends = {{"dead_peer", 1}};
  status.events.push_back({kStarted, LogLevel::kError, "tunnel_down", "x=1"});
  status.exit_code = 0;
  return status;
}

// A writer that dies in the middle, or a disk that is full. The text has none
// of the file in its message.
TEST(StatusRecordTest, NoFileThatIsCutOffIsRead) {
  std::string whole = StatusJson(WholeStatus());
  ASSERT_TRUE(ReadStatusRecord(whole).ok());
  whole.pop_back();  // the line end, which a file can do without
  ASSERT_TRUE(ReadStatusRecord(whole).ok());
  for (size_t size = 0; size < whole.size(); ++size) {
    const absl::Status status =
        ReadStatusRecord(whole.substr(0, size)).status();
    ASSERT_TRUE(absl::IsInvalidArgument(status)) << size << ": " << status;
    ASSERT_TRUE(absl::StartsWith(status.message(),
                                 "is no status file of the client: as JSON, "
                                 "at byte "))
        << size << ": " << status;
    ASSERT_FALSE(absl::StrContains(status.message(), "dead_peer")) << size;
  }
  EXPECT_FALSE(ReadStatusRecord(whole + whole).ok()) << "two writers at once";
  EXPECT_FALSE(ReadStatusRecord(whole + std::string(1, '\0')).ok());
}

// What a key of a status file has for a value.
enum class Has { kText, kTexts, kTime, kNumber, kCount, kObject, kCounts };

struct Key {
  absl::string_view name;
  Has has;
};

// All that a reader can do without.
constexpr Key kKeys[] = {
    {"schema_version", Has::kCount},
    {"reason", Has::kText},
    {"detail", Has::kText},
    {"remedy", Has::kText},
    {"next_attempt", Has::kTime},
    {"version", Has::kText},
    {"policy", Has::kText},
    {"server", Has::kText},
    {"servers", Has::kTexts},
    {"server_address", Has::kText},
    {"proxy", Has::kText},
    {"interface", Has::kText},
    {"overlay_address", Has::kText},
    {"insecure", Has::kTexts},
    {"reload_refused", Has::kText},
    {"client_certificate", Has::kObject},
    {"tls", Has::kObject},
    {"certificate", Has::kObject},
    {"certificate_checked_at", Has::kTime},
    {"round_trip", Has::kObject},
    {"ends", Has::kCounts},
    {"counters", Has::kCounts},
    {"log_lines_dropped", Has::kCount},
    {"started", Has::kTime},
    {"uptime_s", Has::kNumber},
    {"state_since", Has::kTime},
    {"exit_code", Has::kCount},
};

// So that a key of the client cannot be forgotten above.
TEST(StatusRecordTest, TheTableHasEachKeyThatTheClientWrites) {
  const absl::StatusOr<JsonValue> written = ReadJson(StatusJson(WholeStatus()));
  ASSERT_TRUE(written.ok()) << written.status();
  std::set<std::string> known = {"state", "updated", "update_period_s", "pid",
                                 "events"};
  for (const Key& key : kKeys) {
    known.emplace(key.name);
  }
  std::set<std::string> found;
  for (const JsonMember& member : written->members) {
    found.insert(member.name);
  }
  EXPECT_EQ(found, known);
}

bool Takes(Has has, absl::string_view value) {
  switch (has) {
    case Has::kText:
      return value[0] == '"';
    case Has::kTexts:
      return value[0] == '[' && value != "[1]";
    case Has::kTime:
      return value == "\"2026-11-23T02:00:00.000Z\"";
    case Has::kNumber:
      return value == "1" || value == "1.5" || value == "-1";
    case Has::kCount:
      return value == "1";
    case Has::kObject:
    case Has::kCounts:
      return value == "{}";
  }
  return false;
}

// Each key with a value of each kind: it is taken, or the key is named.
TEST(StatusRecordTest, EachKeyHasItsTypeOrIsNamed) {
  constexpr absl::string_view kValues[] = {
      "\"\"", "\"2026-11-23T02:00:00.000Z\"",
      "[]",   "[\"a\"]",
      "[1]",  "1",
      "1.5",  "-1",
      "{}",   "true",
      "false"};
  for (const Key& key : kKeys) {
    for (const absl::string_view value : kValues) {
      const absl::Status status =
          ReadStatusRecord(
              FileWith(absl::StrCat(",\"", key.name, "\":", value)))
              .status();
      EXPECT_EQ(status.ok(), Takes(key.has, value))
          << key.name << "=" << value << ": " << status;
      EXPECT_TRUE(
          status.ok() ||
          absl::StrContains(status.message(), absl::StrCat("'", key.name, "'")))
          << key.name << "=" << value << ": " << status;
    }
  }
}

TEST(StatusRecordTest, ANullIsAsIfTheKeyWereNotThere) {
  std::string nulls;
  for (const Key& key : kKeys) {
    absl::StrAppend(&nulls, ",\"", key.name, "\":null");
  }
  const absl::StatusOr<StatusRecord> record =
      ReadStatusRecord(FileWith(nulls + ",\"events\":null"));
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->reason, "");
  EXPECT_TRUE(record->servers.empty() && record->insecure.empty());
  EXPECT_TRUE(record->counters.empty() && record->ends.empty());
  EXPECT_TRUE(record->events.empty());
  EXPECT_FALSE(record->certificate || record->client_certificate);
  EXPECT_FALSE(record->tls || record->round_trip || record->exit_code);
  EXPECT_FALSE(record->started || record->state_since || record->uptime);
  EXPECT_FALSE(record->next_attempt || record->certificate_checked_at);
  EXPECT_FALSE(record->log_lines_dropped.has_value());
}

TEST(StatusRecordTest, SoIsANullInsideAnObject) {
  const absl::StatusOr<StatusRecord> record = ReadStatusRecord(FileWith(
      R"(,"tls":{"version":null,"resumed":null},"round_trip":{"last_ms":null},)"
      R"("certificate":{"subject":null,"names":null,"names_left_out":null,)"
      R"("not_before":null,"not_after":null,"sha256":null,)"
      R"("chain_not_after":null,"verified":null},)"
      R"("events":[{"time":null,"level":null,"event":null,"text":null},{}])"));
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->tls->version, "");
  EXPECT_FALSE(record->tls->resumed);
  EXPECT_FALSE(record->round_trip->last_ms.has_value());
  EXPECT_EQ(record->certificate->names_left_out, 0u);
  EXPECT_FALSE(record->certificate->verified) << "it is not said to be";
  EXPECT_FALSE(record->certificate->not_after.has_value());
  EXPECT_FALSE(record->certificate->chain_not_after.has_value());
  ASSERT_EQ(record->events.size(), 2u);
  EXPECT_FALSE(record->events[0].time || record->events[1].time);
}

// The input that broke it: such an event was shown as an empty line.
TEST(StatusRecordTest, AnEventIsAnObject) {
  for (const absl::string_view event :
       {"1", "\"a\"", "null", "true", "[]", "{},1"}) {
    const absl::Status status =
        ReadStatusRecord(FileWith(absl::StrCat(",\"events\":[", event, "]")))
            .status();
    EXPECT_TRUE(absl::StrContains(status.message(), "'events'"))
        << event << ": " << status;
  }
}

TEST(StatusRecordTest, NumbersHaveTheirLimits) {
  struct Case {
    absl::string_view key;
    absl::string_view value;
    bool good;
  };
  constexpr Case kCases[] = {
      {"pid", "0", true},
      {"pid", "4194304", true},  // proc(5): the largest pid_max
      {"pid", "4194305", false},
      {"pid", "-1", false},
      {"pid", "42.0", false},
      {"pid", "4e1", false},
      {"pid", "99999999999999999999999999", false},
      {"update_period_s", "0", false},
      {"update_period_s", "1", true},
      {"update_period_s", "3600", true},
      {"update_period_s", "3601", false},
      {"update_period_s", "0.5", false},
      {"exit_code", "0", true},
      {"exit_code", "255", true},
      {"exit_code", "256", false},
      {"names_left_out", "18446744073709551615", true},
      {"names_left_out", "18446744073709551616", false},
      {"last_ms", "1e300", true},
      {"last_ms", "-1", true},  // shown as the file has it
  };
  for (const Case& c : kCases) {
    const std::string member = absl::StrCat("\"", c.key, "\":", c.value);
    std::string text = FileWith(absl::StrCat(
        ",\"exit_code\":1,\"certificate\":{",
        "\"names_left_out\":1},\"round_trip\":{", "\"last_ms\":1}"));
    const size_t at = text.find(absl::StrCat("\"", c.key, "\":"));
    ASSERT_NE(at, std::string::npos) << c.key;
    text.replace(at, text.find_first_of(",}", at) - at, member);
    EXPECT_EQ(ReadStatusRecord(text).ok(), c.good) << member;
  }
}

TEST(StatusRecordTest, ATimeHasOneForm) {
  struct Case {
    absl::string_view text;
    bool good;
  };
  constexpr Case kCases[] = {
      {"2026-11-23T02:00:00.000Z", true},
      {"2028-02-29T23:59:59.999Z", true},
      {"0001-01-01T00:00:00.000Z", true},
      {"9999-12-31T23:59:59.999Z", true},
      {"", false},
      {"2026-11-23T02:00:00Z", false},
      {"2026-11-23T02:00:00.000", false},
      {"2026-11-23T02:00:00.000z", false},
      {"2026-11-23 02:00:00.000Z", false},
      {"2026-11-23T02:00:00,000Z", false},
      {"2026-11-23T02:00:00.0000Z", false},
      {"2026-11-23T02:00:00+00:00", false},
      {"2027-02-29T00:00:00.000Z", false},
      {"2026-11-31T00:00:00.000Z", false},
      {"2026-00-01T00:00:00.000Z", false},
      {"2026-11-23T24:00:00.000Z", false},
      {"2026-11-23T02:60:00.000Z", false},
      {"-026-11-23T02:00:00.000Z", false},
      {"+026-11-23T02:00:00.000Z", false},
      {"infinite-past-----------", false},
      {"1795399200.000----------", false},
  };
  for (const Case& c : kCases) {
    const auto record = ReadStatusRecord(
        FileWith(absl::StrCat(",\"started\":\"", c.text, "\"")));
    EXPECT_EQ(record.ok(), c.good) << c.text << ": " << record.status();
  }
}

// Of a file with several faults the first one in the reader's order is named,
// whatever the order of the file.
TEST(StatusRecordTest, NamesOneWrongKey) {
  for (const absl::string_view more :
       {",\"exit_code\":-1,\"tls\":1,\"reason\":1",
        ",\"tls\":1,\"reason\":1"}) {
    const absl::Status status = ReadStatusRecord(FileWith(more)).status();
    EXPECT_TRUE(absl::StrContains(status.message(), "'reason'")) << status;
    EXPECT_FALSE(absl::StrContains(status.message(), "'tls'")) << status;
  }
}

TEST(StatusRecordTest, AVersionIsAWholeNumber) {
  for (const absl::string_view version : {"0", "2", "18446744073709551615"}) {
    EXPECT_TRUE(absl::IsUnimplemented(
        ReadStatusRecord(
            FileWith(absl::StrCat(",\"schema_version\":", version)))
            .status()))
        << version;
  }
  for (const absl::string_view version :
       {"1.0", "-1", "1e0", "18446744073709551616", "\"2\"", "[2]"}) {
    const absl::Status status =
        ReadStatusRecord(
            FileWith(absl::StrCat(",\"schema_version\":", version)))
            .status();
    EXPECT_TRUE(absl::StrContains(status.message(), "'schema_version'"))
        << version << ": " << status;
  }
}

// Somebody else's file, made to take memory, stack or time.
TEST(StatusRecordTest, WhatTakesTooMuchIsRefusedAsSuch) {
  const std::string deep =
      absl::StrCat(",\"x\":", std::string(1000, '['), std::string(1000, ']'));
  std::string many = ",\"x\":[0";
  for (size_t i = 0; i < kMaxJsonValues; ++i) {
    many += ",0";
  }
  const std::string large =
      absl::StrCat(",\"x\":\"", std::string(kMaxJsonBytes, 'x'), "\"");
  for (const std::string& more : {deep, many + "]", large}) {
    const absl::Status status = ReadStatusRecord(FileWith(more)).status();
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_TRUE(absl::StartsWith(status.message(),
                                 "is no status file of the client: as JSON, "))
        << status;
    EXPECT_LT(status.message().size(), 200u);
  }
}

TEST(StatusRecordTest, AKeyThatIsThereTwiceIsRefused) {
  for (const absl::string_view more :
       {",\"state\":\"waiting\"", ",\"\\u0073tate\":\"up\"",
        ",\"counters\":{\"a\":1,\"a\":2}"}) {
    EXPECT_FALSE(ReadStatusRecord(FileWith(more)).ok()) << more;
  }
  // Keys have their case, so this one is not known.
  const auto other = ReadStatusRecord(FileWith(",\"STATE\":\"waiting\""));
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(other->state, "up");
}

}  // namespace
}  // namespace ovoc::tunnel
