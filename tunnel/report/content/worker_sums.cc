// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/content/worker_sums.h"

#include <cstddef>

namespace ovoc::tunnel {

WorkerSums::Counts WorkerSums::Sum() const {
  Counts sum = past_;
  Add(running_.totals, &sum.totals);
  sum.refused_writes += running_.refused_writes;
  for (size_t i = 0; i < sum.ends.size(); ++i) {
    sum.ends[i] += running_.ends[i];
  }
  return sum;
}

void WorkerSums::WorkerEnded() {
  past_ = Sum();
  running_ = Counts();
}

std::map<std::string, uint64_t> WorkerSums::Counters() const {
  const Counts sum = Sum();
  std::map<std::string, uint64_t> counters = Named(sum.totals);
  counters["device_refused_writes"] = sum.refused_writes;
  return counters;
}

std::map<std::string, uint64_t> WorkerSums::Ends() const {
  const Counts sum = Sum();
  std::map<std::string, uint64_t> ends;
  for (size_t i = 0; i < sum.ends.size(); ++i) {
    if (sum.ends[i] > 0) {
      ends[std::string(Word(static_cast<EndReason>(i)))] = sum.ends[i];
    }
  }
  if (died_ > 0) {
    ends["worker_died"] = died_;
  }
  return ends;
}

}  // namespace ovoc::tunnel
