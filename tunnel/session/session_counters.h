// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_SESSION_COUNTERS_H_
#define OVOC_TUNNEL_SESSION_SESSION_COUNTERS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "frame/frame_counters.h"
#include "netif/packet_policy.h"

namespace ovoc::tunnel {

// SessionCounters is what a session has counted since it began.
struct SessionCounters {
  frame::FrameCounters frames;
  netif::PolicyCounters packets;
  uint64_t pings_sent = 0;
  uint64_t pings_received = 0;
  uint64_t pongs_received = 0;
  // Pings that a later one replaced before there was room for the answer (RFC
  // 6455 5.5.3).
  uint64_t pings_unanswered = 0;
  // Packets that were queued, and so counted as sent, when the tunnel was
  // closed.
  uint64_t packets_dropped_at_close = 0;
};

// SessionTotals is the same as one row of numbers, for adding up and for
// messages.
inline constexpr size_t kSessionTotalCount =
    2 * (netif::kDropReasonCount + 1) + frame::kFrameCounterCount + 5;
using SessionTotals = std::array<uint64_t, kSessionTotalCount>;

SessionTotals Totals(const SessionCounters& counters);

// Adds each number of `more` to that of `*totals`.
void Add(const SessionTotals& more, SessionTotals* totals);

// The totals under the names that the status shows, for example "packets_in",
// "bytes_out", "dropped_in_wrong_source", "frames_skipped_text". Drops and
// oddities that never occurred are left out.
std::map<std::string, uint64_t> Named(const SessionTotals& totals);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_SESSION_COUNTERS_H_
