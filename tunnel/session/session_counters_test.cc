// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/session_counters.h"

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

SessionCounters Sample() {
  SessionCounters counters;
  counters.packets.inbound.Add(netif::DropReason::kNone, 100);
  counters.packets.inbound.Add(netif::DropReason::kWrongSource, 40);
  counters.packets.outbound.Add(netif::DropReason::kNone, 60);
  counters.packets.outbound.Add(netif::DropReason::kNone, 61);
  counters.frames.skipped_text = 3;
  counters.pings_sent = 5;
  return counters;
}

TEST(SessionCountersTest, NamesWhatWasCounted) {
  EXPECT_EQ(Named(Totals(Sample())),
            (std::map<std::string, uint64_t>{{"packets_in", 1},
                                             {"bytes_in", 100},
                                             {"dropped_in_wrong_source", 1},
                                             {"packets_out", 2},
                                             {"bytes_out", 121},
                                             {"frames_skipped_text", 3},
                                             {"pings_sent", 5},
                                             {"pings_received", 0},
                                             {"pongs_received", 0},
                                             {"pings_unanswered", 0}}));
}

TEST(SessionCountersTest, AddsOneSessionToAnother) {
  SessionTotals totals = Totals(Sample());
  Add(Totals(Sample()), &totals);
  std::map<std::string, uint64_t> named = Named(totals);
  EXPECT_EQ(named["bytes_out"], 242u);
  EXPECT_EQ(named["frames_skipped_text"], 6u);
}

TEST(SessionCountersTest, TheRowHasAPlaceForEachCounterAndNoOther) {
  SessionTotals ones;
  ones.fill(1);
  EXPECT_EQ(Named(ones).size(), kSessionTotalCount);
}

}  // namespace
}  // namespace ovoc::tunnel
