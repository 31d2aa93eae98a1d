// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_CROWD_RESTART_TABLE_H_
#define OVOC_CONFORMANCE_CROWD_RESTART_TABLE_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "conformance/crowd/restart_model.h"
#include "conformance/crowd/wait_rule.h"

namespace ovoc::conformance {

// RestartRow is one line of the table: a rule against a server, all rounds
// together.
struct RestartRow {
  std::string rule;
  RestartOptions options;
  uint32_t rounds = 0;         // at least 1
  RestartResult sum;           // added up, `back` of all rounds, ascending
  std::vector<int64_t> peaks;  // of each round, in a kRestartBin
  int64_t peak_second = 0;     // the largest of all rounds
};

// PlayRounds plays `rounds` restarts, each with what `make_rule` draws next.
RestartRow PlayRounds(const std::string& rule, const RestartOptions& options,
                      const MakeRule& make_rule, uint32_t rounds);

// PrintRestartTables writes two tables about the server of `options`: what
// became of the devices, and their attempts/s. Counts are means of the rounds,
// peaks the largest of them, and times count from the server's return.
void PrintRestartTables(const RestartOptions& options,
                        const std::vector<RestartRow>& rows, std::ostream* out);

// PrintRestartEvent writes the row as one line of the log's form, with all
// counts added up over the rounds.
void PrintRestartEvent(const RestartRow& row, std::ostream* out);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_CROWD_RESTART_TABLE_H_
