// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/status_metrics.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/status_view/status_record.h"
#include "tunnel/status_view/verdict.h"

namespace ovoc::tunnel {
namespace {

using Kind = Verdict::Kind;

StatusRecord Record() {
  StatusRecord record;
  record.state = "up";
  record.version = "1.0";
  record.policy = "compat";
  record.server = "ovoc.example";
  record.interface = "ovoc0";
  record.updated = absl::FromUnixMillis(1795399200125);
  return record;
}

TEST(StatusMetricsTest, WithoutAStatusTheTunnelIsNotUp) {
  EXPECT_EQ(MetricsWithoutStatus("/run/s.json"),
            "# HELP ovoc_tunnel_up 1 if the status is fresh and there is a "
            "tunnel, else 0.\n"
            "# TYPE ovoc_tunnel_up gauge\n"
            "ovoc_tunnel_up{file=\"/run/s.json\"} 0\n"
            "# HELP ovoc_tunnel_status_fresh 1 if the status file could be "
            "read and says how it is now, else 0.\n"
            "# TYPE ovoc_tunnel_status_fresh gauge\n"
            "ovoc_tunnel_status_fresh{file=\"/run/s.json\"} 0\n"
            "# EOF\n");
}

// Whether the text has this sample of the file f, as a line of its own.
bool Has(const std::string& text, absl::string_view sample) {
  const size_t name = sample.find_first_of("{ ");
  const bool has_labels = sample[name] == '{';
  return absl::StrContains(
      text, absl::StrCat("\n", sample.substr(0, name), "{file=\"f\"",
                         has_labels ? "," : "}",
                         sample.substr(has_labels ? name + 1 : name), "\n"));
}

TEST(StatusMetricsTest, OnlyAFreshTunnelIsUp) {
  struct Case {
    Kind kind;
    absl::string_view up;
    absl::string_view fresh;
  };
  constexpr Case kCases[] = {
      {Kind::kUp, "ovoc_tunnel_up 1", "ovoc_tunnel_status_fresh 1"},
      {Kind::kNotUp, "ovoc_tunnel_up 0", "ovoc_tunnel_status_fresh 1"},
      {Kind::kEnded, "ovoc_tunnel_up 0", "ovoc_tunnel_status_fresh 1"},
      {Kind::kStale, "ovoc_tunnel_up 0", "ovoc_tunnel_status_fresh 0"},
  };
  for (const Case& c : kCases) {
    const std::string text = StatusMetrics(Record(), {c.kind, ""}, "f");
    EXPECT_TRUE(Has(text, c.up)) << text;
    EXPECT_TRUE(Has(text, c.fresh)) << text;
    EXPECT_TRUE(absl::EndsWith(text, "\n# EOF\n"));
  }
}

TEST(StatusMetricsTest, SayWhyThereIsNoTunnel) {
  StatusRecord record = Record();
  record.state = "waiting";
  record.reason = "dead_peer";
  for (const Kind kind : {Kind::kNotUp, Kind::kEnded, Kind::kStale}) {
    EXPECT_TRUE(Has(StatusMetrics(record, {kind, ""}, "f"),
                    "ovoc_tunnel_down_reason{reason=\"dead_peer\"} 1"));
  }
  // Neither of a tunnel that is up, nor where nothing has failed.
  const std::string none = "\novoc_tunnel_down_reason{";
  EXPECT_FALSE(
      absl::StrContains(StatusMetrics(record, {Kind::kUp, ""}, "f"), none));
  record.reason.clear();
  EXPECT_FALSE(
      absl::StrContains(StatusMetrics(record, {Kind::kNotUp, ""}, "f"), none));
}

// A peer or a file must not be able to make series up.
TEST(StatusMetricsTest, NoTextOfTheFileIsAReason) {
  StatusRecord record = Record();
  record.reason = "HTTP 503 from proxy.example";
  record.detail = "the peer's text";
  record.remedy = "call the peer";
  const std::string text = StatusMetrics(record, {Kind::kNotUp, ""}, "f");
  EXPECT_TRUE(Has(text, "ovoc_tunnel_down_reason{reason=\"other\"} 1")) << text;
  EXPECT_FALSE(absl::StrContains(text, "peer"));
  EXPECT_FALSE(absl::StrContains(text, "503"));
}

TEST(StatusMetricsTest, SayWhetherTheLastReloadWasRefused) {
  StatusRecord record = Record();
  EXPECT_TRUE(Has(StatusMetrics(record, {Kind::kUp, ""}, "f"),
                  "ovoc_tunnel_reload_refused 0"));
  record.reload_refused = "/etc/f.ini:1: WSTunServer: it is missing";
  const std::string text = StatusMetrics(record, {Kind::kUp, ""}, "f");
  EXPECT_TRUE(Has(text, "ovoc_tunnel_reload_refused 1"));
  EXPECT_FALSE(absl::StrContains(text, "f.ini"));
}

// OpenMetrics 1.0: each MetricPoint of a family has labels of its own.
TEST(StatusMetricsTest, HaveNoSeriesTwice) {
  StatusRecord record = Record();
  record.counters = {{"device_refused_writes", 1},
                     {"dropped_in_device_refused", 2}};
  const std::string text = StatusMetrics(record, {Kind::kEnded, ""}, "f");
  const std::string series =
      "ovoc_tunnel_dropped_packets_total{file=\"f\",direction=\"in\","
      "reason=\"device_refused\"} ";
  const size_t first = text.find(series);
  ASSERT_NE(first, std::string::npos) << text;
  EXPECT_EQ(text.substr(first + series.size(), 2), "1\n");
  EXPECT_EQ(text.find(series, first + 1), std::string::npos) << text;
}

TEST(StatusMetricsTest, ShowWhatTheFileHas) {
  StatusRecord record = Record();
  record.started = absl::FromUnixSeconds(1795399000);
  record.state_since = absl::FromUnixSeconds(1795399100);
  record.insecure = {"a", "b"};
  record.exit_code = 3;
  record.certificate = CertificateRecord();
  record.certificate->not_after = absl::FromUnixSeconds(1800000000);
  record.certificate->chain_not_after = absl::FromUnixSeconds(1799000000);
  record.client_certificate = CertificateRecord();
  record.client_certificate->not_after = absl::FromUnixSeconds(1790000000);
  record.round_trip = RoundTripRecord{1.25, 0.5, std::nullopt};
  record.counters = {{"bytes_in", 5},
                     {"device_refused_writes", 2},
                     {"dropped_in_wrong_source", 3},
                     {"dropped_out_closing", 4},
                     {"frames_skipped_text", 6},
                     {"packets_out", 18446744073709551615u},
                     {"pongs_received", 8},
                     {"log_lines_dropped", 1}};
  record.ends = {{"dead_peer", 9}};
  const std::string text = StatusMetrics(record, {Kind::kEnded, ""}, "f");
  for (
      const absl::string_view sample :
      {"ovoc_tunnel_state{state=\"up\"} 1",
       "ovoc_tunnel_state{state=\"waiting\"} 0",
       R"(ovoc_tunnel_info{version="1.0",policy="compat",interface="ovoc0",server="ovoc.example"} 1)",
       "ovoc_tunnel_insecure_settings 2",
       "ovoc_tunnel_exit_code 3",
       "ovoc_tunnel_start_time_seconds 1795399000.000",
       "ovoc_tunnel_state_start_time_seconds 1795399100.000",
       "ovoc_tunnel_status_time_seconds 1795399200.125",
       "ovoc_tunnel_certificate_expiry_time_seconds 1800000000.000",
       "ovoc_tunnel_certificate_chain_expiry_time_seconds 1799000000.000",
       "ovoc_tunnel_client_certificate_expiry_time_seconds 1790000000.000",
       "ovoc_tunnel_round_trip_seconds{kind=\"last\"} 0.001250",
       "ovoc_tunnel_round_trip_seconds{kind=\"minimum\"} 0.000500",
       "ovoc_tunnel_bytes_total{direction=\"in\"} 5",
       "ovoc_tunnel_packets_total{direction=\"out\"} 18446744073709551615",
       "ovoc_tunnel_pings_total{kind=\"answered\"} 8",
       "ovoc_tunnel_log_lines_dropped_total{process=\"keeper\"} 1",
       R"(ovoc_tunnel_dropped_packets_total{direction="in",reason="device_refused"} 2)",
       R"(ovoc_tunnel_dropped_packets_total{direction="in",reason="wrong_source"} 3)",
       R"(ovoc_tunnel_dropped_packets_total{direction="out",reason="closing"} 4)",
       "ovoc_tunnel_odd_frames_total{what=\"skipped_text\"} 6",
       "ovoc_tunnel_connections_ended_total{reason=\"dead_peer\"} 9"}) {
    EXPECT_TRUE(Has(text, sample)) << sample << "\n" << text;
  }
  EXPECT_FALSE(absl::StrContains(text, "smoothed\""));
  EXPECT_FALSE(absl::StrContains(text, "bytes_total{direction=\"out\""));
}

// The key beside the counters is the sum of the two.
TEST(StatusMetricsTest, CountTheDroppedLinesOfEachProcessOnce) {
  StatusRecord record = Record();
  record.counters = {{"log_lines_dropped", 1}, {"worker_log_lines_dropped", 2}};
  record.log_lines_dropped = 3;
  const std::string text = StatusMetrics(record, {Kind::kUp, ""}, "f");
  EXPECT_TRUE(
      Has(text, "ovoc_tunnel_log_lines_dropped_total{process=\"keeper\"} 1"));
  EXPECT_TRUE(
      Has(text, "ovoc_tunnel_log_lines_dropped_total{process=\"worker\"} 2"));
}

// As node_exporter puts the files of one folder together.
TEST(StatusMetricsTest, TwoFilesHaveNoSeriesInCommon) {
  const Verdict up = {Kind::kUp, ""};
  const std::string one = StatusMetrics(Record(), up, "f");
  const std::string other = StatusMetrics(Record(), up, "g");
  for (const absl::string_view line : absl::StrSplit(one, '\n')) {
    if (!line.empty() && !absl::StartsWith(line, "#")) {
      EXPECT_FALSE(absl::StrContains(other, line)) << line;
    }
  }
}

// OpenMetrics 1.0, "Escaping".
TEST(StatusMetricsTest, ALabelStaysInItsQuotes) {
  StatusRecord record = Record();
  record.server = "a\"} 1\nb\\\x1b";
  const std::string text = StatusMetrics(record, {Kind::kUp, ""}, "f");
  // A backslash is doubled by ShownText, and then each of the two again.
  EXPECT_TRUE(absl::StrContains(
      text, "server=\"a\\\"} 1\\\\u000ab\\\\\\\\\\\\u001b\"} 1\n"))
      << text;
}

// Without TYPE, see the header; promtool_test has both formats read it.
TEST(StatusMetricsTest, CountersHaveAHelpAndNoType) {
  const std::string text = StatusMetrics(Record(), {Kind::kUp, ""}, "f");
  EXPECT_TRUE(
      absl::StrContains(text, "# HELP ovoc_tunnel_dropped_packets_total "));
  EXPECT_FALSE(absl::StrContains(text, "# TYPE ovoc_tunnel_dropped"));
  EXPECT_FALSE(absl::StrContains(text, " counter\n"));
}

// A sample of the text: its name, its labels as they were, and its value.
struct Sample {
  std::string name;
  std::string labels;
  std::string value;
};

// The samples of one family, which is a HELP, perhaps a TYPE, and its samples.
struct Family {
  std::string name;
  std::string type;
  std::vector<Sample> samples;
};

// Reads a text as a scraper does. Whatever is not in its place is a failure.
std::vector<Family> Families(const std::string& text) {
  std::vector<Family> families;
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  EXPECT_GE(lines.size(), 2u);
  EXPECT_EQ(lines.back(), "") << "the last line has its end";
  lines.pop_back();
  EXPECT_EQ(lines.back(), "# EOF");
  lines.pop_back();
  for (const std::string& line : lines) {
    const std::vector<std::string> words =
        absl::StrSplit(line, absl::MaxSplits(' ', 3));
    if (absl::StartsWith(line, "# HELP ")) {
      EXPECT_EQ(words.size(), 4u) << line;
      families.push_back({words[2], "", {}});
      continue;
    }
    if (families.empty()) {
      ADD_FAILURE() << "nothing comes before a HELP: " << line;
      continue;
    }
    if (absl::StartsWith(line, "# TYPE ")) {
      EXPECT_EQ(words[2], families.back().name);
      EXPECT_TRUE(families.back().samples.empty()) << line;
      families.back().type = words[3];
      continue;
    }
    const size_t open = line.find('{');
    const size_t close = line.rfind("} ");
    EXPECT_TRUE(open < close && close != std::string::npos) << line;
    EXPECT_EQ(line.substr(0, open), families.back().name) << line;
    families.back().samples.push_back({line.substr(0, open),
                                       line.substr(open, close + 1 - open),
                                       line.substr(close + 2)});
  }
  return families;
}

// Everything that a file can have, a hostile text in each place for one.
StatusRecord WholeRecord(const std::string& text) {
  StatusRecord record = Record();
  record.state = record.reason = record.version = record.policy = text;
  record.server = record.interface = record.reload_refused = text;
  record.started = record.state_since = record.updated;
  record.exit_code = 0;
  record.certificate = CertificateRecord();
  record.certificate->subject = text;
  record.certificate->not_after = record.updated;
  record.certificate->chain_not_after = record.updated;
  record.client_certificate = record.certificate;
  record.round_trip = RoundTripRecord{1, 1, 1};
  record.insecure = {text};
  record.counters = {{"packets_in", 1},
                     {"bytes_in", 1},
                     {"pings_sent", 1},
                     {"log_lines_dropped", 1},
                     {"dropped_in_" + text, 1},
                     {"dropped_out_" + text, 1},
                     {"frames_" + text, 1},
                     {"dropped_in_device_refused", 1},
                     {"device_refused_writes", 1},
                     {text, 1}};
  record.ends = {{text, 1}};
  return record;
}

TEST(StatusMetricsTest, EachFamilyStandsOnceAndInOnePiece) {
  for (const StatusRecord& record : {StatusRecord(), WholeRecord("x")}) {
    std::set<std::string> names;
    for (const Family& family :
         Families(StatusMetrics(record, {Kind::kEnded, ""}, "f"))) {
      EXPECT_TRUE(names.insert(family.name).second) << family.name;
      EXPECT_TRUE(absl::StartsWith(family.name, "ovoc_tunnel_"));
      EXPECT_EQ(family.type,
                absl::EndsWith(family.name, "_total") ? "" : "gauge")
          << family.name;
      std::set<std::string> series;
      for (const Sample& sample : family.samples) {
        EXPECT_TRUE(series.insert(sample.labels).second)
            << sample.name << sample.labels;
      }
    }
    EXPECT_EQ(names.count("ovoc_tunnel_up"), 1u);
  }
}

TEST(StatusMetricsTest, EachValueIsANumber) {
  for (const Family& family :
       Families(StatusMetrics(WholeRecord("x"), {Kind::kEnded, ""}, "f"))) {
    EXPECT_FALSE(family.samples.empty()) << family.name;
    for (const Sample& sample : family.samples) {
      double number = 0;
      EXPECT_TRUE(absl::SimpleAtod(sample.value, &number)) << sample.value;
      EXPECT_GE(number, 0) << sample.name;
    }
  }
}

// Base units, Prometheus' "Metric and label naming": seconds and bytes.
TEST(StatusMetricsTest, ATimeIsInSecondsAndItsNameSaysSo) {
  int times = 0;
  for (const Family& family :
       Families(StatusMetrics(WholeRecord("x"), {Kind::kEnded, ""}, "f"))) {
    if (absl::StrContains(family.name, "time")) {
      ++times;
      EXPECT_TRUE(absl::EndsWith(family.name, "_time_seconds"));
      ASSERT_EQ(family.samples.size(), 1u) << family.name;
      EXPECT_EQ(family.samples[0].value, "1795399200.125") << family.name;
      EXPECT_EQ(family.samples[0].labels, "{file=\"f\"}");
    }
    EXPECT_FALSE(absl::StrContains(family.name, "_ms")) << family.name;
  }
  EXPECT_EQ(times, 6) << "start, state, status and three certificates";
}

// A text that would end a label, a line or the whole text.
TEST(StatusMetricsTest, NoTextOfAFileBreaksOutOfItsLabel) {
  const std::string hostile = "\"} 1\n# EOF\nup{a=\"\\\x1b\xff\xe2\x80\xae";
  const std::string plain =
      StatusMetrics(WholeRecord("x"), {Kind::kUp, ""}, "f");
  const std::string text =
      StatusMetrics(WholeRecord(hostile), {Kind::kUp, ""}, hostile);
  const std::vector<Family> expected = Families(plain);
  const std::vector<Family> found = Families(text);
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].name, expected[i].name);
    EXPECT_EQ(found[i].samples.size(), expected[i].samples.size())
        << found[i].name;
  }
  for (const char c : text) {
    EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << int{c};
  }
}

