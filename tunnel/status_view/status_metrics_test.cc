// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/status_metrics.h"

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/match.h"
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

}  // namespace
}  // namespace ovoc::tunnel
