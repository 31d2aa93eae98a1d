// SPDX-License-Identifier: Apache-2.0
#include "conformance/crowd/restart_table.h"

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "conformance/crowd/restart_model.h"
#include "conformance/crowd/wait_rule.h"
#include "gtest/gtest.h"
#include "tunnel/retry/reconnect_policy.h"

namespace ovoc::conformance {
namespace {

using Words = std::vector<std::string>;

constexpr absl::Duration kSecond = absl::Seconds(1);

// Two devices that come at 1 s, when the server is away, and at 2 s.
RestartOptions TwoDevices() {
  RestartOptions options;
  options.devices = 2;
  options.outage = absl::Milliseconds(1500);
  return options;
}

std::string Tables(const RestartOptions& options,
                   const std::vector<RestartRow>& rows) {
  std::ostringstream out;
  PrintRestartTables(options, rows, &out);
  return out.str();
}

std::vector<std::string> Lines(const std::string& text) {
  return absl::StrSplit(text, '\n');
}

Words WordsOf(const std::string& line) {
  return absl::StrSplit(line, ' ', absl::SkipEmpty());
}

TEST(RestartTableTest, RoundsAreAddedUpAndPeaksAreTheLargest) {
  RestartOptions options;
  options.devices = 500;
  options.outage = absl::Seconds(3);
  options.logins_per_second = 100;
  options.room = 50;
  const auto make = [](uint64_t seed) {
    return PolicyRule(tunnel::ReconnectPolicy::Options(),
                      tunnel::ReconnectPolicy::Failure::kServerEnded,
                      SeededRandom(seed));
  };
  const MakeRule rule = make(1);
  const RestartResult one = SimulateRestart(options, rule);
  const RestartResult two = SimulateRestart(options, rule);
  ASSERT_NE(one.back, two.back) << "the second round has other dice";

  const RestartRow row = PlayRounds("ours", options, make(1), 2);
  EXPECT_EQ(row.rule, "ours");
  EXPECT_EQ(row.rounds, 2u);
  EXPECT_EQ(row.peaks, (std::vector<int64_t>{one.Peak(1), two.Peak(1)}));
  EXPECT_EQ(row.peak_second, std::max(one.Peak(10), two.Peak(10)));
  EXPECT_EQ(row.sum.attempt_count(), one.attempt_count() + two.attempt_count());
  EXPECT_EQ(row.sum.attempts.size(),
            std::max(one.attempts.size(), two.attempts.size()));
  EXPECT_EQ(row.sum.attempts[12], one.attempts[12] + two.attempts[12]);
  EXPECT_EQ(row.sum.refused, one.refused + two.refused);
  EXPECT_EQ(row.sum.turned_away, one.turned_away + two.turned_away);
  EXPECT_EQ(row.sum.given_up, one.given_up + two.given_up);
  EXPECT_EQ(row.sum.pending, one.pending + two.pending);
  std::vector<absl::Duration> back = one.back;
  back.insert(back.end(), two.back.begin(), two.back.end());
  std::sort(back.begin(), back.end());
  EXPECT_EQ(row.sum.back, back);
}

TEST(RestartTableTest, TheTablesShowMeansOfTheRounds) {
  const std::vector<RestartRow> rows = {
      PlayRounds("fixed:1s", TwoDevices(), FixedRule(kSecond), 2)};
  const std::vector<std::string> lines = Lines(Tables(TwoDevices(), rows));
  ASSERT_EQ(lines.size(), 8u);  // the last is what follows the last line end
  EXPECT_EQ(lines[0], "");
  EXPECT_EQ(lines[1], "outage 1.5s, any number of logins/s");
  // The rule, peaks in 0.1 s and in 1 s, attempts a device, turned away, given
  // up; then half, 99 % and all are back, half a second after the server.
  EXPECT_EQ(WordsOf(lines[4]), (Words{"fixed:1s", "2", "2", "2.00", "0", "0",
                                      "0.5", "0.5", "0.5"}));
  // Until 1 s none came, until 2 s two in a second, until 5 s two in three
  // seconds, and later none.
  EXPECT_EQ(WordsOf(lines[5]),
            (Words{"attempts/s", "until", "1s", "2s", "5s", "10s", "20s", "50s",
                   "100s", "200s", "500s", "1000s"}));
  EXPECT_EQ(WordsOf(lines[6]), (Words{"fixed:1s", "0", "2", "1", "0", "0", "0",
                                      "0", "0", "0", "0"}));
  EXPECT_EQ(lines[7], "");
}

TEST(RestartTableTest, TheColumnsStandUnderTheirHeadings) {
  const std::vector<RestartRow> rows = {
      PlayRounds("ours", TwoDevices(), FixedRule(kSecond), 1),
      PlayRounds("doubling:1s:60s", TwoDevices(),
                 DoublingRule(kSecond, absl::Minutes(1)), 1)};
  const std::vector<std::string> lines = Lines(Tables(TwoDevices(), rows));
  ASSERT_EQ(lines.size(), 10u);
  for (const size_t line : {3u, 4u, 5u}) {
    EXPECT_EQ(lines[line].size(), lines[2].size()) << lines[line];
  }
  for (const size_t line : {7u, 8u}) {
    EXPECT_EQ(lines[line].size(), lines[6].size()) << lines[line];
  }
}

TEST(RestartTableTest, WhoIsNotBackNeverIs) {
  RestartOptions options;
  options.devices = 2;
  options.logins_per_second = 1;
  options.room = 1;
  options.horizon = absl::Milliseconds(1500);
  // At 1 s one is served until 2 s, and the other finds no room.
  const std::vector<RestartRow> rows = {
      PlayRounds("fixed:1s", options, FixedRule(kSecond), 1)};
  const std::string tables = Tables(options, rows);
  EXPECT_TRUE(absl::StrContains(tables, "outage 0, 1 logins/s\n")) << tables;
  EXPECT_EQ(WordsOf(Lines(tables)[4]), (Words{"fixed:1s", "2", "2", "1.00", "1",
                                              "0", "2.0", "never", "never"}));
}

TEST(RestartTableTest, AnEventHasAllCountsOfAllRounds) {
  std::ostringstream out;
  PrintRestartEvent(PlayRounds("fixed:1s", TwoDevices(), FixedRule(kSecond), 2),
                    &out);
  EXPECT_EQ(out.str(),
            "event=restart rule=fixed:1s devices=2 rounds=2 outage_ms=1500 "
            "logins_per_second=0 room=4096 bin_ms=100 attempt_count=8 "
            "turned_away=0 given_up=0 pending=0 peak_second=2 back_50=0.5 "
            "back_99=0.5 back_100=0.5 peaks=2,2 "
            "attempts=0,0,0,0,0,0,0,0,0,0,4,0,0,0,0,0,0,0,0,0,4 "
            "logins=0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,4\n");
}

}  // namespace
}  // namespace ovoc::conformance
