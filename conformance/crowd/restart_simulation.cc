// SPDX-License-Identifier: Apache-2.0
//
// restart_simulation shows what many devices do to an OVOC that restarts, by
// the client's own ReconnectPolicy and by other rules; see README.md.
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "conformance/crowd/restart_model.h"
#include "conformance/crowd/restart_table.h"
#include "conformance/crowd/wait_rule.h"
#include "tunnel/system/flush_output.h"

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
ABSL_FLAG(uint32_t, rounds, 1,
          "how often each restart is played, with other random numbers");
ABSL_FLAG(uint64_t, seed, 1, "of the dice");
ABSL_FLAG(bool, events, false,
          "print one log line for each with all counts, instead of the table");

namespace ovoc::conformance {
namespace {

constexpr int kExitUsage = 2;

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
        return absl::InvalidArgumentError(
            absl::StrCat("--outages=", outage, " --capacities=", capacity,
                         " is not valid; give outages from 0s to ",
                         absl::FormatDuration(options.horizon),
                         " and capacities of 0 or more"));
      }
      servers.push_back(options);
    }
  }
  if (options.devices == 0 || absl::GetFlag(FLAGS_rounds) == 0) {
    return absl::InvalidArgumentError(
        "--devices and --rounds must be 1 or more");
  }
  return servers;
}

absl::StatusOr<std::vector<RestartRow>> PlayAll(const RestartOptions& options) {
  std::vector<RestartRow> rows;
  for (const std::string& rule : absl::GetFlag(FLAGS_rules)) {
    const absl::StatusOr<MakeRule> make_rule =
        ParseRule(rule, SeededRandom(absl::GetFlag(FLAGS_seed)));
    if (!make_rule.ok()) {
      return make_rule.status();
    }
    rows.push_back(
        PlayRounds(rule, options, *make_rule, absl::GetFlag(FLAGS_rounds)));
  }
  return rows;
}

absl::Status Run() {
  const absl::StatusOr<std::vector<RestartOptions>> servers = ServersFlags();
  if (!servers.ok()) {
    return servers.status();
  }
  for (const RestartOptions& options : *servers) {
    const absl::StatusOr<std::vector<RestartRow>> rows = PlayAll(options);
    if (!rows.ok()) {
      return rows.status();
    }
    if (!absl::GetFlag(FLAGS_events)) {
      PrintRestartTables(options, *rows, &std::cout);
      continue;
    }
    for (const RestartRow& row : *rows) {
      PrintRestartEvent(row, &std::cout);
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
