// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_LOG_BUDGET_H_
#define OVOC_TUNNEL_KEEPER_LOG_BUDGET_H_

#include <cstddef>

#include "absl/time/time.h"

namespace ovoc::tunnel {

// LogBudget says how much of what its workers log a keeper writes down: so much
// at once and so much an hour, in lines and in bytes, so that a worker in an
// attacker's hands cannot fill a disk. One that is honest and connects anew all
// the time needs about 1,000 lines and 150 KiB an hour.
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

  // Takes one line of `bytes` off the budget; false, and nothing is taken, when
  // there is not enough left of it.
  bool Take(size_t bytes, absl::Time now);

 private:
  const Options options_;
  double lines_left_;
  double bytes_left_;
  absl::Time last_ = absl::InfiniteFuture();
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_LOG_BUDGET_H_
