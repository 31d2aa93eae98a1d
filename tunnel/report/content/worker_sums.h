// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_REPORT_CONTENT_WORKER_SUMS_H_
#define OVOC_TUNNEL_REPORT_CONTENT_WORKER_SUMS_H_

#include <cstdint>
#include <map>
#include <string>

#include "tunnel/progress/progress.h"

namespace ovoc::tunnel {

// WorkerSums adds up what all workers of a client have counted. A worker counts
// from its own start.
class WorkerSums {
 public:
  // Takes what the running worker has counted so far.
  void Take(const Progress& progress) { running_ = CountsOf(progress); }

  // The worker has ended. Its counts stay in the sums.
  void WorkerEnded();
  // It ended unexpectedly, and its tunnel or attempt with it.
  void WorkerDied() { ++died_; }

  // For the status: those of Named and "device_refused_writes".
  std::map<std::string, uint64_t> Counters() const;

  // For the status: how many attempts and tunnels ended, by the word of the
  // reason, and "worker_died". What never occurred is left out.
  std::map<std::string, uint64_t> Ends() const;

 private:
  struct Counts {
    SessionTotals totals = {};
    uint64_t refused_writes = 0;
    EndCounts ends = {};
  };

  static Counts CountsOf(const Progress& progress) {
    return {progress.totals, progress.device_refused_writes, progress.ends};
  }
  Counts Sum() const;

  Counts past_;     // of the workers that are over
  Counts running_;  // of the one that runs
  uint64_t died_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_CONTENT_WORKER_SUMS_H_
