// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/content/worker_sums.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using Numbers = std::map<std::string, uint64_t>;

// A progress with one end for each of the reasons, and packets_in, which is the
// first number of the totals.
Progress Counted(uint64_t packets, uint64_t refused,
                 const std::map<EndReason, uint64_t>& ends) {
  Progress progress;
  progress.totals[0] = packets;
  progress.device_refused_writes = refused;
  for (const auto& [reason, count] : ends) {
    progress.ends[static_cast<size_t>(reason)] = count;
  }
  return progress;
}

TEST(WorkerSumsTest, HasTheNumbersThatAreAlwaysShownFromTheStart) {
  const Numbers counters = WorkerSums().Counters();
  for (const char* name : {"packets_in", "bytes_in", "packets_out", "bytes_out",
                           "pings_sent", "device_refused_writes"}) {
    EXPECT_EQ(counters.count(name), 1u) << name;
  }
  EXPECT_EQ(WorkerSums().Ends(), Numbers());
}

TEST(WorkerSumsTest, AWorkerCountsOnAndIsNotAddedToItself) {
  WorkerSums sums;
  sums.Take(Counted(3, 1, {{EndReason::kDeadPeer, 1}}));
  sums.Take(Counted(5, 2, {{EndReason::kDeadPeer, 2}}));
  EXPECT_EQ(sums.Counters()["packets_in"], 5u);
  EXPECT_EQ(sums.Counters()["device_refused_writes"], 2u);
  EXPECT_EQ(sums.Ends(), (Numbers{{"dead_peer", 2}}));
}

TEST(WorkerSumsTest, TheNextWorkerCountsFromWhereTheLastOneWas) {
  WorkerSums sums;
  sums.Take(
      Counted(5, 2, {{EndReason::kDeadPeer, 2}, {EndReason::kInterface, 1}}));
  sums.WorkerEnded();
  EXPECT_EQ(sums.Counters()["packets_in"], 5u);
  sums.Take(Counted(4, 7, {{EndReason::kDeadPeer, 1}}));
  EXPECT_EQ(sums.Counters()["packets_in"], 9u);
  EXPECT_EQ(sums.Counters()["device_refused_writes"], 9u);
  EXPECT_EQ(sums.Ends(), (Numbers{{"dead_peer", 3}, {"interface", 1}}));
  sums.WorkerEnded();
  sums.WorkerEnded();  // one that never said anything
  EXPECT_EQ(sums.Counters()["packets_in"], 9u);
}

TEST(WorkerSumsTest, EachReasonHasItsOwnCount) {
  for (size_t i = 0; i < kEndReasonCount; ++i) {
    const auto reason = static_cast<EndReason>(i);
    WorkerSums sums;
    sums.Take(Counted(0, 0, {{reason, i + 1}}));
    EXPECT_EQ(sums.Ends(), (Numbers{{std::string(Word(reason)), i + 1}}));
  }
}

TEST(WorkerSumsTest, WorkersThatDiedAreAmongTheEnds) {
  WorkerSums sums;
  sums.Take(Counted(1, 0, {{EndReason::kClosedByUs, 1}}));
  sums.WorkerEnded();
  sums.WorkerDied();
  sums.WorkerDied();
  EXPECT_EQ(sums.Ends(), (Numbers{{"closed", 1}, {"worker_died", 2}}));
}

}  // namespace
}  // namespace ovoc::tunnel
