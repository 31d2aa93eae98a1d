// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_COUNTERS_H_
#define OVOC_TUNNEL_SESSION_COUNTERS_H_

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
  // Pings that a later one overtook before its answer had room (RFC
  // 6455 5.5.3).
  uint64_t pings_unanswered = 0;
};

// Adds `counters` to `*total`, under the names that the status shows, for
// example "packets_in", "bytes_out", "dropped_in_wrong_source",
// "frames_skipped_text". Reasons that never occurred are left out.
void AddTo(const SessionCounters& counters,
           std::map<std::string, uint64_t>* total);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_COUNTERS_H_
