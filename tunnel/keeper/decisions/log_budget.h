// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_DECISIONS_LOG_BUDGET_H_
#define OVOC_TUNNEL_KEEPER_DECISIONS_LOG_BUDGET_H_

#include <cstddef>

#include "absl/time/time.h"

namespace ovoc::tunnel {

// LogBudget limits how much of its workers' log a keeper writes: a number of
// lines and bytes at once, and per hour. So a worker under an attacker's
// control cannot fill a disk. An honest worker that reconnects all the time
// needs about 1,000 lines and 150 KiB an hour.
class LogBudget {
 public:
  struct Options {
    double lines = 500;  // at once
    double lines_per_hour = 2000;
    double bytes = 128 << 10;  // at once
    double bytes_per_hour = 256 << 10;
  };

  explicit LogBudget(const Options& options)
      : options_(options),
        lines_left_(options.lines),
        bytes_left_(options.bytes) {}

  // Takes one line of `bytes` off the budget. If not enough is left, returns
  // false and takes nothing.
  bool Take(size_t bytes, absl::Time now);

 private:
  const Options options_;
  double lines_left_;
  double bytes_left_;
  absl::Time last_ = absl::InfiniteFuture();
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_DECISIONS_LOG_BUDGET_H_
