// SPDX-License-Identifier: Apache-2.0
//
// check_reference_test compares the keys with docs/check.md.
#include "tunnel/check/check_report.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(CheckReportTest, WhatIsNotKnownIsNullOrAnEmptyList) {
  EXPECT_EQ(CheckReportJson(CheckReport()),
            "{\"schema_version\":1,\"exit_code\":0,\"reason\":null,"
            "\"detail\":null,\"remedy\":null,\"server\":null,\"version\":null,"
            "\"insecure\":[],"
            "\"warnings\":[],\"client_certificate\":null,\"servers\":[]}\n");
}

TEST(CheckReportTest, AServerThatWasNotReachedHasItsNameAndNulls) {
  CheckReport report;
  report.servers.emplace_back();
  report.servers[0].server = "ovoc.example";
  report.servers[0].port = 443;
  EXPECT_TRUE(absl::StrContains(
      CheckReportJson(report),
      "\"servers\":[{\"server\":\"ovoc.example\",\"port\":443,"
      "\"reason\":null,\"detail\":null,\"remedy\":null,"
      "\"addresses\":[],\"server_address\":null,"
      "\"times\":{\"resolved_ms\":null,\"connected_ms\":null,"
      "\"secured_ms\":null,\"logged_in_ms\":null},"
      "\"tls\":null,\"certificate\":null,\"overlay_address\":null,"
      "\"echo\":null,\"clock\":null,\"warnings\":[]}]}\n"))
      << CheckReportJson(report);
}

TEST(CheckReportTest, ServersStandInTheOrderInWhichTheyWereTried) {
  CheckReport report;
  report.servers.resize(2);
  report.servers[0].server = "first";
  report.servers[1].server = "second";
  const std::string json = CheckReportJson(report);
  EXPECT_LT(json.find("\"first\""), json.find("\"second\""));
}

TEST(CheckReportTest, TextsOfPeersAreEscaped) {
  CheckReport report;
  report.detail = "HTTP 404 \"x\"\n\x1b[2J\xff";
  EXPECT_TRUE(absl::StrContains(
      CheckReportJson(report),
      "\"detail\":\"HTTP 404 \\\"x\\\"\\u000a\\u001b[2J\xef\xbf\xbd\""))
      << CheckReportJson(report);
}

// An echo without a reply has no time and no size.
TEST(CheckReportTest, AnOvocThatAnswersNothingHasAVerdictOnly) {
  CheckReport report;
  report.servers.emplace_back();
  report.servers[0].mtu_bytes = 1500;
  report.servers[0].path.emplace();
  report.servers[0].path->verdict = PathFindings::Verdict::kNoReply;
  EXPECT_TRUE(absl::StrContains(
      CheckReportJson(report),
      "\"echo\":{\"verdict\":\"no_reply\",\"round_trip_ms\":null,"
      "\"largest_bytes\":null,\"lost_bytes\":null,\"mtu_bytes\":1500}"))
      << CheckReportJson(report);
}

TEST(CheckReportTest, ADifferenceOfClocksHasItsSign) {
  CheckReport report;
  report.servers.emplace_back();
  report.servers[0].clock = {absl::FromUnixSeconds(784111777),
                             absl::Milliseconds(-2500)};
  EXPECT_TRUE(
      absl::StrContains(CheckReportJson(report),
                        "\"clock\":{\"server\":\"1994-11-06T08:49:37.000Z\","
                        "\"difference_s\":-2.500}"))
      << CheckReportJson(report);
}

}  // namespace
}  // namespace ovoc::tunnel
