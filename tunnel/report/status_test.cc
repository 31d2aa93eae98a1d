// SPDX-License-Identifier: Apache-2.0

#include "tunnel/report/status.h"

#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
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
  status.server_address = "192.0.2.1:443";
  status.interface = "ovoc0";
  status.overlay_address = "169.254.0.2/18";
  status.insecure = {"WSTunSecured=0", "WSTunVerifyPeer=0"};
  status.reload_refused = "f.ini:1: found 'x'";
  status.counters = {{"packets_in", 3}, {"packets_out", 18446744073709551615u}};
  status.started = kStarted;
  status.state_since = kStarted + absl::Milliseconds(1500);
  status.updated = kStarted + absl::Seconds(60);
  status.pid = 4242;
  status.exit_code = 3;
  EXPECT_EQ(StatusJson(status),
            "{\"state\":\"up\",\"reason\":null,\"detail\":null,"
            "\"version\":\"1.0\",\"policy\":\"certified\","
            "\"server\":\"ovoc.example\","
            "\"server_address\":\"192.0.2.1:443\",\"interface\":\"ovoc0\","
            "\"overlay_address\":\"169.254.0.2/18\","
            "\"insecure\":[\"WSTunSecured=0\",\"WSTunVerifyPeer=0\"],"
            "\"reload_refused\":\"f.ini:1: found 'x'\","
            "\"certificate_checked_at\":null,"
            "\"counters\":{\"packets_in\":3,"
            "\"packets_out\":18446744073709551615},"
            "\"started\":\"2026-11-23T02:00:00.000Z\","
            "\"state_since\":\"2026-11-23T02:00:01.500Z\","
            "\"updated\":\"2026-11-23T02:01:00.000Z\","
            "\"update_period_s\":5,\"pid\":4242,\"exit_code\":3}\n");
}

TEST(StatusTest, IsCompleteWhenNothingIsKnown) {
  EXPECT_EQ(StatusJson(Status()),
            "{\"state\":\"stopped\",\"reason\":null,\"detail\":null,"
            "\"version\":null,\"policy\":null,"
            "\"server\":null,\"server_address\":null,"
            "\"interface\":null,\"overlay_address\":null,\"insecure\":[],"
            "\"reload_refused\":null,"
            "\"certificate_checked_at\":null,\"counters\":{},"
            "\"started\":\"1970-01-01T00:00:00.000Z\","
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
  EXPECT_TRUE(
      absl::StartsWith(json,
                       "{\"state\":\"waiting\",\"reason\":\"unauthorized\","
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

TEST(JsonStringTest, EscapesWhatRfc8259Demands) {
  struct Case {
    absl::string_view text;
    absl::string_view json;
  };
  constexpr Case kCases[] = {
      {"", "\"\""},
      {"plain / text", "\"plain / text\""},
      {"\"", "\"\\\"\""},
      {"\\", "\"\\\\\""},
      {absl::string_view("\0", 1), "\"\\u0000\""},
      {"\x1f\x7f", "\"\\u001f\\u007f\""},
      {"\n\r\t\b", "\"\\u000a\\u000d\\u0009\\u0008\""},
      {"\xc3\xa9", "\"\xc3\xa9\""},                  // U+00E9
      {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},  // U+1F600
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(JsonString(c.text), c.json);
  }
}

TEST(JsonStringTest, ReplacesBytesThatAreNotUtf8) {
  const absl::string_view kReplaced = "\xef\xbf\xbd";
  EXPECT_EQ(JsonString("a\xff"), absl::StrCat("\"a", kReplaced, "\""));
  // A character cut off, an overlong form, a surrogate.
  EXPECT_EQ(JsonString("\xc3"), absl::StrCat("\"", kReplaced, "\""));
  EXPECT_EQ(JsonString("\xc0\xaf"),
            absl::StrCat("\"", kReplaced, kReplaced, "\""));
  EXPECT_EQ(JsonString("\xed\xa0\x80"),
            absl::StrCat("\"", kReplaced, kReplaced, kReplaced, "\""));
}

}  // namespace
}  // namespace ovoc::tunnel
