// SPDX-License-Identifier: Apache-2.0
//
// restart_simulation shows what many devices do to an OVOC that restarts, by
// the client's own ReconnectPolicy and by other rules; see README.md.
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "conformance/crowd/restart_model.h"
#include "conformance/crowd/wait_rule.h"
#include "tunnel/flush_output.h"

ABSL_FLAG(uint32_t, devices, 100000, "devices that lose their tunnel at once");
ABSL_FLAG(std::vector<std::string>, outages,
          (std::vector<std::string>{"0s", "10s", "60s", "10m"}),
          "how long the server is away");
ABSL_FLAG(std::vector<std::string>, capacities,
          (std::vector<std::string>{"0", "2000", "500"}),
          "logins the server can take in a second; 0: no limit");
ABSL_FLAG(std::vector<std::string>, rules,
          (std::vector<std::string>{"ours", "ours:1s", "ours:30s",
                                    "policy:1s:60s", "policy:5s:60s",
                                    "fixed:5s", "doubling:1s:60s"}),
          "ours, ours:SPREAD, policy:FIRST:CAP, loss:CEILING:FIRST:CAP, "
          "fixed:WAIT, doubling:FIRST:CAP");
ABSL_FLAG(int64_t, room, 4096,
          "attempts that may wait for their login; more are refused");
ABSL_FLAG(absl::Duration, patience, absl::Seconds(10),
          "how long a device waits for its login");
ABSL_FLAG(absl::Duration, refusal, absl::ZeroDuration(),
          "how long a connection to the absent server takes to fail");
ABSL_FLAG(bool, skip_given_up, false,
          "an attempt whose device has given up costs the server nothing");
ABSL_FLAG(uint32_t, rounds, 1, "how often each is played, with other dice");
ABSL_FLAG(uint64_t, seed, 1, "of the dice");
ABSL_FLAG(bool, events, false,
          "print one log line for each with all counts, instead of the table");