TEST(StatusMetricsTest, NoPathOfAFileBreaksOutEither) {
  EXPECT_TRUE(absl::StrContains(MetricsWithoutStatus("/run/a\"b\n.json"),
                                "{file=\"/run/a\\\"b\\\\u000a.json\"} 0\n"));
  EXPECT_TRUE(absl::StrContains(MetricsWithoutStatus(""), "{file=\"\"} 0\n"));
  EXPECT_EQ(Families(MetricsWithoutStatus("a\nb")).size(), 2u);
}

TEST(StatusMetricsTest, OneStateIsOneAtMost) {
  struct Case {
    absl::string_view state;
    int ones;
  };
  constexpr Case kCases[] = {{"resolving", 1},   {"connecting", 1},
                             {"handshaking", 1}, {"logging_in", 1},
                             {"up", 1},          {"waiting", 1},
                             {"stopped", 1},     {"", 0},
                             {"UP", 0},          {"of_a_later_client", 0}};
  for (const Case& c : kCases) {
    StatusRecord record = Record();
    record.state = std::string(c.state);
    for (const Family& family :
         Families(StatusMetrics(record, {Kind::kNotUp, ""}, "f"))) {
      if (family.name == "ovoc_tunnel_state") {
        EXPECT_EQ(family.samples.size(), 7u);
        EXPECT_EQ(std::count_if(
                      family.samples.begin(), family.samples.end(),
                      [](const Sample& sample) { return sample.value == "1"; }),
                  c.ones)
            << c.state;
      }
    }
  }
}

