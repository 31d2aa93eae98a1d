// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session_counters.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {
namespace {

void AddTraffic(absl::string_view direction,
                const netif::TrafficCounters& counters,
                std::map<std::string, uint64_t>* total) {
  (*total)[absl::StrCat("packets_", direction)] += counters.accepted_packets();
  (*total)[absl::StrCat("bytes_", direction)] += counters.accepted_bytes();
  for (size_t i = 1; i < netif::kDropReasonCount; ++i) {
    const auto reason = static_cast<netif::DropReason>(i);
    if (counters.packets(reason) > 0) {
      (*total)[absl::StrCat("dropped_", direction, "_", Name(reason))] +=
          counters.packets(reason);
    }
  }
}

}  // namespace

void AddTo(const SessionCounters& counters,
           std::map<std::string, uint64_t>* total) {
  AddTraffic("in", counters.packets.inbound, total);
  AddTraffic("out", counters.packets.outbound, total);
  for (const frame::NamedFrameCount& named : NamedCounts(counters.frames)) {
    if (named.count > 0) {
      (*total)[absl::StrCat("frames_", named.name)] += named.count;
    }
  }
  (*total)["pings_sent"] += counters.pings_sent;
  (*total)["pings_received"] += counters.pings_received;
  (*total)["pongs_received"] += counters.pongs_received;
  (*total)["pings_unanswered"] += counters.pings_unanswered;
}

}  // namespace ovoc::tunnel