namespace ovoc::conformance {
namespace {

constexpr size_t kBinsPerSecond = 10;
// Since the loss: the ends of what is averaged in the table.
constexpr size_t kRateSeconds[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
constexpr int kExitUsage = 2;

// One line of the table: a rule against a server, all rounds together.
struct Row {
  std::string rule;
  RestartOptions options;
  RestartResult sum;           // added up, `back` of all rounds
  std::vector<int64_t> peaks;  // of each round, in a bin
  int64_t peak_second = 0;     // of all rounds
};

void Add(const std::vector<int64_t>& from, std::vector<int64_t>* to) {
  to->resize(std::max(from.size(), to->size()));
  for (size_t i = 0; i < from.size(); ++i) {
    (*to)[i] += from[i];
  }
}

Row Play(const std::string& rule, const RestartOptions& options,
         const MakeRule& make_rule) {
  Row row;
  row.rule = rule;
  row.options = options;
  for (uint32_t i = 0; i < absl::GetFlag(FLAGS_rounds); ++i) {
    const RestartResult result = SimulateRestart(options, make_rule);
    Add(result.attempts, &row.sum.attempts);
    Add(result.logins, &row.sum.logins);
    row.sum.refused += result.refused;
    row.sum.turned_away += result.turned_away;
    row.sum.given_up += result.given_up;
    row.sum.pending += result.pending;
    row.sum.back.insert(row.sum.back.end(), result.back.begin(),
                        result.back.end());
    row.peaks.push_back(result.Peak(1));
    row.peak_second = std::max(row.peak_second, result.Peak(kBinsPerSecond));
  }
  std::sort(row.sum.back.begin(), row.sum.back.end());
  return row;
}

// Seconds since the server is there again, of which a share of devices is back.
std::string Back(const Row& row, double share) {
  const absl::Duration back = row.sum.BackAt(share);
  return back == absl::InfiniteDuration()
             ? "never"
             : absl::StrFormat(
                   "%.1f", absl::ToDoubleSeconds(back - row.options.outage));
}

void PrintOutcomes(const std::vector<Row>& rows) {
  std::cout << absl::StrFormat("%-17s %9s %8s %9s %9s %9s %8s %8s %8s\n",
                               "rule", "peak/.1s", "peak/s", "attempts",
                               "turned", "given", "50 %", "99 %", "all back")
            << absl::StrFormat("%-17s %9s %8s %9s %9s %9s %8s %8s %8s\n", "",
                               "", "", "a device", "away", "up", "s", "s", "s");
  const double rounds = absl::GetFlag(FLAGS_rounds);
  for (const Row& row : rows) {
    const double devices = static_cast<double>(row.options.devices) * rounds;
    std::cout << absl::StrFormat(
        "%-17s %9d %8d %9.2f %9.0f %9.0f %8s %8s %8s\n", row.rule,
        *std::max_element(row.peaks.begin(), row.peaks.end()), row.peak_second,
        static_cast<double>(row.sum.attempt_count()) / devices,
        static_cast<double>(row.sum.turned_away) / rounds,
        static_cast<double>(row.sum.given_up) / rounds, Back(row, 0.5),
        Back(row, 0.99), Back(row, 1));
  }
}

// The attempts/s of a row from second `begin` to `end`.
double Rate(const Row& row, size_t begin, size_t end) {
  int64_t count = 0;
  for (size_t bin = begin * kBinsPerSecond; bin < end * kBinsPerSecond; ++bin) {
    count += bin < row.sum.attempts.size() ? row.sum.attempts[bin] : 0;
  }
  return static_cast<double>(count) / absl::GetFlag(FLAGS_rounds) /
         static_cast<double>(end - begin);
}

void PrintRates(const std::vector<Row>& rows) {
  std::cout << absl::StrFormat("%-17s", "attempts/s until");
  for (size_t second : kRateSeconds) {
    std::cout << absl::StrFormat(" %6ds", second);
  }
  std::cout << "\n";
  for (const Row& row : rows) {
    std::cout << absl::StrFormat("%-17s", row.rule);
    size_t begin = 0;
    for (size_t end : kRateSeconds) {
      std::cout << absl::StrFormat(" %7.0f", Rate(row, begin, end));
      begin = end;
    }
    std::cout << "\n";
  }
}

void PrintTables(const RestartOptions& options, const std::vector<Row>& rows) {
  std::cout << "\noutage " << absl::FormatDuration(options.outage) << ", "
            << (options.logins_per_second == 0
                    ? "any number of logins/s"
                    : absl::StrCat(options.logins_per_second, " logins/s"))
            << "\n";
  PrintOutcomes(rows);
  PrintRates(rows);
  std::cout.flush();
}

void PrintEvent(const Row& row) {
  std::cout << "event=restart rule=" << row.rule
            << " devices=" << row.options.devices
            << " rounds=" << absl::GetFlag(FLAGS_rounds)
            << " outage_ms=" << absl::ToInt64Milliseconds(row.options.outage)
            << " logins_per_second=" << row.options.logins_per_second
            << " room=" << row.options.room
            << " bin_ms=" << absl::ToInt64Milliseconds(kRestartBin)
            << " attempt_count=" << row.sum.attempt_count()
            << " turned_away=" << row.sum.turned_away
            << " given_up=" << row.sum.given_up
            << " pending=" << row.sum.pending
            << " peak_second=" << row.peak_second
            << " back_50=" << Back(row, 0.5) << " back_99=" << Back(row, 0.99)
            << " back_100=" << Back(row, 1)
            << " peaks=" << absl::StrJoin(row.peaks, ",")
            << " attempts=" << absl::StrJoin(row.sum.attempts, ",")
            << " logins=" << absl::StrJoin(row.sum.logins, ",") << "\n";
}

absl::StatusOr<std::vector<RestartOptions>> ServersFlags() {
  RestartOptions options;
  options.devices = absl::GetFlag(FLAGS_devices);
  options.room = absl::GetFlag(FLAGS_room);
  options.patience = absl::GetFlag(FLAGS_patience);
  options.refusal = absl::GetFlag(FLAGS_refusal);
  options.given_up = absl::GetFlag(FLAGS_skip_given_up)
                         ? RestartOptions::GivenUp::kSkipped
                         : RestartOptions::GivenUp::kServed;
  std::vector<RestartOptions> servers;
  for (const std::string& outage : absl::GetFlag(FLAGS_outages)) {
    for (const std::string& capacity : absl::GetFlag(FLAGS_capacities)) {
      if (!absl::ParseDuration(outage, &options.outage) ||
          options.outage < absl::ZeroDuration() ||
          options.outage > options.horizon ||
          !absl::SimpleAtoi(capacity, &options.logins_per_second) ||
          options.logins_per_second < 0) {
        return absl::InvalidArgumentError(absl::StrCat(
            "outage ", outage, " and capacity ", capacity, ", want 0s to ",
            absl::FormatDuration(options.horizon), " and 0 or more"));
      }
      servers.push_back(options);
    }
  }
  if (options.devices == 0 || absl::GetFlag(FLAGS_rounds) == 0) {
    return absl::InvalidArgumentError("--devices and --rounds: 1 or more");
  }
  return servers;
}

absl::StatusOr<std::vector<Row>> PlayAll(const RestartOptions& options) {
  std::vector<Row> rows;
  for (const std::string& rule : absl::GetFlag(FLAGS_rules)) {
    const absl::StatusOr<MakeRule> make_rule =
        ParseRule(rule, SeededRandom(absl::GetFlag(FLAGS_seed)));
    if (!make_rule.ok()) {
      return make_rule.status();
    }
    rows.push_back(Play(rule, options, *make_rule));
  }
  return rows;
}

absl::Status Run() {
  const absl::StatusOr<std::vector<RestartOptions>> servers = ServersFlags();
  if (!servers.ok()) {
    return servers.status();
  }
  for (const RestartOptions& options : *servers) {
    const absl::StatusOr<std::vector<Row>> rows = PlayAll(options);
    if (!rows.ok()) {
      return rows.status();
    }
    if (!absl::GetFlag(FLAGS_events)) {
      PrintTables(options, *rows);
      continue;
    }
    for (const Row& row : *rows) {
      PrintEvent(row);
    }
  }
  return tunnel::FlushOutput(&std::cout);
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "what many devices do to an OVOC that restarts, in virtual time");
  absl::ParseCommandLine(argc, argv);
  const absl::Status status = ovoc::conformance::Run();
  if (!status.ok()) {
    std::cerr << "restart_simulation: " << status.message() << "\n";
    return ovoc::conformance::kExitUsage;
  }
  return 0;
}