// An older client's file: what it does not have is not 0, but not there.
TEST(StatusMetricsTest, WhatTheFileDoesNotHaveHasNoSample) {
  const std::string text = StatusMetrics(Record(), {Kind::kUp, ""}, "f");
  for (const absl::string_view name :
       {"exit_code", "start_time_seconds", "state_start_time_seconds",
        "certificate_expiry_time_seconds",
        "certificate_chain_expiry_time_seconds",
        "client_certificate_expiry_time_seconds", "round_trip_seconds",
        "packets_total", "bytes_total", "pings_total",
        "log_lines_dropped_total"}) {
    EXPECT_FALSE(
        absl::StrContains(text, absl::StrCat("ovoc_tunnel_", name, "{")))
        << name;
  }
}

TEST(StatusMetricsTest, ACertificateWithoutDatesHasNoExpiry) {
  StatusRecord record = Record();
  record.certificate = CertificateRecord();
  record.client_certificate = CertificateRecord();
  const std::string text = StatusMetrics(record, {Kind::kUp, ""}, "f");
  EXPECT_FALSE(absl::StrContains(text, "expiry_time_seconds"));
  record.certificate->not_after = absl::FromUnixSeconds(1800000000);
  const std::string leaf = StatusMetrics(record, {Kind::kUp, ""}, "f");
  EXPECT_TRUE(Has(leaf,
                  "ovoc_tunnel_certificate_expiry_time_seconds "
                  "1800000000.000"));
  EXPECT_FALSE(absl::StrContains(leaf, "chain_expiry")) << "not verified";
}

TEST(StatusMetricsTest, DropsHaveADirectionAndAReason) {
  StatusRecord record = Record();
  record.counters = {{"dropped_", 1},     {"dropped_in", 2},
                     {"dropped_in_", 3},  {"dropped_sideways_x", 4},
                     {"Dropped_in_x", 5}, {"dropped_out_dropped_in_x", 6}};
  for (const Family& family :
       Families(StatusMetrics(record, {Kind::kUp, ""}, "f"))) {
    if (family.name == "ovoc_tunnel_dropped_packets_total") {
      ASSERT_EQ(family.samples.size(), 2u);
      EXPECT_EQ(family.samples[0].labels,
                "{file=\"f\",direction=\"in\",reason=\"\"}");
      EXPECT_EQ(family.samples[1].labels,
                "{file=\"f\",direction=\"out\",reason=\"dropped_in_x\"}");
    }
  }
}

}  // namespace
}  // namespace ovoc::tunnel
