// SPDX-License-Identifier: Apache-2.0
#include "conformance/crowd/restart_table.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"

namespace ovoc::conformance {
namespace {

constexpr size_t kBinsPerSecond = 10;
// Since the loss: the ends of what is averaged in the table.
constexpr size_t kRateSeconds[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};

void Add(const std::vector<int64_t>& from, std::vector<int64_t>* to) {
  to->resize(std::max(from.size(), to->size()));
  for (size_t i = 0; i < from.size(); ++i) {
    (*to)[i] += from[i];
  }
}

// Seconds since the server is there again, of which a share of devices is back.
std::string Back(const RestartRow& row, double share) {
  const absl::Duration back = row.sum.BackAt(share);
  return back == absl::InfiniteDuration()
             ? "never"
             : absl::StrFormat(
                   "%.1f", absl::ToDoubleSeconds(back - row.options.outage));
}

void PrintOutcomes(const std::vector<RestartRow>& rows, std::ostream* out) {
  *out << absl::StrFormat("%-17s %9s %8s %9s %9s %9s %8s %8s %8s\n", "rule",
                          "peak/.1s", "peak/s", "attempts", "turned", "given",
                          "50 %", "99 %", "all back")
       << absl::StrFormat("%-17s %9s %8s %9s %9s %9s %8s %8s %8s\n", "", "", "",
                          "a device", "away", "up", "s", "s", "s");
  for (const RestartRow& row : rows) {
    const double rounds = row.rounds;
    const double devices = static_cast<double>(row.options.devices) * rounds;
    *out << absl::StrFormat(
        "%-17s %9d %8d %9.2f %9.0f %9.0f %8s %8s %8s\n", row.rule,
        *std::max_element(row.peaks.begin(), row.peaks.end()), row.peak_second,
        static_cast<double>(row.sum.attempt_count()) / devices,
        static_cast<double>(row.sum.turned_away) / rounds,
        static_cast<double>(row.sum.given_up) / rounds, Back(row, 0.5),
        Back(row, 0.99), Back(row, 1));
  }
}

// The attempts/s of a row from second `begin` to `end`.
double Rate(const RestartRow& row, size_t begin, size_t end) {
  int64_t count = 0;
  for (size_t bin = begin * kBinsPerSecond; bin < end * kBinsPerSecond; ++bin) {
    count += bin < row.sum.attempts.size() ? row.sum.attempts[bin] : 0;
  }
  return static_cast<double>(count) / row.rounds /
         static_cast<double>(end - begin);
}

void PrintRates(const std::vector<RestartRow>& rows, std::ostream* out) {
  *out << absl::StrFormat("%-17s", "attempts/s until");
  for (size_t second : kRateSeconds) {
    *out << absl::StrFormat(" %6ds", second);
  }
  *out << "\n";
  for (const RestartRow& row : rows) {
    *out << absl::StrFormat("%-17s", row.rule);
    size_t begin = 0;
    for (size_t end : kRateSeconds) {
      *out << absl::StrFormat(" %7.0f", Rate(row, begin, end));
      begin = end;
    }
    *out << "\n";
  }
}

}  // namespace

RestartRow PlayRounds(const std::string& rule, const RestartOptions& options,
                      const MakeRule& make_rule, uint32_t rounds) {
  RestartRow row;
  row.rounds = rounds;
  row.rule = rule;
  row.options = options;
  for (uint32_t i = 0; i < rounds; ++i) {
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

void PrintRestartTables(const RestartOptions& options,
                        const std::vector<RestartRow>& rows,
                        std::ostream* out) {
  *out << "\noutage " << absl::FormatDuration(options.outage) << ", "
       << (options.logins_per_second == 0
               ? "any number of logins/s"
               : absl::StrCat(options.logins_per_second, " logins/s"))
       << "\n";
  PrintOutcomes(rows, out);
  PrintRates(rows, out);
  out->flush();
}

void PrintRestartEvent(const RestartRow& row, std::ostream* out) {
  *out << "event=restart rule=" << row.rule
       << " devices=" << row.options.devices << " rounds=" << row.rounds
       << " outage_ms=" << absl::ToInt64Milliseconds(row.options.outage)
       << " logins_per_second=" << row.options.logins_per_second
       << " room=" << row.options.room
       << " bin_ms=" << absl::ToInt64Milliseconds(kRestartBin)
       << " attempt_count=" << row.sum.attempt_count()
       << " turned_away=" << row.sum.turned_away
       << " given_up=" << row.sum.given_up << " pending=" << row.sum.pending
       << " peak_second=" << row.peak_second << " back_50=" << Back(row, 0.5)
       << " back_99=" << Back(row, 0.99) << " back_100=" << Back(row, 1)
       << " peaks=" << absl::StrJoin(row.peaks, ",")
       << " attempts=" << absl::StrJoin(row.sum.attempts, ",")
       << " logins=" << absl::StrJoin(row.sum.logins, ",") << "\n";
}

}  // namespace ovoc::conformance
